"""Finds a signature's mail in other mail, and says by which elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Signature, values_of


class Match(NamedTuple):
    """A message that reaches a signature's threshold, or has one of its pairs."""

    uri: str
    offset: int
    message_id: str | None
    bits: float
    threshold: float
    by: tuple[Atom, ...]
    pair: Pair | None = None  # of elements that finds it by itself


def match(signature: Signature, messages: Iterable[MessageFeatures]) -> Iterator[Match]:
    """The messages that match, in their order."""
    for one in messages:
        values = values_of((f.family, f.value) for f in one.features)
        if signature.matches(values):
            by = tuple(atom for atom in signature.atoms if (atom.family, atom.value) in values)
            yield Match(
                one.uri,
                one.offset,
                one.message_id,
                signature.score(values),
                signature.threshold,
                by,
                signature.pair(values),
            )
