"""The system of record: a book per site, orders, shipments, work; asks policies, checks and applies what they propose."""
