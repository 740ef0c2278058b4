"""One tree of errors: each class stands in firsthop/errors.py, is raised somewhere and
is one line and exit code 2 at the command line."""

from __future__ import annotations

import ast
import builtins
import inspect
from functools import cache
from pathlib import Path

import pytest

import firsthop
from firsthop import errors
from firsthop.errors import FirsthopError
from firsthop.faces.cli.failures import USAGE, guarded

PACKAGE = Path(firsthop.__file__).parent
TREE = [
    one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, FirsthopError)
]
# Ways to leave a calculation, each with the folder that it never leaves; PipeClosed is
# click's own way to end a program.
SIGNALS = {
    "_BrokenError": "mail/sources/archive",
    "_CutError": "mail/sources",
    "_BadTermError": "evidence/authentication/spf",
    "Ended": "evidence/authentication/spf",
    "_DifferentError": "investigation/spark",
    "UnsearchableError": "publication/redaction/scan",
    "KernelError": "evidence/bulk/native",
    "UnsupportedError": "evidence/bulk/native",
    "PipeClosed": "faces/cli",
    "EndedBySignal": "faces/cli",
    "NotArrow": "system",
}
EXCEPTIONS = {
    name
    for name, value in vars(builtins).items()
    if inspect.isclass(value) and issubclass(value, BaseException)
}


@cache
def modules() -> list[tuple[str, ast.Module]]:
    """Path in the package and syntax tree of every module."""
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_bytes()))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def last_name(node: ast.expr | None) -> str:
    """`a.b.C(...)` gives C."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def exception_classes() -> dict[str, str]:
    """Every exception class that the package defines, with its module: it inherits from
    one of Python, of click, or of ours."""
    found: dict[str, str] = {}
    grew = True
    while grew:
        grew = False
        for module, tree in modules():
            for node in ast.walk(tree):
                if not isinstance(node, ast.ClassDef) or node.name in found:
                    continue
                bases = {last_name(base) for base in node.bases}
                if bases & (EXCEPTIONS | found.keys() | {"Exit", "ClickException"}):
                    found[node.name] = module
                    grew = True
    return found


@cache
def raised() -> dict[str, set[str]]:
    """The names that are raised, with the modules that do."""
    found: dict[str, set[str]] = {}
    for module, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc:
                named = [node.exc]
                if isinstance(node.exc, ast.IfExp):
                    named = [node.exc.body, node.exc.orelse]
                for one in named:
                    found.setdefault(last_name(one), set()).add(module)
    return found


def test_every_exception_class_is_in_the_tree_or_a_signal() -> None:
    found = exception_classes()
    here = {name for name, module in found.items() if module == "errors.py"}
    assert sorted(found.keys() - here) == sorted(SIGNALS), (
        "an error that an operator may see belongs in firsthop/errors.py"
    )
    assert {one.__name__ for one in TREE} == here


@pytest.mark.parametrize(("signal", "folder"), SIGNALS.items())
def test_a_signal_stays_in_its_folder(signal: str, folder: str) -> None:
    using = {
        module
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == signal
    }
    assert using
    assert {module for module in using if not module.startswith(folder)} == set()


@pytest.mark.parametrize("error", TREE, ids=lambda one: one.__name__)
def test_each_error_is_raised_somewhere(error: type[FirsthopError]) -> None:
    below = {one.__name__ for one in error.__subclasses__()}
    where = {name for name in {error.__name__, *below} if raised().get(name)}
    assert where, f"nobody raises {error.__name__}: remove it until somebody does"
    assert error is FirsthopError or error.__name__ in raised()


def test_the_tree_is_drawn_as_it_is() -> None:
    """In the docstring, each class below its parent, one step to the right."""
    drawn = [
        (line.index(line.lstrip("│├└─ ")), line.lstrip("│├└─ ").split()[0])
        for line in (errors.__doc__ or "").splitlines()
        if "Error " in line and line.startswith("    ")
    ]
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for column, name in drawn:
        while above and above[-1][0] >= column:
            above.pop()
        parents[name] = above[-1][1] if above else "Exception"
        above.append((column, name))
    assert parents == {one.__name__: one.__base__.__name__ for one in TREE if one.__base__}
    for name in SIGNALS:
        assert f"`{name}`" in (errors.__doc__ or "")


@pytest.mark.parametrize("error", TREE, ids=lambda one: one.__name__)
def test_the_command_line_says_each_in_one_line(
    error: type[FirsthopError], capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error("what is wrong\nwith \x1b[31mit")

    with pytest.raises(SystemExit) as ended:
        guarded(fail)
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out) == (USAGE, "")
    assert shown.err.startswith("firsthop: what is wrong")
    assert shown.err.count("\n") == 1
    assert "\x1b" not in shown.err
