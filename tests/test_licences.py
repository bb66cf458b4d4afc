"""Licences by name, in the spellings of their publishers."""

from __future__ import annotations

import pytest

from abcllm.errors import UnknownName
from abcllm.licences import LicenceClass, classify
from abcllm.sources import get_source, source_names


@pytest.mark.parametrize(
    ("licence", "label"),
    [
        ("CC0-1.0", "public-domain"),
        ("public domain", "public-domain"),
        ("Public Domain Mark 1.0", "public-domain"),
        ("MIT", "permissive"),
        ("Apache-2.0", "permissive"),
        ("CC BY 4.0", "permissive"),
        ("CC-BY-4.0", "permissive"),
        ("CC BY-SA 4.0", "share-alike"),
        ("CC-BY-SA-4.0", "share-alike"),
        ("GPL-3.0", "share-alike"),
        ("CC BY-NC-SA 4.0", "non-commercial"),
        ("CC-BY-NC-4.0", "non-commercial"),
        ("CC-BY-ND-3.0", "non-commercial"),
        ("free to use for academic purposes only", "non-commercial"),
        ("", "unknown"),
        ("not checked", "unknown"),
    ],
)
def test_classes(licence: str, label: str) -> None:
    assert classify(licence).label == label


def test_labels_are_read_back() -> None:
    assert [LicenceClass.read(one.label) for one in LicenceClass] == [*LicenceClass]
    with pytest.raises(UnknownName, match="did you mean permissive"):
        LicenceClass.read("permissiv")


def test_every_source_has_a_class() -> None:
    classes = {name: get_source(name).INFO.licence_class.label for name in source_names()}
    assert classes["irishman"] == "permissive"
    assert classes["musiccaps"] == "share-alike"
    assert classes["audiocaps"] == "non-commercial"
