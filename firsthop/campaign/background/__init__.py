"""What is common in other mail: for every value of a background, in how many messages,
author domains and months it stands.

A value is only as telling as it is rare elsewhere; a heap alone cannot say, for a large
campaign hides itself in its own counts. The package brings a compact statistic from
openly licensed corpora (`background/`, with origin and dates): hashes and counts, no
addresses. The user's own mail is added to it; it should hold genuine mail of the
provider and programs that are being impersonated."""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import NamedTuple

from firsthop.campaign.features.platforms import MADE, platform_named
from firsthop.campaign.features.record import MessageFeatures, text_hash
from firsthop.evidence.host.names import registrable_domain
from firsthop.system.toml_tables import read_table

PERSONAL = frozenset(
    {
        "author_address",
        "author_account",
        "reply_address",
        "client_address",
        "first_address",
        "display_name",
        "passage",
        "short_text",
        "subject_template",
        "url_path",
        "envelope_token",
        "service_account",
        "kit_title",
    }
)
# messages from which on a source's own share counts, beside that of all sources
# together
_ENOUGH = 100
_ROW = struct.Struct(">qIHH")  # hash, messages, domains, months


class Stat(NamedTuple):
    """One value of a background: row `background_stat`."""

    messages: int
    domains: int  # distinct author domains
    months: int


@dataclass(frozen=True, slots=True)
class Source:
    """One body of mail that was counted."""

    name: str
    explanation: str  # what it is, its licence, its dates
    messages: int
    domains: int  # distinct author domains
    stats: dict[int, Stat] = field(default_factory=dict, repr=False)
    # made to be published: without values of one message and families of PERSONAL
    published: bool = False

    def counts(self, family: str) -> bool:
        """Whether values of a family were counted here at all."""
        return not (self.published and family in PERSONAL)

    def share(self, hashed: int) -> float:
        """The share of messages, or of author domains from three on, that carry the
        value; the greater."""
        stat = self.stats.get(hashed)
        if stat is None:
            return 0.0
        spread = stat.domains / self.domains if stat.domains >= 3 else 0.0
        return max(stat.messages / self.messages, spread)


@dataclass(frozen=True, slots=True)
class Background:
    """All that is known of other mail."""

    sources: tuple[Source, ...] = ()
    # by family, as far as it was asked for: the sources in which it was counted, and
    # how many messages these have
    _counting: dict[str, tuple[list[Source], int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def messages(self) -> int:
        """How many messages were counted."""
        return sum(source.messages for source in self.sources)

    def __add__(self, other: Background) -> Background:
        return Background(self.sources + other.sources)

    def count(self, hashed: int) -> int:
        """k of `messages`."""
        return sum(stat.messages for source in self.sources if (stat := source.stats.get(hashed)))

    def at_most(self, family: str, hashed: int) -> tuple[int, int]:
        """In how many messages, at most, a value of a family stands, of those in which
        it was looked for: a published source has not counted every family, and leaves
        out what stands in one message alone."""
        sources, looked = self._looked(family)
        most = 0
        for one in sources:
            stat = one.stats.get(hashed)
            most += stat.messages if stat else int(one.published)
        return most, looked

    def share(self, hashed: int, family: str = "") -> float:
        """The share of background mail with the value: of all together in which its
        family was counted, or in one large enough source, the greater."""
        best, count = 0.0, 0
        for source in self.sources:
            stat = source.stats.get(hashed)
            if stat is not None:
                count += stat.messages
                if source.messages >= _ENOUGH:
                    best = max(best, source.share(hashed))
        return max(best, count / max(1, self._looked(family)[1])) if count else 0.0

    def _looked(self, family: str) -> tuple[list[Source], int]:
        """The sources in which values of a family were counted, and how many messages
        these have."""
        if (known := self._counting.get(family)) is None:
            sources = [one for one in self.sources if one.counts(family)]
            known = self._counting[family] = sources, sum(one.messages for one in sources)
        return known


def count_source(
    name: str, explanation: str, heap: Iterable[MessageFeatures], *, publish: bool = False
) -> Source:
    """Counts a body of mail. To `publish`: only values of two messages or more, and
    none of the families that name persons or quote them."""
    messages: Counter[int] = Counter()
    domains: defaultdict[int, set[str]] = defaultdict(set)
    months: defaultdict[int, set[int]] = defaultdict(set)
    total, seen = 0, set()
    for one in heap:
        total += 1
        domain = author_domain(one)
        seen.add(domain)
        for hashed in _counted_of(one, publish=publish):
            messages[hashed] += 1
            domains[hashed].add(domain)
            if one.instant is not None:
                months[hashed].add(one.instant // 2_592_000)
    least = 2 if publish else 1
    stats = {h: Stat(n, len(domains[h]), len(months[h])) for h, n in messages.items() if n >= least}
    return Source(name, explanation, total, max(1, len(seen)), stats, publish)


def _counted_of(one: MessageFeatures, *, publish: bool) -> set[int]:
    """The hashes that a message counts for: its values, the platforms that it came
    through, and what programs made in it on each of them."""
    kept = [f for f in one.features if not publish or f.family not in PERSONAL]
    platforms = {p for f in one.features if (p := platform_named(f.family, f.value))}
    made = [None, *(f.hash for f in kept if f.family in MADE)]
    return {f.hash for f in kept} | {of_platform(p, one) for p in platforms for one in made}


def of_platform(platform: str, hashed: int | None = None) -> int:
    """The hash under which the messages of a platform are counted; or those of them
    that carry the value of that hash. Made as a feature's is."""
    return text_hash(f"platform|{platform}|{'' if hashed is None else hashed}")


def author_domain(one: MessageFeatures) -> str:
    """The registrable domain of the author, as claimed; empty where there is none."""
    value = next((f.value for f in one.features if f.family == "author_domain"), "")
    return registrable_domain(value) or value


def pack(source: Source) -> bytes:
    """The statistics of a source as sorted rows of 16 bytes."""
    rows = sorted(source.stats.items())
    return b"".join(
        _ROW.pack(h, s.messages, min(s.domains, 65_535), min(s.months, 65_535)) for h, s in rows
    )


def unpack(data: bytes) -> dict[int, Stat]:
    """The statistics in packed rows."""
    return {row[0]: Stat(*row[1:]) for row in _ROW.iter_unpack(data)}


def rows(background: Background) -> Iterator[tuple[int, str, int, int, int]]:
    """The rows of table `background_stat`: hash, source, n, n_domains, months."""
    for source in background.sources:
        for hashed, stat in source.stats.items():
            yield hashed, source.name, stat.messages, stat.domains, stat.months


@cache
def shipped() -> Background:
    """The statistic that comes with the package."""
    folder = resources.files("firsthop.campaign").joinpath("background")
    table = read_table(folder.joinpath("origin.toml"))
    return Background(
        tuple(
            Source(
                name,
                entry["says"],
                entry["messages"],
                entry["domains"],
                unpack(folder.joinpath(f"{name}.bin").read_bytes()),
                published=True,
            )
            for name, entry in table.get("source", {}).items()
        )
    )
