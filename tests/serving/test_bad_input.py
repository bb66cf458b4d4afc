"""Whatever is sent: a clear answer in JSON, and no effect beyond it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from abcllm.backends import get_backend
from abcllm.backends.openai import OpenAIBackend
from abcllm.errors import UsageError

from .conftest import open_client

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TUNE = "X:1\nT:Up and down\nM:4/4\nL:1/4\nK:D\nDEFG|ABcd|]\n"
LONG = TUNE.replace("L:1/4", "L:1/4\nQ:1/4=20").replace("DEFG|", "|:DEFG:|" * 80)

BEGUN = {
    "messages": [
        {"role": "user", "content": "a jig in D"},
        {"role": "assistant", "content": "X:1\nM:4/4\nL:1/4\nK:D\nD E F G A|"},
    ]
}


def refused(answer: Any, status: int, *words: str) -> None:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == status
    assert "Traceback" not in answer.text
    for word in words:
        assert word in error["message"]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("META-INF/container.xml", b"<container/>" + b" " * (80 << 20))
        archive.writestr("score.xml", b" " * (80 << 20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/check", {"abc": 3}, ("body.abc",)),
        ("/check", {}, ("body.abc", "required")),
        ("/render", {"abc": "hello"}, ("no tune", "X:1")),
        ("/render", {"abc": TUNE, "format": "exe"}, ("exe",)),
        ("/render", {"abc": TUNE, "format": "../../etc/passwd"}, ("passwd",)),
        ("/render", {"abc": LONG, "format": "wav"}, ("10 minutes",)),
        ("/v1/chat/completions", {"messages": []}, ("messages",)),
        ("/v1/chat/completions", {"messages": [{"role": "root", "content": "x"}]}, ("role",)),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "x"}], "temperature": 99}, ("temperature",)),
        (
            "/v1/chat/completions",
            {**BEGUN, "continue_final_message": False},
            ("continue_final_message", "gone on with"),
        ),
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": "x"}], "continue_final_message": True},
            ("continue_final_message", "none to go on with"),
        ),
        ("/v1/chat/completions", BEGUN, ("line 5", "'D E F G A|'", '"guided": false')),
        ("/conversations/..%2e/versions", {"abc": TUNE}, ("32 digits",)),
        ("/conversations/x/versions", {"abc": TUNE}, ("32 digits",)),
        (f"/conversations/{'0' * 32}/versions", {"abc": "no tune"}, ("no tune",)),
    ],
)
def test_requests_that_make_no_sense(
    client: TestClient, path: str, body: dict[str, Any], words: tuple[str, ...]
) -> None:
    refused(client.post(path, json=body), 400, *words)


def test_a_stream_that_cannot_go_on_with_an_answer_says_so(client: TestClient) -> None:
    told = client.post("/v1/chat/completions", json={**BEGUN, "stream": True}).text
    assert '"code": 400' in told
    assert "line 5 of the message to go on with" in told
    assert told.endswith("data: [DONE]\n\n")


def test_a_model_that_cannot_go_on_with_an_answer(tmp_path: Path) -> None:
    with open_client(tmp_path, backend=get_backend("ngram")) as client:
        for stream in (False, True):
            refused(client.post("/v1/chat/completions", json={**BEGUN, "stream": stream}), 400, "whole answers only")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/check", {"abc": "C" * 300_000}),
        ("/render", {"abc": "C" * 300_000}),
        ("/score", {"abc": "C" * 300_000}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a" * 150_000}] * 2}),
        (f"/conversations/{'0' * 32}/messages", {"text": "a" * 300_000}),
        (f"/conversations/{'0' * 32}/messages", {"text": "a" * 150_000, "abc": "C" * 150_000}),
        (f"/conversations/{'0' * 32}/versions", {"abc": "C" * 300_000}),
    ],
)
def test_texts_that_are_too_long(client: TestClient, path: str, body: dict[str, Any]) -> None:
    refused(client.post(path, json=body), 413, "300,000 characters", "200,000")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/check", rb'{"abc": "X:1\nT:\ud800\nK:C\nC|"}'),
        ("/render", rb'{"abc": "X:1\nT:\ud800\nK:C\nC|", "format": "pdf"}'),
        ("/v1/chat/completions", rb'{"messages": [{"role": "user", "content": "a jig \ud800"}]}'),
        (f"/conversations/{'0' * 32}/messages", rb'{"text": "a jig called \ud800"}'),
        (f"/conversations/{'0' * 32}/versions", rb'{"abc": "X:1\nT:\ud800\nK:C\nC|"}'),
    ],
)
def test_half_a_character(client: TestClient, path: str, body: bytes) -> None:
    refused(client.post(path, content=body, headers={"Content-Type": "application/json"}), 400, "half a character")


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"abc":' * 100_000, b'{"seed": 1' + b"0" * 5000 + b"}"],
    ids=["torn", "utf-16", "deep list", "deep object", "long number"],
)
def test_bodies_that_are_no_json(client: TestClient, body: bytes) -> None:
    for path in ("/check", "/v1/chat/completions"):
        refused(client.post(path, content=body, headers={"Content-Type": "application/json"}), 400)


def test_an_upload_of_thousands_of_parts(client: TestClient) -> None:
    files = [("file", (f"{number}.abc", TUNE)) for number in range(1500)]
    refused(client.post("/read", files=files), 400, "1000")


@pytest.mark.parametrize("path", ["/convert", "/read"])
def test_files_that_hold_too_long_a_text(client: TestClient, path: str) -> None:
    text = TUNE + "z999" * 50_000
    refused(client.post(path, files={"file": ("long.abc", text)}), 413, "characters, and 200,000 are the most")


def test_a_prompt_of_ten_megabytes(client: TestClient) -> None:
    prompt = "a jig in D, " * (10 * 2**20 // 12)
    asked = {"/v1/chat/completions": {"messages": [{"role": "user", "content": prompt}]}}
    asked[f"/conversations/{'0' * 32}/messages"] = {"text": prompt}  # type: ignore[dict-item]
    for path, body in asked.items():
        refused(client.post(path, json=body), 413, "2,097,152 bytes")
    assert client.get("/health").json() == {"streams": 0}


def test_bodies_that_are_too_long(client: TestClient) -> None:
    refused(client.post("/check", json={"abc": "C" * (10 << 20)}), 413, "2,097,152 bytes")

    def pieces() -> Any:
        for _ in range(80):
            yield b" " * (1 << 16)

    refused(client.post("/check", content=pieces(), headers={"Content-Type": "application/json"}), 413)


def test_paths_that_are_not_there(client: TestClient) -> None:
    refused(client.get("/nowhere"), 404)
    refused(client.get("/check"), 405)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("song.wav", b"RIFF\0\0\0\0WAVEjunk", ("WAV", "cannot be read")),
        ("song.mid", b"RIFF\0\0\0\0WAVEjunk", ()),
        ("song.mid", b"MThd\0\0\0\x06\0\x01\xff\xff\0\x60MTrk\xff\xff\xff\xff", ()),
        ("song.mxl", bomb(), ("MiB",)),
        ("song.mxl", b"PK\x03\x04nothing", ()),
        ("song.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><score-partwise>&b;</score-partwise>', ()),
        ("song.abc", b"no tune at all", ("no tune",)),
        ("song.exe", b"MZ", (".exe",)),
        ("../../etc/passwd", b"root", ("passwd",)),
        ("", b"X:1\nK:C\nC|\n", ()),
        ("song.xml", b"<score-partwise>" + b"<a>" * 200_000, ()),
        ("song.json", b"[" * 200_000, ()),
    ],
    ids=[
        "wav",
        "wav-as-midi",
        "torn-midi",
        "zip-bomb",
        "torn-zip",
        "entity",
        "empty",
        "program",
        "path",
        "nameless",
        "deep-xml",
        "deep-json",
    ],
)
def test_files_that_are_not_what_they_say(client: TestClient, name: str, data: bytes, words: tuple[str, ...]) -> None:
    for path in ("/read", "/convert"):
        refused(client.post(path, files={"file": (name, data)}), 400, *words)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.abc"
    path.write_text("X:9\nT:Secret\nK:C\nC|\n")
    return path


def test_titles_and_words_have_no_effect(client: TestClient) -> None:
    abc = "X:1\nT:<script>alert(1)</script>\nT:../../x\nK:C\nC4|]\nw:$(rm -rf /)\n'; DROP TABLE tunes; --\n"
    drawn = client.post("/render", json={"abc": abc, "format": "svg"})
    assert "<script" not in drawn.text
    assert drawn.headers["content-disposition"] == "attachment; filename*=UTF-8''script-alert-1-script.svg"
    score = client.post("/score", json={"abc": abc}).json()
    assert "<script" not in "".join(score["systems"])


@pytest.mark.parametrize(
    "directive",
    [
        "%%abc-include {0}",
        "I:abc-include {0}",
        "%%format {0}",
        "%%postscript ({0}) run",
        "%%EPS {0}",
        "%%font {0}",
        "%%beginsvg\n<script>alert(1)</script><image href='file://{0}'/>\n%%endsvg",
        "%%beginps\n({0}) run\n%%endps",
        "%%beginjs\nalert(1)\n%%endjs",
    ],
)
def test_directives_read_no_file_and_run_nothing(client: TestClient, secret: Path, directive: str) -> None:
    abc = directive.format(secret) + "\n" + TUNE
    found = client.post("/check", json={"abc": abc})
    assert [tune["title"] for tune in found.json()["tunes"]] == ["Up and down"]
    for format in ("svg", "pdf", "musicxml", "midi"):
        given = client.post("/render", json={"abc": abc, "format": format})
        assert given.status_code == 200
        assert b"Secret" not in given.content
        assert b"<script" not in given.content
        assert b"<image" not in given.content
    assert "<script" not in client.post("/score", json={"abc": abc}).text


def test_an_endpoint_that_is_dead_is_said(tmp_path: Path) -> None:
    with open_client(tmp_path, backend=OpenAIBackend("http://127.0.0.1:9/v1#any")) as client:
        asked = {"messages": [{"role": "user", "content": "a jig"}]}
        refused(client.post("/v1/chat/completions", json=asked), 502, "nobody answers at http://127.0.0.1:9/v1")
        streamed = client.post("/v1/chat/completions", json={**asked, "stream": True}).text
        assert "nobody answers" in streamed
        assert 'finish_reason": "stop' not in streamed
        number = client.post("/conversations").json()["id"]
        assert "nobody answers" in client.post(f"/conversations/{number}/messages", json={"text": "a jig in D"}).text


def test_other_hosts_are_refused(client: TestClient) -> None:
    refused(client.get("/v1/models", headers={"Host": "evil.example"}), 400, "127.0.0.1")
    assert client.get("/v1/models", headers={"Host": "127.0.0.1:7860"}).status_code == 200


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    with open_client(tmp_path, token="open sesame") as client:
        refused(client.get("/v1/models"), 401, "Bearer")
        refused(client.get("/v1/models", headers={"Authorization": "Bearer open"}), 401)
        refused(client.get("/v1/models", headers={b"Authorization": b"Bearer \xe9"}), 401)
        assert client.get("/v1/models", headers={"Authorization": "Bearer open sesame"}).status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/page/main.js").status_code == 200
        refused(client.get("/page/../../app.py"), 401)


def test_a_token_that_no_header_can_hold(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="token"):
        open_client(tmp_path, token="芝麻开门")


def test_every_answer_keeps_the_browser_here(client: TestClient) -> None:
    for answer in (client.get("/"), client.get("/nowhere"), client.post("/check", json={"abc": TUNE})):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_conversation_file_that_was_damaged_is_said(tmp_path: Path) -> None:
    number = "a" * 32
    for content in ("{", '{"form": 1}', '{"conversation": {}, "versions": [], "seed": "x", "composed": 0}'):
        (tmp_path / f"{number}.json").write_text(content)
        with open_client(tmp_path) as client:
            refused(client.get(f"/conversations/{number}"), 400, f"{number}.json", "not a saved conversation")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with open_client(tmp_path / "file" / "conversations") as client:
        refused(client.post(f"/conversations/{'b' * 32}/versions", json={"abc": TUNE}), 400, "cannot make the folder")
