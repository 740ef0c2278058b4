"""Code that the program writes itself is kept beside its bytecode."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from firsthop.system import kept_code
from firsthop.system.kept_code import code_of
from firsthop.system.kept_pieces import KeptPieces


def _kept(place: Path, maker: str = "this") -> KeptPieces:
    return KeptPieces(str(place), lambda: maker, lambda: 3)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr("atexit.register", lambda _: None)
    place = tmp_path / "__pycache__" / "kept.marshal"
    monkeypatch.setattr(kept_code, "_kept", _kept(place))
    return place


def _no_compiling(*_: Any, **_more: Any) -> None:
    raise AssertionError("a code was made again")


def test_a_kept_code_does_the_same(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = code_of("twice = lambda one: 2 * one", "<a test>"), code_of("1 + 1", "<other>", "eval")
    kept_code._kept.keep()
    monkeypatch.setattr(kept_code, "_kept", _kept(place))
    monkeypatch.setattr("builtins.compile", _no_compiling)
    again = code_of("twice = lambda one: 2 * one", "<a test>"), code_of("1 + 1", "<other>", "eval")
    assert again == made
    names: dict[str, Any] = {}
    exec(again[0], names)
    assert (names["twice"](4), eval(again[1])) == (8, 2)


def test_code_is_kept_by_its_name_too(place: Path) -> None:
    assert code_of("x", "<one>").co_filename == "<one>"
    kept_code._kept.keep()
    assert code_of("x", "<other>").co_filename == "<other>"


def test_pieces_are_those_of_their_keys_and_of_their_maker(place: Path) -> None:
    one, other = _kept(place), _kept(place)
    one.add("a", [1])
    one.add("b", {})
    one.keep()
    other.add("c", (b"c", "c"))
    other.keep()
    kept = _kept(place)
    assert [kept.get(key) for key in "abcd"] == [[1], {}, (b"c", "c"), None]
    assert _kept(place, "another").get("a") is None
    other.add("d", 1)
    other.keep()  # beyond the limit
    assert _kept(place).get("d") is None


@pytest.mark.parametrize("size", [b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_a_head_of_another_size_keeps_nothing(place: Path, size: bytes) -> None:
    from firsthop.system.kept_file import SUM, write_kept

    kept = _kept(place)
    kept.add("a", [1])
    kept.keep()
    write_kept(str(place), size + place.read_bytes()[SUM + 4 :])
    assert _kept(place).get("a") is None
