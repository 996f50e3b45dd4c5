"""What a store is made of: columns that grow, the floor as drawn, recordings read back, one instant as arrays."""
