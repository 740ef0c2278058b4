"""What is shown of results that nobody believes is what the whole reading tells."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication.results import head_of, read_heads, read_results
from firsthop.evidence.authentication.spf.received_spf import read_received_spf, read_spf_head
from firsthop.evidence.authentication.trusted_results import first_heads, weigh_results
from firsthop.evidence.path.path import Path, trace_path
from firsthop.mail.message import Field, Message, Source, Span
from firsthop.settings import OwnServers

SOURCE = Source("", "eml", 0, "")
NAMES = ("Authentication-Results", "ARC-Authentication-Results", "Received-SPF")
PIECES = st.sampled_from(
    "mx.example.org;|i=1;|spf=pass|dkim=none (message not signed)|header.d=none|;|; |"
    "dmarc=fail/1|arc=none| DKIM=x|from=a|reason=b|action=none|(spf=[1,1])|)ptr=x|pass|"
    "Fail (a.example: domain of b@c.example does not designate 192.0.2.1)|receiver=a.example;|"
    'receiver="x.y";|RECEIVER=<z.example>|client-ip=192.0.2.7|(|)|"|\\|é|=|=?utf-8?q?spf=3Dfail?='
    "|none| \n ".split("|")
)
VALUES = st.lists(PIECES, max_size=12).map(" ".join)
FIELDS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES, st.booleans()), max_size=6)


def message(named: list[tuple[str, str, bool]]) -> Message:
    """The fields in order, some with a value that was repaired."""
    raws = [f"{name}: {value}\n".encode() for name, value, _ in named]
    starts = list(accumulate(map(len, raws), initial=0))
    fields = [
        Field(name, raw, Span(start, start + len(raw)), value if repaired else None)
        for (name, value, repaired), raw, start in zip(named, raws, starts, strict=False)
    ]
    return Message(SOURCE, tuple(fields), b"", b"")


def whole(read: Message, path: Path, most: int) -> list[object]:
    told = [head_of(one) for one in weigh_results(read, path) if one.method]
    return list(told[:most])


@given(FIELDS)
def test_the_heads_are_those_of_the_whole_reading(named: list[tuple[str, str, bool]]) -> None:
    read = message(named)
    path = trace_path(read, OwnServers())
    for field in read.fields:
        if field.key == "received-spf":
            assert read_spf_head(field) == head_of(read_received_spf(field))
        else:
            assert read_heads(field) == tuple(map(head_of, read_results(field)))
    assert first_heads(read, path, 5) == whole(read, path, 5)


def test_more_results_than_are_weighed_drive_none_out_that_stands_above() -> None:
    read = message([("Received-SPF", "pass", False), (NAMES[0], "a=b;" * 600, False)])
    path = trace_path(read, OwnServers())
    heads = first_heads(read, path, 1)
    assert heads == whole(read, path, 1)
    assert heads[0].method == "spf"
