#!/usr/bin/env python
"""A picture of a conversation in the terminal: the program is run in one, typed to, and what it shows is drawn.

    python tools/terminal_picture.py --out eval/terminal.png

It is run as in a terminal that shows pictures (kitty's graphics protocol), so the staves are those that it sends.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import pty
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib import font_manager
from PIL import Image

LINES = ("an 8-bar jig in D", "make bar 3 busier and add chords", "what is its range", "quit")
COLUMNS, ROWS = 100, 200
PATIENCE_S = 120
SETTLED_S = 2.0
PICTURE = re.compile(r"\x1b_G[^;]*;([^\x1b]*)\x1b\\")
PICTURES = re.compile(r"(?:\x1b_G[^;]*;[^\x1b]*\x1b\\)+")
DIM = re.compile(r"\x1b\[2m(.*?)\x1b\[0m", re.DOTALL)
CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\r|\x07")
INK, FAINT, PAPER = "#e6e6e6", "#8a8f98", "#16191f"
ROW_INCH, COLUMN_INCH, FONT_POINTS = 0.19, 0.0805, 9.5
COLOURS = 48


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", default="4")
    options = parser.parse_args()
    draw(converse(options.seed), options.out)


def converse(seed: str) -> str:
    """All that the program shows in a terminal of its own."""
    main_end, terminal = pty.openpty()
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"TERM": "xterm-kitty", "COLUMNS": str(COLUMNS), "XDG_STATE_HOME": home}
        command = [sys.executable, "-m", "abcllm", "chat", "--seed", seed, "--forget", "--output", home]
        process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment)
        os.close(terminal)
        shown = "".join(listen(main_end, "> "))
        for line in LINES:
            os.write(main_end, f"{line}\n".encode())
            shown += "".join(listen(main_end, "\n> " if line != LINES[-1] else "Goodbye"))
        process.wait(PATIENCE_S)
    os.close(main_end)
    return shown


def listen(terminal: int, until: str) -> Iterator[str]:
    """What is shown until the prompt has come and nothing more follows."""
    seen, deadline = "", time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], SETTLED_S)
        if not ready and CONTROL.sub("", seen).endswith(until):
            return
        try:
            text = os.read(terminal, 65536).decode(errors="replace") if ready else ""
        except OSError:  # the program has ended
            return
        seen += text
        yield text
    raise TimeoutError(f"{until!r} did not come; there is:\n{seen}")


def draw(shown: str, path: Path) -> None:
    """The rows of text and the pictures among them, one below the other."""
    rows: list[tuple[str, str] | bytes] = []
    for part in re.split(f"({PICTURES.pattern})", shown):
        if part.startswith("\x1b_G"):
            rows.append(base64.b64decode("".join(PICTURE.findall(part))))
        else:
            rows += text_rows(part)
    images = [plt.imread(io.BytesIO(row), format="png") if isinstance(row, bytes) else None for row in rows]
    width = COLUMNS * COLUMN_INCH
    heights = [ROW_INCH if image is None else 0.8 * width * image.shape[0] / image.shape[1] for image in images]
    mpl.rcParams["font.family"] = ["DejaVu Sans Mono", find_chinese_font()]
    figure = plt.figure(figsize=(width + 0.4, sum(heights) + 0.4), facecolor=PAPER, dpi=110)
    total, top = sum(heights) + 0.4, 0.2
    for row, image, height in zip(rows, images, heights, strict=True):
        if image is None:
            text, colour = row
            where = (0.2 / (width + 0.4), 1 - (top + ROW_INCH * 0.75) / total)
            figure.text(*where, text.replace("$", r"\$"), color=colour, fontsize=FONT_POINTS)
        else:
            place = (0.2 / (width + 0.4), 1 - (top + height) / total, 0.8 * width / (width + 0.4), height / total)
            axes = figure.add_axes(place)
            axes.imshow(image, aspect="auto", interpolation="antialiased")
            axes.axis("off")
        top += height
    drawn = io.BytesIO()
    figure.savefig(drawn, facecolor=PAPER)
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def find_chinese_font() -> str:
    """The name of the font that this machine writes Chinese with."""
    asked = ["fc-list", "-f", "%{file}\n", ":lang=zh"]
    path = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split("\n")[0]
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


def text_rows(part: str) -> Iterator[tuple[str, str]]:
    """Rows of text with their colours, long ones broken as the terminal breaks them."""
    at = 0
    for found in [*DIM.finditer(part), None]:
        end = found.start() if found else len(part)
        for text, colour in ((part[at:end], INK), (found[1] if found else "", FAINT)):
            for line in CONTROL.sub("", text).removesuffix("\n").split("\n") if text else ():
                for start in range(0, max(len(line), 1), COLUMNS):
                    yield line[start : start + COLUMNS], colour
        at = found.end() if found else end


if __name__ == "__main__":
    main()
