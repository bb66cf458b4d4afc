"""What a person asks for, read: plain words to a `Request` for a tune, or to what is to be done with one.

`read_request` works by rules, says what it passed over, and never guesses in silence.
"""

from .instructions import (
    MAX_BARS,
    MAX_TEMPO_QPM,
    MIN_TEMPO_QPM,
    Ask,
    Change,
    Compose,
    Help,
    Instruction,
    Play,
    Quit,
    Rename,
    Request,
    Reseed,
    Save,
    Show,
    Steps,
    Thanks,
    Transpose,
    Unclear,
    Undo,
    key_words,
)
from .reader import read_request
from .rhythms import RHYTHMS, Rhythm

__all__ = [
    "MAX_BARS", "MAX_TEMPO_QPM", "MIN_TEMPO_QPM", "RHYTHMS", "Ask", "Change", "Compose", "Help", "Instruction", "Play",
    "Quit", "Rename", "Request", "Reseed", "Rhythm", "Save", "Show", "Steps", "Thanks", "Transpose", "Unclear", "Undo",
    "key_words", "read_request",
]  # fmt: skip
