"""Findings as cases have them: what the seven excerpts of 2014 show."""

from __future__ import annotations

from dataclasses import replace

from firsthop.judgement.hypotheses.finding import Count, Findings
from firsthop.judgement.hypotheses.question import Question, questions
from firsthop.judgement.hypotheses.weigh import weigh_question
from firsthop.judgement.hypotheses.weighed import WeighedQuestion

SEEN_2014 = {
    "provider_on_path": (0, 7),
    "logged_in": (6, 7),
    "service_line": (0, 7),
    "other_relays": (4, 7),
    "new_networks": (6, 6),
    "one_relay_many_networks": (2, 2),
    "end_user_hosts": (5, 6),
    "mailer_is_genuine": (0, 2),
    "php_form": (2, 2),
    "recipients_are_contacts": (1, 1),
}
CASE_2014 = Findings({key: Count(*seen, "C3") for key, seen in SEEN_2014.items()}, 7, True)
NOTHING = Findings({}, 7)
QUESTIONS = {one.key: one for one in questions()}


def but(findings: Findings, **counts: tuple[int, int] | Count) -> Findings:
    """The findings with others in place of some."""
    new = {key: one if isinstance(one, Count) else Count(*one, "B2") for key, one in counts.items()}
    return replace(findings, counts={**findings.counts, **new})


def weighed(question: str, findings: Findings) -> WeighedQuestion:
    return weigh_question(QUESTIONS[question], findings)


def probability(question: str, answer: str, findings: Findings) -> float:
    return {one.key: one.probability for one in weighed(question, findings).answers}[answer]


def every_question() -> list[Question]:
    return list(QUESTIONS.values())
