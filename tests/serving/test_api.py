"""The interface for programs: completions as OpenAI's clients expect them, tunes checked, printed and converted."""

from __future__ import annotations

import io
import json
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from abcllm.analysis.sections import count_bars
from abcllm.backends import DEFAULT_BACKEND, Sampling, get_backend
from abcllm.backends.openai import OpenAIBackend
from abcllm.notation import parse
from abcllm.request import Request

from .conftest import Talker, open_client

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TUNE = "X:1\nT:Up and down\nM:4/4\nL:1/4\nQ:1/4=120\nK:D\n|:DEFG|ABcd:|\n"
ASKED = [{"role": "user", "content": "an 8-bar jig in D"}]


def events(body: str) -> list[Any]:
    return [json.loads(line[6:]) for line in body.split("\n\n") if line.startswith("data: {")]


class TestCompletions:
    def test_an_answer_is_the_same_whole_and_streamed(self, tmp_path: Path) -> None:
        with open_client(tmp_path, backend=get_backend("ngram")) as client:
            whole = client.post("/v1/chat/completions", json={"messages": ASKED, "seed": 3}).json()
            streamed = client.post("/v1/chat/completions", json={"messages": ASKED, "seed": 3, "stream": True})
        text = whole["choices"][0]["message"]["content"]
        assert parse(text).tunes[0].key.name == "D"
        assert whole["choices"][0]["finish_reason"] == "stop"
        assert streamed.headers["content-type"].startswith("text/event-stream")
        chunks = events(streamed.text)
        assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == text
        assert len(chunks) >= 3
        assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
        assert streamed.text.endswith("data: [DONE]\n\n")

    def test_without_a_seed_each_answer_is_another(self, client: TestClient) -> None:
        answers = {
            client.post("/v1/chat/completions", json={"messages": ASKED}).json()["choices"][0]["message"]["content"]
            for _ in range(4)
        }
        assert len(answers) > 1

    def test_parts_of_text_are_read(self, client: TestClient) -> None:
        parts = [{"type": "text", "text": "an 8-bar "}, {"type": "text", "text": "jig in G"}]
        said = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": parts}]}).json()
        assert parse(said["choices"][0]["message"]["content"]).tunes[0].key.name == "G"

    def test_an_answer_that_has_begun_is_gone_on_with(self, client: TestClient) -> None:
        begun = "X:1\nT:Begun\nR:jig\nM:6/8\nL:1/8\nK:G\n|:G3 GAB|d2 "
        wish = {"messages": [*ASKED, {"role": "assistant", "content": begun}], "seed": 2}
        for said in ({}, {"continue_final_message": True, "add_generation_prompt": False}):
            rest = client.post("/v1/chat/completions", json={**wish, **said}).json()["choices"][0]["message"]["content"]
            book = parse(begun + rest)
            assert not book.diagnostics
            assert count_bars(book.tunes[0]) == 8
        streamed = events(client.post("/v1/chat/completions", json={**wish, "stream": True}).text)
        assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in streamed) == rest

    @pytest.mark.parametrize(
        "begun", ["", "X:1\nT:My own\n", "Here is a jig:\n\nX:1\n", "X:1\nT:A\nM:6/8\nL:1/8\nK:D\n"]
    )
    def test_what_is_wanting_of_a_header_is_what_was_asked_for(self, client: TestClient, begun: str) -> None:
        wish = {"messages": [*ASKED, {"role": "assistant", "content": begun}]}
        rest = client.post("/v1/chat/completions", json=wish).json()["choices"][0]["message"]["content"]
        (tune,) = parse(begun + rest).tunes
        assert (tune.key.name, str(tune.meter), count_bars(tune)) == ("D", "6/8", 8)
        assert tune.title

    @pytest.mark.parametrize("begun", ["Here is", "X:1\nT:Half a ti", "X:1\nM:6/8\nL:1/8\nK:D\n" + "D3 D3|" * 9])
    def test_what_cannot_be_held_to_what_was_asked_for_is_held_to_be_valid(
        self, client: TestClient, begun: str
    ) -> None:
        wish = {"messages": [*ASKED, {"role": "assistant", "content": begun}], "seed": 4}
        rest = client.post("/v1/chat/completions", json=wish).json()["choices"][0]["message"]["content"]
        assert not [one for one in parse(begun + rest).diagnostics if one.code != "T102"]

    def test_what_is_free_goes_on_from_anything(self, client: TestClient) -> None:
        begun = {"role": "assistant", "content": "X:1\nM:6/8\nL:1/8\nK:D\nDEF A|"}
        wish = {"messages": [*ASKED, begun], "guided": False, "max_tokens": 8, "seed": 1}
        rest = client.post("/v1/chat/completions", json=wish).json()["choices"][0]["message"]["content"]
        assert rest
        assert not rest.startswith("X:")

    def test_models_are_those_that_are_served(self, client: TestClient) -> None:
        assert [model["id"] for model in client.get("/v1/models").json()["data"]] == [DEFAULT_BACKEND]
        assert client.get(f"/v1/models/{DEFAULT_BACKEND}").json()["object"] == "model"
        for answer in (
            client.get("/v1/models/neural:/etc"),
            client.post("/v1/chat/completions", json={"messages": ASKED, "model": "neural:/etc"}),
        ):
            assert answer.status_code == 404
            assert f"did you mean {DEFAULT_BACKEND}" in answer.json()["error"]["message"]

    def test_a_server_before_another_holds_the_tune_to_what_was_asked_for(self, address: str) -> None:
        """The one in front writes the header, and has the other go on from there, bar by bar where it must."""
        backend = OpenAIBackend(f"{address}/v1")
        request = Request.for_rhythm("jig", bars=8)
        (tune,) = parse("".join(backend.compose(request, Sampling(seed=5)))).tunes
        assert (tune.key, tune.meter, tune.rhythm) == (request.key, request.meter, "jig")
        assert count_bars(tune) == 8

    def test_one_server_stands_before_another(self, address: str, tmp_path: Path) -> None:
        with open_client(tmp_path, backend=OpenAIBackend(f"{address}/v1")) as client:
            told = client.post("/v1/chat/completions", json={"messages": ASKED, "stream": True}).text
        text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in events(told))
        (tune,) = parse(text).tunes
        assert (tune.key.name, str(tune.meter), tune.rhythm) == ("D", "6/8", "jig")
        assert len(tune.voices[0].bars) >= 8


class TestTunes:
    def test_faults_are_told_with_their_places(self, client: TestClient) -> None:
        found = client.post("/check", json={"abc": TUNE.replace("FG|", "FGA|")}).json()
        assert not found["valid"]
        assert [(d["code"], d["line"]) for d in found["diagnostics"]] == [("R201", 7)]
        assert found["tunes"][0]["title"] == "Up and down"

    def test_a_tune_is_given_in_every_format(self, client: TestClient) -> None:
        beginnings = {
            "abc": b"X:1",
            "json": b"{",
            "midi": b"MThd",
            "mp3": b"",
            "musicxml": b"<?xml",
            "pdf": b"%PDF",
            "png": b"\x89PNG",
            "svg": b"<svg",
            "wav": b"RIFF",
        }
        for format, beginning in beginnings.items():
            given = client.post("/render", json={"abc": TUNE, "format": format})
            assert given.status_code == 200, given.text
            assert given.content.startswith(beginning)
            assert "up-and-down." in given.headers["content-disposition"]

    def test_the_sound_is_as_long_as_the_score_says(self, client: TestClient) -> None:
        sound = client.post("/render", json={"abc": TUNE, "format": "wav"}).content
        with wave.open(io.BytesIO(sound)) as file:
            seconds = file.getnframes() / file.getframerate()
        score = client.post("/score", json={"abc": TUNE}).json()
        assert score["duration_s"] == 8.0
        assert 8.0 <= seconds < 13.0

    def test_the_notes_of_a_score_are_found_in_it_each_time_they_are_heard(self, client: TestClient) -> None:
        score = client.post("/score", json={"abc": TUNE}).json()
        drawn = "".join(score["systems"])
        assert len(score["notes"]) == 16
        for note in score["notes"]:
            assert f'id="{note["id"]}"' in drawn
            assert TUNE[int(note["id"][1:])] in "DEFGABcd"
        first = [note["onset_s"] for note in score["notes"] if note["id"] == score["notes"][0]["id"]]
        assert first == [0.0, 4.0]
        assert score["titles"] == ["Up and down"]

    def test_the_tune_with_a_number_is_taken(self, client: TestClient) -> None:
        book = TUNE + "\n" + TUNE.replace("X:1", "X:7").replace("Up and", "The other")
        given = client.post("/render", json={"abc": book, "format": "abc", "tune": 7})
        assert "T:The other down" in given.text
        assert client.post("/render", json={"abc": book, "tune": 3}).status_code == 400

    def test_a_file_is_converted_and_transposed(self, client: TestClient) -> None:
        midi = client.post("/render", json={"abc": TUNE, "format": "midi"}).content
        read = client.post("/read", files={"file": ("any.mid", midi)}).json()["abc"]
        assert "K:D" in read
        assert parse(read).tunes[0].voices
        there = client.post("/convert", files={"file": ("t.abc", TUNE)}, data={"to": "abc", "key": "G"})
        assert "K:G" in there.text
        score = client.post("/convert", files={"file": ("t.abc", TUNE)}, data={"to": "musicxml"})
        assert "<score-partwise" in score.text


class TestConversations:
    def test_a_conversation_is_gone_on_with_and_read_again(self, client: TestClient) -> None:
        number = client.post("/conversations").json()["id"]
        first = events(client.post(f"/conversations/{number}/messages", json={"text": "an 8-bar jig in D"}).text)
        assert [event["type"] for event in first[-2:]] == ["versions", "done"]
        tune = first[-2]["versions"][0]["abc"]
        assert "".join(event["text"] for event in first if event.get("music")) == tune
        then = events(client.post(f"/conversations/{number}/messages", json={"text": "transpose to G"}).text)
        assert "K:G" in then[-2]["versions"][0]["abc"]
        assert then[-2]["keep"] == 1
        saved = client.get(f"/conversations/{number}").json()
        assert [message["text"] for message in saved["messages"] if message["role"] == "user"] == [
            "an 8-bar jig in D",
            "transpose to G",
        ]
        assert saved["versions"][0]["abc"] == tune
        undone = events(client.post(f"/conversations/{number}/messages", json={"text": "undo"}).text)
        assert undone[-2] == {"type": "versions", "keep": 1, "versions": []}

    def test_a_text_changed_by_hand_is_what_is_spoken_of(self, client: TestClient) -> None:
        number = client.post("/conversations").json()["id"]
        said = {"text": "transpose up a tone", "abc": TUNE}
        answer = events(client.post(f"/conversations/{number}/messages", json=said).text)
        assert answer[0]["versions"][0]["abc"] == TUNE
        assert "K:E" in answer[-2]["versions"][0]["abc"]
        kept = client.post(f"/conversations/{number}/versions", json={"abc": TUNE}).json()
        assert kept["keep"] == 2

    def test_what_was_repaired_to_read_an_answer_is_said_with_its_place(self, tmp_path: Path) -> None:
        words = "```abc\nX:1\nL:1/4\nM:4/4\nK:D\nD E F G｜A B c d|]\n```\n"
        with open_client(tmp_path, backend=Talker(words)) as client:
            number = client.post("/conversations").json()["id"]
            told = events(client.post(f"/conversations/{number}/messages", json={"text": "a tune in D"}).text)
        (repairs,) = (event["repairs"] for event in told if event["type"] == "repairs")
        assert [(one["code"], one["line"], one["column"]) for one in repairs] == [("A104", 1, 1), ("A110", 6, 8)]

    def test_nothing_is_said_to_be_repaired_where_nothing_was(self, client: TestClient) -> None:
        number = client.post("/conversations").json()["id"]
        for words in ("an 8-bar jig in D", "transpose to G", "is it valid?", "undo"):
            told = events(client.post(f"/conversations/{number}/messages", json={"text": words}).text)
            assert "repairs" not in {event["type"] for event in told}

    def test_a_version_says_what_a_page_needs_to_word_it(self, client: TestClient) -> None:
        number = client.post("/conversations").json()["id"]
        (version,) = client.post(f"/conversations/{number}/versions", json={"abc": TUNE}).json()["versions"]
        facts = {"title": "Up and down", "rhythm": "", "key": "D", "meter": "4/4", "bars": 2, "tempo": "1/4=120"}
        assert version["facts"] == facts
        assert version["errors"] == 0

    def test_files_and_sound_are_wishes_and_nothing_is_written_here(self, tmp_path: Path) -> None:
        with open_client(tmp_path / "kept") as client:
            number = client.post("/conversations").json()["id"]
            path = f"/conversations/{number}/messages"
            client.post(path, json={"text": "a 4-bar waltz"})
            for words, wishes in {
                "save as pdf": ["pdf"],
                f"save it to {tmp_path}/../x.mid": ["midi"],
                "save everything": ["abc", "midi", "musicxml", "pdf", "wav"],
                "play it": ["play"],
            }.items():
                answer = events(client.post(path, json={"text": words}).text)
                assert [event["what"] for event in answer if event["type"] == "wish"] == wishes
        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{number}.json"]

    def test_a_server_that_starts_anew_has_the_conversation(self, tmp_path: Path) -> None:
        with open_client(tmp_path) as client:
            number = client.post("/conversations").json()["id"]
            client.post(f"/conversations/{number}/messages", json={"text": "a slow waltz in A minor"})
            before = client.get(f"/conversations/{number}").json()
        with open_client(tmp_path) as client:
            assert client.get(f"/conversations/{number}").json() == before
            again = events(client.post(f"/conversations/{number}/messages", json={"text": "again in E minor"}).text)
        assert "R:waltz" in again[-2]["versions"][0]["abc"]
        assert "K:Em" in again[-2]["versions"][0]["abc"]
