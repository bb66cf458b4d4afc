"""abcllm: ABC notation, read, checked, written, printed, heard and composed.

    import abcllm

    book = abcllm.parse(text, name="reel.abc")
    book.raise_for_errors()
    abcllm.save(abcllm.transpose(book.tunes[0], semitones=2), "reel.pdf")

The names below are loaded when they are first used, so that `import abcllm` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backends import Backend, Sampling, get_backend
    from .chat import Session
    from .formats import load, save
    from .notation import Diagnostic, Severity, Tune, Tunebook, check, parse, write
    from .notation.transforms import transpose, unfold

__version__ = "0.1.0"

__all__ = [
    "Backend",
    "Diagnostic",
    "Sampling",
    "Session",
    "Severity",
    "Tune",
    "Tunebook",
    "check",
    "get_backend",
    "load",
    "parse",
    "save",
    "transpose",
    "unfold",
    "write",
]

_HOMES = {
    "Backend": "abcllm.backends",
    "Diagnostic": "abcllm.notation",
    "Sampling": "abcllm.backends",
    "Session": "abcllm.chat",
    "Severity": "abcllm.notation",
    "Tune": "abcllm.notation",
    "Tunebook": "abcllm.notation",
    "check": "abcllm.notation",
    "get_backend": "abcllm.backends",
    "load": "abcllm.formats",
    "parse": "abcllm.notation",
    "save": "abcllm.formats",
    "transpose": "abcllm.notation.transforms",
    "unfold": "abcllm.notation.transforms",
    "write": "abcllm.notation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:  # asked first: the import system itself looks for submodules here
        raise AttributeError(f"module 'abcllm' has no attribute {name!r}")
    from .registry import load as load_target

    value = globals()[name] = load_target(f"{_HOMES[name]}:{name}")
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
