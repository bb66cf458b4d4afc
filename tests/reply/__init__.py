"""Answers of models, read."""
