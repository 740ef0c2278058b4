"""Bytes come out as they went in, whether they lie in memory or in a file, which has no
name."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from firsthop.system import spooled
from firsthop.system.spooled import Spooled, SpooledTexts


@pytest.mark.parametrize("most", [0, 8, 1 << 20])
def test_pieces_come_out_as_they_went_in(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooled, "IN_MEMORY", most)
    some, pieces, stops = Spooled(tmp_path), [b"one", b"", b"three\n", bytes(10_000)], [0]
    for number, piece in enumerate(pieces):
        stops.append(some.append(piece))
        assert some.read(*stops[-2:]) == piece
        assert some.read(*stops[:2]) == pieces[0], number
    assert [some.read(*stops[n : n + 2]) for n in range(4)] == pieces
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("most", [0, 1 << 20])
def test_texts_come_out_in_the_order_of_their_numbers(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooled, "IN_MEMORY", most)
    texts = SpooledTexts(tmp_path)
    for number, text in ((3, "drei"), (0, "zé\n ro"), (1, ""), (5, "five")):
        texts.put(number, text)
    assert list(texts) == ["zé\n ro", "", "", "drei", "", "five"]
    assert list(texts) == list(texts)
    assert not list(SpooledTexts())


def test_the_file_is_closed_with_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooled, "IN_MEMORY", 1)
    some = Spooled(tmp_path)
    some.append(b"more than one byte")
    file = some._file
    del some
    gc.collect()
    assert file.closed
