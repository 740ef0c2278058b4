"""The figures of the structure: rooms, arrows and circles are counted right, and the
house has no circle between its rooms."""

from __future__ import annotations

from benchmarks.house import DEPTHS, ROOT, all_functions, circles, files, imports, rooms

GRAPH = {
    "firsthop": ["firsthop.a.x"],
    "firsthop.a": [],
    "firsthop.a.x": ["firsthop.b.y", "firsthop.a.z", "firsthop"],
    "firsthop.a.z": ["firsthop.b"],
    "firsthop.b": [],
    "firsthop.b.y": ["firsthop.c"],
    "firsthop.c": ["firsthop.b.y"],
}


def test_rooms_and_arrows_are_counted_once() -> None:
    found = rooms(GRAPH, 1)
    assert (found.rooms, found.arrows, found.circles) == (3, 3, (("b", "c"),))
    assert rooms(GRAPH, 2).rooms == 6


def test_circles_of_any_length_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == (("a", "b", "c"),)
    assert circles({"a": {"b"}, "b": set()}) == ()


def test_this_house() -> None:
    graph = imports(ROOT)
    assert len(graph) == len(files(ROOT))
    assert rooms(graph, DEPTHS[0]).circles == ()
    assert any(one.name.endswith("facts.py:establish") for one in all_functions(ROOT))
