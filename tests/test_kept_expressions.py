"""Compiled expressions are kept beside the bytecode, and are those of `re.compile`."""

from __future__ import annotations

import marshal
import re
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firsthop.system import kept_expressions
from firsthop.system.kept_expressions import KeptExpressions, compiled
from tests.children import run_python

WRITTEN: list[tuple[Any, int]] = [
    ("x", 0),
    ("", 0),
    (r"(?P<a>\d+)(?P<b>[^\W\d_])?(x)", 0),
    (r"(?i:ß|ſ|k)[à-ÿ\u0400-\u04ff]++(?<!y)(?=z)", re.IGNORECASE),
    (rb"\s*+(?P<name>[\x00-\xff])\b", re.DOTALL | re.MULTILINE),
    (r"(?x) a | b # c", re.ASCII),
    (r"(a)(?(1)b|c)\1{2,70000}", re.VERBOSE),
    ("[\U0001d173-\U0001d17a\ud800-\udfff]", 0),
]
PATTERNS = [(pattern, int(flags)) for pattern, flags in WRITTEN]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr("atexit.register", lambda _: None)
    return tmp_path / "__pycache__" / "kept.marshal"


def _filled(place: Path) -> KeptExpressions:
    kept = KeptExpressions(str(place))
    for pattern in PATTERNS:
        kept.new(pattern)
    kept.keep()
    return KeptExpressions(str(place))


def _no_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("an expression was compiled again")

    monkeypatch.setattr("re._parser.parse", refuse)


@pytest.mark.parametrize("pattern", PATTERNS, ids=repr)
def test_a_kept_expression_is_the_compiled_one(
    place: Path, pattern: tuple[Any, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, usual = _filled(place), re.compile(*pattern)
    assert KeptExpressions(str(place)).new(pattern) == usual
    _no_compiling(monkeypatch)
    again = kept.pattern(pattern)
    assert again == usual  # pattern, flags, groups and code
    assert dict(again.groupindex) == dict(usual.groupindex)
    assert again.flags == usual.flags


def test_names_and_places_of_groups_are_kept(place: Path) -> None:
    match = _filled(place).pattern(PATTERNS[2]).search("12ax")
    assert (match.groupdict(), match.lastgroup, match[3]) == ({"a": "12", "b": "a"}, None, "x")


def _summed(content: Any) -> bytes:
    kept = marshal.dumps(content)
    return zlib.crc32(kept).to_bytes(4, "big") + kept


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?P<a>x)(?P<a>y)"])
def test_what_is_no_expression_is_told_as_ever(pattern: str) -> None:
    with pytest.raises(re.error) as usual:
        re.compile(pattern)
    with pytest.raises(re.error) as error:
        compiled(pattern)
    assert str(error.value) == str(usual.value)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda _: b"",
        lambda kept: kept[:-7],
        lambda _: b"[" * 1_000,
        lambda kept: kept[:99] + b"[[[[" + kept[103:],
        lambda _: _summed((kept_expressions._maker(), [])),
        lambda _: _summed((("another Python", "little", 1), {("x", 0): b""})),
        lambda _: _summed({}),
    ],
)
def test_a_spoilt_file_keeps_nothing(place: Path, spoilt: Callable[[bytes], bytes]) -> None:
    _filled(place)
    place.write_bytes(spoilt(place.read_bytes()))
    kept = KeptExpressions(str(place))
    assert kept.pattern(("x", 0)) is None
    assert _filled(place).pattern(("x", 0)) == re.compile("x")


@pytest.mark.parametrize("made", [b"", marshal.dumps((0, 0, {}, b"\xff" * 40)), marshal.dumps(())])
def test_a_code_that_the_engine_refuses_is_made_anew(
    place: Path, made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptExpressions(str(place))
    kept._starts, kept._pieces = {("x", 0): 0}, memoryview(made)
    monkeypatch.setattr(kept_expressions, "_kept", kept)
    assert compiled("x") == re.compile("x")


def test_a_python_without_that_door_compiles(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    kept = KeptExpressions(str(place))
    monkeypatch.setattr(kept_expressions, "_kept", kept)
    monkeypatch.setattr(kept_expressions, "_compiler", None)
    monkeypatch.setattr(kept_expressions, "_parser", None)
    assert compiled("a+") == re.compile("a+")
    kept.keep()
    assert KeptExpressions(str(place)).pattern(("a+", 0)) is None


def test_two_programs_keep_what_both_made(place: Path) -> None:
    one, other = KeptExpressions(str(place)), KeptExpressions(str(place))
    one.new(("one", 0))
    other.new(("other", 0))
    one.keep()
    other.keep()
    kept = KeptExpressions(str(place))
    assert kept.pattern(("one", 0))
    assert kept.pattern(("other", 0))
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_nothing_is_kept_beyond_the_limit(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_expressions, "MAX_KEPT", len(PATTERNS) - 1)
    assert _filled(place).pattern(("x", 0)) is None


def test_nothing_is_kept_where_python_keeps_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _filled(place).pattern(("x", 0)) is None
    assert not place.parent.exists()


CODE = """
import sys
sys.dont_write_bytecode, sys.pycache_prefix = False, sys.argv[1]
import re
asked, usual = [], re._parser.parse
def parse(pattern, flags=0, state=None):
    frame = sys._getframe(1)
    while frame.f_code.co_filename.endswith(("re/__init__.py", "re/_compiler.py")):
        frame = frame.f_back
    if "firsthop" in frame.f_code.co_filename:
        asked.append(pattern)
    return usual(pattern, flags)
re._parser.parse = parse
from firsthop.faces.cli import cli
try:
    cli.main([*sys.argv[2:]])
except SystemExit as ended:
    assert ended.code == 0
loaded = "rich duckdb email http json multiprocessing socket sqlite3 ssl tomllib html html.entities"
modules = [module for name, module in sys.modules.items() if name.startswith("firsthop.")]
made = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
slow = sorted(one.__name__ for one in made if "__orig_bases__" in vars(one)
              and vars(one)["__orig_bases__"] == (sys.modules["typing"].NamedTuple,)
              and one.__module__.startswith("firsthop."))
print(len(asked), sorted(set(loaded.split()) & set(sys.modules)), slow)
"""
MAIL = (
    b"Received: from a.example.org (a.example.org [192.0.2.1]) by mx.example.com (Postfix)\n"
    b" with ESMTPS id 4ABCDE for <to@example.com>; Sat, 17 May 2014 21:59:37 +0900\n"
    b"Received: from b.example.org ([IPv6:2001:db8::1]) by a.example.org with ESMTP id 5;\n"
    b" Sat, 17 May 2014 21:59:36 +0900\n"
    b"From: a@example.org\nSubject: x\nMessage-ID: <1@example.org>\n\nhello\n"
)


def test_a_second_start_compiles_none_and_loads_little(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(MAIL)
    first, second = (
        run_python("-c", CODE, str(tmp_path / "kept"), "trace", str(mail)) for _ in range(2)
    )
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    *told, made = first.stdout.splitlines()
    *again, made_again = second.stdout.splitlines()
    assert told == again
    assert int(made.split()[0]) > 200
    assert made_again == "0 [] []"


def test_expressions_of_the_tables_come_back_the_same(place: Path) -> None:
    from firsthop.evidence.received.dialects import DIALECTS

    asked: list[Any] = [
        (p.expression.pattern, p.expression.flags) for d in DIALECTS.values() for p in d.comments
    ]
    kept = KeptExpressions(str(place))
    for key in asked:
        kept.new(key)
    kept.keep()
    again = KeptExpressions(str(place))
    assert len(asked) > 100
    assert all(again.pattern(key) == re.compile(*key) for key in asked)
