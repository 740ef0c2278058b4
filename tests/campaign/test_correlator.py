"""A heap that an engine counts and compares is gathered as in memory: the same
clusters, ids, merges and bits, also where mail has come later."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.campaigns.in_memory import cluster_in_memory
from benchmarks.campaigns.planted import Plan
from firsthop.campaign.archive import Archive
from firsthop.campaign.archive.record import to_record
from firsthop.campaign.clustering.assign import Assigner
from firsthop.campaign.clustering.clustering import Clustering, Known, cluster_messages
from firsthop.campaign.clustering.settling import settle
from firsthop.campaign.engine import TableCorrelator, open_engine
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.campaign.similarity.scored_pairs import ScoredPairs
from firsthop.campaign.similarity.store import Store
from tests.campaign.messages import written
from tests.campaign.test_engine_data import heap

PLANS = (
    Plan("one", 40),
    Plan("two", 25, rotated=frozenset({"relay", "helo"})),
    Plan("three", 12, kind=1),
)
MAIL = [
    *(one for plan in PLANS for one in written(plan)),
    *(one for n in range(60) for one in written(Plan(f"noise-{n}", 1, kind=n % 2))),
]
PAIRS: dict[Assigner, list[list[tuple[int, float]]]] = {}  # by message: those it is linked to
ODD = heap(150)  # with claims, without times, with values of half the world


def by_engine(
    folder: Path, mail: list[MessageFeatures], known: Known | None = None, url: str | None = None
) -> Clustering:
    """The heap by an engine, from an archive."""
    with Archive.open(folder) as archive:
        for one in mail:
            archive.add(one)
        archive.flush()
        store = Store()
        archive.fill(store)
        with open_engine(archive.folder, url) as engine:
            archive.load(engine, known)
            return cluster_messages(store, TableCorrelator(engine), known=known)


def all_of(found: Clustering) -> Any:
    """Everything that a case keeps of a heap, and the links themselves."""
    kept = to_record(found)
    return [
        list(kept.campaigns),
        list(kept.members),
        list(kept.aliases),
        list(kept.weights),
        kept.facts,
        PAIRS.get(found.assigner),
        found.rates,
    ]


@pytest.fixture(autouse=True)
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The links of what is settled, for they go with it."""

    def note(assigner: Assigner, pairs: ScoredPairs, known: Collection[int]) -> None:
        PAIRS[assigner] = [
            [
                (other, bits)
                for other, one in pairs.of(n)
                if (bits := one.linked(0, assigner.taus[0]))
            ]
            for n in range(len(assigner.scorer.store))
        ]
        settle(assigner, pairs, known)

    monkeypatch.setattr("firsthop.campaign.clustering.clustering.settle", note)
    yield
    PAIRS.clear()


@pytest.mark.parametrize("mail", [MAIL, ODD, MAIL[:1], []], ids=["written", "odd", "one", "none"])
def test_the_same_as_in_memory(tmp_path: Path, mail: list[MessageFeatures]) -> None:
    assert all_of(by_engine(tmp_path, mail)) == all_of(cluster_in_memory(mail))


@pytest.mark.parametrize("mail", [MAIL, ODD], ids=["written", "odd"])
def test_the_same_where_mail_came_later(tmp_path: Path, mail: list[MessageFeatures]) -> None:
    first = cluster_in_memory(mail[::2])
    known = {
        one.id: tuple(first.home(first.store.number[one.id], level) for level in LEVELS)
        for one in mail[::2]
    }
    assert all_of(by_engine(tmp_path, mail, known)) == all_of(cluster_in_memory(mail, known=known))  # type: ignore[arg-type]


def test_the_same_where_the_thresholds_are_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firsthop.campaign.clustering.clustering.CEILING", -1.0)
    found = by_engine(tmp_path, MAIL)
    assert found.raised > 0
    assert all_of(found) == all_of(cluster_in_memory(MAIL))


def test_mail_can_be_added_to_what_an_engine_gathered(tmp_path: Path) -> None:
    late = written(Plan("one", 40))[30:]
    early = [one for one in MAIL if one.id not in {mail.id for mail in late}]
    heaps = [by_engine(tmp_path, early), cluster_in_memory(early)]
    for one in heaps:
        one.add(late)
    assert all_of(heaps[0])[:3] == all_of(heaps[1])[:3]
