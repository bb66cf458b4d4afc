"""The form of a tune: a letter for each section, and the terms that musicians have for such rows of letters.

Source: Yuan et al., ChatMusician (2024), appendix D.0.1. The likenesses are those of control codes (`E:`). A section
that is alike to an earlier one at 8 of 10 or more is the same and takes its letter; at 6 or 7 it is a variation and
takes the letter with a prime; below 6 it is new. Here the earlier section that it is most alike decides, and a second
variation that is not the first has two primes; the paper takes whichever comes last, and always one prime.

The paper names its terms without defining them. Here each is a rule on letters, and a form has as many terms as rules
hold, perhaps none. *Sections* are the letters without primes as they are written, repeats not unfolded; *parts* are
the sections with equal neighbours taken as one (AABB has the parts AB).

========================== =====================================================================================
Only One Section           one section, or one that returns unchanged: A, AA
Binary                     the parts AB: AB, AAB, AABB
Ternary                    the parts ABA: ABA, AABA, ABBA
Variational                one letter, with primes among it: AA', AA'A''
American Popular           the sections AABA
Verse/Chorus               the parts AB, once or several times: AB, ABAB
Verse/Chorus/Bridge        AB once or several times, the bridge C, then perhaps A, B or AB: ABC, ABABCB
Verse/Chorus/Verse/Bridge  the parts ABAC, then perhaps A, B or AB: ABAC, ABACAB
Through Composed           three sections or more, each of them new: ABC, ABCD
Compound Binary            AB or ABA, then two such parts of other letters, CD or CDC: ABCD, ABACDC
Compound Ternary           AB or ABA, then C, CD or CDC, then the beginning again: ABCAB, ABACDCABA
========================== =====================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple

from ..notation import Tune
from .control_codes import form_codes

__all__ = [
    "CHINESE", "SAME", "TERMS", "VARIED", "Rule", "find_letters", "name_form", "read_letters", "read_terms",
    "section_letters", "write_terms",
]  # fmt: skip

SAME: Final = 8
VARIED: Final = 6
LETTERS: Final = re.compile(r"[A-H]['’′]*")
BETWEEN: Final = re.compile(r"[,，、;；\n]|\band\b|和|与")


class Rule(NamedTuple):
    """The row that a term is read in (letters as they are, sections, parts), and what it must look like."""

    row: Literal["letters", "sections", "parts"]
    pattern: re.Pattern[str]


TERMS: Final = {
    "Only One Section": Rule("letters", re.compile("A+")),
    "Binary": Rule("parts", re.compile("AB")),
    "Ternary": Rule("parts", re.compile("ABA")),
    "Variational": Rule("letters", re.compile("A+'[A']*")),
    "American Popular": Rule("sections", re.compile("AABA")),
    "Verse/Chorus": Rule("parts", re.compile("(AB)+")),
    "Verse/Chorus/Bridge": Rule("parts", re.compile("(AB)+C(A?B|A)?")),
    "Verse/Chorus/Verse/Bridge": Rule("parts", re.compile("ABAC(A?B|A)?")),
    "Through Composed": Rule("sections", re.compile("ABC(D(E(F(GH?)?)?)?)?")),
    "Compound Binary": Rule("parts", re.compile("ABA?CDC?")),
    "Compound Ternary": Rule("parts", re.compile(r"(ABA?)C(DC?)?\1")),
}
"""The terms in the order in which they are said."""

CHINESE: Final = {
    "Only One Section": "一部曲式",
    "Binary": "二部曲式",
    "Ternary": "三部曲式",
    "Variational": "变奏曲式",
    "American Popular": "美国流行歌曲式",
    "Verse/Chorus": "主歌/副歌",
    "Verse/Chorus/Bridge": "主歌/副歌/桥段",
    "Verse/Chorus/Verse/Bridge": "主歌/副歌/主歌/桥段",
    "Through Composed": "通谱体",
    "Compound Binary": "复二部曲式",
    "Compound Ternary": "复三部曲式",
}
SPELLINGS: Final = {name.casefold(): term for term in TERMS for name in (term, CHINESE[term])}


def find_letters(tune: Tune) -> tuple[str, ...]:
    """A letter, perhaps with primes, for each section; none where the tune has no control codes (`form_codes`)."""
    codes = form_codes(tune)
    return section_letters(codes.likeness) if codes else ()


def section_letters(likeness: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """The letters of sections, given how alike each is (0-10) to every earlier one.

    >>> section_letters([[], [1], [3, 7], [1, 4, 1]])
    ('A', 'B', "B'", 'C')
    """
    letters: list[str] = []
    for row in likeness:
        alike = max(row, default=0)
        if alike < VARIED:
            letters.append(chr(ord("A") + len({letter[0] for letter in letters})))
            continue
        letter = letters[row.index(alike)]
        if alike < SAME:
            letter = letter[0] + "'" * len({other for other in letters if other[0] == letter[0]})
        letters.append(letter)
    return tuple(letters)


def name_form(letters: Sequence[str]) -> tuple[str, ...]:
    """The terms of a form, in the order of `TERMS`; none where no rule holds.

    >>> name_form(["A", "A", "B", "A'"])
    ('Ternary', 'American Popular')
    """
    sections = "".join(letter[0] for letter in letters)
    rows = {
        "letters": "".join(letters),
        "sections": sections,
        "parts": "".join(letter for letter, _ in groupby(sections)),
    }
    return tuple(term for term, rule in TERMS.items() if rule.pattern.fullmatch(rows[rule.row]))


def read_letters(text: str) -> tuple[str, ...]:
    """The letters of a form as it is written: `ABB'C`, `A B B' C`.

    >>> read_letters("A-B-B’")
    ('A', 'B', "B'")
    """
    return tuple(re.sub("[’′]", "'", found) for found in LETTERS.findall(text))


def write_terms(terms: Iterable[str], language: str) -> str:
    """Terms as they are said in a language (`en`, `zh`), with commas between."""
    return "、".join(CHINESE[term] for term in terms) if language == "zh" else ", ".join(terms)


def read_terms(text: str) -> tuple[str, ...]:
    """The terms in an enumeration, in English or Chinese; what is none is left out.

    >>> read_terms("through-composed, Compound Binary and a coda"), read_terms("二部曲式、主歌/副歌")
    (('Through Composed', 'Compound Binary'), ('Binary', 'Verse/Chorus'))
    """
    said = (re.sub(r"[-\s]+", " ", part).strip(" .。*`").casefold() for part in BETWEEN.split(text))
    return tuple(SPELLINGS[name] for name in said if name in SPELLINGS)
