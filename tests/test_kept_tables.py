"""Tables are kept beside them, for the very bytes they were made from."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from firsthop.system import toml_tables
from firsthop.system.expression import Expression
from firsthop.system.kept_file import keep_file
from firsthop.system.kept_tables import fingerprint, keep, kept, place_of
from firsthop.system.toml_tables import read_table
from tests.children import run_python

TEXT = 'day = 2003-01-01\nrate = 0.1\nname = "\\u0000 \\\\ perché"\n[[mark]]\nlist = [1, true]\n'
CONTENT = {
    "day": date(2003, 1, 1),
    "rate": 0.1,
    "name": "\0 \\ perché",
    "mark": [{"list": [1, True]}],
}


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    file = tmp_path / "one.toml"
    file.write_text(TEXT, encoding="utf-8")
    return file


def _no_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_contents: object) -> None:
        raise AssertionError("the TOML was read again")

    monkeypatch.setattr(toml_tables, "_read", refuse)


def test_a_kept_table_is_the_table(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_table(table) == CONTENT
    _no_toml(monkeypatch)
    again = read_table(table)
    assert again == CONTENT
    assert list(again) == list(CONTENT)
    assert type(again["mark"][0]["list"][1]) is bool


def test_an_edit_of_the_same_length_and_time_is_seen(table: Path) -> None:
    read_table(table)
    stat = table.stat()
    table.write_text(TEXT.replace("2003", "2004"), encoding="utf-8")
    os.utime(table, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert read_table(table)["day"] == date(2004, 1, 1)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda _: b"",
        lambda _: b"[" * 100_000,
        lambda kept: kept[:-1],
        lambda kept: kept[:50] + b"[[[[" + kept[54:],
        lambda kept: kept.replace(b"perch", b"porch"),
    ],
)
def test_what_is_kept_spoilt_is_read_anew(table: Path, spoilt: Callable[[bytes], bytes]) -> None:
    assert read_table(table) == CONTENT
    place = Path(place_of(table.parent, "one"))
    place.write_bytes(spoilt(place.read_bytes()))
    assert read_table(table) == CONTENT


@pytest.mark.parametrize(
    "content",
    [
        lambda made_of: (made_of, {}),
        lambda made_of: (made_of, [], []),
        lambda made_of: (made_of, {}, [(("a", 0), "2003-01-01")]),
        lambda made_of: (made_of, {"a": {}}, [(("a", "b"), "no day")]),
        lambda _: None,
    ],
)
def test_what_is_kept_of_another_form_is_read_anew(
    table: Path, content: Callable[[str], object]
) -> None:
    made_of = fingerprint({"one.toml": table.read_bytes()})
    keep_file(place_of(table.parent, "one"), content(made_of))
    assert read_table(table) == CONTENT


def test_nothing_is_kept_where_python_keeps_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    read_table(table)
    assert [file.name for file in table.parent.iterdir()] == ["one.toml"]


def test_where_nothing_can_be_written_the_toml_is_read(table: Path) -> None:
    (table.parent / "__pycache__").write_bytes(b"")  # no folder
    assert read_table(table) == CONTENT
    assert read_table(table) == CONTENT


def test_a_table_with_what_has_no_form_is_not_kept(table: Path) -> None:
    table.write_text("at = 2003-01-01T00:00:00Z\n", encoding="utf-8")
    assert read_table(table) == read_table(table)
    assert not Path(place_of(table.parent, "one")).exists()


def test_what_is_kept_is_never_seen_in_part(table: Path) -> None:
    place = Path(place_of(table.parent, "one"))
    keep(str(place), "a", {"x": {"y": 1}})
    assert kept(str(place), "a") == {"x": {"y": 1}}
    assert kept(str(place), "b") is None
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_the_names_of_two_files_part_their_bytes() -> None:
    assert fingerprint({"a": b"bc"}) != fingerprint({"ab": b"c"})
    assert fingerprint({"a": b"", "b": b""}) != fingerprint({"b": b"", "a": b""})


def test_kept_and_read_tables_are_the_same(tmp_path: Path) -> None:
    """All tables of the package, from the TOML and from what was kept."""
    code = (
        "import sys; sys.dont_write_bytecode = False; sys.pycache_prefix = sys.argv[1]\n"
        "from firsthop.system import toml_tables\n"
        "folders = (('firsthop.evidence.received', 'dialects'), ('firsthop.evidence', 'mailers'),"
        " ('firsthop.evidence', 'providers'), ('firsthop.evidence.path', 'receivers'),"
        " ('firsthop.publication', 'words'), ('firsthop.judgement.hypotheses', 'tables'))\n"
        "first = [dict(toml_tables.package_tables(*one)) for one in folders]\n"
        "toml_tables._read = None\n"
        "assert first == [dict(toml_tables.package_tables(*one)) for one in folders]\n"
        "print(sum(map(len, first)))\n"
    )
    out = run_python("-c", code, str(tmp_path))
    assert out.returncode == 0, out.stderr
    assert int(out.stdout) > 200


def test_an_expression_is_compiled_by_its_first_use() -> None:
    one = Expression("here", r"^(?P<a>x)(?P<b>\d)?")
    assert one.names() == ("a", "b")
    found = one.search("x1")
    assert found is not None
    assert found["b"] == "1"
    assert one.fullmatch("x12") is None
    assert one.match("x12") is not None
    assert one == Expression("there", one.pattern)
    with pytest.raises(AttributeError):
        one.colour  # noqa: B018
