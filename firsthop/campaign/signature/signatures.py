"""The signatures of a heap's campaigns, in both forms.

Other mail for the test is the heap outside the same operation, at most ELSEWHERE
messages of it, the same ones for every campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from firsthop.campaign.clustering.clustering import Cluster, Clustering
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.atoms import Elsewhere
from firsthop.campaign.signature.bitsets import Key, Sample, members, set_of
from firsthop.campaign.signature.signature import Signature, learn
from firsthop.campaign.similarity.store import Store

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
        self._sample = sample_of(clustering.store, messages)
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
        members = campaign.members[:: max(1, campaign.size // MEMBERS)]
        own = sample_of(self._clustering.store, members)
        return tuple(learn(campaign.id, own, elsewhere, self._clustering.background))


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


def sample_of(store: Store, messages: Iterable[int]) -> Sample:
    """Messages with those of their values that some other message of the heap shares;
    each value is looked up once."""

    @cache
    def key(value: int) -> Key | None:
        text = store.texts.find(value)
        return None if text is None else (_NAMES[store.families[value]], text)

    return Sample([[k for v in store.values[n] if (k := key(v))] for n in messages])
