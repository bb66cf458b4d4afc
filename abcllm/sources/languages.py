"""In which language a text is written, found offline by a naive Bayes classifier over bytes (langid: Lui and Baldwin,
ACL 2012; retrained for 139 languages in py3langid)."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from ..errors import MissingExtra

__all__ = ["find_language"]

LEAST_CONFIDENCE = 0.5


class _Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]:
        """A language with its probability."""


def find_language(text: str) -> str:
    """The language of a text (`en`, `zh`), empty where it is too short to tell. Raises `MissingExtra`.

    >>> find_language("I love this so much"), find_language("太好听了"), find_language("Op. 9 No. 2")
    ('en', 'zh', '')
    """
    language, confidence = _identifier().classify(text) if text.strip() else ("", 0.0)
    return language if confidence >= LEAST_CONFIDENCE else ""


@cache
def _identifier() -> _Identifier:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError:
        raise MissingExtra("telling languages apart needs the extra 'data' (py3langid)", extra="data") from None
    return cast(_Identifier, LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
