"""The causes, weighed: question by question the answer that the evidence carries, how
well founded it is, the matrix, what it hangs on, and whom to ask.

Likelihood and confidence never stand in one sentence, and no probability stands without
its word and its range."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.investigation import Investigation
from firsthop.judgement.hypotheses.icd203 import likelihood
from firsthop.judgement.hypotheses.weigh import CARRIES
from firsthop.judgement.hypotheses.weighed import WeighedAnswer, WeighedFinding, WeighedQuestion
from firsthop.publication.bulletin.document import (
    Block,
    Bullets,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.clock import utc

_ANSWER_COLUMNS = tuple(
    f"hypotheses.column.{c}" for c in ("answer", "prior", "likelihood", "range")
)
_EVEN = 0.01  # bits; findings that give no answer more than this tell none apart


def hypotheses(investigation: Investigation) -> tuple[Block, ...]:
    """The questions in their order."""
    weighed = investigation.hypotheses
    if not weighed:
        return (Paragraph("hypotheses.none"),) if investigation.summaries else ()
    return (
        Paragraph("hypotheses.how", {"n": str(weighed[0].messages)}),
        *(block for question in weighed for block in _question(question, investigation)),
    )


def decided(investigation: Investigation) -> Iterator[Paragraph]:
    """The sentence of each question that the evidence decides."""
    for question in investigation.hypotheses:
        if question.decided:
            yield outcome(question)


def outcome(question: WeighedQuestion) -> Paragraph:
    """What the evidence carries, in a word of likelihood; or that it decides
    nothing."""
    if question.decided:
        leader = question.leader
        answer = Word(f"hypotheses.answer.{question.key}.{leader.key}")
        return Paragraph(f"hypotheses.outcome.{leader.likelihood}", {"answer": answer})
    if question.leader.probability >= CARRIES:
        return Paragraph("hypotheses.open_leaning", {"answer": _short(question, question.leader)})
    even = all(abs(one.bits) < _EVEN for one in question.answers)
    return Paragraph("hypotheses.open_even" if even else "hypotheses.open")


def _question(question: WeighedQuestion, investigation: Investigation) -> Iterator[Block]:
    yield Paragraph(f"hypotheses.question.{question.key}")
    yield outcome(question)
    if question.decided:
        single = "_single" if question.turning else ""
        yield Paragraph(f"hypotheses.confidence.{question.confidence}{single}")
    yield Table(_ANSWER_COLUMNS, tuple(_answer(question, one) for one in question.answers))
    made = [one for one in question.findings if one.n]
    if made:
        yield _matrix(question, made)
    if question.key == "contacts":
        yield from _compared(investigation)
    yield from _placed(question, investigation)
    yield from _without_weight(question)
    if question.decided:
        yield _hangs_on(question)
    if asks := dict.fromkeys(one.ask for one in question.wanted):
        yield Paragraph("hypotheses.wanted")
        yield Bullets(tuple(Paragraph(f"hypotheses.ask.{ask}") for ask in asks))


def _short(question: WeighedQuestion, one: WeighedAnswer) -> Word:
    return Word(f"hypotheses.short.{question.key}.{one.key}")


def _answer(question: WeighedQuestion, one: WeighedAnswer) -> tuple[Value, ...]:
    return (
        _short(question, one),
        Word("hypotheses.percent", {"n": _percent(one.prior)}),
        Word(f"hypotheses.likelihood.{one.likelihood}"),
        _range(_percent(one.low), _percent(one.high)),
    )


def _range(low: str, high: str) -> Word:
    return Word(
        "hypotheses.same" if low == high else "hypotheses.range", {"low": low, "high": high}
    )


def _percent(probability: float) -> str:
    return f"{100 * probability:.0f}"


def _matrix(question: WeighedQuestion, made: list[WeighedFinding]) -> Table:
    heads = [f"hypotheses.short.{question.key}.{one.key}" for one in question.answers]
    columns = ("finding", "count", "grade")
    return Table(
        (*(f"hypotheses.column.{column}" for column in columns), *heads),
        tuple(
            (
                Word(f"hypotheses.finding.{one.key}"),
                _count(one),
                Quoted(one.grade),
                *(Word(f"hypotheses.fit.{fit}") for fit in one.fits),
            )
            for one in made
        ),
    )


def _count(one: WeighedFinding) -> Word:
    """The count; a statement of the analyst says whose it is."""
    share: dict[str, Value] = {"k": str(one.k), "n": str(one.n)}
    if one.stated_by is None:
        return Word("hypotheses.share", share)
    source = Quoted(one.stated_by)
    if one.n == 1:
        return Word(f"hypotheses.stated_{'yes' if one.k else 'no'}", {"source": source})
    return Word("hypotheses.stated", {**share, "source": source})


def _compared(investigation: Investigation) -> Iterator[Paragraph]:
    """What the comparison with victims' contacts counted."""
    counts = investigation.outside.contacts
    if counts is None:
        return
    values = {
        "n": str(counts.pairs),
        "hits": str(counts.hits),
        "victims": str(counts.victims),
        "expected": f"{counts.expected:.0f}",
    }
    yield Paragraph(
        "hypotheses.compared" if counts.authors > 1 else "hypotheses.compared_alone", values
    )
    if counts.cut_off is not None:
        yield Paragraph("hypotheses.cut_off", {"day": utc(86_400 * counts.cut_off)[:10]})
    yield from _over(investigation, "compared_over", counts.messages)


def _placed(question: WeighedQuestion, investigation: Investigation) -> Iterator[Paragraph]:
    """That the clients of some of the mail were not placed."""
    places = investigation.outside.places
    if places and any(one.n for one in question.findings if one.key == "origins_at_home"):
        yield from _over(investigation, "placed_over", places.messages)


def _over(investigation: Investigation, key: str, counted: int) -> Iterator[Paragraph]:
    """That mail came later, where it did."""
    held = len(investigation.summaries)
    if counted < held:
        yield Paragraph(f"hypotheses.{key}", {"k": str(counted), "n": str(held)})


def _without_weight(question: WeighedQuestion) -> Iterator[Paragraph]:
    """Why what one would expect to weigh does not."""
    for one in question.findings:
        if one.no_weight == "keyed":
            yield Paragraph(f"hypotheses.keyed.{question.key}")
        elif one.no_weight and one.n:
            yield Paragraph(f"hypotheses.no_weight.{one.key}")


def _hangs_on(question: WeighedQuestion) -> Paragraph:
    """The single finding that, if wrong, would turn the outcome; else the
    weightiest."""
    if question.turning:
        (turning,) = (one for one in question.findings if one.key == question.turning)
        key = "hypotheses.turning_other" if turning.decided_without else "hypotheses.turning"
        return Paragraph(key, {"finding": Word(f"hypotheses.finding.{turning.key}")})
    weightiest = min(question.weighty, key=lambda one: one.leader_without, default=None)
    if weightiest is None:
        return Paragraph("hypotheses.prior_only")
    return Paragraph(
        "hypotheses.firm",
        {
            "finding": Word(f"hypotheses.finding.{weightiest.key}"),
            "likelihood": Word(f"hypotheses.likelihood.{likelihood(weightiest.leader_without)}"),
        },
    )
