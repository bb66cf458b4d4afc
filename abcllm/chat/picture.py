"""Pictures inside a terminal that can show them, by the two protocols of the field.

Sources: the kitty graphics protocol (sw.kovidgoyal.net/kitty/graphics-protocol), and iTerm2's inline images
(iterm2.com/documentation-images.html), which WezTerm and others understand too.
"""

from __future__ import annotations

from base64 import standard_b64encode
from collections.abc import Mapping

__all__ = ["find_protocol", "inline_picture"]

CHUNK = 4096
ITERM = ("iTerm.app", "WezTerm", "mintty", "rio")
KITTY = ("ghostty",)


def find_protocol(environment: Mapping[str, str]) -> str:
    """`kitty`, `iterm`, or nothing where the terminal shows no pictures (or is inside tmux or screen)."""
    terminal, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if "TMUX" in environment or terminal.startswith(("screen", "tmux")):
        return ""
    if "KITTY_WINDOW_ID" in environment or terminal == "xterm-kitty" or program in KITTY:
        return "kitty"
    return "iterm" if program in ITERM else ""


def inline_picture(png: bytes, protocol: str) -> str:
    """The characters that make the terminal show the picture."""
    data = standard_b64encode(png).decode("ascii")
    if protocol == "iterm":
        return f"\x1b]1337;File=inline=1;preserveAspectRatio=1;size={len(png)}:{data}\x07\n"
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    parts = []
    for place, chunk in enumerate(chunks):
        first, more = ("a=T,f=100," if place == 0 else ""), int(place < len(chunks) - 1)
        parts.append(f"\x1b_G{first}m={more};{chunk}\x1b\\")
    return "".join(parts) + "\n"
