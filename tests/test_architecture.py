"""Rules of the architecture that an import contract cannot say, read off the syntax
tree of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "firsthop"
OUTSIDE_WORLD = {
    "asyncio",
    "http",
    "os",
    "random",
    "secrets",
    "shutil",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
}
# of socket: they turn texts into addresses and reach nothing
NO_NETWORK = {"AF_INET6", "inet_ntop", "inet_pton"}
CLOCKS = {"now", "utcnow", "today"}
FILE_CALLS = {"open", "read_bytes", "read_text", "write_bytes", "write_text"}


def modules(*folders: str) -> list[Path]:
    """The modules below the named folders of the package."""
    return sorted(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))


def below_the_faces() -> list[Path]:
    """All modules but those that talk to people and machines."""
    faces = PACKAGE / "faces"
    return [path for path in modules(".") if faces not in path.parents]


def label(path: Path) -> str:
    """The test id of a module: its path in the repository."""
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The top-level packages that a module imports, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "socket" and {alias.name for alias in node.names} <= NO_NETWORK:
                continue
            yield node.module.partition(".")[0], node.lineno


def called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The last name of every call, with its line: `datetime.now()` gives `now`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def offences(path: Path, imports: set[str], calls: set[str]) -> list[str]:
    """The lines of a module that break a rule."""
    tree = ast.parse(path.read_bytes())
    found = [(line, f"imports {name}") for name, line in imported(tree) if name in imports]
    found += [(line, f"calls {name}()") for name, line in called(tree) if name in calls]
    return [f"{label(path)}:{line} {what}" for line, what in sorted(found)]


@pytest.mark.parametrize("path", modules("evidence", "judgement"), ids=label)
def test_evidence_and_judgement_see_only_their_arguments(path: Path) -> None:
    assert offences(path, OUTSIDE_WORLD, CLOCKS | FILE_CALLS) == []


@pytest.mark.parametrize("path", below_the_faces(), ids=label)
def test_only_the_faces_wait_and_talk(path: Path) -> None:
    assert offences(path, {"asyncio", "click", "rich"}, {"input", "print"}) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import urllib.request", ["imports urllib"]),
        ("from socket import create_connection", ["imports socket"]),
        ("from datetime import datetime\ndatetime.now()", ["calls now()"]),
        ("import datetime\ndatetime.datetime.utcnow()", ["calls utcnow()"]),
        ("with open('x') as f: pass", ["calls open()"]),
        ("from socket import inet_pton", []),
        ("from datetime import datetime\ndatetime(2014, 5, 17)", []),
    ],
)
def test_the_rules_catch_what_they_name(
    source: str, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "sample.py"
    path.write_text(source)
    assert [
        line.partition(" ")[2] for line in offences(path, OUTSIDE_WORLD, CLOCKS | FILE_CALLS)
    ] == expected
