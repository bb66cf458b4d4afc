"""Languages of short texts from the web, and what is said where the classifier is not installed."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from abcllm.errors import MissingExtra
from abcllm.sources import languages
from abcllm.sources.languages import find_language


@pytest.fixture
def without_py3langid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    languages._identifier.cache_clear()
    monkeypatch.setitem(sys.modules, "py3langid.langid", None)
    yield
    languages._identifier.cache_clear()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I played all these when I was learning to play as a kid in the 80s.", "en"),
        ("Спасибо большое за наглядное пособие по учебнику", "ru"),
        ("这首练习曲太好听了！", "zh"),
        ("すばらしい演奏ありがとうございます", "ja"),
        ("Was für eine wunderbare Aufnahme, vielen Dank dafür", "de"),
        ("", ""),
        ("Op. 9 No. 2", ""),
        ("wow", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    pytest.importorskip("py3langid")
    assert find_language(text) == language


@pytest.mark.usefixtures("without_py3langid")
def test_without_the_extra() -> None:
    with pytest.raises(MissingExtra, match="needs the extra 'data'") as caught:
        find_language("Great music")
    assert caught.value.extra == "data"
