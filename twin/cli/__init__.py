"""The `twin` command; it loads what a command needs when it is called."""
