"""The physical world, the only room that knows SimPy: truth, people, equipment, activities."""
