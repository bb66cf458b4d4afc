"""A small corpus to be built: tunes with twins, settings, faults and rubbish among them."""

from __future__ import annotations

from pathlib import Path

import pytest

REEL = "X:1\nT:The Sound One\nR:reel\nM:4/4\nL:1/8\nK:D\n|:DFAF GBAG|FDFA dcdB|AFDF GEFD|EDEF GFGE:|\n"
SETTING = "X:2\nT:Another Name\nR:reel\nM:4/4\nL:1/8\nK:G\n|:GBdB cedc|BGBd gfge|dBGB cABG|AGAB cBAG:|\n"
TWIN = "X:3\nT:In C\nM:4/4\nL:1/4\nK:C\n|:C/E/G/E/ F/A/G/F/|E/C/E/G/ c/B/c/A/|G/E/C/E/ F/D/E/C/|D/C/D/E/ F/E/F/D/:|\n"
FAULTY = "X:4\nT:Too long\nM:4/4\nL:1/8\nK:D\nDFAF GBAG A|FDFA dcdB|\n"
RUBBISH = 'X:5\nT:From a page\nM:3/4\nL:1/4\nK:Am\n"1"A B c|"2"e d c|<br>\n"4"B A ^G|A3|]</html>\n'

WALTZES = [
    f"X:{at}\nT:Waltz {at}\nR:waltz\nM:3/4\nL:1/4\nK:{key}\n{music}\n"
    for at, (key, music) in enumerate(
        [
            ("G", "G2 B|d2 B|c2 A|G3|B2 d|g2 d|e d c|B3|c2 e|d2 B|A2 F|G3|]"),
            ("D", "F A d|f2 e|d2 A|B3|G B e|g2 f|e2 c|d3|f e d|c B A|B A G|F3|]"),
            ("A", "E A B|c2 d|e3|c3|d f a|g2 e|f e d|c3|B c d|e2 c|B2 G|A3|]"),
            ("Em", "E G B|e3|d2 B|A3|G A B|d2 B|A G F|E3|B e f|g2 e|f2 d|e3|]"),
            ("C", "c G E|C3|F A c|B3|d B G|F3|E G c|c3|A2 F|G2 E|D2 B,|C3|]"),
        ],
        10,
    )
]

PLAN = """
name = "small"
seed = 7
languages = { en = 1, zh = 1 }
valid = 0.2
test = 0.2
keys = 2
shard_rows = 3
forms = ["xtuner", "messages", "text", "arrow"]

[pretrain]
tune = 1
control_codes = 1

[sft]
compose = 1.5

[[source]]
name = "abc"
as = "book"
folder = "book"
licence = "CC-BY-4.0"

[[source]]
name = "abc"
as = "other"
folder = "other"
licence = "CC-BY-NC-4.0"
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A plan over two folders of tunes."""
    for folder in ("book", "other"):
        (tmp_path / folder).mkdir()
    (tmp_path / "book" / "reels.abc").write_text("\n".join([REEL, SETTING, FAULTY]), encoding="utf-8")
    (tmp_path / "book" / "waltzes.abc").write_text("\n".join(WALTZES), encoding="utf-8")
    (tmp_path / "other" / "tunes.abc").write_text("\n".join([TWIN, RUBBISH]), encoding="utf-8")
    path = tmp_path / "small.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path
