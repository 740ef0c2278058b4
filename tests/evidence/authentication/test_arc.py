"""ARC: the validation suite of its authors, and chains whose keys are not at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firsthop.evidence.authentication.arc import ArcResult, check_arc
from firsthop.evidence.authentication.recorded import store_of
from firsthop.evidence.dns import DnsStore
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

yaml = pytest.importorskip("yaml")
WHEN = 1_516_000_000
# The suite leaves these blank; RFC 8617 section 5.2 step 2 calls a chain failed whose highest seal says cv=fail, and step 3 one that has it below.
BLANK_IN_THE_SUITE = {"cv_fail_i1_as_cv_fail": "fail", "cv_fail_i2_as2_fail": "fail", "cv_fail_i2_as1_fail": "fail"}


def scenarios(corpora: Path) -> Iterator[tuple[str, dict[str, Any], DnsStore]]:
    for scenario in yaml.safe_load_all((corpora / "standards/arc/tests/arc-draft-validation-tests.yml").read_text()):
        store = store_of({name: {"TXT": [text]} for name, text in (scenario.get("txt-records") or {}).items()}, WHEN, "suite", complete=True)
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
    """Without a key no valid chain fails, and with keys of another day no chain fails for its signatures."""
    for name, test, store in scenarios(corpora):
        if str(test["cv"]) == "Pass":
            assert str(check(test, DnsStore()).status) == "not_checkable", name
            assert str(check(test, store, WHEN + 10**8).status) == "pass", name
        elif check(test, store).reason.startswith("signature:"):
            assert str(check(test, store, WHEN + 10**8).status) == "not_checkable", name


def test_the_oldest_message_signature_that_verifies_is_told(corpora: Path) -> None:
    tests = {name: (test, store) for name, test, store in scenarios(corpora)}
    assert [check(*tests[name]).oldest_pass for name in ("cv_pass_i1_1", "cv_pass_i2_1", "cv_pass_i2_1_ams1_invalid")] == [0, 0, 2]
    result = check(*tests["cv_pass_i3_1"])
    assert ([one.instance for one in result.chain.sets], [one.cv for one in result.chain.sets], result.as_of) == (
        [1, 2, 3],
        ["none", "pass", "pass"],
        WHEN,
    )
