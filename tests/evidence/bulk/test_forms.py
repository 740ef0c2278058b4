"""The kernel reads lines of forms that it has not seen, of clauses that it was taught,
and gives what Python tells of them."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.kernel import compare_recombined, lines_of
from benchmarks.recombined import mails, pool_of, recombined
from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.native.library import library
from firsthop.evidence.bulk.native.read import kernel, read_natively
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.evidence.received.line import read_received
from firsthop.mail.message import Source
from firsthop.mail.sources.raw import RawMail
from firsthop.settings import OwnServers

EXAMPLES = [example["line"] for dialect in DIALECTS.values() for example in dialect.examples]
DATE = "Sat, 17 May 2014 21:59:37 +0900"


@pytest.fixture(autouse=True)
def _native() -> None:
    if library() is None:
        pytest.skip("no native kernel was built")


@pytest.fixture
def untaught() -> None:
    """A kernel that knows no form."""
    kernel.cache_clear()


def read(*lines: str) -> Batch:
    fields = "".join(f"Received: {line}\n" for line in lines)
    data = f"{fields}From: a@b.example\n\n".encode()
    batch = read_natively([RawMail(Source("", "eml", 0, ""), data)], OwnServers())
    assert batch is not None
    assert [batch.facts(0).path.steps[n].hop for n in range(len(lines))] == [
        read_received(line) for line in lines
    ]
    return batch


@pytest.mark.usefixtures("untaught")
def test_the_first_line_of_a_form_is_read_by_the_kernel() -> None:
    line = (
        f"from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0; {DATE}"
    )
    assert read(line).handed_over == {"form": 1}
    assert read(line).handed_over == {}


@pytest.mark.usefixtures("untaught")
def test_clauses_of_two_lines_are_those_of_a_third() -> None:
    one = f"from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id 5F0; {DATE}"
    other = f"from phobos by e.example (Postfix) with ESMTPS id 6F0 for <f@g.example>; {DATE}"
    assert read(one, other).handed_over == {"form": 2}
    third = f"from deimos by i.example (Postfix) with ESMTP id 7F0 for <k@l.example>; {DATE}"
    assert read(third).handed_over == {}


@pytest.mark.parametrize(
    "line",
    [
        "from a.example (b.example [192.0.2.1]) by 192.0.2.2; {} (envelope-from c@d.example)",
        "from a (b [192.0.2.1]) by e (8.12.5/8.12.5) with ESMTP id g7; {} (envelope-from c@d.e)",
        "by a.example id h7gvie2fmd4n for <b@c.example>; {} (envelope-from <d@e.example>)",
        "by a.example; {} (JST) (envelope-from <d@e.example>)",
        "by a.example (envelope-from <d@e.example>); {}",
        "by a.example; {} JST (envelope-from d@e.example)",
        "from a.example (b.example [192.0.2.1]) by c.example (10.1.198.66); {}",
        "(from a@b.example) by c.example (8.9.3/8.9.3) id ABC12; {}",
        "(qmail 65437 messnum 1218559 invoked from network[192.0.2.1/unknown]); {}",
    ],
)
def test_lines_that_are_near_to_a_form(line: str) -> None:
    for _ in range(3):
        read(line.format(DATE))


def test_a_version_that_looks_like_an_address() -> None:
    lines = [
        f"from a.example (b.example [192.0.2.1]) by c.example ({note}) {rest}; {DATE}"
        for note in ("10.1.2.3", "8.140.15.112", "8.12.11.1", "10.1.198.66")
        for rest in ("with ESMTP id g7LBUVn4029448", "with SMTP id MAA12345")
    ]
    for _ in range(3):
        read(*lines)


def test_clauses_of_the_dialects_in_other_lines() -> None:
    tally = compare_recombined(17, 32, pool_of(EXAMPLES))
    assert tally.different == []
    assert tally.handed_over["form"] > 50


def test_clauses_of_real_lines_in_other_lines(corpus_messages: Path) -> None:
    files = sorted(corpus_messages.glob("*/*/*.eml"))[::40]
    tally = compare_recombined(17, 32, pool_of(lines_of(file.read_bytes() for file in files)))
    assert tally.different == []


def test_recombined_lines_are_the_same_each_time() -> None:
    pool = pool_of(EXAMPLES)
    assert list(islice(recombined(pool, 1), 50)) == list(islice(recombined(pool, 1), 50))
    assert len(mails(recombined(pool, 2), 3)) == 3
