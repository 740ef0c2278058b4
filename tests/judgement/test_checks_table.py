"""Every check says what it is: name, reason, false positives, source; its words exist
in every language; its strengths come from counts."""

import inspect
import re
from pathlib import Path

import pytest

import firsthop.judgement.checks as package
from firsthop.judgement.check import Check
from firsthop.judgement.checks import CHECKS
from firsthop.judgement.finding import BaseRate
from firsthop.judgement.rates import base_rates
from firsthop.publication.words import LANGUAGES, WORDS


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_a_check_explains_itself(check: Check) -> None:
    assert check.question in ("sender", "mailer", "path")
    assert all(
        len(text) > 20 for text in (check.looks_for, check.why, check.false_positives, check.source)
    )


def test_one_file_a_check_and_all_are_listed() -> None:
    files = {path.stem for path in Path(package.__file__).parent.glob("*.py")} - {"__init__"}
    assert {inspect.getmodule(check.look).__name__.rpartition(".")[2] for check in CHECKS} == files  # type: ignore[union-attr]
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_what_checks_say_has_words() -> None:
    keys = set()
    for path in Path(package.__file__).parent.glob("*.py"):
        keys |= set(
            re.findall(
                r'"((?:hops|times|shape|address|gap|mailer|helo_id|queue_id|authenticated'
                r'|provider|recipients)\.[a-z_]+)"',
                path.read_text(),
            )
        )
    assert keys
    for language in LANGUAGES:
        assert keys <= set(WORDS[language])


def test_counts_are_possible() -> None:
    for marks in base_rates._TABLE.values():
        for entry in marks.values():
            for k, n in (entry["holds"], entry["fails"]):
                assert 0 <= k <= n
                assert n > 0
            for language in LANGUAGES:
                assert f"corpus.{entry['corpus']}" in WORDS[language]


def test_a_count_of_zero_gives_no_certainty() -> None:
    rate = BaseRate("x", (0, 19), (25, 25))
    assert rate.likelihood_ratio == pytest.approx((0.5 / 20) / (25.5 / 26))
    assert rate.bits == pytest.approx(-5.293, abs=1e-3)


def test_an_uncounted_mark_has_no_strength() -> None:
    assert base_rates.base_rate("hops_meet", "never counted") is None
