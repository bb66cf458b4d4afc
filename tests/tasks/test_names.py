"""Names of keys, metres and kinds: what is said is found again."""

from __future__ import annotations

import pytest

from abcllm.notation import Key
from abcllm.notation.theory import MODE_FIFTHS, STEPS
from abcllm.tasks.names import (
    RHYTHMS_ZH,
    call_key,
    call_rhythm,
    find_keys,
    find_meters,
    find_numbers,
    find_rhythms,
)

SENTENCES = {"en": ("{}", "The key is {}.", "It is in {}, I think."), "zh": ("{}", "这首曲子是{}。", "调性：{}")}
KEYS = [Key(step + sign, mode) for mode in MODE_FIFTHS for step in STEPS for sign in ("", "#", "b")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_key_that_is_called_is_found(language: str) -> None:
    for key in KEYS:
        for sentence in SENTENCES[language]:
            said = sentence.format(call_key(key, language))
            assert find_keys(said) == [key], said


@pytest.mark.parametrize("rhythm", sorted(RHYTHMS_ZH))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_that_is_called_is_found(rhythm: str, language: str) -> None:
    assert find_rhythms(f"({call_rhythm(rhythm, language)})") == [rhythm]


@pytest.mark.parametrize("text", ["", "a good tune", "A tune that goes up and down.", "很好听"])
def test_prose_names_no_key(text: str) -> None:
    assert find_keys(text) == []


def test_common_time_is_no_key() -> None:
    assert [str(key) for key in find_keys("A tune in G, C time, then in D minor and C| metre; the last in C.")] == [
        "G",
        "Dm",
        "C",
    ]


def test_metres_and_numbers_are_kept_apart() -> None:
    text = "16 bars of 6/8, then 8 in M:C, 120.5 a minute, 1/2/3"
    assert find_meters(text) == [(6, 8), (4, 4)]
    assert find_numbers(text) == [16, 8]
