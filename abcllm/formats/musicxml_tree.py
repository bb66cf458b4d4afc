"""Making elements of XML."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement

__all__ = ["add", "clean"]

FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: Element, tag: str, text: object = None, /, **attributes: object) -> Element:
    """A child of `parent`; an attribute `default_x` is written `default-x`, and one that is None is left out."""
    child = SubElement(parent, tag)
    if text is not None:
        child.text = clean(str(text))
    for name, value in attributes.items():
        if value is not None:
            child.set(name.replace("_", "-"), clean(str(value)))
    return child


def clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return FORBIDDEN.sub("", text)
