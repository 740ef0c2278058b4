"""The corpora as features, by label and source: read once, in two processes."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import Pool
from typing import NamedTuple

from benchmarks.corpora import Labelled, messages
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.evidence.facts import establish
from firsthop.settings import OwnServers

BAD = ("spam", "phish")
SUITES = ("suite_", "sisimai", "sa_tdata")  # samples made for tests: not a heap of mail


class Told(NamedTuple):
    """One message of the corpora."""

    path: str
    label: str
    source: str
    features: MessageFeatures


def told() -> Iterator[Told]:
    """Every labelled message with its features."""
    with Pool() as pool:
        yield from pool.imap(_tell, messages(), chunksize=50)


def _tell(one: Labelled) -> Told:
    return Told(
        one.path,
        one.label,
        one.source,
        features_of(establish(one.message(), OwnServers()))._replace(uri=one.path),
    )


def bad_mail(all_told: list[Told]) -> list[Told]:
    """The real phishing and spam."""
    return [t for t in all_told if t.label in BAD and not t.source.startswith(SUITES)]


def genuine(all_told: list[Told], *sources: str) -> list[Told]:
    """The genuine mail whose source begins with one of the names."""
    return [t for t in all_told if t.label == "ham" and t.source.startswith(sources)]
