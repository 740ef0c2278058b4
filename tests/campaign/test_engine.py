"""The embedded engine: its rows against plain Python, its lock, its order, and what it
leaves behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks.campaigns.in_memory import MemoryCounts
from firsthop.campaign.background import Background
from firsthop.campaign.engine import (
    DuckDBEngine,
    Engine,
    Pair,
    Row,
    open_engine,
    scored_pairs,
)
from firsthop.campaign.engine.counts import TableCounts
from firsthop.campaign.features.families import FAMILIES, NUMBER
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.score import Scorer
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Epoch
from firsthop.errors import EngineError
from tests.campaign.test_engine_data import START, give, heap, weigh

MAIL = heap(300)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path) as opened:
        yield opened


def in_order(mail: list[MessageFeatures]) -> list[MessageFeatures]:
    return sorted(mail, key=lambda one: (one.instant is None, one.instant or 0, one.id))


def counted(mail: list[MessageFeatures]) -> dict[int, tuple[int, int, float, int, int]]:
    """n, months, outside_share, n_authenticated, n_domains of each shared value."""
    carriers: dict[int, list[MessageFeatures]] = defaultdict(list)
    for one in mail:
        for feature in one.features:
            carriers[feature.hash].append(one)
    return {hashed: _count(many, mail) for hashed, many in carriers.items() if len(many) > 1}


def _count(
    many: list[MessageFeatures], mail: list[MessageFeatures]
) -> tuple[int, int, float, int, int]:
    months = [-1 if one.instant is None else one.instant // 2_592_000 for one in many]
    top = sorted(set(months), key=lambda month: (-months.count(month), month))[:3]
    rest = sum((-1 if one.instant is None else one.instant // 2_592_000) not in top for one in mail)
    outside = sum(month not in top for month in months) / rest if rest else 0.0
    domains = [one.authenticated_domain for one in many if one.authenticated_domain]
    return len(many), len(set(months) - {-1}), outside, len(domains), len(set(domains))


def test_the_counts_of_values(engine: Engine) -> None:
    give(engine, MAIL)
    found = {row[0]: (row[2], row[4], row[6], row[7], row[8]) for row in engine.run("value_stats")}
    assert found == counted(MAIL)


def test_a_campaign_counts_once(engine: Engine) -> None:
    give(engine, MAIL)
    before = {row[0]: row[3] for row in engine.run("value_stats")}
    assert before == {row[0]: row[2] for row in engine.run("value_stats")}
    engine.put("campaign", [("c-1", "campaign"), ("o-1", "operation")])
    engine.put("member", [(campaign, one.id) for campaign in ("c-1", "o-1") for one in MAIL[:200]])
    after = {row[0]: row[3] for row in engine.run("value_stats")}
    inside = {one.id for one in MAIL[:200]}
    carriers = {
        h: [one.id for one in MAIL if h in {f.hash for f in one.features}] for h in list(after)[:40]
    }
    assert {h: after[h] for h in carriers} == {
        h: len({"c" if one in inside else one for one in many}) for h, many in carriers.items()
    }
    assert list(engine.run("heap_count")) == [(300, 101, 9)]


def test_tables_and_memory_count_alike(engine: Engine) -> None:
    store = Store()
    store.extend(MAIL)
    give(engine, MAIL)
    tables = TableCounts(
        engine,
        clustered=False,
        numbers=store.number_of_hash,
    )
    memory = MemoryCounts(store, ClusteringParameters())
    assert tables.heap() == memory.heap()
    # of months that are equally busy each may leave out another
    assert {c._replace(outside=0.0) for c in tables.values()} == {
        c._replace(outside=0.0) for c in memory.values()
    }


def test_tables_and_memory_score_alike(engine: Engine) -> None:
    store = Store()
    store.extend(MAIL)
    scorer = Scorer(
        store,
        Epoch(
            store, MemoryCounts(store, ClusteringParameters()), Background(), ClusteringParameters()
        ),
    )
    give(engine, MAIL)
    engine.put(
        "weight",
        (
            (h, p, w / 1000)
            for h, p, w in zip(store.hashes, scorer.epoch.share, scorer.epoch.weight, strict=True)
        ),
    )
    pairs = list(scored_pairs(engine, tau=-1000.0))
    number = {seq: store.number[one] for seq, one in ids_of(engine).items()}
    expected = [scorer.pair(number[pair.late], number[pair.early]) for pair in pairs]
    assert [(pair.views, pair.claims) for pair in pairs] == [
        (score.views, score.claims) for score in expected
    ]
    assert [(pair.bits, pair.asserted) for pair in pairs] == [
        pytest.approx((score.observed, score.asserted), abs=0.02) for score in expected
    ]
    assert pairs


def test_the_background_is_summed_over_its_sources(engine: Engine) -> None:
    give(engine, MAIL)
    hashed = next(iter(counted(MAIL)))
    engine.put("background_stat", [(hashed, "one", 3, 1, 1), (hashed, "other", 4, 1, 1)])
    (row,) = (row for row in engine.run("value_stats", background=70) if row[0] == hashed)
    assert row[9:] == (7, 0.1)


def expected_pairs(
    mail: list[MessageFeatures], weights: list[Row]
) -> list[tuple[str, str, int, int, int, int]]:
    """Every scored pair, computed plainly: the ids of the later and the earlier,
    thousandths of bits times 4, views, the same of claims, claims."""
    ordered = in_order(mail)
    rare = {hashed: p for hashed, p, _ in weights}
    bits = {hashed: round(1000 * credit) for hashed, _, credit in weights}
    number = {hashed: place for place, hashed in enumerate(sorted(counted(mail)))}
    recent: dict[int, list[int]] = defaultdict(list)
    found = []
    for late, one in enumerate(ordered):
        ranked = sorted(
            (f for f in one.features if f.hash in bits),
            key=lambda f: (-bits[f.hash], number[f.hash]),
        )[:62]
        sums: dict[int, int] = defaultdict(int)
        for feature in ranked:
            claimed = feature.view == "asserted" and bits[feature.hash] > 0
            if claimed or (rare[feature.hash] <= 0.02 and bits[feature.hash] >= 5000):
                for early in recent[feature.hash][-15:]:
                    sums[early] += bits[feature.hash]
                recent[feature.hash].append(late)
        chosen = sorted(sorted(sums, key=lambda other: (-sums[other], other))[:24])
        found += [
            (one.id, ordered[early].id, *_score(one, ordered[early], bits)) for early in chosen
        ]
    return found


def _score(
    a: MessageFeatures, b: MessageFeatures, bits: dict[int, int]
) -> tuple[int, int, int, int]:
    theirs = {f.hash for f in b.features}
    shared = [f for f in a.features if f.hash in theirs and f.hash in bits]
    views: dict[str, list[int]] = defaultdict(list)
    for feature in shared:
        views[feature.view].append(bits[feature.hash])
    sums = {
        view: sum(w * d for w, d in zip(sorted(many, reverse=True), (4, 1), strict=False))
        for view, many in views.items()
    }
    both = {f.family for f in a.features} & {f.family for f in b.features} - {
        f.family for f in shared
    }
    against: dict[str, float] = defaultdict(float)
    for family in both:
        against[FAMILIES[family].view] = min(
            against[FAMILIES[family].view], round(1000 * FAMILIES[family].against)
        )
    strong = sum(
        (max(many) >= 4000) + (max(many) >= 13000)
        for view, many in views.items()
        if view != "asserted"
    )
    observed = sum(total for view, total in sums.items() if view != "asserted") + sum(
        int(bits) * d for bits, d in zip(sorted(against.values()), (4, 2, 1), strict=False)
    )
    return observed, strong, sums.get("asserted", 0), len(views.get("asserted", ()))


def plain(engine: Engine, pairs: Iterable[Pair]) -> list[tuple[str, str, int, int, int, int]]:
    ids = ids_of(engine)
    return [
        (
            ids[pair.late],
            ids[pair.early],
            round(4000 * pair.bits),
            pair.views,
            round(4000 * pair.asserted),
            pair.claims,
        )
        for pair in pairs
    ]


def ids_of(engine: Engine) -> dict[int, str]:
    """The messages by their places in the sequence."""
    return {seq: one for one, seq, *_ in engine.run("sequence")}


def test_the_scores_of_pairs(engine: Engine) -> None:
    give(engine, MAIL)
    weights = weigh(engine)
    expected = expected_pairs(MAIL, weights)
    assert plain(engine, scored_pairs(engine, tau=-1000.0)) == expected
    assert len(expected) > 1_000
    assert any(row[2] < 0 for row in expected), "no pair has more against it than for it"
    kept = [row for row in expected if row[2] + row[4] >= 72_000 or row[5] > 1]
    assert plain(engine, scored_pairs(engine)) == kept


@pytest.mark.slow
@pytest.mark.parametrize("batch", [1, 7, 150])
def test_batches_do_not_show(engine: Engine, batch: int) -> None:
    give(engine, MAIL[:60])
    weigh(engine)
    assert list(scored_pairs(engine, batch=batch)) == list(scored_pairs(engine))


def test_mail_that_arrived_later_comes_later(engine: Engine) -> None:
    give(engine, MAIL, late=10)
    weigh(engine)
    late = {one.id for one in MAIL[-10:]}
    pairs = list(scored_pairs(engine, first=291))
    assert pairs
    ids = ids_of(engine)
    assert {ids[pair.late] for pair in pairs} <= late
    assert pairs == [pair for pair in scored_pairs(engine) if pair.late > 290]


def test_a_common_value_costs_no_more_than_its_last_carriers(engine: Engine) -> None:
    same = [
        one._replace(instant=START + n, features=MAIL[0].features) for n, one in enumerate(MAIL)
    ]
    give(engine, same)
    engine.put("weight", [(f.hash, 0.001, 10.0) for f in MAIL[0].features])
    assert len(list(engine.run("candidate"))) == 15 * 300 - sum(range(16))
    assert len(list(engine.run("candidate", carriers=3))) == 3 * 300 - sum(range(4))


def test_a_message_with_very_many_values_is_compared_by_the_best(engine: Engine) -> None:
    many = MAIL[0].features[:1] * 0 + tuple(
        MAIL[0].features[0]._replace(value=f"v{n}") for n in range(400)
    )
    give(engine, [MAIL[0]._replace(features=many), MAIL[1]._replace(features=many)])
    engine.put("weight", [(f.hash, 0.001, 5.0 + n / 100) for n, f in enumerate(many)])
    (pair,) = scored_pairs(engine, tau=0.0)
    assert pair.bits == pytest.approx(8.99 + 8.98 / 4)


def test_a_step_is_made_again_when_its_input_changes(engine: Engine) -> None:
    give(engine, MAIL[:50])
    assert list(engine.run("heap_count")) == [
        (50, 50, len({one.authenticated_domain for one in MAIL[:50]} - {None}))
    ]
    give(engine, MAIL[:20])
    assert next(engine.run("heap_count"))[0] == 20


def test_an_empty_heap(engine: Engine) -> None:
    give(engine, [])
    assert list(engine.run("value_stats")) == []
    assert list(scored_pairs(engine)) == []
    assert list(engine.run("heap_count")) == [(0, 0, 0)]


def test_hostile_texts_are_only_texts(engine: Engine) -> None:
    odd = MAIL[0]._replace(id="\ud800'); DROP TABLE message; --\x00", authenticated_domain="\\'\n")
    give(engine, [odd, MAIL[1]])
    assert {row[0] for row in engine.run("sequence")} == {
        "\\ud800'); DROP TABLE message; --\x00",
        MAIL[1].id,
    }


def test_what_does_not_exist_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="no statement 'nothing'"):
        engine.run("nothing")
    with pytest.raises(ValueError, match="no parameter 'tua'"):
        engine.run("pair_score", tua=1)
    with pytest.raises(ValueError, match="no input table 'sequence'"):
        engine.put("sequence", [])


def test_nothing_is_left(tmp_path: Path) -> None:
    with open_engine(tmp_path) as engine:
        give(engine, MAIL[:20])
        list(engine.run("value_stats"))
        assert list(tmp_path.iterdir())
    assert list(tmp_path.iterdir()) == []


def test_threads_and_memory_do_not_show(tmp_path: Path) -> None:
    found = []
    for threads, memory in ((1, "1GB"), (4, "200MB")):
        with DuckDBEngine(tmp_path, memory, threads) as engine:
            give(engine, MAIL)
            weigh(engine)
            found.append((list(engine.run("value_stats")), list(scored_pairs(engine))))
    assert found[0] == found[1]


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"nothing")
    with open_engine(tmp_path) as engine, pytest.raises(EngineError, match="message"):
        engine.load("message", [tmp_path / "x.parquet"])


@pytest.mark.parametrize("folder", ["it's", "a b", "ü", "x[1]*"])
def test_a_folders_name_is_only_a_name(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    with open_engine(tmp_path / folder) as engine:
        give(engine, MAIL[:20])
        assert next(engine.run("heap_count"))[0] == 20


def test_families_fit_into_a_set() -> None:
    assert len(NUMBER) <= 62
