"""What comes with a platform counts as rare as it is within the platform's own mail.

A mail provider or a sending service makes fields, ids, boundaries and links for all its
customers: two messages that came through it agree on them, whoever wrote them. Its name
is one cause, and is counted once, by the values that name it. Of every other value that
programs make, and that stands mostly in its mail, this gives

    p(v | platform) = campaigns of the platform with v / campaigns of the platform

learned from the heap, each campaign once by its earliest message, and from background,
message by message (background.of_platform); the greater counts. A platform with fewer
than FEWEST campaigns, or messages in a background, is not known well enough, and fewer
than three of them show no habit. What a sender keeps for himself (`own` of
families.py), names, texts and addresses are left as they are. That a message names a
platform is its sender's word: it makes nothing rarer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from firsthop.campaign.background import Background, of_platform
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.platforms import MADE, NAMING, platform_named
from firsthop.campaign.similarity.store import Store

FEWEST = 20
_HABIT = 3  # campaigns
_SAMPLE = 20_000  # campaigns that are counted, at most
_NAMES = tuple(FAMILIES)
_AUTHOR = _NAMES.index("author_domain")
_MADE = frozenset(number for number, name in enumerate(_NAMES) if name in MADE)
_NAMING = frozenset(number for number, name in enumerate(_NAMES) if name in NAMING)


def shares_within_platforms(
    store: Store, labels: Sequence[int] | None, background: Background
) -> dict[int, float]:
    """The greatest share of each value within the mail of a platform, by value number;
    `labels` are the campaigns of the messages, None where none is known yet."""
    named = _named(store)
    if not named:
        return {}
    in_heap = _counted(store, named, _one_of_each(store, labels)) if labels is not None else {}
    shares = dict(in_heap)
    for value, share in _in_background(store, set(named.values()), background):
        shares[value] = max(share, shares.get(value, 0.0))
    return shares


def _named(store: Store) -> dict[int, str]:
    """The values that name a platform, and which; values of one message name none."""
    found = (
        (value, platform_named(_NAMES[store.families[value]], store.texts[value]))
        for value in store.texts
        if store.families[value] in _NAMING
    )
    return {value: platform for value, platform in found if platform}


def _one_of_each(store: Store, labels: Sequence[int]) -> list[int]:
    """The earliest message of each campaign under each domain of an author; of too many
    every second, third ..."""
    first: dict[tuple[int, int], int] = {}
    for message in store.in_time(range(len(labels))):
        domain = next((v for v in store.values[message] if store.families[v] == _AUTHOR), -1)
        first.setdefault((labels[message], domain), message)
    messages = list(first.values())
    return messages[:: 1 + len(messages) // _SAMPLE]


def _counted(store: Store, named: dict[int, str], messages: Iterable[int]) -> dict[int, float]:
    carriers: Counter[int] = Counter()
    together: Counter[tuple[str, int]] = Counter()
    platforms: Counter[str] = Counter()
    for message in messages:
        values = store.values[message]
        made = [value for value in values if store.families[value] in _MADE]
        carriers.update(made)
        for platform in {named[value] for value in values if value in named}:
            platforms[platform] += 1
            together.update((platform, value) for value in made)
    shares: dict[int, float] = {}
    for (platform, value), both in together.items():
        if both >= _HABIT and platforms[platform] >= FEWEST and 2 * both >= carriers[value]:
            shares[value] = max(shares.get(value, 0.0), both / platforms[platform])
    return shares


def _in_background(
    store: Store, platforms: Iterable[str], background: Background
) -> Iterator[tuple[int, float]]:
    known = [
        (one, count)
        for one in sorted(platforms)
        if (count := background.count(of_platform(one))) >= FEWEST
    ]
    for value in store.texts if known else ():
        hashed = store.hashes[value]
        if store.families[value] in _MADE and (carriers := background.count(hashed)) >= _HABIT:
            for platform, count in known:
                both = background.count(of_platform(platform, hashed))
                if both >= _HABIT and 2 * both >= carriers:
                    yield value, both / count
