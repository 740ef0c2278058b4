"""The signatures of a heap's campaigns, in both forms.

Other mail for the test is the heap outside the same operation, at most ELSEWHERE
messages of it, the same ones for every campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.atoms import Elsewhere
from firsthop.campaign.signature.bitsets import Key, Sample, Values, members, set_of
from firsthop.campaign.signature.forms import FORMS
from firsthop.campaign.signature.signature import Signature, learn, values_of

ELSEWHERE = 5_000
OPERATIONS = 5  # that one server may serve
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
        homes = [clustering.home(number, "operation") for number in messages]
        for place, operation in enumerate(homes):
            places[operation].append(place)
        self._shared = shared_servers(self._sample, homes)
        self._operations = {operation: set_of(many) for operation, many in places.items()}
        self._halves = (set_of(range(0, len(messages), 2)), set_of(range(1, len(messages), 2)))

    def signatures(self, campaign: Cluster) -> tuple[Signature, ...]:
        """The signatures of a campaign, in both forms where there is something
        distinctive."""
        others = ~self._operations.get(self._clustering.home(campaign.members[0], "operation"), 0)
        learned_on, held = (half & others for half in self._halves)
        elsewhere = Elsewhere(self._sample, learned_on, held, self._shared)
        members = [
            values_in(self._clustering, n)
            for n in campaign.members[:: max(1, campaign.size // MEMBERS)]
        ]
        learned = (
            learn(campaign.id, members, elsewhere, self._clustering.background, form)
            for form in FORMS
        )
        return tuple(signature for signature in learned if signature is not None)


def shared_servers(sample: Sample, operations: Sequence[str]) -> frozenset[Key]:
    """Hosts and addresses on the way of more than OPERATIONS operations: they serve
    the reader or a list, and are no sender's mark, whoever the receiver was taken for.
    `operations`: those of the sample's messages."""
    return frozenset(
        key
        for key, k in sample.counts(sample.everything)
        if k > OPERATIONS
        and FAMILIES[key[0]].view == "infrastructure"
        and len({operations[place] for place in members(sample.carriers(key))}) > OPERATIONS
    )


def values_in(clustering: Clustering, message: int) -> Values:
    """The values of a message that some other message of the heap shares."""
    store = clustering.store
    find = store.texts.find
    return values_of(
        (_NAMES[store.families[v]], text)
        for v in store.values[message]
        if (text := find(v)) is not None
    )
