"""Maildir: every file in it a message."""

from __future__ import annotations

from pathlib import Path

from firsthop.mail.sources import RawMail, read_sources

MAIL = b"From: a@example.org\nSubject: x\n\nHello\n"


def make(folder: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)


def test_messages_of_a_maildir_and_its_folders(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path / ".Spam")
    (tmp_path / "cur" / "1400.a.host:2,RS").write_bytes(MAIL)
    (tmp_path / "new" / "1401.b.host").write_bytes(b"a body without any header\n")
    (tmp_path / "tmp" / "1402.c.host").write_bytes(MAIL[:20])
    (tmp_path / ".Spam" / "cur" / "1403.d.host:2,").write_bytes(MAIL)
    (tmp_path / "dovecot-uidlist").write_text("3 V1400 N5\n")
    (tmp_path / "subscriptions").write_text("Spam\n")
    found = [one for one in read_sources([tmp_path]) if isinstance(one, RawMail)]
    assert [(one.source.uri.removeprefix(f"{tmp_path}/"), one.source.notes) for one in found] == [
        (".Spam/cur/1403.d.host:2,", ()),
        ("cur/1400.a.host:2,RS", ("maildir flags: RS",)),
        ("new/1401.b.host", ("message without headers",)),
        ("tmp/1402.c.host", ("maildir tmp: its delivery was not finished",)),
    ]
    assert {one.source.container for one in found} == {"maildir"}
    assert len(list(read_sources([tmp_path]))) == 4


def test_a_file_named_by_itself_is_still_of_the_maildir(tmp_path: Path) -> None:
    make(tmp_path)
    path = tmp_path / "cur" / "1400.a.host:2,S"
    path.write_bytes(MAIL)
    (mail,) = read_sources([path])
    assert isinstance(mail, RawMail)
    assert mail.source.container == "maildir"


def test_a_folder_called_cur_is_no_maildir(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "a").write_bytes(MAIL)
    (mail,) = read_sources([tmp_path])
    assert isinstance(mail, RawMail)
    assert mail.source.container == "eml"
