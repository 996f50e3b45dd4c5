"""What lies over the screen: finding, help, going to a time, breakpoints, opening, errors."""
