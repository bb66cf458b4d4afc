"""Text strings: escapes and entities to characters, and back to plain ABC.

Source: ABC standard 2.1, section 8.2 (mnemonics, named entities, Unicode escapes).
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

COMBINING: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", ",": "\u0327", "c": "\u0327",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", ";": "\u0328", "r": "\u030a",
}  # fmt: skip
LIGATURES: Final = {
    "AA": "Å", "aa": "å", "AE": "Æ", "ae": "æ", "OE": "Œ", "oe": "œ", "ss": "ß", "/O": "Ø", "/o": "ø", "/D": "Đ",
    "/d": "đ", "DH": "Ð", "dh": "ð", "TH": "Þ", "th": "þ",
}  # fmt: skip
ESCAPE: Final = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(AA|aa|AE|ae|OE|oe|ss|/[OoDd]|DH|dh|TH|th)"
    r"|([`'^~\",cuvH;r])([A-Za-z])|([\\%&]))"
)
ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,32}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")


def decode_text(text: str) -> str:
    """Resolve escapes and entities.

    >>> decode_text(r"B\\'ela Bart\\'ok &copy; \\u266a")
    'Béla Bartók © ♪'
    """
    if "\\" in text:
        text = ESCAPE.sub(_escape, text)
    if "&" in text:
        text = ENTITY.sub(lambda match: html.unescape(match.group()), text)
    return text


def _escape(match: re.Match[str]) -> str:
    short, long, ligature, accent, letter, literal = match.groups()
    code = short or long
    if code:
        value = int(code, 16)
        return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 and value >= 32 else match.group()
    if ligature:
        return LIGATURES[ligature]
    if accent:
        return unicodedata.normalize("NFC", letter + COMBINING[accent])
    return str(literal)


def encode_text(text: str) -> str:
    """Write text so that `decode_text` gives it back: only what would be read as an escape is escaped."""
    if "\\" in text:
        text = re.sub(r"\\(?=[\\%&`'^~\",cuvH;rUAaOosT/Dd]|$)", r"\\\\", text)
    if "&" in text:
        text = ENTITY.sub(lambda match: "\\" + match.group(), text)
    return text.replace("%", "\\%") if "%" in text else text


def cut_comment(text: str, start: int, end: int) -> int:
    """The offset where the remark (`%`) on a line begins, or `end` (section 2.2.3)."""
    at = text.find("%", start, end)
    while at != -1 and at > start and text[at - 1] == "\\":
        at = text.find("%", at + 1, end)
    return end if at == -1 else at
