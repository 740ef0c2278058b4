"""A small part of the mutation run (benchmarks/mutants.py): damaged corpus mail and
shrunken giants, read the whole way without a crash or a broken promise."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from benchmarks.mutants import run, shortened
from benchmarks.mutations import GIANTS, MUTATIONS, Giant, Pool, mutant
from benchmarks.promises import Readings, read_input, read_whole_way

# of a processor, far above what any of them takes, far below what it would take were it
# not linear
SECONDS = 3.0
SCALE = 0.02


@pytest.fixture(scope="module")
def pool(corpus_messages: Path) -> Pool:
    return [
        shortened(file.read_bytes()) for file in sorted(corpus_messages.glob("*/*/*.eml"))[::40]
    ]


def test_mutants_are_read(pool: Pool) -> None:
    tally = run(20140517, range(300), pool)
    assert tally.failures == {}
    assert tally.slowest[0][0] < SECONDS
    assert tally.kinds.keys() == MUTATIONS.keys()
    assert tally.read.messages.keys() >= {"eml", "pasted", "mbox", "enclosed"}


def test_a_mutant_can_be_made_again(pool: Pool) -> None:
    assert mutant(1, 4711, pool) == mutant(1, 4711, pool)
    assert mutant(1, 4711, pool) != mutant(2, 4711, pool)


@pytest.mark.parametrize("giant", GIANTS, ids=lambda giant: giant.name.replace(" ", "-"))
def test_giants_are_read(giant: Giant) -> None:
    data = giant.make(SCALE)
    start = time.process_time()
    read_input(data, giant.uri, Readings(), set())
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "data",
    [
        (
            b"Received: from a (b [192.0.2.1]) by c (Postfix) with ESMTP id 12345678; Fri, 31 "
            b"Dec 9999 23:59:59 -0100\n\n"
        ),
        # the long s is an "s" where case is not looked at
        "Date: 17 \u017fep 2014 12:00:00 +0000\n\n".encode(),
        (
            "Received: from [\u0661.2.3.4] (x [\u0661.2.3.4]) by c; Sat, 17 May 2014 21:59:37 "
            "+0900\n\n"
        ).encode(),
        (
            b"Received: from a by b; Sat, 17 May 99999999999 21:59:37 +0900\n\nReceived: from c "
            b"by d; Sat, 17 May 2014 21:59:37 +0900\n"
        ),
        (
            b"Received: from a by b; Sat, 17 May 2014 21:59:37 +09999999999999900\n\nReceived: "
            b"from c by d; Sat, 17 May 2014 21:59:37 +0900\n"
        ),
        (
            "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Disposition: attachment; "
            'filename="=?é?q?x?="\n\nx\n--x--\n'
        ).encode(),
        b"Received: from a by b; Sat, 17 May 2014 21:59:37 +9999\n\n",
    ],
)
def test_what_once_failed(data: bytes) -> None:
    read_whole_way(data, Readings())


def test_a_member_without_a_name() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("NAME.eml", b"From: a@b.example\n\nx")
    read = Readings()
    read_input(packed.getvalue().replace(b"NAME.eml", b"\0" * 8), "a.zip", read, set())
    assert (dict(read.messages), read.skipped) == ({"eml": 1}, 0)
