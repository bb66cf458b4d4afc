"""Empty: see `functional`."""
