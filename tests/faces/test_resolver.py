"""The live resolver against a name server of the test's own, on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from firsthop.evidence.dns.store import NOERROR, NXDOMAIN, SERVFAIL, TIMEOUT
from firsthop.faces.dns_resolver import BAD_NAME, LiveDns

message = pytest.importorskip("dns.message")
RECORDS = {
    ("txt.example.", "TXT"): ['"v=spf1 " "ip4:192.0.2.0/24 -all"', '"another"'],
    ("mx.example.", "MX"): ["20 Second.example.", "10 first.example."],
    ("a.example.", "A"): ["192.0.2.2", "192.0.2.1"],
    ("weird\\@name.example.", "A"): ["192.0.2.3"],
}


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDns]:
    """A resolver that knows one server, and half a second."""
    import dns.resolver

    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    own = dns.resolver.Resolver(configure=False)
    own.nameservers, own.port = ["127.0.0.1"], server.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: own)
    thread = threading.Thread(target=serve, args=(server,), daemon=True)
    thread.start()
    resolver = LiveDns()
    own.timeout = own.lifetime = 0.5
    yield resolver
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
        stop.sendto(b"", server.getsockname())
    thread.join(5)
    server.close()


def serve(server: socket.socket) -> None:
    """Answers until an empty packet comes; never where the name says so."""
    import dns.flags
    import dns.rcode
    import dns.rrset

    while True:
        data, client = server.recvfrom(4096)
        if not data:
            return
        query = message.from_wire(data)
        (asked,) = query.question
        name, rtype = asked.name.to_text(), dns.rdatatype.to_text(asked.rdtype)
        if name.startswith("silent"):
            continue
        response = message.make_response(query)
        response.flags |= dns.flags.RA
        if name.startswith("broken"):
            response.set_rcode(dns.rcode.SERVFAIL)
        elif (name, rtype) in RECORDS:
            response.answer.append(
                dns.rrset.from_text(name, 60, "IN", rtype, *RECORDS[name, rtype])
            )
        elif not any(known == name for known, _ in RECORDS):
            response.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(response.to_wire(), client)


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("txt.example", "TXT", (NOERROR, ("another", "v=spf1 ip4:192.0.2.0/24 -all"))),
        ("mx.example", "MX", (NOERROR, ("10 first.example.", "20 Second.example."))),
        ("a.example", "A", (NOERROR, ("192.0.2.1", "192.0.2.2"))),
        ("weird@name.example", "A", (NOERROR, ("192.0.2.3",))),
        ("a.example", "TXT", (NOERROR, ())),
        ("gone.example", "A", (NXDOMAIN, ())),
        ("broken.example", "A", (SERVFAIL, ())),
        ("silent.example", "A", (TIMEOUT, ())),
        ("two..dots.example", "A", (BAD_NAME, ())),
        ("x" * 64 + ".example", "A", (BAD_NAME, ())),
        ("x." * 200 + "example", "A", (BAD_NAME, ())),
        ("a.example", "NOSUCHTYPE", (BAD_NAME, ())),
        ("\ud800.example", "A", (BAD_NAME, ())),
    ],
)
def test_what_the_dns_answers(
    live: LiveDns, name: str, rtype: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    assert live.resolve(name, rtype) == expected
