"""`abcllm doctor`: what is here, what is not, what to do."""

from __future__ import annotations

import importlib.metadata
import json
import shutil

import pytest

from .conftest import Command


def test_every_required_library_is_named(abcllm: Command) -> None:
    """Those that installing abcllm installs, no more and no fewer."""
    findings = json.loads(abcllm("doctor", "--json").out)
    required = {
        line.split(">")[0].split("=")[0].strip()
        for line in importlib.metadata.requires("abcllm") or []
        if "extra ==" not in line
    }
    assert {row["name"] for row in findings["libraries"]} == required


def test_what_is_missing_is_named_with_its_remedy(abcllm: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "verovio":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    said = abcllm("doctor")
    assert said.status == 3
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.startswith("  ")}
    assert "missing" in lines["verovio"]
    assert "get it: pip install" in lines["verovio"]
    assert "1.0" in lines["mido"]
    assert "get it" not in lines["mido"]
    assert "get it: apt-get install alsa-utils" in lines["aplay"]
