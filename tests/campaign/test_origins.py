"""Origins: the client addresses of the first hops, without those of inside networks; a
country only where data are named."""

from __future__ import annotations

from firsthop.campaign.explain.origins import OriginCounts
from firsthop.campaign.first_hops.summary import MessageSummary, summarize
from firsthop.campaign.schema.origins import ORIGINS
from firsthop.case_file import CaseFile
from firsthop.evidence.host.places import Gazetteer, Place, PlaceSource
from firsthop.judgement.examine import examine
from firsthop.publication.json.writer import writer
from tests.campaign.messages import facts_of

DATA = Gazetteer(
    [
        PlaceSource(
            "test",
            "2014-05-13",
            lambda address: Place({"85.65.59.147": "IL", "112.171.218.7": "KR"}.get(address)),
        )
    ]
)


def mail(client: str, day: int = 17) -> MessageSummary:
    line = (
        f"from x ({client}) by relay.example (Postfix) with ESMTPA id AB12CD34EF; {day} May 2014 "
        f"12:00:00 +0000"
    )
    return summarize(
        examine(facts_of(f"Received: {line}\r\nFrom: a@libero.it\r\n\r\n".encode()), CaseFile())
    )


origins_object = writer(ORIGINS)
MAILS = [
    mail("pool.example.net [85.65.59.147]", 19),
    mail("unknown [85.65.59.147]"),
    mail("[112.171.218.7]"),
    mail("[9.9.9.9]"),
    mail("[192.168.1.5]"),
    summarize(examine(facts_of(b"From: a@libero.it\r\n\r\n"), CaseFile())),
]


def counted(mails: list[MessageSummary]) -> OriginCounts:
    counts = OriginCounts()
    for one in mails:
        counts.add(one)
    return counts


def test_addresses_are_counted_with_what_the_relay_saw() -> None:
    found = origins_object(counted(MAILS).origins(Gazetteer()))
    assert (found["addresses"], found["messages"], found["inside"], found["countries"]) == (
        3,
        4,
        1,
        None,
    )
    first = found["shown"][0]
    assert (first["address"], first["messages"], first["place"]) == ("85.65.59.147", 2, None)
    assert (first["first_seen"], first["last_seen"]) == (
        "2014-05-17T12:00:00Z",
        "2014-05-19T12:00:00Z",
    )
    assert "pool.example.net" in first["names"]


def test_countries_come_from_the_data_that_are_named() -> None:
    found = origins_object(counted(MAILS).origins(DATA))
    assert [(one["country"], one["addresses"], one["messages"]) for one in found["countries"]] == [
        ("IL", 1, 2),
        ("KR", 1, 1),
        (None, 1, 1),
    ]
    assert found["shown"][0]["place"] == {
        "country": "IL",
        "network": None,
        "asn": None,
        "organisation": None,
    }


def test_nothing_is_nothing() -> None:
    assert origins_object(counted([]).origins(DATA)) == {
        "addresses": 0,
        "messages": 0,
        "inside": 0,
        "countries": [],
        "shown": [],
    }
