"""Walking files and folders: order, links, what may not be read; Maildir."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firsthop.mail.sources import Limits, RawMail, Skipped, read_sources

MAIL = b"From: a@example.org\nSubject: x\n\nHello\n"


def uris(found: Iterator[RawMail | Skipped], top: Path) -> list[str]:
    return [
        (one.source.uri if isinstance(one, RawMail) else one.uri).removeprefix(f"{top}/")
        for one in found
    ]


def test_folders_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/2.eml", "b/10.eml", "a/z.eml", "c.eml", ".hidden.eml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(MAIL)
    assert uris(read_sources([tmp_path]), tmp_path) == [
        ".hidden.eml",
        "c.eml",
        "a/z.eml",
        "b/10.eml",
        "b/2.eml",
    ]
    assert [
        one.source.uri for one in read_sources([tmp_path / "c.eml"]) if isinstance(one, RawMail)
    ] == [str(tmp_path / "c.eml")]


def test_one_line_for_each_that_cannot_be_read_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "good.eml").write_bytes(MAIL)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    os.mkfifo(tmp_path / "pipe.eml")
    with (tmp_path / "large.eml").open("wb") as large:
        large.write(MAIL)
        large.truncate(2 << 30)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    found = list(read_sources([tmp_path, tmp_path / "missing", "/dev/null"]))
    assert [one.source.uri for one in found if isinstance(one, RawMail)] == [
        str(tmp_path / "good.eml")
    ]
    assert {Path(one.uri).name: one.reason for one in found if isinstance(one, Skipped)} == {
        "empty.eml": "empty",
        "large.eml": f"{2 << 30} bytes: "
        f"over the limit max_message_bytes = {Limits().max_message_bytes}",
        "missing": "cannot be read: No such file or directory",
        "nowhere": "a symbolic link to nothing",
        "null": "a device: not opened (use - for standard input)",
        "picture.png": "binary: a PNG picture",
        "pipe.eml": "a pipe: not opened",
    }


def test_links_out_of_the_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.eml").write_bytes(MAIL)
    (inside / "a.eml").write_bytes(MAIL)
    (inside / "file").symlink_to(outside / "secret.eml")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "same").symlink_to(inside / "a.eml")
    found = list(read_sources([inside]))
    assert [one.source.uri for one in found if isinstance(one, RawMail)] == [str(inside / "a.eml")]
    assert {one.uri for one in found if isinstance(one, Skipped)} == {
        str(inside / "file"),
        str(inside / "folder"),
    }
    assert len(list(read_sources([inside / "file"]))) == 1  # named by the operator, it is read


def test_folders_and_files_without_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "b.eml").write_bytes(MAIL)
    scandir, opened = os.scandir, os.open

    def refuse_folder(path: str) -> Any:
        return scandir(path) if not path.endswith("locked") else denied(path)

    def refuse_file(path: str, flags: int) -> int:
        return opened(path, flags) if not path.endswith("a.eml") else denied(path)

    def denied(path: str) -> Any:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse_folder)
    monkeypatch.setattr(os, "open", refuse_file)
    found = list(read_sources([tmp_path]))
    assert [one for one in found if isinstance(one, Skipped)] == [
        Skipped(str(tmp_path / "a.eml"), "cannot be read: Permission denied"),
        Skipped(str(tmp_path / "locked"), "cannot be read: Permission denied"),
    ]
    assert len(found) == 3


def test_names_that_are_no_unicode_give_valid_uris(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe8.eml")).write_bytes(MAIL)
    assert uris(read_sources([tmp_path]), tmp_path) == ["\\xe8.eml"]


def test_inputs_are_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    flags: list[int] = []
    opened = os.open

    def recording(path: str, how: int) -> int:
        flags.append(how)
        return opened(path, how)

    monkeypatch.setattr(os, "open", recording)
    list(read_sources([tmp_path]))
    assert flags
    assert all(how & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) == 0 for how in flags)


def test_standard_input() -> None:
    (mail,) = read_sources(["-"], stdin=io.BytesIO(MAIL))
    assert isinstance(mail, RawMail)
    assert (mail.source.uri, mail.source.container, mail.data) == ("-", "eml", MAIL)
    assert list(read_sources(["-"])) == [Skipped("-", "no standard input here")]
    assert list(read_sources(["-"], stdin=io.BytesIO())) == [Skipped("-", "empty")]
    (refused,) = read_sources(["-"], Limits(max_member_bytes=10), io.BytesIO(MAIL))
    assert refused == Skipped("-", "over the limit max_member_bytes = 10")
