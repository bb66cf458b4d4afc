"""ABC notation: text to tunes, faults with their places, and back to text. Standard library only."""

from .catalogue import CATALOGUE, Rule, Severity
from .diagnostics import Diagnostic, Fix, apply_fixes
from .parser import parse
from .rules import check, iter_check
from .source import Source, Span, decode, read_source
from .theory import Clef, Key, Meter, Pitch, Tempo
from .transforms import change_unit_length, extract_voice, merge_voices, transpose, unfold
from .tune import Bar, BarLine, Chord, Field, Grace, Note, Rest, Tune, Tunebook, Voice
from .writer import write

__all__ = [
    "CATALOGUE", "Bar", "BarLine", "Chord", "Clef", "Diagnostic", "Field", "Fix", "Grace", "Key", "Meter", "Note",
    "Pitch", "Rest", "Rule", "Severity", "Source", "Span", "Tempo", "Tune", "Tunebook", "Voice", "apply_fixes",
    "change_unit_length", "check", "decode", "extract_voice", "iter_check", "merge_voices", "parse", "read_source",
    "transpose", "unfold", "write",
]  # fmt: skip
