"""Why two messages hang together: the terms of their link in bits, with the fields that each value comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import Feature, MessageFeatures
from firsthop.campaign.heap import Heap
from firsthop.campaign.score import Term
from firsthop.campaign.settings import LEVELS

Reread = Callable[[str, int], MessageFeatures]  # URI, offset: the message's features, read again from its bytes


class Because(NamedTuple):
    """One term with its places: for each of the two messages, field name and span where it was read again."""

    term: Term
    fields: tuple[Feature, ...]


class Why(NamedTuple):
    """The explanation of a pair."""

    bits: float  # observed; asserted claims are not in it
    linked: tuple[str, ...]  # the levels on which the two alone would be linked
    together: tuple[str, ...]  # the levels on which they lie in one cluster
    claims_bits: float  # of what a publication asserts of both
    terms: tuple[Because, ...]
    thresholds: tuple[float, ...]  # bits, by level


def find_message(heap: Heap, name: str) -> int | None:
    """The number of a message by its id, Message-ID or URI; of several the first."""
    if name in heap.store.number:
        return heap.store.number[name]
    bare = name.strip("<>")
    for number, (uri, offset, message_id) in enumerate(heap.store.places):
        if name in (uri, f"{uri}@{offset}") or (message_id is not None and bare == message_id.strip("<>")):
            return number
    return None


def why(heap: Heap, a: int, b: int, reread: Reread | None = None) -> Why:
    """The explanation of two messages of a heap."""
    score = heap.scorer.pair(a, b)
    linked = tuple(level for index, level in enumerate(LEVELS) if heap.assigner.linked(score, index) is not None)
    together = tuple(level for level in LEVELS if heap.home(a, level) == heap.home(b, level))
    read = [reread(*heap.store.places[n][:2]) for n in (a, b)] if reread else []
    terms = tuple(Because(term, _fields(term, read)) for term in heap.scorer.terms(a, b))
    return Why(score.observed, linked, together, score.asserted, terms, heap.assigner.taus)


def _fields(term: Term, read: list[MessageFeatures]) -> tuple[Feature, ...]:
    """Where both messages have the value; of a disagreement, where each has its own."""
    return tuple(f for one in read for f in one.features if f.family == term.family and (not term.value or f.value == term.value))


def says(term: Term) -> str:
    """What the term's family is, in words."""
    return FAMILIES[term.family].says
