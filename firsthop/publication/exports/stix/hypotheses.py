"""The weighed causes: a note for each rival answer, an opinion on it in the words of
ICD 203, and how well founded the outcome is in a note of its own.

Never:      says a likelihood and a confidence in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.judgement.hypotheses.icd203 import Likelihood
from firsthop.judgement.hypotheses.weighed import Confidence, WeighedAnswer, WeighedQuestion
from firsthop.publication.exports.stix.frame import Frame
from firsthop.publication.exports.stix.objects import Note, Opinion, StixObject
from firsthop.publication.words import say

# section 4.15 has five steps
_OPINIONS = {
    Likelihood.ALMOST_NO_CHANCE: "strongly-disagree",
    Likelihood.VERY_UNLIKELY: "strongly-disagree",
    Likelihood.UNLIKELY: "disagree",
    Likelihood.ROUGHLY_EVEN: "neutral",
    Likelihood.LIKELY: "agree",
    Likelihood.VERY_LIKELY: "strongly-agree",
    Likelihood.ALMOST_CERTAIN: "strongly-agree",
}
# appendix A, the scale of none, low, medium and high
_CONFIDENCE = {Confidence.LOW: 15, Confidence.MODERATE: 50, Confidence.HIGH: 85}


def hypotheses(frame: Frame) -> tuple[StixObject, ...]:
    """The notes and opinions of all questions. What was weighed is the whole case."""
    return tuple(
        one
        for question in frame.source.investigation.hypotheses
        for one in _question(frame, question)
    )


def _question(frame: Frame, question: WeighedQuestion) -> Iterator[StixObject]:
    notes: list[Note] = []
    for answer in question.answers:
        note = _hypothesis(frame, question, answer)
        notes.append(note)
        yield note
        yield _opinion(frame, question, answer, note)
    yield _outcome(frame, question, notes)


def _hypothesis(frame: Frame, question: WeighedQuestion, answer: WeighedAnswer) -> Note:
    return Note(
        frame.head("note", "hypothesis", question.key, answer.key),
        abstract=say("en", f"hypotheses.question.{question.key}"),
        content=f"Hypothesis: {_said(question, answer)}.",
        object_refs=(frame.reference,),
    )


def _opinion(frame: Frame, question: WeighedQuestion, answer: WeighedAnswer, note: Note) -> Opinion:
    said = {"answer": _said(question, answer)}
    return Opinion(
        frame.head("opinion", question.key, answer.key),
        confidence=_CONFIDENCE[question.confidence],
        explanation=say("en", f"hypotheses.outcome.{answer.likelihood}", said),
        opinion=_OPINIONS[answer.likelihood],
        object_refs=(note.id,),
    )


def _outcome(frame: Frame, question: WeighedQuestion, notes: list[Note]) -> Note:
    single = "_single" if question.turning else ""
    return Note(
        frame.head("note", "outcome", question.key),
        abstract=say("en", f"hypotheses.question.{question.key}"),
        content=say("en", f"hypotheses.confidence.{question.confidence}{single}")
        if question.decided
        else say("en", "hypotheses.open"),
        object_refs=(frame.reference, *(one.id for one in notes)),
    )


def _said(question: WeighedQuestion, answer: WeighedAnswer) -> str:
    return say("en", f"hypotheses.answer.{question.key}.{answer.key}")
