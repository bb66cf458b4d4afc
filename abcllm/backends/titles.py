"""Titles for tunes that were given none."""

from __future__ import annotations

from typing import Final

import numpy as np

FIRST: Final = (
    "Quiet", "Wandering", "Lazy", "Silver", "Crooked", "Merry", "Early", "Lonesome", "Restless",
    "Golden", "Windy", "Salty", "Drowsy", "Broken", "Frosty", "Hidden", "Rambling", "Gentle",
    "Smoky", "Borrowed", "Idle", "Cheerful", "Muddy", "Patient", "Tidy", "Rusty", "Misty",
    "Proud", "Careless", "Homeward",
)  # fmt: skip
SECOND: Final = (
    "Ferryman", "Lantern", "Orchard", "Kettle", "Heron", "Crossroads", "Harbour", "Miller", "Chimney",
    "Meadow", "Weaver", "Lighthouse", "Sparrow", "Causeway", "Saddler", "Hazel", "Mill", "Bridge",
    "Copper", "Thimble", "Gatepost", "Haystack", "Otter", "Signpost", "Well", "Plough", "Slipway",
    "Hedge", "Carter", "Stile",
)  # fmt: skip
OF: Final = ("of the Glen", "by the Shore", "at Daybreak", "in the Rain", "after the Fair", "over the Hill")


def make_title(random: np.random.Generator, rhythm: str) -> str:
    """A title such as a tune might have."""
    first, second = str(random.choice(FIRST)), str(random.choice(SECOND))
    shape = int(random.integers(4))
    if shape == 0:
        return f"The {second} {random.choice(OF)}"
    if shape == 1 and rhythm:
        return f"The {second}'s {rhythm.title()}"
    return f"The {first} {second}"
