"""What every picture is drawn with: the surface, letters, signs, light widgets and numbers as written."""
