"""Language models: where they are, what they are made of, and the forms they can be had in.

No library for training is needed here; what must be computed is done by NumPy.
"""
