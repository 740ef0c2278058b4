"""Weighing: what is said moves where it should, what is unknown moves nothing, and what
is left out is really left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firsthop.judgement.hypotheses.admiralty import GRADES, believed
from firsthop.judgement.hypotheses.finding import Count, Findings
from firsthop.judgement.hypotheses.icd203 import Likelihood, likelihood
from firsthop.judgement.hypotheses.intervals import intervals
from firsthop.judgement.hypotheses.likelihood import bits
from firsthop.judgement.hypotheses.posterior import MOST, weights
from firsthop.judgement.hypotheses.question import Question, questions
from firsthop.judgement.hypotheses.weigh import weigh_all, weigh_question
from firsthop.judgement.hypotheses.weighed import Confidence, Fit
from tests.judgement.hypotheses.cases import (
    CASE_2014,
    NOTHING,
    QUESTIONS,
    but,
    every_question,
    probability,
    weighed,
)

KEYS = sorted({one.key for question in questions() for one in question.predictions})
COUNTS = st.tuples(st.integers(0, 50_000), st.integers(0, 50_000), st.sampled_from(GRADES)).map(
    lambda told: Count(min(told[:2]), max(told[:2]), told[2])
)
FINDINGS = st.builds(
    Findings, st.dictionaries(st.sampled_from(KEYS), COUNTS), st.just(9), st.booleans()
)


def test_the_case_of_2014_transmission() -> None:
    told = weighed("transmission", CASE_2014)
    assert told.decided == "abused_accounts"
    assert told.leader.likelihood is Likelihood.LIKELY
    assert told.confidence is Confidence.LOW
    assert told.turning == "logged_in"
    assert told.leader.probability > 5 * told.answers[3].probability  # of open relays
    assert told.wanted[0].key == "relays_confirm_logins"


def test_a_better_source_makes_the_case_of_2014_firm() -> None:
    graded = {key: replace(one, grade="B2") for key, one in CASE_2014.counts.items()}
    told = weighed("transmission", replace(CASE_2014, counts=graded))
    assert told.leader.likelihood is Likelihood.VERY_LIKELY
    assert (told.confidence, told.turning) == (Confidence.MODERATE, None)


def test_the_case_of_2014_contacts_stay_undecided() -> None:
    told = weighed("contacts", CASE_2014)
    assert told.decided is None
    assert told.confidence is Confidence.LOW
    five = [one.probability for one in told.answers if one.key != "harvested"]
    assert max(five) - min(five) < 0.02
    assert told.answers[-1].probability < min(five)


@pytest.mark.parametrize("genuine", [(0, 500), (500, 500)])
def test_the_mail_client_has_no_weight_on_the_contacts(genuine: tuple[int, int]) -> None:
    told = weighed("contacts", but(CASE_2014, mailer_is_genuine=genuine))
    assert [one.probability for one in told.answers] == [
        one.probability for one in weighed("contacts", CASE_2014).answers
    ]
    (mailer,) = (one for one in told.findings if one.key == "mailer_is_genuine")
    assert (mailer.no_weight, set(mailer.fits), set(mailer.bits)) == ("always", {Fit.NEUTRAL}, {0})


def test_one_domain_has_no_weight_where_the_mail_was_collected_by_it() -> None:
    seen = but(CASE_2014, one_author_domain=(40, 40))
    for question in ("contacts", "one_provider"):
        (one,) = (f for f in weighed(question, seen).findings if f.key == "one_author_domain")
        assert (one.no_weight, set(one.bits)) == ("keyed", {0})
    openly = replace(seen, keyed_on_domain=False)
    assert weighed("one_provider", openly).decided == "one_provider"
    assert probability("contacts", "provider_breach", openly) > probability(
        "contacts", "provider_breach", seen
    )


@pytest.mark.parametrize(
    ("question", "answer", "finding", "one", "other"),
    [  # the answer gains where `one` becomes `other`
        ("transmission", "abused_accounts", "logged_in", (0, 7), (7, 7)),
        ("transmission", "open_relays", "logged_in", (7, 7), (0, 7)),
        ("transmission", "provider", "provider_on_path", (0, 7), (7, 7)),
        ("transmission", "user_pcs", "origins_at_home", (0, 7), (7, 7)),
        ("transmission", "user_pcs", "sender_keeps_origin", (0, 1), (1, 1)),
        ("transmission", "bulk_sender", "service_line", (0, 7), (7, 7)),
        ("transmission", "abused_accounts", "relays_confirm_logins", (0, 3), (3, 3)),
        ("contacts", "harvested", "recipients_are_contacts", (7, 7), (0, 7)),
        ("contacts", "provider_breach", "one_cut_off", (0, 1), (1, 1)),
        ("contacts", "third_party", "correspondents_only", (7, 7), (0, 7)),
        ("contacts", "phished_accounts", "foreign_logins", (0, 5), (5, 5)),
        ("contacts", "malware", "victims_without_pc", (5, 5), (0, 5)),
        ("contacts", "provider_breach", "canary_at_provider", (0, 1), (1, 1)),
        ("one_provider", "several_providers", "other_domains_reported", (0, 4), (4, 4)),
        ("account", "taken_over", "authorised", (0, 7), (7, 7)),
        ("account", "imitated", "provider_on_path", (7, 7), (0, 7)),
    ],
)
def test_one_flipped_finding_moves_the_answer(
    question: str, answer: str, finding: str, one: tuple[int, int], other: tuple[int, int]
) -> None:
    before = but(CASE_2014, **{finding: one})
    after = but(CASE_2014, **{finding: other})
    assert probability(question, answer, after) > probability(question, answer, before) + 0.02


def test_one_flipped_finding_turns_the_case_of_2014() -> None:
    none = but(CASE_2014, logged_in=Count(0, 7, "C3"), relays_are_open=(3, 3))
    assert weighed("transmission", none).decided == "open_relays"
    assert weighed("account", but(CASE_2014, provider_on_path=(7, 7))).decided == "taken_over"


@pytest.mark.parametrize("question", every_question(), ids=lambda one: one.key)
def test_nothing_known_leaves_the_priors(question: Question) -> None:
    told = weigh_question(question, NOTHING)
    assert [one.probability for one in told.answers] == pytest.approx(
        [one.prior for one in told.answers]
    )
    assert (told.decided, told.turning, told.weighty) == (None, None, ())
    assert {fit for one in told.findings for fit in one.fits} == {Fit.UNKNOWN}


@settings(max_examples=25)
@given(FINDINGS)
def test_probabilities_are_probabilities(findings: Findings) -> None:
    for told in weigh_all(findings):
        assert sum(one.probability for one in told.answers) == pytest.approx(1)
        for one in told.answers:
            assert 0 <= one.low <= one.probability <= one.high <= 1
            assert one.likelihood is likelihood(one.probability)
        for group in {one.group for one in told.findings}:
            sums = [
                sum(column)
                for column in zip(
                    *(one.bits for one in told.findings if one.group == group), strict=True
                )
            ]
            assert max(sums) - min(sums) <= MOST + 1e-9


@settings(max_examples=5)
@given(FINDINGS)
def test_leaving_out_is_leaving_out(findings: Findings) -> None:
    for question in questions():
        told = weigh_question(question, findings)
        leader = told.leader.key
        for one in told.findings:
            again = weigh_question(question, findings.without(one.key))
            left = {answer.key: answer.probability for answer in again.answers}
            assert one.leader_without == left[leader]
            likely = again.leader.key if again.leader.probability >= 0.55 else None
            assert one.decided_without == likely
            if not one.n:
                assert left[leader] == told.leader.probability


def test_a_finding_that_turns_is_named() -> None:
    told = weighed("account", CASE_2014)
    assert (told.decided, told.turning) == ("imitated", "provider_on_path")
    assert weighed("account", CASE_2014.without("provider_on_path")).decided is None
    assert told.confidence is Confidence.LOW


def test_the_bits_add_up_to_the_odds() -> None:
    told = weighed("transmission", CASE_2014)
    first, second = told.answers[2], told.answers[3]
    assert first.probability / second.probability == pytest.approx(
        2 ** (first.bits - second.bits) * first.prior / second.prior
    )


def test_a_worse_source_weighs_less() -> None:
    shares = {
        grade: probability("account", "imitated", but(NOTHING, authorised=Count(0, 5, grade)))
        for grade in ("A1", "B2", "C3", "D4", "E5")
    }
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert shares["E5"] > 0.5
    assert believed("A1") == 1
    assert believed("F6") < believed("C3")
    assert len(GRADES) == 36


def test_dependent_evidence_gives_six_bits_at_the_most() -> None:
    much = but(NOTHING, authorised=Count(0, 9_000, "A1"), provider_on_path=Count(0, 9_000, "A1"))
    by_finding = weights(QUESTIONS["account"], much)
    sums = [sum(column) for column in zip(*by_finding.values(), strict=True)]
    assert max(sums) - min(sums) == pytest.approx(MOST)


def test_priors_are_changeable() -> None:
    own = replace(CASE_2014, priors={"account": {"taken_over": 0.9, "imitated": 0.1}})
    assert [one.prior for one in weighed("account", own).answers] == [0.9, 0.1]
    assert probability("account", "imitated", own) < probability("account", "imitated", CASE_2014)


def test_a_thousand_messages_are_not_a_thousand_witnesses() -> None:
    few, many = (bits(n, n, 0.9) - bits(n, n, 0.3) for n in (10, 10_000))
    assert few < many < 5 * few


def test_the_range_is_the_same_each_time_and_wider_without_evidence_to_narrow_it() -> None:
    assert intervals(QUESTIONS["contacts"], CASE_2014) == intervals(
        QUESTIONS["contacts"], CASE_2014
    )
    told = weighed("transmission", CASE_2014).leader
    assert told.low < told.probability - 0.1 < told.high


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.0, "almost_no_chance"),
        (0.049, "almost_no_chance"),
        (0.05, "very_unlikely"),
        (0.2, "unlikely"),
        (0.45, "roughly_even"),
        (0.5, "roughly_even"),
        (0.55, "likely"),
        (0.8, "very_likely"),
        (0.95, "almost_certain"),
        (1.0, "almost_certain"),
    ],
)
def test_words_of_likelihood(probability: float, word: str) -> None:
    assert likelihood(probability) == word


def test_what_is_asked_for_is_not_known_yet_and_tells_something() -> None:
    for told in weigh_all(CASE_2014):
        known = {one.key for one in told.findings if one.n}
        assert {one.key for one in told.wanted}.isdisjoint(known)
        gains = [one.gain for one in told.wanted]
        assert gains == sorted(gains, reverse=True)
        assert all(gain >= 0.05 for gain in gains)
    assert weighed("contacts", CASE_2014).wanted
