"""ARC: the validation suite of its authors, and chains whose keys are not at hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firsthop.evidence.authentication.arc.verify import (
    ArcResult,
    check_arc,
    check_message_signature,
    vouched_instances,
)
from firsthop.evidence.dns.recorded import store_of
from firsthop.evidence.dns.store import DnsStore
from firsthop.mail.message import BodyBytes
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

yaml = pytest.importorskip("yaml")
WHEN = 1_516_000_000
# The suite leaves these blank; RFC 8617 section 5.2 step 2 calls a chain failed whose
# highest seal says cv=fail, and step 3 one that has it below.
BLANK_IN_THE_SUITE = {
    "cv_fail_i1_as_cv_fail": "fail",
    "cv_fail_i2_as2_fail": "fail",
    "cv_fail_i2_as1_fail": "fail",
}


def scenarios(corpora: Path) -> Iterator[tuple[str, dict[str, Any], DnsStore]]:
    for scenario in yaml.safe_load_all(
        (corpora / "standards/arc/tests/arc-draft-validation-tests.yml").read_text()
    ):
        store = store_of(
            {name: {"TXT": [text]} for name, text in (scenario.get("txt-records") or {}).items()},
            WHEN,
            "suite",
            complete=True,
        )
        yield from ((name, test, store) for name, test in scenario["tests"].items())


def check(test: dict[str, Any], store: DnsStore, at: int = WHEN) -> ArcResult:
    return check_arc(read_mail(raw_mail(test["message"].encode(), "suite", "eml")), store.at(at))


def test_the_validation_suite(corpora: Path) -> None:
    wanted, got = {}, {}
    for name, test, store in scenarios(corpora):
        wanted[name] = BLANK_IN_THE_SUITE.get(name) or str(test["cv"] or "none").lower()
        got[name] = str(check(test, store).status)
    assert len(wanted) == 171
    assert got == wanted


def test_chains_without_keys_are_not_broken(corpora: Path) -> None:
    """Without a key no valid chain fails, and with keys of another day no chain fails
    for its signatures."""
    for name, test, store in scenarios(corpora):
        if str(test["cv"]) == "Pass":
            assert str(check(test, DnsStore()).status) == "not_checkable", name
            assert str(check(test, store, WHEN + 10**8).status) == "pass", name
        elif check(test, store).reason.startswith("signature:"):
            assert str(check(test, store, WHEN + 10**8).status) == "not_checkable", name


def test_the_oldest_message_signature_that_verifies_is_told(corpora: Path) -> None:
    tests = {name: (test, store) for name, test, store in scenarios(corpora)}
    assert [
        check(*tests[name]).oldest_pass
        for name in ("cv_pass_i1_1", "cv_pass_i2_1", "cv_pass_i2_1_ams1_invalid")
    ] == [0, 0, 2]
    result = check(*tests["cv_pass_i3_1"])
    assert (
        [one.instance for one in result.chain.sets],
        [one.cv for one in result.chain.sets],
        result.as_of,
    ) == (
        [1, 2, 3],
        ["none", "pass", "pass"],
        WHEN,
    )


def test_only_a_chain_that_passes_covers_results(corpora: Path) -> None:
    """Nothing is covered without seals, by a failed chain, or by one whose keys are not
    known."""
    for name, test, store in scenarios(corpora):
        result = check(test, store)
        passed = str(result.status) == "pass"
        covered = frozenset(range(1, len(result.chain.sets) + 1)) if passed else frozenset()
        assert vouched_instances(result) == covered, name
        assert vouched_instances(check(test, DnsStore())) == frozenset(), name


def test_results_without_a_seal_break_the_chain(corpora: Path) -> None:
    test, store = next(found[1:] for found in scenarios(corpora) if found[0] == "cv_pass_i1_1")
    more = "ARC-Authentication-Results: i={}; mx.example.it; dmarc=pass header.from=bank.it\n"
    for instance in (1, 2):
        forged = {**test, "message": more.format(instance) + test["message"].lstrip()}
        assert str(check(forged, store).status) == "fail"
        assert vouched_instances(check(forged, store)) == frozenset()
    alone = {"message": more.format(1) + "From: a@bank.it\n\nx\n"}
    assert vouched_instances(check(alone, store)) == frozenset()


def test_a_chain_is_not_broken_by_a_container(corpora: Path) -> None:
    """A rebuilt body cannot be checked; padding behind the end is taken off."""
    test, store = next(found[1:] for found in scenarios(corpora) if found[0] == "cv_pass_i1_1")
    data = test["message"].encode()
    message = read_mail(raw_mail(data, "suite", "eml"))
    source = message.source._replace(body_bytes=BodyBytes.REBUILT)
    result = check_arc(replace(message, body=b"other", source=source), store.at(WHEN))
    assert str(result.status) == "not_checkable"
    assert result.reason == "rebuilt_body:message_signature_1"
    assert vouched_instances(result) == frozenset()
    padded = replace(message, body=message.body + b"\0\0")
    result = check_arc(padded, store.at(WHEN))
    assert (str(result.status), vouched_instances(result)) == ("pass", frozenset({1}))
    found = check_message_signature(padded, result.chain.sets[0], store.at(WHEN))
    assert (found.repairs, found.covers.author_signed) == (("padding_removed",), True)
