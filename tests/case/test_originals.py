"""The files that were given are listed whole, whatever they are called, and are known
again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firsthop.case.manifest import Input
from firsthop.case.originals import (
    ORIGINALS,
    Original,
    compare,
    originals,
    originals_text,
    read_originals,
)
from firsthop.errors import CaseError
from firsthop.mail.sources.walk import printable

NAMES = [b"a.eml", b"-rf.eml", b"a\nb.eml", b"\xff.eml", b"\\xff.eml", b"b.zip!/c.eml"]


def given(uri: str, skipped: bool = False) -> Input:
    return Input(uri, skipped, 0, "{}")


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    """Files of every name."""
    folder = tmp_path / "mail"
    for name in NAMES:
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name)
    return folder


def uris(folder: Path) -> list[Input]:
    names = [str(folder / os.fsdecode(name)) for name in NAMES]
    return [given(printable(name) + "!/message@0") for name in names]


def test_files_are_listed_once_whatever_they_are_called(mail: Path, tmp_path: Path) -> None:
    listed = originals([*uris(mail), *uris(mail)], [mail], [])
    assert [os.fsencode(one.name) for one in listed] == sorted(
        os.fsencode(mail / os.fsdecode(name)) for name in NAMES
    )
    text = originals_text(listed)
    assert (text.isascii(), text.count("\n")) == (True, len(NAMES))
    (tmp_path / ORIGINALS).write_text(text, encoding="ascii")
    assert read_originals(tmp_path) == listed
    assert compare(listed) == (len(NAMES), (), ())


def test_what_was_not_given_again_stays_as_it_was_known(mail: Path, tmp_path: Path) -> None:
    former = originals(uris(mail), [mail], [])
    (mail / "a.eml").write_bytes(b"changed")
    again = originals(uris(mail), [tmp_path / "other"], former)
    assert again == former
    assert compare(again).changed == (str(mail / "a.eml"),)
    (mail / "a.eml").unlink()
    assert compare(again).not_found == (str(mail / "a.eml"),)
    assert originals(uris(mail), [mail], former) == former, "it is not there any more"
    assert len(originals(uris(mail), [mail], [])) == len(NAMES) - 1


def test_relative_names_begin_where_one_says(mail: Path) -> None:
    one = Original("a.eml", 5, compare_digest(mail / "a.eml"))
    assert compare([one]).not_found == ("a.eml",)
    assert compare([one], mail).intact == 1


def compare_digest(path: Path) -> str:
    (one,) = originals([given(str(path))], [path], [])
    return one.sha256


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    pipe = Original(str(tmp_path / "pipe"), 0, "")
    assert compare([pipe, Original("/dev/zero", 0, ""), Original("a\0b", 0, "")]).intact == 0
    assert originals([given("-"), given(str(tmp_path / "pipe"))], ["-", tmp_path], []) == []


@pytest.mark.parametrize("line", ["{}", "[]", '{"name":1,"size":1,"sha256":""}', "[" * 100_000])
def test_a_damaged_list_is_said(tmp_path: Path, line: str) -> None:
    (tmp_path / ORIGINALS).write_text(line)
    with pytest.raises(CaseError, match="damaged"):
        read_originals(tmp_path)
