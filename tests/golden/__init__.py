"""Kept results: what the program gave when it was last looked at."""
