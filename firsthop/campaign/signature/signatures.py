"""The signatures of a heap's campaigns, in both forms.

Other mail for the test is the heap outside the same operation, at most ELSEWHERE
messages of it, the same ones for every campaign."""

from __future__ import annotations

from collections import defaultdict

from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.bitsets import Sample, Values, set_of
from firsthop.campaign.signature.forms import FORMS
from firsthop.campaign.signature.signature import Elsewhere, Signature, learn, values_of

ELSEWHERE = 5_000
MEMBERS = 5_000  # of a campaign that are looked at, spread over its time
_NAMES = tuple(FAMILIES)


class Signer:
    """Signs the campaigns of a heap; the rest of the heap that signatures are tried on
    is read once."""

    def __init__(self, clustering: Clustering) -> None:
        self._clustering = clustering
        messages = range(0, len(clustering.store), max(1, len(clustering.store) // ELSEWHERE))
        self._sample = Sample([values_in(clustering, n) for n in messages])
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, number in enumerate(messages):
            places[clustering.home(number, "operation")].append(place)
        self._operations = {operation: set_of(many) for operation, many in places.items()}
        self._halves = (set_of(range(0, len(messages), 2)), set_of(range(1, len(messages), 2)))

    def signatures(self, campaign: Cluster) -> tuple[Signature, ...]:
        """The signatures of a campaign, in both forms where there is something
        distinctive."""
        others = ~self._operations.get(self._clustering.home(campaign.members[0], "operation"), 0)
        elsewhere = Elsewhere(self._sample, *(half & others for half in self._halves))
        members = [
            values_in(self._clustering, n)
            for n in campaign.members[:: max(1, campaign.size // MEMBERS)]
        ]
        learned = (
            learn(campaign.id, members, elsewhere, self._clustering.background, form)
            for form in FORMS
        )
        return tuple(signature for signature in learned if signature is not None)


def values_in(clustering: Clustering, message: int) -> Values:
    """The values of a message that some other message of the heap shares."""
    store = clustering.store
    return values_of(
        (_NAMES[store.families[v]], store.texts[v])
        for v in store.values[message]
        if v in store.texts
    )
