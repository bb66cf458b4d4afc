"""The prefix reader and the parser agree: a text is accepted by the one when the other finds no error."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from abcllm.notation import Severity, parse, read_source, write
from abcllm.notation.prefix import PrefixReader

DATA = Path(__file__).parents[2] / "data"
SIGNS = "ABcdz|:[](){}\"!><-^_=,'/234 .~\\%&+LwK$"
HEAD = "X:1\nM:4/4\nL:1/4\nK:C\n"


def is_valid(text: str) -> bool:
    return not any(found.severity is Severity.ERROR for found in parse(text).diagnostics)


def accepts(text: str) -> bool:
    reader = PrefixReader()
    return reader.feed(text) and reader.complete


@pytest.mark.parametrize("collection", sorted(path.name for path in DATA.iterdir() if path.is_dir()))
def test_every_sample_is_accepted(collection: str) -> None:
    for tune in parse(read_source(DATA / collection / "tunes.abc")[0]).tunes[:40]:
        text = write(tune)
        assert is_valid(text)
        assert accepts(text), text


def test_it_agrees_with_the_parser_on_edited_tunes() -> None:
    random = Random(0)
    texts = [write(tune).rstrip("\n") for tune in parse(read_source(DATA / "irish_mit" / "tunes.abc")[0]).tunes[:200]]
    verdicts = set()
    for _ in range(2000):
        text = random.choice(texts)
        for _ in range(random.randint(1, 3)):
            at = random.randrange(4, len(text))
            kept = at + 1 if random.random() < 0.5 else at
            text = text[:at] + (random.choice(SIGNS) if kept == at else "") + text[kept:]
        if any(not line.strip() or line.startswith("X:") for line in text.split("\n")[1:]):
            continue
        verdicts.add(is_valid(text))
        assert accepts(text) == is_valid(text), text
    assert verdicts == {True, False}


@pytest.mark.parametrize(
    ("text", "goes_on", "stops"),
    [
        ("C D E F", "|", "G"),
        ("C D E ", "F|", "F G"),
        ("C D (3E", "FG", "|"),
        ("C D E>", "F", "|"),
        ("C D E", "3/", "3 F"),
        ("C D E F|C D|", "|:C4:|", "C4|"),
        ("[CE", "G]", "|"),
        ("C4|[K:", "Am]", "Am|"),
    ],
)
def test_what_may_follow(text: str, goes_on: str, stops: str) -> None:
    reader = PrefixReader(HEAD + text)
    assert not reader.failed
    assert reader.allows(goes_on)
    assert not reader.allows(stops)
    assert not reader.failed


def test_a_copy_goes_its_own_way() -> None:
    reader = PrefixReader(HEAD + "C D ")
    other = reader.copy()
    assert other.feed("E F|")
    assert reader.feed("G2|]")
    assert other.feed("C4|]")
    assert reader.complete
    assert other.complete


@pytest.mark.parametrize(
    ("begun", "refused", "mended"),
    [
        ("C D E F", ")", ""),
        ("|:C D E F|", "|:", "G4:|"),
        ("(C D E F|", "", "G4)|]"),
        ("|:C D E F|", "", "G4:|"),
        ("C D E F-|", "G4|]", "F4|]"),
    ],
)
def test_an_exact_reading_wants_both_ends(begun: str, refused: str, mended: str) -> None:
    loose, exact = PrefixReader(HEAD + begun), PrefixReader(HEAD + begun, exact=True)
    assert loose.feed(f"{refused}\n")
    assert loose.complete
    ended = exact.copy()
    assert not (ended.feed(f"{refused}\n") and ended.complete)
    assert exact.feed(f"{mended}\n")
    assert exact.complete


@pytest.mark.parametrize("begun", ["X:1\nT:one\n", "X:1\nK:C\nC|\n"])
def test_one_tune_is_read_and_no_other_begun(begun: str) -> None:
    assert PrefixReader(begun).allows("T:two\n")
    assert not PrefixReader(begun).allows("X:2\n")


def test_an_exact_reading_wants_full_bars() -> None:
    assert PrefixReader(HEAD + "C D E F|").allows("C D|[1 E4|]")
    assert not PrefixReader(HEAD + "C D E F|", exact=True).allows("C D|[1 E4|]")
    loose, exact = PrefixReader(HEAD + "C4|C2|]"), PrefixReader(HEAD + "C4|C2|]", exact=True)
    assert loose.complete
    assert not exact.complete


def test_notes_on_lines_of_their_own_do_not_overfill_a_bar() -> None:
    reader = PrefixReader(HEAD + "c2 d2\n")
    assert reader.allows("|e\n")
    assert not reader.allows("e\n")
