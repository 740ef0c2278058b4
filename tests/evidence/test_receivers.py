"""Every receiver table runs its own examples, and no stranger ever stands
inside one."""

from __future__ import annotations

import calendar
import re
from typing import Any

import pytest

from firsthop.errors import TableError
from firsthop.evidence.authentication.results import authentication_results
from firsthop.evidence.host.networks import is_address
from firsthop.evidence.path import receiver_table
from firsthop.evidence.path.receiver import (
    RECEIVERS,
    Receiver,
    _possible,
    gateway_of,
    read_receiver,
    receiver_of,
    receivers_named,
)
from firsthop.evidence.providers.provider import PROVIDERS
from firsthop.evidence.providers.provider_table import Host
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.line import read_received
from firsthop.mail.message import Field, Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

EXAMPLES = [(key, n, e) for key, one in RECEIVERS.items() for n, e in enumerate(one.examples)]
STRANGERS = ("203.0.113.9", "2001:db8::1", "fe80::1", "100.64.0.9", "192.168.1.9")
HELOS = (
    "mx.example.net",
    "[10.0.0.1]",
    "localhost",
    "{by}",
    "x (10.0.0.1) by {by}",
    "{by} (localhost [127.0.0.1]) by {by} (Postfix) with ESMTP id 1",
    "10.0.0.1",
    "2603:10b6:8:6b::16",
)
SHAPES = (
    "from {helo} ({client}) by {by} with Microsoft SMTP Server id 15.20.1.1; {date}",
    "from {helo} ({client}) by {by} with HTTPS; {date}",
    "from {helo} (unknown [{client}]) by {by} (Postfix) with ESMTPS id 4QcZ1q2c5rz9vNPN; {date}",
    "from {helo} (localhost [{client}]) by {by} with LMTP id XHgJiklRSE; {date}",
    "from {helo} (x. [{client}]) by {by} with ESMTPS id d2e1csp72; {date}",
    "from {client} (EHLO {helo}) ({client}) by {by} with SMTPs; {date}",
    "from [{client}] (helo={helo}) by {by} with esmtp (Exim 4.92) id 1hSlBD-00BNg2-At; {date}",
    "from {helo} ([{client}]) by {by} (LMTPProxy); {date}",
    "from unknown (HELO {helo}) ({client}) by {by} with SMTP; 29 Jun 2021 11:13:42 -0000",
)
DATE = "Tue, 29 Sep 2020 14:02:14 +0000"


def message(text: str) -> Message:
    return read_mail(raw_mail(text.encode() + b"\n\n", "m", "eml"))


def field(text: str) -> Field:
    return message(text).fields[0]


def instant(hop: Hop) -> int | None:
    return hop.stamp.instant if hop.stamp else None


@pytest.mark.parametrize(("key", "e"), [pytest.param(k, e, id=f"{k}-{n}") for k, n, e in EXAMPLES])
def test_examples(key: str, e: dict[str, Any]) -> None:
    receiver = RECEIVERS[key]
    if "received" in e:
        hop = read_received(e["received"])
        said = {
            "writes": receiver.wrote(hop, instant(hop)),
            "inner": receiver.is_inner_client(hop, instant(hop)),
            "passes": receiver.passes_on(hop),
            "names_receiver": receiver_of(hop) is receiver,
        }
        asked = e.keys() & said.keys()
        assert {name: said[name] for name in asked} == {name: e[name] for name in asked}
    elif "results" in e:
        told = authentication_results(message(e["results"]))
        assert {receiver.owns_authserv_id(one.authserv_id) for one in told} == {e["own"]}
    elif "outgoing" in e:
        numeric = re.fullmatch(r"[\d.]+", e["outgoing"])
        day = calendar.timegm((2022, 1, 1, 0, 0, 0))
        address, name = (e["outgoing"], None) if numeric else (None, e["outgoing"])
        found = gateway_of(address, name, day)
        assert (found is receiver) is e["hands_over"]
    else:
        assert receiver.tells(field(e["field"])) == e["tells"]


def test_every_table_claims_and_refuses() -> None:
    for key in RECEIVERS:
        written = [e for k, _, e in EXAMPLES if k == key and "received" in e]
        assert {e.get("writes") for e in written} >= {True, False}, (
            f"receivers/{key}.toml: an [[example]] that it wrote, and one that it did not"
        )
        assert any(e.get("inner") is False for e in written), (
            f"receivers/{key}.toml: an [[example]] with a stranger as client (inner = false)"
        )


def test_one_writer_has_one_receiver() -> None:
    for key, _, e in EXAMPLES:
        if e.get("writes"):
            hop = read_received(e["received"])
            private = e.get("names_receiver") is False
            if not is_address(hop.by or ""):
                owners = {k for k, one in RECEIVERS.items() if one.wrote(hop, instant(hop))}
                assert owners == {key}
            assert receiver_of(hop) is (None if private else RECEIVERS[key])


def test_a_line_that_is_passed_on_is_asked_of_its_receiver() -> None:
    """`receiver_of` asks by the writer's domain: no form of a line may name another."""
    for key, _, e in EXAMPLES:
        if "received" in e and RECEIVERS[key].passes_on(hop := read_received(e["received"])):
            assert RECEIVERS[key] in _possible(hop.by or "")


def test_each_entry_names_its_source() -> None:
    for one in RECEIVERS.values():
        entries: tuple[Any, ...] = (
            *one.hosts,
            *one.labels,
            *one.inner,
            *one.writing,
            *one.outgoing,
            *one.outgoing_hosts,
            *one.lines,
            *one.results,
            *one.fields,
            one,
        )
        assert all(len(entry.source) > 10 for entry in entries), one.key
        assert one.provider is None or one.provider in PROVIDERS
        assert (one.kind == "mailbox") is (one.provider is not None)


def writers(receiver: Receiver) -> list[str]:
    """The writers of its examples, and its domains."""
    hops = [read_received(e["received"]) for e in receiver.examples if e.get("writes")]
    return sorted({hop.by or hop.by_address or "" for hop in hops} - {""})


@pytest.mark.parametrize("key", list(RECEIVERS))
def test_no_stranger_is_inside(key: str) -> None:
    receiver = RECEIVERS[key]
    for by in writers(receiver):
        for shape in SHAPES:
            for client in STRANGERS:
                for helo in HELOS:
                    line = shape.format(helo=helo.format(by=by), client=client, by=by, date=DATE)
                    hop = read_received(line)
                    assert not receiver.passes_on(hop), line
                    if hop.client_address == client:
                        assert not receiver.is_inner_client(hop, instant(hop)), line


@pytest.mark.parametrize("key", list(RECEIVERS))
def test_no_line_with_a_stranger_in_place_of_the_inner_client(key: str) -> None:
    """The lines of the examples that lead on, with the client's address replaced: only
    another address of the receiver's own would lead on."""
    receiver = RECEIVERS[key]
    for e in receiver.examples:
        hop = read_received(e["received"]) if "received" in e else None
        if hop is None or hop.client_address is None or not (e.get("inner") or e.get("passes")):
            continue
        for client in STRANGERS:
            line = e["received"].replace(hop.client_address, client)
            changed = read_received(line)
            assert line != e["received"]
            assert not receiver.is_inner_client(changed, instant(changed))
            assert not receiver.passes_on(changed)


def test_a_login_never_leads_on() -> None:
    for receiver in RECEIVERS.values():
        for e in receiver.examples:
            if not e.get("inner") and not e.get("passes"):
                continue
            hop = read_received(e["received"])
            for changed in (hop._replace(authenticated=True), hop._replace(protocol="mapi")):
                assert not receiver.is_inner_client(changed)
            for protocol in ("ESMTPA", "ESMTPSA", "mapi"):
                line = re.sub(r"with \w+( id|;)", rf"with {protocol}\1", e["received"])
                assert line == e["received"] or not receiver.passes_on(read_received(line))


def test_hosts_are_compared_by_whole_labels() -> None:
    for receiver in RECEIVERS.values():
        for by in writers(receiver):
            for other in (f"{by}.evil.example", f"evil-{by}.example", f"x{by}x"):
                hop = Hop(raw=f"by {other}", by=other)
                assert not receiver.wrote(hop), (receiver.key, other)


def test_a_named_writer_is_not_judged_by_the_address_beside_it() -> None:
    line = "by mx.example.net (10.167.240.57)"
    hop = Hop(raw=line, by="mx.example.net", by_address="10.167.240.57")
    assert receiver_of(hop) is None
    assert not any(one.wrote(hop) for one in RECEIVERS.values())


def test_receivers_named() -> None:
    def keys(word: str) -> list[str]:
        return [one.key for one in receivers_named(word)]

    assert keys("mx.google.com") == ["google"]
    assert keys("MX.Google.com.") == ["google"]
    assert keys(".outlook.com") == ["microsoft365"]
    assert keys(".protection.outlook.com") == ["microsoft365"]
    assert keys(".mail.protection.outlook.com") == ["microsoft365"]
    assert keys("am3pepf0000a791.mail.protection.outlook.com") == ["microsoft365"]
    assert keys(".office365.com") == ["microsoft365"]
    assert keys(".iol.local") == ["italiaonline"]
    assert keys(".pphosted.com") == ["proofpoint"]
    assert keys(".com") == keys(".") == keys("") == keys(".internal") == []
    for word in ("mx.google.com.example.net", "google.com", ".evil-outlook.com"):
        assert keys(word) == []
    assert keys("x" * 5000) == []


def test_inner_networks_leave_the_ways_out_out() -> None:
    microsoft, google = RECEIVERS["microsoft365"], RECEIVERS["google"]
    ways_out = ("40.107.1.1", "52.100.1.1", "104.47.1.1", "2a01:111:f400::1", "2a01:111:f403::1")
    for address in (*ways_out, "2603:1030::1", "fe80::1", "::1"):
        assert not any(r.holds(address) for r in microsoft.inner)
    for address in ("209.85.220.41", "10.0.0.1", "2002:c000::1"):
        assert not any(r.holds(address) for r in google.inner)


def test_patterns_take_linear_time() -> None:
    for receiver in RECEIVERS.values():
        for text in ("from " + "a" * 1900, "by " + "2002:a" * 300, "from " + "a." * 900 + "x"):
            assert not receiver.passes_on(Hop(raw=text))
        assert not receiver.wrote(Hop(raw="", by="a-" * 3000))
        assert receiver.tells(field("X-Forefront-Antispam-Report: " + "H:" * 2000)) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "server"},
        {"colour": "red"},
        {"host": [{"domain": "example.org"}]},
        {"inner": [{"networks": ["10.0.0.0/33"], "basis": "observed", "source": "x"}]},
        {"results": [{"field": "A", "place": "above", "source": "x"}]},
        {"results": [{"field": "A", "place": "beside", "none": True, "source": "x"}]},
        {"outgoing": [{"networks": ["10.0.0.0/8"], "basis": "observed", "source": "x"}]},
    ],
)
def test_a_broken_table_is_named(change: dict[str, Any]) -> None:
    table = {
        "name": "x",
        "kind": "mailbox",
        "source": "x",
        "left_out": [],
        "host": [{"domain": "example.org", "source": "x"}],
        "example": [],
    }
    assert isinstance(read_receiver("x", table).hosts[0], Host)
    with pytest.raises(TableError, match=r"receivers/x\.toml"):
        _ = [one.networks for one in read_receiver("x", {**table, **change}).inner]


def test_a_broken_expression_is_named_when_it_is_asked() -> None:
    lines = receiver_table.lines("receivers/x.toml", {"line": [{"pattern": "(", "source": "x"}]})
    with pytest.raises(TableError, match=r"receivers/x\.toml line: '\('"):
        lines[0].pattern.fullmatch("by mx.example.org")
