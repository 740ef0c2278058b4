"""The checks over claimed lines: each finds what it is for, and leaves an honest path
alone."""

import pytest

from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import Finding, Outcome
from firsthop.mail.header import read_message
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

TOP = (
    "from out.example.org (out.example.org [85.65.59.147]) by mx.example.it (Postfix) with ESMTP "
    "id 0D3F2C; Thu, 29 May 2014 01:07:33 +0000 (UTC)"
)
NEXT = (
    "from pc.example.org (pc.example.org [85.65.59.9]) by out.example.org (Postfix) with ESMTPA "
    "id 0D3F2D; Thu, 29 May 2014 01:07:30 +0000 (UTC)"
)
AUTHOR = "From: a@example.org\nSubject: x\nDate: Thu, 29 May 2014 01:07:00 +0000\n"


def facts(*lines: str, after: str = AUTHOR, own: OwnServers | None = None) -> MessageFacts:
    data = ("".join(f"Received: {line}\n" for line in lines) + after + "\n").encode()
    return establish(read_message(data, raw_mail(data, "x", "eml").source), own or OwnServers())


def look(name: str, found: MessageFacts, case_file: CaseFile | None = None) -> Finding | None:
    return next(check for check in CHECKS if check.name == name).look(
        found, case_file or CaseFile()
    )


PATH = [
    check.name
    for check in CHECKS
    if check.question == "path" and check.name != "recipients_not_named"
]


@pytest.mark.parametrize("name", PATH)
def test_an_honest_path_is_not_contradicted(name: str) -> None:
    finding = look(name, facts(TOP, NEXT))
    assert finding is None or finding.outcome is Outcome.SUPPORTS


@pytest.mark.parametrize(
    ("name", "lower", "says"),
    [
        ("hops_meet", NEXT.replace("by out.example.org", "by mx.stranger.net"), "hops.apart"),
        ("time_order", NEXT.replace("01:07:30", "04:07:30"), "times.backward"),
        ("time_order", NEXT.replace("29 May", "19 May").replace("Thu", "Mon"), "times.too_long"),
        ("line_shape", NEXT.replace(" (UTC)", ""), "shape.broken"),
        ("address_plausible", NEXT.replace("85.65.59.9", "240.1.2.3"), "address.reserved"),
        (
            "address_plausible",
            NEXT.replace("2014", "2009").replace("Thu", "Fri").replace("85.65.59.9", "5.9.1.1"),
            "address.unallocated",
        ),
        (
            "address_plausible",
            NEXT.replace("(pc.example.org", "(dyn-201-7-8-33.example.org"),
            "address.other_than_name",
        ),
        ("queue_id_time", NEXT.replace("0D3F2D", "FFFFF2D"), "queue_id.differs"),
    ],
)
def test_a_forged_line_is_found_with_its_bytes(name: str, lower: str, says: str) -> None:
    found = facts(TOP, lower)
    finding = look(name, found)
    assert finding is not None
    assert (finding.outcome, finding.message_key) == (Outcome.CONTRADICTS, says)
    assert finding.strength is not None
    assert finding.strength.likelihood_ratio < 1
    data = b"".join(f.raw for f in found.message.fields)
    for seen in finding.observations:
        assert seen.span is not None
        assert data[seen.span.start : seen.span.stop].startswith(b"Received:")


def test_a_line_below_the_author_s_fields() -> None:
    finding = look("header_block_gap", facts(TOP, after=f"{AUTHOR}Received: {NEXT}\n"))
    assert finding is not None
    assert finding.outcome is Outcome.CONTRADICTS


def test_trusted_lines_are_not_tested() -> None:
    """What our own servers wrote is fact: even an odd line above the hand-over is not
    held against the sender."""
    odd = TOP.replace(" (UTC)", "")
    finding = look("line_shape", facts(odd, own=own_servers(("mx.example.it",))))
    assert finding is None


def test_the_hand_over_is_tested_against_the_first_claimed_line() -> None:
    own = own_servers(("mx.example.it",))
    finding = look(
        "hops_meet", facts(TOP, NEXT.replace("by out.example.org", "by mx.stranger.net"), own=own)
    )
    assert finding is not None
    assert finding.outcome is Outcome.CONTRADICTS


def test_the_provider_is_touched_by_whole_names_only() -> None:
    case_file = CaseFile(provider="Example", provider_domains=("example.org",))
    touched = look("left_provider", facts(TOP, NEXT), case_file)
    missed = look("left_provider", facts(TOP.replace("example.org", "evil-example.org")), case_file)
    assert touched is not None
    assert missed is not None
    assert (touched.message_key, missed.message_key) == ("provider.touched", "provider.missed")
