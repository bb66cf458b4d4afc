"""At one's own machine: conversations are kept and reopened, files opened, the composer changed, tunes taken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from abcllm.chat import Session
from abcllm.chat.desk import Desk, state_folder
from abcllm.chat.shelf import Shelf
from abcllm.errors import DataError, UnknownName, UsageError
from abcllm.library import Library

from .conftest import Drone, Fiddler, say

KESH = """X:12
T:The Kesh
M:6/8
L:1/8
R:jig
K:G
D|G3 GAB|A3 ABd|edd gdd|edB dBA|G3 GAB|A3 ABd|edd gdB|AGF G2:|
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "kept")


@pytest.fixture
def desk(drone: Drone, tmp_path: Path, shelf: Shelf) -> Desk:
    return Desk(drone, seed=7, folder=tmp_path, shelf=shelf)


class TestKeeping:
    def test_what_was_said_and_made_comes_back(self, desk: Desk, drone: Drone, shelf: Shelf) -> None:
        say(desk, "a 4-bar jig in G")
        say(desk, "slower")
        again = Desk(drone, shelf=shelf)
        assert again.resume() == desk.name
        assert again.conversation == desk.conversation
        assert [version.source.text for version in again.history] == [version.source.text for version in desk.history]
        assert again.request == desk.request
        say(again, "undo")
        assert "Seed 8." in say(again, "again")

    def test_names_say_when_and_what(self, desk: Desk, shelf: Shelf) -> None:
        say(desk, "../../A 4-bar jig, in G!")
        assert desk.name.endswith("-a-4-bar-jig-in-g")
        assert shelf.names() == [desk.name]

    def test_a_part_of_a_name_is_enough_where_it_is_the_only_one(self, shelf: Shelf, drone: Drone) -> None:
        for text in ("a 4-bar jig in G", "a 4-bar reel in G"):
            say(Desk(drone, shelf=shelf), text)
        desk = Desk(drone, shelf=shelf)
        assert desk.resume("reel").endswith("reel-in-g")
        with pytest.raises(UnknownName, match="jig-in-g"):
            desk.resume("4-bar")
        with pytest.raises(UnknownName, match="there are"):
            desk.resume("waltz")

    def test_an_interrupted_answer_is_kept_too(self, desk: Desk, shelf: Shelf, drone: Drone) -> None:
        pieces = desk.answer("a 4-bar jig in G")
        next(pieces)
        pieces.close()
        again = Desk(drone, shelf=shelf)
        again.resume()
        assert [message.role for message in again.conversation.messages] == ["user", "assistant"]

    def test_where_nothing_can_be_kept_it_is_said_once(self, drone: Drone, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        desk = Desk(drone, shelf=Shelf(tmp_path / "file"), folder=tmp_path)
        assert "no longer kept" in say(desk, "a 4-bar jig in G")
        assert "no longer kept" not in say(desk, "slower")

    def test_without_a_shelf_nothing_is_kept(self, drone: Drone, tmp_path: Path) -> None:
        desk = Desk(drone, folder=tmp_path)
        say(desk, "a 4-bar jig in G")
        assert list(tmp_path.iterdir()) == []
        assert "No conversation is kept yet" in say(desk, "/conversations")
        with pytest.raises(UsageError, match="no conversation is kept"):
            desk.resume()

    @pytest.mark.parametrize(
        "damage",
        [
            "",
            "[]",
            "{",
            '{"conversation": 3}',
            '{"conversation": {}, "versions": [{}], "seed": 1, "composed": 0}',
            '{"conversation": {}, "versions": [], "seed": "x", "composed": 0}',
        ],
    )
    def test_a_damaged_file_is_said(self, desk: Desk, shelf: Shelf, damage: str) -> None:
        shelf.folder.mkdir()
        shelf.path("old").write_text(damage)
        with pytest.raises(DataError, match=r"old\.json: not a saved conversation"):
            desk.resume("old")

    @pytest.mark.parametrize("field", ["key", "bars", "tempo_qpm", "seed"])
    def test_values_that_were_never_saved_are_refused(self, desk: Desk, shelf: Shelf, field: str) -> None:
        say(desk, "a 4-bar jig in G")
        saved = json.loads(shelf.path(desk.name).read_text())
        saved["versions"][0]["request"][field] = ["?"]
        shelf.path(desk.name).write_text(json.dumps(saved))
        with pytest.raises(DataError, match="not a saved conversation"):
            desk.resume()

    @pytest.mark.parametrize("name", ["../up", "a/b", "", "x" * 101, "a.b", "a\0"])
    def test_a_name_leads_nowhere_else(self, shelf: Shelf, name: str) -> None:
        with pytest.raises(UsageError, match="no name of a conversation"):
            shelf.path(name)

    def test_each_turn_survives_being_killed(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "abcllm", "chat", "-m", "ngram", "--conversations", str(tmp_path / "kept")]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("a 4-bar jig in G called Rain\nwhat key is it\n# the answer before is kept by now\n")
        process.stdin.flush()
        assert any("sharp" in line for line in iter(process.stdout.readline, ""))
        process.kill()
        process.communicate(timeout=30)
        again = [*command, "--resume", "-p", "what is it called"]
        resumed = subprocess.run(again, capture_output=True, text=True, check=True, timeout=60)
        assert "Rain" in resumed.stdout

    def test_the_state_folder_is_that_of_the_account(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        assert state_folder() == tmp_path / "abcllm"


class TestOpening:
    def test_a_file_becomes_the_tune(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "kesh.abc").write_text(f"{KESH}\nX:2\nT:Other\nK:C\nC8|]\n")
        said = say(desk, "/open kesh.abc")
        assert "The Kesh: jig in G major, 6/8, 8 bars.\n(from kesh.abc)" in said
        assert "(the first of 2 tunes)" in said
        assert "K:A" in say(desk, "up a tone")

    def test_a_conversation_is_gone_on_with(self, desk: Desk, drone: Drone, shelf: Shelf) -> None:
        say(Desk(drone, seed=1, shelf=shelf), "a 4-bar waltz in G")
        assert "Opened" in (said := say(desk, "/open waltz"))
        assert "Drone 1: waltz in G major" in said
        assert "waltz-in-g (this one)" in say(desk, "/conversations")

    def test_what_is_neither_is_said(self, desk: Desk) -> None:
        say(desk, "a 4-bar jig in G")
        assert "no conversation is called 'nothing'" in say(desk, "/open nothing")

    def test_another_composer(self, desk: Desk) -> None:
        assert 'The composer is "drone". There are: neural, ngram' in say(desk, "/model")
        assert 'The composer is "ngram" now.' in say(desk, "/model ngram")
        assert desk.backend.name == "ngram"
        assert "no backend is called 'harp'" in say(desk, "/model harp")
        assert desk.backend.name == "ngram"

    def test_a_file_is_opened_as_it_stands(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "torn.abc").write_text("X:1\nT:Torn\nM:2/4\nL:1/8\nK:D\ndf [ac'|d2 d2|]\n")
        said = say(desk, "/open torn.abc")
        assert "df [ac'|d2 d2|]\n" in said
        assert "error N202" in said

    def test_a_file_without_an_ending_is_not_guessed_at(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "passwd").write_text("root")
        assert "passwd has no ending that says what is in it" in say(desk, "/open passwd")

    @pytest.mark.parametrize("command", ["/open x.abc", "/model ngram", "/conversations"])
    def test_visitors_can_do_none_of_it(self, session: Session, command: str) -> None:
        assert "that is not possible here" in say(session, command)


class TestLibrary:
    @pytest.fixture
    def desk(self, fiddler: Fiddler, tmp_path: Path) -> Desk:
        folder = tmp_path / "tunes"
        folder.mkdir()
        (folder / "session.abc").write_text(KESH)
        (folder / "notes.txt").write_text("The Kesh goes well with a cup of tea.\n")
        return Desk(fiddler, seed=7, folder=tmp_path, library=Library(folder))

    def test_a_tune_is_brought_and_cited(self, desk: Desk) -> None:
        said = say(desk, "show me the kesh from the library")
        assert '(from the library: "The Kesh" (session.abc, X:12))' in said
        assert "(notes.txt:1: The Kesh goes well with a cup of tea.)" in said
        assert desk.tune is not None
        assert desk.tune.title == "The Kesh"

    def test_notes_alone_are_told(self, desk: Desk) -> None:
        assert "cup of tea" in say(desk, "/find cup of tea")
        assert desk.tune is None

    def test_a_tune_like_it_is_written_and_says_from_what(self, desk: Desk) -> None:
        said = say(desk, "something like The Kesh")
        assert said.startswith('(after "The Kesh" (session.abc, X:12))\n')
        assert 'on notes of "The Kesh" (session.abc, X:12): by the composer, seed 7)' in said
        assert desk.tune is not None
        assert (desk.tune.rhythm, str(desk.tune.key), str(desk.tune.meter)) == ("jig", "G", "6/8")
        assert desk.tune.title != "The Kesh"
        before = desk.tune
        say(desk, "/retry")
        assert desk.tune != before

    def test_the_nearest_by_its_melody(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "mine.abc").write_text(KESH.replace("edd gdd", "edB gdB").replace("The Kesh", "Mine"))
        say(desk, "/open mine.abc")
        assert say(desk, "something like this").startswith('(after "The Kesh" (session.abc, X:12), the nearest')

    @pytest.mark.parametrize("text", ["something like The Foggy Dew", "/find The Foggy Dew"])
    def test_what_is_not_there_is_said(self, desk: Desk, text: str) -> None:
        assert "The Foggy Dew" in say(desk, text)
        assert isinstance(desk.failures[0], UsageError)

    def test_without_a_library(self, session: Session) -> None:
        assert "--library FOLDER" in say(session, "something like The Kesh")
