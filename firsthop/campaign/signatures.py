"""The signatures of a heap's campaigns, in both forms, and their reading back from JSON.

Other mail for the test is the heap outside the same operation, at most ELSEWHERE messages of it, the same ones for every campaign.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.heap import Campaign, Heap
from firsthop.campaign.signature import Atom, Rate, Signature, Values, learn, values_of

FORMS = ("any", "structural")
ELSEWHERE = 5_000
MEMBERS = 5_000  # of a campaign that are looked at, spread over its time
_NAMES = tuple(FAMILIES)


def signatures_of(heap: Heap, campaign: Campaign, extra: tuple[Values, ...] = ()) -> tuple[Signature, ...]:
    """The signatures of a campaign; `extra` is more mail that is not its own, such as the user's background."""
    operation = heap.home(campaign.members[0], "operation")
    others = [values for home, values in _sample(heap, len(heap.store)) if home != operation]
    members = [values_in(heap, n) for n in campaign.members[:: max(1, campaign.size // MEMBERS)]]
    found = (learn(campaign.id, members, [*others, *extra], heap.background, form) for form in FORMS)
    return tuple(signature for signature in found if signature is not None)


@lru_cache(maxsize=1)
def _sample(heap: Heap, messages: int) -> list[tuple[str, Values]]:
    """Messages of the heap, at most ELSEWHERE, each with its operation: taken once for all campaigns."""
    return [(heap.home(n, "operation"), values_in(heap, n)) for n in range(0, messages, max(1, messages // ELSEWHERE))]


def values_in(heap: Heap, message: int) -> Values:
    """The values of a message that some other message of the heap shares."""
    store = heap.store
    return values_of((_NAMES[store.families[v]], store.texts[v]) for v in store.values[message] if v in store.texts)


def read_signature(table: dict[str, Any]) -> Signature:
    """The signature that `signature_json` wrote."""
    atoms = tuple(Atom(**{**a, "covered": tuple(a["covered"]), "background": tuple(a["background"])}) for a in table["atoms"])
    return Signature(
        campaign=table["campaign"],
        form=table["form"],
        atoms=atoms,
        threshold=table["threshold"],
        conjunction=tuple((c["family"], c["value"]) for c in table["conjunction"]),
        learned=tuple(table["learned"]),
        tested=tuple(table["tested"]),
        conjunction_tested=tuple(table["conjunction_tested"]),
        false_positives=Rate(**table["false_positives"]),
        conjunction_false_positives=Rate(**table["conjunction_false_positives"]),
        enough=table["enough"],
    )
