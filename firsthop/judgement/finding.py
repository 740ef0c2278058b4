"""Findings and verdicts: an outcome with its strength, the count that strength comes
from, and the bytes it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import log2

from firsthop.mail.message import Field, Span
from firsthop.system.named_tuple import NamedTuple

_new = tuple.__new__  # a NamedTuple in half the time of its own constructor


class Outcome(StrEnum):
    """What a finding does to its check's hypothesis."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    SILENT = "silent"


class BaseRate(NamedTuple):
    """How often a mark was seen where the hypothesis holds and where it does not."""

    corpus: str
    holds: tuple[int, int]  # k of n
    fails: tuple[int, int]  # k of n

    @property
    def likelihood_ratio(self) -> float:
        """P(mark | hypothesis) / P(mark | not), each rate (k + 1/2) / (n + 1): a count
        of 0 never gives certainty."""
        return _rate(self.holds) / _rate(self.fails)

    @property
    def bits(self) -> float:
        """log2 of the likelihood ratio."""
        return log2(self.likelihood_ratio)


def _rate(count: tuple[int, int]) -> float:
    return (count[0] + 0.5) / (count[1] + 1)


class Observation(NamedTuple):
    """A value a finding rests on. A value that a publication asserts without showing it
    has no span and says so."""

    key: str
    value: str
    field: str | None = None  # the field's name as written
    span: Span | None = None  # in the message's own bytes
    asserted: bool = False


def observe(key: str, value: str, field: Field | None) -> Observation:
    """An observation in a field."""
    if field is None:
        return Observation(key, value)
    return _new(Observation, (key, value, field.name, field.span, False))


class Finding(NamedTuple):
    """What one check found. `says` is a key of words/*.toml with its values, so that it
    can be said in any language."""

    check: str
    outcome: Outcome
    strength: BaseRate | None  # None: not counted yet, and it then carries no weight
    message_key: str
    values: tuple[tuple[str, str], ...] = ()
    observations: tuple[Observation, ...] = ()


class Verdict(NamedTuple):
    """The answer to a question, and the findings it rests on."""

    question: str  # sender | mailer
    answer: str
    because: tuple[Finding, ...] = ()
    reason: str = ""  # a word for why, e.g. "forbidden"; of the sender only
    # what the boundary rests on: settings | assumed | unknown; of the sender only
    rests_on: str = ""


def silent(
    check: str, message_key: str, observations: Sequence[Observation] = (), **values: str
) -> Finding:
    """A finding that says why its check has nothing to say."""
    told = tuple(values.items()), tuple(observations)
    return _new(Finding, (check, Outcome.SILENT, None, message_key, *told))
