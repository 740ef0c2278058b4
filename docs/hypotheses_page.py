"""The page of the tables by which causes are weighed: what each answer predicts of each
finding, where that comes from, and who can tell what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.judgement.hypotheses.admiralty import CREDIBILITY, RELIABILITY
from firsthop.judgement.hypotheses.likelihood import HIGHEST, LOWEST
from firsthop.judgement.hypotheses.question import Prediction, Question, questions
from firsthop.publication.words import say
from firsthop.statements import STATEMENTS

SAYS = f"""The tables in `firsthop/judgement/hypotheses/tables`. A share is what an answer
predicts of a finding: of so many messages, persons or sources, that part bears the mark. The best
guess stands first, its range behind it; every draw of the interval takes each share from its range.
The shares are estimates unless their source says that they were counted: no corpus says who sent
its mail. They lie between {LOWEST} and {HIGHEST}: nothing is impossible, nothing certain. How they
are used: [causes, weighed](../explanation/hypotheses.md)."""


def hypotheses_page(note: str) -> str:
    """The page; `note` says that it is generated."""
    parts = ["# Causes: questions, answers, predictions", "", note, "", SAYS]
    for question in questions():
        parts += _question(question)
    parts += ["", "## Statements", "", "What the case file can state (`[[statement]]`):", ""]
    parts += ["| key | so many of so many |", "|---|---|"]
    parts += [f"| `{key}` | {explanation} |" for key, explanation in STATEMENTS.items()]
    parts += ["", "## Grades", "", "What the Admiralty code's letter and digit leave of the bits:"]
    marks = [*RELIABILITY.items(), *CREDIBILITY.items()]
    parts += ["", "| " + " | ".join(mark for mark, _ in marks) + " |", "|---:" * len(marks) + "|"]
    parts += ["| " + " | ".join(f"{share:.0%}" for _, share in marks) + " |", ""]
    return "\n".join(parts)


def _question(question: Question) -> Iterator[str]:
    yield from ("", f"## {say('en', f'hypotheses.question.{question.key}')}", "")
    yield f"Key: `{question.key}`. Answers: {question.source}. Priors: {question.prior_source}."
    yield ""
    for answer in question.answers:
        told = say("en", f"hypotheses.answer.{question.key}.{answer}")
        yield f"- `{answer}`: {told} (held before: {question.priors[answer]:.0%})"
    for one in question.predictions:
        yield from _prediction(question, one)


def _prediction(question: Question, one: Prediction) -> Iterator[str]:
    yield from ("", f"### {question.key}: {one.key}", "")
    mark = say("en", f"hypotheses.finding.{one.key}")
    yield f"{mark[0].upper()}{mark[1:]}. Group: {one.group}."
    yield from ("", f"- Source: {one.source}.")
    if one.no_weight:
        yield f"- No weight: {one.no_weight}."
    if one.keyed:
        yield "- No weight where the mail was collected by the authors' domain."
    if one.ask:
        yield f"- Who can tell: {say('en', f'hypotheses.ask.{one.ask}')}"
    if one.shares:
        yield from ("", "| " + " | ".join(question.answers) + " |")
        yield "|---:" * len(question.answers) + "|"
        shares = (one.shares[answer] for answer in question.answers)
        cells = (f"{guess:g} ({low:g}–{high:g})" for low, guess, high in shares)
        yield "| " + " | ".join(cells) + " |"
