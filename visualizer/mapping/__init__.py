"""The map: the floor of a store at an instant, layer upon layer, and what stands at a pixel of it."""
