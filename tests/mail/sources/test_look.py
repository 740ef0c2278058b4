"""What the native kernel says of sources is what the readers find, or it says nothing:
on mail of the corpora and on damaged mail. Nothing hostile takes it long, and where it
is not there, the readers find out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.looks import compare, compare_damaged
from benchmarks.mutants import shortened
from benchmarks.mutations import GIANTS, Giant
from firsthop.mail.limits import Limits
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.mail.sources import look as looking
from firsthop.mail.sources.kernel_look import KernelLook
from firsthop.mail.sources.look import look
from firsthop.system import kernel_library

SECONDS = 2.0  # of a processor, for a hostile message: far above what it takes
MOST = 2 << 20
LIMITS = Limits()
HEADER = b"From: <>\nContent-Type: %b\n\n"
HOSTILE = {
    "signs": b"From: a\nX: " + b"<x-" * (MOST // 30) + b"\n\n",
    "nearly headers": HEADER % b"text/plain" + b"eceived" * (MOST // 7),
    "nearly files": HEADER % b"text/plain" + b"\nbegin " * (MOST // 7),
    "nearly fields": HEADER % b"text/plain" + b"> To" * (MOST // 4),
    "lines": HEADER % b"text/plain" + b"\n" * MOST,
    "nearly types": HEADER % b"text/plain" + b"content-type: " * (MOST // 14),
    "colons": HEADER % b"application/pdf" + b"%PDF" + b":" * MOST,
    "returns": HEADER % b"image/gif" + b"GIF8" + b"\r" * MOST,
    "boundaries": HEADER % b"multipart/mixed; boundary=b" + b"--b\n\n" * (MOST // 5),
    "depths": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
        for depth in range(2_000)
    ),
}


@pytest.fixture
def native() -> None:
    """Skips where there is no kernel."""
    if kernel_library.load() is None:
        pytest.skip("no native kernel was built")


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kernel is looked for anew, before and after; no message was read yet."""
    monkeypatch.setattr(looking, "_few", iter(range(looking.FEW)))
    look.cache_clear()
    yield
    look.cache_clear()


def found(data: bytes, name: str = "a.eml") -> list[object]:
    return [
        (one.data, one.source) if isinstance(one, RawMail) else one
        for one in read_bytes(data, name)
    ]


def mails(corpus_messages: Path) -> list[bytes]:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())
    return [file.read_bytes() for file in files[::8]]


@pytest.mark.usefixtures("native")
def test_on_the_corpora(corpus_messages: Path) -> None:
    told = compare(("one", data) for data in mails(corpus_messages))
    assert told.wrong == []
    assert 2 * told.counts["a.eml"] > told.counts["messages"]
    assert 2 * told.counts["carry none"] > told.counts["messages"]


@pytest.mark.usefixtures("native")
def test_on_damaged_mail(corpus_messages: Path) -> None:
    pool = [shortened(data) for data in mails(corpus_messages)]
    told = compare_damaged(1, range(2_000), pool)
    assert told.wrong == []
    assert min(told.counts["carry none"], told.counts["a.txt"]) > 100


@pytest.mark.usefixtures("native")
def test_a_mistake_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KernelLook, "carries_none", lambda *_given: True)
    monkeypatch.setattr(KernelLook, "is_message", lambda *_given: True)
    report = b"From: a\n\nReceived: from a by b; Mon, 1 Jan 2024 00:00:00 +0000\n"
    report += b"From: a@b\nTo: c@d\nDate: Mon, 1 Jan 2024 00:00:00 +0000\nMessage-ID: <a@b>\n"
    wrong = compare([("one", report)]).wrong
    assert wrong[0].startswith("one: carries [RawMail(")
    assert "one: a.MBOX is mbox" in wrong


@pytest.mark.slow
@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_nothing_takes_long(data: bytes) -> None:
    start = time.process_time()
    look().is_message(data, "a.txt")
    look().carries_none(data, LIMITS)
    assert time.process_time() - start < SECONDS


@pytest.mark.slow
@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("giant", GIANTS, ids=lambda giant: giant.name)
def test_no_giant_takes_long(giant: Giant) -> None:
    test_nothing_takes_long(giant.make(0.2))


@pytest.mark.usefixtures("native", "fresh")
def test_the_first_messages_are_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded() -> None:
        raise AssertionError("the kernel was asked for")

    monkeypatch.setattr("firsthop.mail.sources.kernel_look.load", loaded)
    for _ in range(looking.FEW // 2):  # each is asked of twice
        assert len(found(b"From: a\n\nb\n")) == 1
    with pytest.raises(AssertionError):
        found(b"From: a\n\nb\n")


@pytest.mark.usefixtures("fresh")
def test_without_a_kernel_the_readers_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    mails = [b"From: a\nTo: b\nDate: c\n\nd\n", b"From: a\n\nReceived: from a by b; x\n"]
    expected = [found(data, name) for data in mails for name in ("a.eml", "a.txt")]
    look.cache_clear()
    monkeypatch.setattr(looking, "_few", iter(()))
    assert [found(data, name) for data in mails for name in ("a.eml", "a.txt")] == expected
    look.cache_clear()
    monkeypatch.setenv(kernel_library.SWITCH, kernel_library.OFF)
    assert [found(data, name) for data in mails for name in ("a.eml", "a.txt")] == expected
    assert not look().is_message(mails[0], "a.eml")
