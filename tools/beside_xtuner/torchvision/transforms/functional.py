"""The one name that xtuner looks for."""

from enum import Enum


class InterpolationMode(Enum):
    """How pictures are made larger."""

    BICUBIC = "bicubic"
