"""A visitor is answered like anyone else: in the language that is spoken, from the library that the server has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from abcllm.backends import get_backend
from abcllm.library import Library
from abcllm.serving.visit import Visit

from .conftest import Talker

pytest.importorskip("fastapi")

KESH = "X:1\nT:The Kesh\nR:jig\nM:6/8\nL:1/8\nK:G\nG3 GAB|A3 ABd|edd gdd|edB dBA|\nGAG GAB|ABA ABd|edd gdB|AGF G3|]\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    folder = tmp_path / "tunes"
    folder.mkdir()
    (folder / "kesh.abc").write_text(KESH)
    return Library(folder)


def say(visit: Visit, text: str) -> str:
    return "".join(visit.send(text))


def test_visitors_draw_on_the_library(library: Library) -> None:
    visit = Visit(get_backend("ngram"), seed=1, library=library)
    said = say(visit, "show me The Kesh from the library")
    assert "G3 GAB|A3 ABd|" in said
    assert '(from the library: "The Kesh" (kesh.abc, X:1))' in said


def test_without_a_library_it_is_said_who_can_bring_one(library: Library) -> None:
    visit = Visit(get_backend("ngram"), seed=1)
    assert say(visit, "something like The Kesh") == "I cannot: there is no library; begin with one: --library FOLDER\n"
    assert say(visit, "类似《The Kesh》的曲子") == "做不到：没有曲库；请在启动时指定：--library 文件夹\n"


def test_the_server_hands_its_library_on(tmp_path: Path, library: Library) -> None:
    from fastapi.testclient import TestClient

    from abcllm.serving.application import build_application
    from abcllm.serving.settings import Settings

    app = build_application(Settings(tmp_path / "conversations"), {"talker": Talker("")}, library)
    with TestClient(app, base_url="http://localhost") as client:
        path = f"/conversations/{client.post('/conversations').json()['id']}/messages"
        found = client.post(path, json={"text": "从曲库里找《The Kesh》"}).text
        kept = client.post(path, json={"text": "/info"}).text
    pieces = [json.loads(line.removeprefix("data: ")) for line in found.splitlines() if line]
    assert "来自曲库" in "".join(piece.get("text", "") for piece in pieces)
    assert "吉格舞曲" in kept
    assert "jig in G" not in kept


def test_files_and_sound_are_wishes_in_both_languages() -> None:
    visit = Visit(Talker(KESH), seed=1)
    say(visit, "写一首8小节的吉格舞曲")
    assert say(visit, "保存为pdf") == "给你文件：pdf。\n"
    assert say(visit, "play it") == "(playing)\n"
    assert visit.wishes == ["pdf", "play"]
