"""A fresh kernel knows what the tables' examples teach."""

from __future__ import annotations

import pytest

from firsthop.evidence.bulk.native import read as read_module
from firsthop.evidence.bulk.native.library import library
from firsthop.evidence.bulk.native.read import kernel, read_natively
from firsthop.evidence.bulk.native.told import examples, made, told, untaught
from firsthop.mail.message import Source
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers


def test_what_is_told_is_what_is_made() -> None:
    assert told() in (made(), untaught())  # as something may be kept or not
    assert made().tables == untaught().tables


def test_a_fresh_kernel_knows_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    if library() is None:
        pytest.skip("no native kernel was built")
    known = made()
    monkeypatch.setattr(read_module, "told", lambda: known)
    kernel.cache_clear()
    lines = [line for line in examples() if line.isascii()]
    fields = "".join(f"Received: {' '.join(line.split())}\n" for line in lines)
    data = f"{fields}From: a@b.example\n\n".encode()
    batch = read_natively([RawMail(Source("", "eml", 0, ""), data)], OwnServers())
    assert batch is not None
    assert sum(batch.handed_over.values()) < len(lines) / 2
    assert "form" not in batch.handed_over
