"""Outlook stores, with a stand-in for libpff: a store cannot be written here."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from firsthop.mail.message import Evidence
from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes

STORE = b"!BDN" + bytes(600)
INNER = b"From: b@example.org\n\nThe reported one\n"


def giving(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**{name: (lambda value=value: value) for name, value in values.items()})


def a_message(number: int, headers: str | None, *attachments: SimpleNamespace) -> SimpleNamespace:
    message = giving(
        get_identifier=number,
        get_transport_headers=headers,
        get_plain_text_body=b"Hello",
        get_html_body=None,
        get_number_of_attachments=len(attachments),
    )
    message.get_attachment = lambda n: attachments[n]
    return message


def a_folder(name: str, messages: list[Any], folders: list[Any]) -> SimpleNamespace:
    def damaged_or(item: Any) -> Any:
        if isinstance(item, OSError):
            raise item
        return item

    folder = giving(
        get_name=name,
        get_number_of_sub_messages=len(messages),
        get_number_of_sub_folders=len(folders),
    )
    folder.get_sub_message = lambda n: damaged_or(messages[n])
    folder.get_sub_folder = lambda n: damaged_or(folders[n])
    return folder


def libpff(monkeypatch: pytest.MonkeyPatch, root: SimpleNamespace) -> None:
    store = giving(get_root_folder=root)
    store.open_file_object = lambda file: file.seek(0, 2) and file.get_size()
    monkeypatch.setitem(sys.modules, "pypff", SimpleNamespace(file=lambda: store))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypff", None)
    assert list(read_bytes(STORE, "a.pst")) == [
        Skipped("a.pst", "an Outlook store: to read it install firsthop[pst]")
    ]


def test_messages_of_all_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = giving(get_long_filename="reported.eml", get_size=len(INNER))
    attachment.read_buffer = lambda size: INNER[:size]
    inbox = a_folder(
        "Inbox",
        [
            a_message(1, "From: a@example.org\r\n"),
            OSError("bad block\nmore"),
            a_message(3, None, attachment),
        ],
        [OSError("x")],
    )
    libpff(monkeypatch, a_folder("root", [], [a_folder("Top", [], [inbox])]))
    found = list(read_bytes(STORE, "a.pst"))
    mails = [one for one in found if isinstance(one, RawMail)]
    assert [(mail.source.uri, mail.data) for mail in mails] == [
        ("a.pst!/Top/Inbox/1", b"From: a@example.org\r\n\r\nHello"),
        ("a.pst!/Top/Inbox/3", b"\r\nHello"),
        ("a.pst!/Top/Inbox/3!/attachment-1", INNER),
    ]
    assert mails[1].source.notes == (
        "transport headers absent: a sent, drafted or internal item keeps none",
        "report: carries 1 message",
    )
    assert (mails[2].source.evidence, mails[2].source.enclosed_in) == (
        Evidence.ENCLOSED,
        "a.pst!/Top/Inbox/3",
    )
    assert [one for one in found if isinstance(one, Skipped)] == [
        Skipped("a.pst!/Top/Inbox/message-2", "damaged in the store: bad block"),
        Skipped("a.pst!/Top/Inbox/folder-1", "damaged in the store: x"),
    ]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    libpff(monkeypatch, a_folder("root", [a_message(1, "From: a@example.org")], []))
    assert list(read_bytes(STORE, "a.pst", Limits(max_message_bytes=20))) == [
        Skipped("a.pst!/1", "28 bytes: over the limit max_message_bytes = 20")
    ]
    folder = a_folder("deep", [], [])
    folder.get_number_of_sub_folders, folder.get_sub_folder = (lambda: 1), (lambda _: folder)
    libpff(monkeypatch, folder)
    (skipped,) = read_bytes(STORE, "a.pst")
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "more than 100 folders deep"


def test_a_broken_store_is_told() -> None:
    pytest.importorskip("pypff")
    (skipped,) = read_bytes(STORE, "a.pst")
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("a broken Outlook store: ")
