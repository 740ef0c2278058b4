"""Prints every regular expression of the package as JSON: the places that make one
(found in the source), and the expressions that those places made while every module was
loaded, every table read and every expression that is made on first use asked for.

Run in an interpreter of its own, since it listens at `re` before the package is loaded.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[2] / "firsthop"
KEPT = ROOT / "system/kept_expressions.py"
MAKERS = ("compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
USES = ("match", "search", "fullmatch", "finditer")
SAME = {"sub": "finditer", "subn": "finditer", "split": "finditer", "findall": "finditer"}
OPTIONAL = ("pyarrow", "pyspark", "pysail", "pypff", "maxminddb", "iptocc", "dns", "pandas")

Place = tuple[str, int]  # file below the package, line
Made = tuple[str, Any, int, Place, str]  # how, expression, flags, where, for which function


def places() -> Iterator[tuple[Place, str, ast.Call, ast.Module]]:
    """Every call of `re` in the source."""
    for file in sorted(ROOT.rglob("*.py")):
        if file == KEPT:  # makes what others ask for
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex", "re2"):
                raise SystemExit(f"{file}: import re as a whole, so that its calls are found")
            if isinstance(node, ast.Call) and (name := _maker(node)):
                yield (_below(file), node.lineno), name, node, tree


def _maker(node: ast.Call) -> str | None:
    at = node.func
    if isinstance(at, ast.Name) and at.id == "compiled":  # kept_expressions.py
        return "compile"
    if not isinstance(at, ast.Attribute) or not isinstance(at.value, ast.Name):
        return None
    return at.attr if at.value.id == "re" and at.attr in MAKERS else None


def _below(file: Path) -> str:
    return str(file.relative_to(ROOT))


def constant(place: Place, name: str, node: ast.Call) -> Made | None:
    """What a call makes whose expression is written there, whether or not it was
    reached."""
    what = node.args[0] if node.args else None
    if not isinstance(what, ast.Constant) or not isinstance(what.value, str | bytes):
        return None
    flags = re.NOFLAG
    for told in (*node.args[1:], *(k.value for k in node.keywords)):
        for flag in re.findall(r"re\.([A-Z]+)", ast.unparse(told)):
            flags |= re.RegexFlag[flag]
    return name, what.value, int(flags), place, ""


def listen() -> list[Made]:
    """From now on, what each call of `re` from the package makes, and of
    `compiled`."""
    from firsthop.system import kept_expressions

    heard: list[Made] = []
    for name in MAKERS:
        setattr(re, name, _heard(name, getattr(re, name), heard))
    kept_expressions.compiled = _heard("compile", kept_expressions.compiled, heard)
    _listen_to_tables(heard)
    return heard


def _listen_to_tables(heard: list[Made]) -> None:
    """Expressions of tables, which are compiled when they are asked: as they are
    made."""
    from firsthop.system.expression import Expression

    usual = Expression.__init__

    def make(self: Expression, where: str, pattern: str, flags: int = 0) -> None:
        usual(self, where, pattern, flags)
        frame = sys._getframe(1)
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT):
            place = _below(file), frame.f_lineno
            heard.append(("compile", pattern, int(flags), place, _function(frame)))

    Expression.__init__ = make  # type: ignore[method-assign]


def _function(frame: FrameType) -> str:
    """The function that asks for an expression; behind a `_compile`, who asked that."""
    name = frame.f_code.co_name
    if name == "_compile" and frame.f_back:
        return frame.f_back.f_code.co_name
    return name


def _heard(name: str, usual: Callable[..., Any], heard: list[Made]) -> Callable[..., Any]:
    def call(pattern: Any, *args: Any, **named: Any) -> Any:
        frame = sys._getframe(1)
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and file != KEPT and not isinstance(pattern, re.Pattern):
            flags = named.get("flags", args[0] if name == "compile" and args else 0)
            asked = frame.f_back.f_code.co_name if frame.f_back else ""
            heard.append((name, pattern, int(flags), (_below(file), frame.f_lineno), asked))
        return usual(pattern, *args, **named)

    return call


def load() -> None:
    """Every module, and by it every table; what is made on first use is asked for."""
    for module in pkgutil.walk_packages([str(ROOT)], "firsthop."):
        try:
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        except ImportError as error:
            if not str(error.name).startswith(OPTIONAL):
                raise
    _received()
    _others()


def _received() -> None:
    from firsthop.evidence.received import dialects, plain
    from firsthop.evidence.received.clauses import CLAUSES

    for layout in dialects.LAYOUTS:
        _ = layout.first, layout.last
    for dialect in (None, *dialects.DIALECTS.values()):
        plain._fits(dialect)
        for clause in CLAUSES:
            dialects.known_comments(dialect, clause)
            for alone in (True, False):
                dialects.known_values(dialect, clause, alone)


def _others() -> None:
    """Expressions that are put together in functions: each is made by one call."""
    from firsthop.evidence.authentication.spf.macro import expand
    from firsthop.evidence.mailers.marks import read_mark
    from firsthop.investigation.rule_engines import sigma
    from firsthop.mail.buffer import FileBuffer
    from firsthop.mail.excerpts import _may_stand_below
    from firsthop.publication.exports.yara import seen
    from firsthop.publication.redaction.examples import _replaced
    from firsthop.publication.redaction.withholding import _as_written
    from firsthop.system.expression import Expression

    sigma._compiled("every")
    seen._compiled("every", caseless=True)
    _as_written("every 1 é word")
    _replaced("by a.example with", "a.example", lambda _: "other")
    with Path(__file__).open("rb") as file:
        FileBuffer(file).find(b"every")
    Expression("here", "x").compile()
    read_mark("here", {"name": "x", "kind": "no_field", "field": "x", "only": "x"})
    expand("%{d1r.-}", {"d": lambda: "a.example"})
    above = SimpleNamespace(text="from b.example by a.example; Sat, 17 May 2014 21:59:37 +0900")
    below = SimpleNamespace(text="from c.example by b.example; Sat, 17 May 2014 21:59:36 +0900")
    _may_stand_below(below, above)  # type: ignore[arg-type]


def uses(place: Place, node: ast.Call, tree: ast.Module, sources: dict[str, str]) -> list[str]:
    """How an expression with a name of its own is used, in whatever module; of one
    without, nothing is known."""
    for parent in ast.walk(tree):
        value = parent.value if isinstance(parent, ast.Assign | ast.AnnAssign) else None
        if value is node:
            target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target  # type: ignore[attr-defined]
            if isinstance(target, ast.Name):
                return _named(target.id, place[0], sources)
    return []


def _named(name: str, file: str, sources: dict[str, str]) -> list[str]:
    told: set[str] = set()
    where = [sources[file]] if name.startswith("_") else list(sources.values())
    for text in where:
        found = re.findall(rf"(?<!\w){name}\b(\.\w+)?(?!\w)(?!\s*=[^=])", text)
        if any(not use for use in found) and where == [sources[file]]:
            return []  # handed on: used in any way
        told |= {use[1:] for use in found if use}
    return sorted({SAME.get(use, use) for use in told} & set(USES))


def main() -> None:
    sources = {_below(f): f.read_text(encoding="utf-8") for f in ROOT.rglob("*.py")}
    calls = list(places())
    found = [(place, name, uses(place, node, tree, sources)) for place, name, node, tree in calls]
    written = [made for place, name, node, _ in calls if (made := constant(place, name, node))]
    heard = listen()
    load()
    sys.stdout.write(
        json.dumps(
            {
                "places": [
                    {"file": p[0], "line": p[1], "maker": name, "uses": how}
                    for p, name, how in found
                ],
                "made": [
                    {
                        "maker": name,
                        "pattern": e if isinstance(e, str) else e.decode("latin-1"),
                        "bytes": isinstance(e, bytes),
                        "flags": flags,
                        "file": place[0],
                        "line": place[1],
                        "for": asked,
                    }
                    for name, e, flags, place, asked in (*heard, *written)
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
