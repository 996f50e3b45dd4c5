"""What a warehouse person names: ids, goods, stock, orders, work, calendar, keyed draws."""
