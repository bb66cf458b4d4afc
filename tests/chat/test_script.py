"""Without a terminal: lines are answered like a script; without lines, one tune is written."""

from __future__ import annotations

import io
from pathlib import Path

from abcllm.chat import Session
from abcllm.chat.script import run_script, write_one_tune


def test_lines_are_answered_in_turn(session: Session) -> None:
    out = io.StringIO()
    answered = run_script(session, ["# a remark\n", "\n", "a 4-bar jig in G\n", "what key is it\n"], out)
    assert answered == 2
    assert out.getvalue().startswith("> a 4-bar jig in G\nX:1\n")
    assert out.getvalue().endswith("> what key is it\nG major (1 sharp).\n")


def test_quit_ends_the_script(session: Session) -> None:
    out = io.StringIO()
    run_script(session, ["quit", "a jig in G"], out)
    assert out.getvalue() == "> quit\nGoodbye.\n"


def test_one_tune_is_written_in_four_formats(session: Session, tmp_path: Path) -> None:
    out = io.StringIO()
    write_one_tune(session, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"drone-7.{end}" for end in ("abc", "mid", "pdf", "wav")
    ]
    assert [line for line in out.getvalue().splitlines() if line.startswith("saved")] == [
        f"saved {tmp_path / 'drone-7'}.{end}" for end in ("abc", "mid", "pdf", "wav")
    ]
    assert "\x1b" not in out.getvalue()
