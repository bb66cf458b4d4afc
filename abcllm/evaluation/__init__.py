"""How good: how near a conversion comes to its reference, and how well a model composes."""
