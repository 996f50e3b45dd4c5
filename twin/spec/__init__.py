"""What YAML may say: frozen specs with units in the names, faults with file, line and column, JSON Schema."""
