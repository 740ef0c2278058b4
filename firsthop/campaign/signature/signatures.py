"""The signatures of a heap's campaigns, in both forms, and their reading back from
JSON.

Other mail for the test is the heap outside the same operation, at most ELSEWHERE
messages of it, the same ones for every campaign."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from firsthop.campaign.clustering.clustering import Campaign, Clustering
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Sample, Values, set_of
from firsthop.campaign.signature.signature import Atom, Elsewhere, Rate, Signature, learn, values_of

FORMS = ("any", "structural")
ELSEWHERE = 5_000
MEMBERS = 5_000  # of a campaign that are looked at, spread over its time
_NAMES = tuple(FAMILIES)


class Signer:
    """Signs the campaigns of a heap; the rest of the heap that signatures are tried on
    is taken once."""

    def __init__(self, heap: Clustering) -> None:
        self._heap = heap
        messages = range(0, len(heap.store), max(1, len(heap.store) // ELSEWHERE))
        self._sample = Sample([values_in(heap, n) for n in messages])
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, number in enumerate(messages):
            places[heap.home(number, "operation")].append(place)
        self._operations = {operation: set_of(many) for operation, many in places.items()}
        self._halves = (set_of(range(0, len(messages), 2)), set_of(range(1, len(messages), 2)))

    def signatures(self, campaign: Campaign) -> tuple[Signature, ...]:
        """The signatures of a campaign, in both forms where there is something
        distinctive."""
        others = ~self._operations.get(self._heap.home(campaign.members[0], "operation"), 0)
        elsewhere = Elsewhere(self._sample, *(half & others for half in self._halves))
        members = [
            values_in(self._heap, n) for n in campaign.members[:: max(1, campaign.size // MEMBERS)]
        ]
        found = (
            learn(campaign.id, members, elsewhere, self._heap.background, form) for form in FORMS
        )
        return tuple(signature for signature in found if signature is not None)


def values_in(heap: Clustering, message: int) -> Values:
    """The values of a message that some other message of the heap shares."""
    store = heap.store
    return values_of(
        (_NAMES[store.families[v]], store.texts[v])
        for v in store.values[message]
        if v in store.texts
    )


def read_signature(table: dict[str, Any]) -> Signature:
    """The signature that `signature_json` wrote."""
    atoms = tuple(
        Atom(**{**a, "covered": tuple(a["covered"]), "background": tuple(a["background"])})
        for a in table["atoms"]
    )
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
