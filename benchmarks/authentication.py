"""Measures the authentication evidence on the corpora: results fields read, results
believed, body hashes, the suites, the time it takes.

    python -m benchmarks.authentication

Needs FIRSTHOP_CORPORA and, for the suites, PyYAML. With dkimpy installed, every body
hash is compared with what dkimpy says of it."""

from __future__ import annotations

import importlib
import importlib.util
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.corpora import Labelled, messages, root
from firsthop.evidence.authentication.arc.verify import check_arc
from firsthop.evidence.authentication.dkim.verify import dkim_results
from firsthop.evidence.authentication.results import read_results
from firsthop.evidence.authentication.spf.evaluate import check_spf
from firsthop.evidence.authentication.spf.received_spf import read_received_spf
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.host.names import registrable_domain
from firsthop.mail.message import Message
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers, own_servers

DUMMY_KEY = (
    b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk"
    b"08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    b"DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+"
    b"l/K4w3QIDAQAB"
)
WHEN = 1_516_000_000


def main() -> None:
    """Measures and prints."""
    mail = [(labelled, labelled.message()) for labelled in messages()]
    _fields(message for _, message in mail)
    _belief(mail)
    _bodies(mail)
    if importlib.util.find_spec("yaml"):
        _suites()


def _fields(mail: Iterable[Message]) -> None:
    """The share of results fields in which every result has a method and a word, and
    what the others are like."""
    seen: Counter[str] = Counter()
    tail: Counter[str] = Counter()
    for field in (
        field
        for message in mail
        for field in message.fields
        if "authentication-results" in field.key or field.key == "received-spf"
    ):
        results = (
            (read_received_spf(field),) if field.key == "received-spf" else read_results(field)
        )
        seen[field.key] += 1
        if all(result.result for result in results):
            seen[field.key + " read"] += 1
        tail.update(re.sub(r":.*", "", defect) for defect in results[0].defects)
    for name in sorted(name for name in seen if not name.endswith(" read")):
        print(f"{name}: {seen[name + ' read']} of {seen[name]} read")
    print(f"broken forms that were read: {dict(tail.most_common())}")


def _own(facts: MessageFacts) -> OwnServers:
    """The organization that wrote the newest line with a client, as if it were the
    reader's."""
    by = next(
        (step.hop.by for step in facts.path.steps if step.hop.by and step.hop.client_address), None
    )
    domain = registrable_domain(by) if by else None
    return own_servers([f".{domain}", domain] if domain else [by] if by else [])


def _belief(mail: list[tuple[Labelled, Message]]) -> None:
    """How many results are believed when the newest writer is the reader's own, and how
    many are called forged, by label."""
    counts: Counter[str] = Counter()
    spent = {"facts": 0.0, "authentication": 0.0}
    for labelled, message in mail:
        own = _own(establish(message, OwnServers()))
        start = time.perf_counter()
        facts = establish(message, own)
        middle = time.perf_counter()
        found = facts.authentication
        spent["facts"] += middle - start
        spent["authentication"] += time.perf_counter() - middle
        counts.update(f"{labelled.label} inside {result.inside}" for result in found.results)
        counts.update(
            f"{labelled.label} {defect}"
            for result in found.results
            for defect in result.defects
            if defect.endswith(("_authserv_id", "_server"))
        )
    for name in sorted(counts):
        print(f"{name}: {counts[name]}")
    print(
        f"{len(mail)} messages: facts {spent['facts']:.1f} s, authentication "
        f"{spent['authentication']:.1f} s more"
    )


def _bodies(mail: list[tuple[Labelled, Message]]) -> None:
    """Body hashes, and whether dkimpy agrees."""
    judge = importlib.util.find_spec("dkim") is not None
    counts: Counter[str] = Counter()
    for labelled, message in mail:
        for index, result in enumerate(dkim_results(message, DnsStore().at(0))):
            told = f" dkimpy: {_dkimpy(labelled.data, index)}" if judge else ""
            counts[f"body hash {result.body}{told}"] += 1
    for name in sorted(counts):
        print(f"{name}: {counts[name]}")


def _dkimpy(data: bytes, index: int) -> str:
    """What dkimpy says of a body hash; its checks of form and of today's clock are
    taken out."""
    dkim: Any = importlib.import_module("dkim")

    dkim.validate_signature_fields = lambda *_, **__: None
    try:
        dkim.DKIM(data, minkey=256).verify(index, dnsfunc=lambda *_, **__: DUMMY_KEY)
    except dkim.ValidationError as error:
        return "differs" if "body hash mismatch" in str(error) else "error"
    except Exception:  # noqa: BLE001 - it raises anything
        return "error"
    return "matches"


def _scenarios(path: Path) -> Iterator[dict[str, Any]]:
    yaml = importlib.import_module("yaml")

    return (scenario for scenario in yaml.safe_load_all(path.read_text()) if scenario)


def _suites() -> None:
    standards = root() / "standards"
    arc: Counter[bool] = Counter()
    for scenario in _scenarios(standards / "arc/tests/arc-draft-validation-tests.yml"):
        store = store_of(
            {name: {"TXT": [text]} for name, text in (scenario.get("txt-records") or {}).items()},
            WHEN,
            "suite",
            complete=True,
        )
        for name, test in scenario["tests"].items():
            status = check_arc(
                read_mail(raw_mail(test["message"].encode(), name, "eml")), store.at(WHEN)
            ).status
            arc[str(status) == str(test["cv"] or "none").lower()] += 1
    print(f"ARC validation suite: {arc[True]} of {arc.total()} as the suite writes them")
    spf: Counter[bool] = Counter()
    for scenario in _scenarios(standards / "rfc7208/rfc7208-tests.yml"):
        store = store_of(
            {name: _types(entries) for name, entries in scenario["zonedata"].items()},
            WHEN,
            "suite",
            complete=True,
        )
        for test in scenario["tests"].values():
            found = check_spf(
                store.at(WHEN),
                str(test["host"]),
                test.get("mailfrom") or "",
                test.get("helo") or "",
            )
            spf[
                found.result
                in (test["result"] if isinstance(test["result"], list) else [test["result"]])
            ] += 1
    print(f"RFC 7208 suite: {spf[True]} of {spf.total()}")


def _types(entries: list[Any]) -> dict[str, Any]:
    """Zone data of the suite; its own rules are told in
    tests/evidence/authentication/test_spf.py."""
    types: dict[str, Any] = {}
    silent = "TIMEOUT" in entries
    for rtype, value in (
        pair for entry in entries if isinstance(entry, dict) for pair in entry.items()
    ):
        if value == "TIMEOUT":
            types[rtype] = value
        elif value != "NONE":
            types.setdefault(rtype, []).append(f"{value[0]} {value[1]}" if rtype == "MX" else value)
    if "SPF" in types and not silent and {"TXT": "NONE"} not in entries:
        types.setdefault("TXT", types["SPF"])
    return types | (
        {rtype: types.get(rtype, "TIMEOUT") for rtype in ("A", "AAAA", "MX", "PTR", "TXT")}
        if silent
        else {}
    )


if __name__ == "__main__":
    main()
