"""Verovio runs in a child: what it cannot do is one clear error, and the next score is served."""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pytest

from abcllm.errors import FormatError, MissingExtra
from abcllm.formats import engraver
from abcllm.formats.engraver import engrave_systems, start_engraver

SCORES = Path(__file__).with_name("scores")
OPTIONS: dict[str, Any] = {"systemMaxPerPage": 1, "adjustPageHeight": True, "xmlIdChecksum": True}


def score(name: str) -> str:
    return (SCORES / f"{name}.musicxml").read_text(encoding="utf-8")


@pytest.fixture
def workshop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workshop without a child yet."""
    fresh = engraver._Workshop()
    monkeypatch.setattr(engraver, "_workshop", fresh)
    yield fresh
    fresh.close()


def use_worker(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    worker = folder / "worker.py"
    worker.write_text(code, encoding="utf-8")
    monkeypatch.setattr(engraver, "WORKER", worker)


@pytest.mark.parametrize(("name", "systems"), [("lead_sheet", 1), ("hymn", 1), ("jig", 2), ("quartet", 3)])
def test_each_line_of_music_is_a_picture(name: str, systems: int) -> None:
    pictures = engrave_systems(score(name), OPTIONS, timeout_s=60)
    assert len(pictures) == systems
    assert all("<svg" in picture and "</svg>" in picture for picture in pictures)
    assert engrave_systems(score(name), OPTIONS, timeout_s=60) == pictures


def test_one_child_serves_many_scores(workshop: Any) -> None:
    start_engraver()
    first = workshop.child().process.pid
    for name in ("jig", "hymn", "jig"):
        engrave_systems(score(name), OPTIONS, timeout_s=60)
    assert workshop.child().process.pid == first


def test_a_child_is_replaced_after_many_scores(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engraver, "SCORES_PER_CHILD", 2)
    served = set()
    for _ in range(4):
        engrave_systems(score("jig"), OPTIONS, timeout_s=60)
        served.add(workshop.children[os.getpid()].process.pid)
    assert len(served) == 2


@pytest.mark.parametrize("text", ["", "no music", "<score-partwise/>"])
def test_what_is_not_music_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="cannot be engraved"):
        engrave_systems(text, OPTIONS, timeout_s=60)
    assert engrave_systems(score("jig"), OPTIONS, timeout_s=60)


def test_a_child_that_hangs_is_stopped(workshop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as patch:
        use_worker(patch, tmp_path, "import time\ntime.sleep(60)\n")
        start = time.monotonic()
        with pytest.raises(FormatError, match=r"longer than 0\.3 s"):
            engrave_systems(score("jig"), OPTIONS, timeout_s=0.3)
        assert time.monotonic() - start < 10
    assert len(engrave_systems(score("jig"), OPTIONS, timeout_s=60)) == 2


@pytest.mark.parametrize(
    "code", ["import os\nos.abort()\n", "input()\nimport os\nos.abort()\n", "input()\nprint('{\"sys', end='')\n"]
)
def test_a_child_that_dies_is_one_error(
    workshop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str
) -> None:
    with monkeypatch.context() as patch:
        use_worker(patch, tmp_path, code)
        with pytest.raises(FormatError, match="broke off on this score"):
            engrave_systems(score("quartet") * 20, OPTIONS, timeout_s=60)
    assert len(engrave_systems(score("jig"), OPTIONS, timeout_s=60)) == 2


def test_a_child_that_was_killed_between_scores_is_replaced(workshop: Any) -> None:
    engrave_systems(score("jig"), OPTIONS, timeout_s=60)
    workshop.child().process.kill()
    assert len(engrave_systems(score("jig"), OPTIONS, timeout_s=60)) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_has_a_child_of_its_own() -> None:
    expected = engrave_systems(score("jig"), OPTIONS, timeout_s=60)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        answers = pool.starmap(_engrave_jig, [()] * 6)
    assert answers == [expected] * 6
    assert engrave_systems(score("jig"), OPTIONS, timeout_s=60) == expected


def _engrave_jig() -> list[str]:
    return engrave_systems(score("jig"), OPTIONS, timeout_s=60)


def test_missing_verovio_is_named(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engraver, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="pip install verovio"):
        start_engraver()
