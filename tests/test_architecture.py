"""The house stands as it was drawn: imports go one way, rooms are small, and each says what it holds."""

from __future__ import annotations

import ast
import importlib
import re
import socket
import subprocess
import sys
import types
from pathlib import Path

import pytest

import abcllm
from abcllm import registry

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "abcllm"
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 500
MOST_README_LINES = {"abcllm/notation": 400}  # it holds the definition of a valid tune
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
MACHINE_PATH = re.compile(r"(^|[\s\"'`(=])/(work|tmp|root|home)/\w")


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_texts() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.suffix in {"", ".py", ".md", ".cfg", ".toml", ".yml"} and path.is_file()]


def test_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed")
    checked = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_modules_hold_one_thought(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES, f"{short(path)} has {len(lines)} lines; split it"
    assert not {path.stem} & {"utils", "util", "common", "helpers", "misc", "manager"}, "say what the module holds"


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_modules_say_what_they_hold(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{short(path)} has no docstring"


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES} - {PACKAGE}), ids=short)
def test_every_room_has_a_readme(folder: Path) -> None:
    readme = folder / "README.md"
    assert readme.is_file(), f"{short(folder)} has no README.md"
    text = readme.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_README_LINES.get(short(folder), 40)
    unnamed = [path.name for path in sorted(folder.glob("*.py")) if path.name not in text]
    assert not unnamed, f"{short(readme)} does not name {', '.join(unnamed)}"


@pytest.mark.parametrize("path", [path for path in MODULES if "\n__all__ = " in path.read_text("utf-8")], ids=short)
def test_all_names_what_is_public(path: Path) -> None:
    """Where a module has `__all__`, it lists exactly the public names that the module itself defines or re-exports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exported = next(names_in(node.value) for node in tree.body if is_all(node))
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    missing = [public for public in exported if not hasattr(module, public)]
    assert not missing, f"{name}.__all__ names what is not there: {missing}"
    defined = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
    }
    assert defined <= set(exported), f"{name}.__all__ leaves out {sorted(defined - set(exported))}"


def is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]


def names_in(node: ast.expr | None) -> list[str]:
    assert isinstance(node, ast.List | ast.Tuple)
    return [str(ast.literal_eval(element)) for element in node.elts]


def test_the_lazy_names_are_those_of_the_type_checker() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    declared = {alias.asname or alias.name for node in block.body for alias in getattr(node, "names", ())}
    assert sorted(declared) == sorted(abcllm.__all__)
    for name in abcllm.__all__:
        assert not isinstance(getattr(abcllm, name), types.ModuleType)
    with pytest.raises(AttributeError, match="no attribute 'pares'"):
        _ = abcllm.pares  # type: ignore[attr-defined]


def test_registered_names_load() -> None:
    from abcllm.formats import FORMATS

    for name, form in FORMATS.items():
        for target in filter(None, (form.writer, form.reader)):
            assert callable(registry.load(target)), f"{name}: {target}"


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_no_fault_is_swallowed(path: Path) -> None:
    """No bare `except`, and no `except Exception` that lets the program go on as if nothing had been."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = getattr(node.type, "id", "") if node.type else "everything"
            broad = caught in ("everything", "Exception", "BaseException")
            raised = any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            assert not broad or raised, f"{short(path)}:{node.lineno} swallows {caught}"
        assert not isinstance(node, ast.Assert), f"{short(path)}:{node.lineno} asserts; raise from abcllm.errors"


def test_nothing_is_unfinished_or_bound_to_one_machine() -> None:
    found = []
    for path in tracked_texts():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if MACHINE_PATH.search(line) or (path.suffix == ".py" and UNFINISHED.search(line)):
                found.append(f"{short(path)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def test_the_network_is_closed() -> None:
    with socket.socket() as out, pytest.raises(RuntimeError, match=r"a test tried to reach 192\.0\.2\.1"):
        out.connect(("192.0.2.1", 80))
