"""The system of record: a book per site, orders, shipments, work; it checks and applies what policies propose."""
