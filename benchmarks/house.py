"""The structure of the package in figures: files, lines, long functions, wide lines,
and how many rooms there are, with the arrows and circles between them.

    python -m benchmarks.house [PATH]...

PATH is a checkout, this one by default; with several, each has a column. A room is a
package or module so many steps below `firsthop`; an arrow is one room that imports from
another; a circle is a set of rooms that reach each other. The package's own __init__,
which only offers names, is no room. Imports are read by grimp, the library behind
import-linter, in a process whose import path begins with the checkout: nothing of the
package is run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = "firsthop"
DEPTHS = (1, 2)
LONGEST = 5  # functions that are named
SECONDS = 120
IMPORTS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import grimp
graph = grimp.build_graph(sys.argv[2], cache_dir=None)
found = {one: sorted(graph.find_modules_directly_imported_by(one)) for one in graph.modules}
print(json.dumps(found))
"""
Imports = Mapping[str, list[str]]  # module: the modules it imports


class Function(NamedTuple):
    """A function with its length."""

    lines: int
    name: str  # FILE:NAME


class Rooms(NamedTuple):
    """The rooms of one depth."""

    rooms: int
    arrows: int
    circles: tuple[tuple[str, ...], ...]


def main() -> None:
    """Prints a column for each checkout."""
    paths = [Path(one).resolve() for one in sys.argv[1:]] or [ROOT]
    columns = [dict(figures(path)) for path in paths]
    width = max(len(name) for name in columns[0]) + 2
    for name in columns[0]:
        cells = "".join(f"{column[name]:>12}" for column in columns)
        print(f"{name:<{width}}{cells}")
    for path in paths:
        print(f"\nlongest functions of {path.name}:")
        for one in longest(path):
            print(f"{one.lines:>6}  {one.name}")
        for depth in DEPTHS:
            for circle in rooms(imports(path), depth).circles:
                print(f"circle, {depth} below: {', '.join(circle)}")


def figures(path: Path) -> Iterator[tuple[str, str]]:
    """The rows of the table."""
    texts = [file.read_text(encoding="utf-8").splitlines() for file in files(path)]
    lines = [line for text in texts for line in text]
    lengths = [len(text) for text in texts if text]
    functions = [one.lines for one in all_functions(path)]
    yield "files", f"{len(texts):,}"
    yield "files with code", f"{len(lengths):,}"
    yield "lines", f"{len(lines):,}"
    yield "median file", f"{median(lengths):.0f}"
    yield "longest file", f"{max(lengths):,}"
    yield "functions", f"{len(functions):,}"
    yield "median function", f"{median(functions):.0f}"
    yield "longest function", f"{max(functions)}"
    for columns in (100, 120):
        wide = sum(len(line) > columns for line in lines)
        yield f"lines over {columns}", f"{100 * wide / len(lines):.1f} %"
    graph = imports(path)
    for depth in DEPTHS:
        found = rooms(graph, depth)
        yield f"rooms, {depth} below", f"{found.rooms}"
        yield f"arrows, {depth} below", f"{found.arrows}"
        yield f"circles, {depth} below", f"{len(found.circles)}"


def files(path: Path) -> list[Path]:
    """The modules of the package."""
    return sorted((path / PACKAGE).rglob("*.py"))


def all_functions(path: Path) -> Iterator[Function]:
    """Every function and method, from its first line to its last."""
    for file in files(path):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                yield Function(length, f"{file.relative_to(path)}:{node.name}")


def longest(path: Path) -> list[Function]:
    """The longest functions, longest first."""
    return sorted(all_functions(path), reverse=True)[:LONGEST]


def imports(path: Path) -> Imports:
    """What each module of the package imports of it."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, str(path), PACKAGE],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
        cwd=path,
    )
    found: Imports = json.loads(done.stdout)
    return found


def rooms(graph: Imports, depth: int) -> Rooms:
    """The rooms so many steps below the package."""
    arrows: dict[str, set[str]] = {}
    for module, imported in graph.items():
        here = _room(module, depth)
        if here:
            arrows.setdefault(here, set()).update(_room(one, depth) for one in imported)
    arrows = {room: others - {room, ""} for room, others in arrows.items()}
    return Rooms(len(arrows), sum(map(len, arrows.values())), circles(arrows))


def _room(module: str, depth: int) -> str:
    """The room of a module; "" for the package itself."""
    return ".".join(module.split(".")[1 : depth + 1])


def circles(arrows: Mapping[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    """The sets of more than one room that reach each other."""
    reach = {room: _reached(arrows, room) for room in arrows}
    found = {
        tuple(sorted(other for other in reach[room] if room in reach.get(other, ())))
        for room in arrows
    }
    return tuple(sorted(circle for circle in found if len(circle) > 1))


def _reached(arrows: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for other in arrows.get(waiting.pop(), set()) - reached:
            reached.add(other)
            waiting.append(other)
    return reached


if __name__ == "__main__":
    main()
