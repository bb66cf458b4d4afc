"""What models are taught to hear, the reader of requests understands: the wordings of the task `compose`."""

from __future__ import annotations

from random import Random

import pytest

from abcllm.notation.fields import parse_key, parse_meter
from abcllm.request import RHYTHMS, Compose, read_request
from abcllm.tasks.compose import ANY_KIND
from abcllm.tasks.names import call_rhythm
from abcllm.tasks.wording import wording

KEYS = ("C", "D", "G", "A", "Bb", "F#", "Eb", "Am", "F#m", "Ador", "Dmix", "C#m", "Cm", "Ephr", "Flyd", "Bloc")
METERS = ("C", "C|", "2/2", "2/4", "3/4", "4/4", "6/8", "9/8", "12/8", "3/8", "3/2", "(2+3)/8")
BARS = (1, 4, 8, 11, 16, 20, 32, 64)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", range(10))
def test_a_request_as_it_is_taught_is_understood(language: str, seed: int) -> None:
    words, random = wording("compose", language), Random(f"{language}/{seed}")
    occasions = words.rules["occasion"]
    for _ in range(40):
        key, meter, bars = random.choice(KEYS), parse_meter(random.choice(METERS)), random.choice(BARS)
        rhythm = random.choice(["", *RHYTHMS])
        kind = call_rhythm(rhythm, language) if rhythm else ANY_KIND[language]
        text = words.say("ask", random, key=parse_key(key), meter=meter, bars=bars, kind=kind)
        read = read_request(text)
        assert isinstance(read, Compose), text
        found = read.request
        asked = (key, meter.fraction, bars, rhythm or found.rhythm)
        assert (str(found.key), found.meter.fraction, found.bars, found.rhythm) == asked, text
        said_why = text.lower().startswith(tuple(why.lower() for why in occasions))
        assert said_why or not read.passed_over, text


@pytest.mark.parametrize(("language", "style"), [("en", "rhythm: reel; origin: Ireland"), ("zh", "体裁：里尔舞曲")])
@pytest.mark.parametrize("seed", range(40))
def test_a_kind_asked_for_among_traits_is_understood(language: str, style: str, seed: int) -> None:
    text = wording("style_to_tune", language).say("ask", Random(seed), style=style)
    read = read_request(text)
    assert isinstance(read, Compose), text
    assert read.request.rhythm == "reel"


@pytest.mark.parametrize(
    ("text", "key", "meter"),
    [
        ("a tune in D and C", "D", "4/4"),
        ("a tune in C and C", "C", "4/4"),
        ("a tune in C, key of C", "C", "4/4"),
        ("a tune in F# minor and C|", "F#m", "2/2"),
        ("a tune in time signature C, key of G", "G", "4/4"),
        ("a tune in C time, in A minor", "Am", "4/4"),
        ("a jig in C", "C", "6/8"),
        ("a jig in D and C minor", "D", "6/8"),
        ("a jig in C, or D", "C", "6/8"),
        ("a waltz in 3/4 in C", "C", "3/4"),
        ("a waltz in C time signature 3/8", "C", "3/8"),
        ("I am a fiddler and want a jig in G", "G", "6/8"),
        ("an Ador reel", "Ador", "4/4"),
        ("写一首A,C拍的曲子", "A", "4/4"),
        ("写一首C大调,拍号C|的里尔舞曲", "C", "2/2"),
    ],
)
def test_c_is_a_metre_where_the_sentence_says_so_and_else_a_key(text: str, key: str, meter: str) -> None:
    read = read_request(text)
    assert isinstance(read, Compose)
    assert (str(read.request.key), str(read.request.meter)) == (key, meter)


def test_a_tune_to_be_handed_over_is_the_one_that_is_asked_for() -> None:
    first = read_request("a jig in D")
    assert isinstance(first, Compose)
    text = "I need an Irish polka in the key of G, metre 4/4 with 32 bars; give it to me in ABC"
    assert read_request(text, first.request) == read_request(text)
