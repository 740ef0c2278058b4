"""An archive keeps what it was given, grows, repeats to the byte, and refuses what it
cannot trust."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from firsthop.campaign.archive import Archive, ClusteringRecord, archive
from firsthop.campaign.engine import family_rows, open_engine, scored_pairs
from firsthop.campaign.features import FAMILIES, feature_hash
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.similarity.store import Store
from firsthop.errors import CaseError
from tests.campaign.test_engine_data import give, heap, weigh

MAIL = heap(100)
FOUND = ClusteringRecord(
    [("o-1", "operation", None, 1, 9, 2), ("c-1", "campaign", "o-1", None, None, 2)],
    [("o-1", MAIL[0].id), ("c-1", MAIL[0].id), ("c-1", MAIL[1].id)],
    [("c-9", "c-1", "merged"), ("c-2", "c-9", "merged")],
    [(5, 0.25, 2.0), (-(2**63), 1e-9, 16.0), (2**63 - 1, 1.0, 0.0)],
    {"thresholds": "18 22 34"},
)


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SEGMENT_MESSAGES", 16)


def fill(folder: Path, mail: Iterable[MessageFeatures]) -> Path:
    with Archive.open(folder) as opened:
        for one in mail:
            opened.add(one)
        opened.flush()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "segments").iterdir())}


def test_messages_come_back_as_they_went_in(tmp_path: Path) -> None:
    fill(tmp_path, MAIL)
    with Archive.read(tmp_path) as opened:
        assert list(opened.messages()) == MAIL
        assert [one.rows for one in opened.segments("message")] == [16, 16, 16, 16, 16, 16, 4]
        assert opened.changed() == []


def test_a_message_without_features_and_one_with_odd_texts(tmp_path: Path) -> None:
    odd = MAIL[1]._replace(
        uri="a\x00'\n\u2028",
        features=(
            MAIL[1].features[0]._replace(value="\x1b\\u0041 \U0001f600", field=None, span=None),
        ),
    )
    mail = [MAIL[0]._replace(features=()), odd, MAIL[2]]
    fill(tmp_path, mail)
    with Archive.read(tmp_path) as opened:
        assert list(opened.messages()) == mail


def test_the_same_mail_gives_the_same_bytes(tmp_path: Path) -> None:
    assert files(fill(tmp_path / "a", MAIL)) == files(fill(tmp_path / "b", MAIL))
    assert len(files(tmp_path / "a")) == 14


def test_a_message_is_taken_once(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:40])
    before = files(tmp_path)
    with Archive.open(tmp_path) as opened:
        assert [opened.add(one) for one in [*MAIL[:40], MAIL[50], MAIL[50]]] == [False] * 40 + [
            True,
            False,
        ]
        opened.flush()
        assert list(opened.messages()) == [*MAIL[:40], MAIL[50]]
    assert files(tmp_path).items() >= before.items()


def test_what_a_gathering_found_comes_back(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as opened:
        opened.record(FOUND)
    with Archive.read(tmp_path) as opened:
        assert opened.campaigns() == FOUND.campaigns
        assert list(opened.members()) == sorted(FOUND.members)
        assert opened.aliases() == FOUND.aliases
        assert list(opened.weights()) == sorted(FOUND.weights)
        assert opened.facts() == {"gatherings": "1", "thresholds": "18 22 34"}
        assert opened.segments(clustered=False) == []


def test_the_next_gathering_replaces_it(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as opened:
        opened.record(FOUND)
        opened.add(MAIL[30])
        opened.record(ClusteringRecord(weights=[(1, 0.5, 1.0)]))
        assert (opened.campaigns(), list(opened.members()), opened.aliases()) == ([], [], [])
        assert list(opened.weights()) == [(1, 0.5, 1.0)]
        assert opened.facts() == {"gatherings": "2"}
    fill(tmp_path, [])
    assert sum(name.startswith("weight") for name in files(tmp_path)) == 1


def test_mail_that_comes_later_is_told_apart(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as opened:
        opened.record(FOUND)
        for one in MAIL[20:30]:
            opened.add(one)
        opened.flush()
        assert list(opened.messages(clustered=False)) == MAIL[20:30]
        assert list(opened.messages(clustered=True)) == MAIL[:20]
        assert [one.arrival for one in opened.segments("message")] == [1, 1, 2]


def test_an_engine_reads_the_segments(tmp_path: Path) -> None:
    fill(tmp_path, MAIL)
    with (
        Archive.open(tmp_path) as opened,
        open_engine(tmp_path) as stored,
        open_engine(tmp_path) as given,
    ):
        opened.load(stored)
        stored.put("family", family_rows())
        give(given, MAIL)
        assert weigh(stored) == weigh(given)
        assert list(scored_pairs(stored)) == list(scored_pairs(given))
        opened.record(ClusteringRecord(FOUND.campaigns, FOUND.members, weights=weigh(stored)))
        opened.load(given)
        assert list(scored_pairs(given)) == list(scored_pairs(stored))
        assert next(given.run("heap_count"))[:2] == (100, 99)


def test_readers_do_not_wait_for_the_writer(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as writer, Archive.read(tmp_path) as reader:
        for one in MAIL[20:60]:
            writer.add(one)
        assert len(list(reader.messages())) in (20, 52)
        writer.record(FOUND)
        assert reader.campaigns() == FOUND.campaigns


def test_there_is_one_writer(tmp_path: Path) -> None:
    with Archive.open(tmp_path), pytest.raises(CaseError, match="another run"):
        Archive.open(tmp_path)
    Archive.open(tmp_path).close()


def test_a_gathering_that_fails_halfway_changes_nothing(tmp_path: Path) -> None:
    def broken() -> Iterable[tuple[str, str]]:
        yield "c-1", "m"
        raise RuntimeError

    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as opened:
        opened.record(FOUND)
        with pytest.raises(RuntimeError):
            opened.record(FOUND._replace(campaigns=[], members=broken()))
        assert opened.campaigns() == FOUND.campaigns
        with pytest.raises(CaseError, match="UNIQUE"):
            opened.record(FOUND._replace(members=[("c", "m"), ("c", "m")]))
        assert opened.facts()["gatherings"] == "1"
        assert list(opened.weights()) == sorted(FOUND.weights)


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    before = files(fill(tmp_path, MAIL[:20]))
    (tmp_path / "segments" / ".unfinished.parquet").write_bytes(b"half")
    (tmp_path / "segments" / "feature-0123.parquet").write_bytes(b"whole, and never listed")
    (tmp_path / ".engine-x").mkdir()
    Archive.read(tmp_path).close()
    assert (tmp_path / ".engine-x").exists(), "who only reads removes nothing"
    Archive.open(tmp_path).close()
    assert files(tmp_path) == before
    assert not (tmp_path / ".engine-x").exists()


def test_damage_is_told(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    first, second, *_ = sorted((tmp_path / "segments").iterdir())
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    with Archive.read(tmp_path) as opened:
        assert opened.changed() == [first.name]
    second.unlink()
    with pytest.raises(CaseError, match=second.name):
        Archive.open(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"SQLite format 3\x00" + b"\xff" * 200,
        b"no database at all, but long enough to be taken for one" * 20,
    ],
)
def test_a_database_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "archive.sqlite").write_bytes(content)
    with pytest.raises(CaseError):
        Archive.read(tmp_path)
    assert (tmp_path / "archive.sqlite").read_bytes() == content


def test_foreign_folders_and_databases_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no archive"):
        Archive.read(tmp_path / "none")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "letter.txt").touch()
    with pytest.raises(CaseError, match="name another folder"):
        Archive.open(tmp_path / "a")
    (tmp_path / "b").mkdir()
    foreign = sqlite3.connect(tmp_path / "b" / "archive.sqlite")
    foreign.execute("CREATE TABLE segment (name)")
    foreign.close()
    with pytest.raises(CaseError, match="no archive that this version reads"):
        Archive.open(tmp_path / "b")
    with Archive.open(tmp_path / "c"):
        pass
    newer = sqlite3.connect(tmp_path / "c" / "archive.sqlite")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(CaseError, match="no archive that this version reads"):
        Archive.open(tmp_path / "c")


@pytest.mark.parametrize("folder", ["it's", "a b", "ü", "x[1]*", "what?#%41"])
def test_a_folders_name_is_only_a_name(tmp_path: Path, folder: str) -> None:
    fill(tmp_path / folder, MAIL[:20])
    with Archive.read(tmp_path / folder) as opened:
        assert list(opened.messages()) == MAIL[:20]


def test_tables_are_strict_and_the_log_is_written_ahead(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:2])
    with closing(sqlite3.connect(tmp_path / "archive.sqlite")) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO campaign (id, level, size) VALUES ('a', 'b', 'many')")
    connection.close()


def test_a_store_is_filled_with_what_several_messages_carry(tmp_path: Path) -> None:
    fill(tmp_path, MAIL)
    store, plain = Store(), Store()
    plain.extend(MAIL)
    with Archive.read(tmp_path) as opened:
        opened.fill(store)
        assert list(opened.ids()) == [one.id for one in MAIL]
    for column in ("ids", "places", "held"):
        assert list(getattr(store, column)) == list(getattr(plain, column))
    assert (store.instants, store.zones) == (plain.instants, plain.zones)
    assert [store.source(n) for n in range(len(MAIL))] == [one.instant_source for one in MAIL]
    assert [store.number[one.id] for one in MAIL] == [plain.number[one.id] for one in MAIL]
    assert told(store) == {(h, n) for h, n in told(plain) if n > 1 or h in store.hashes}
    assert {h for h, n in told(plain) if n > 1} <= set(store.hashes) < set(plain.hashes)
    for number in range(len(MAIL)):
        mine = {store.hashes[value] for value in store.values[number]}
        assert mine == {plain.hashes[v] for v in plain.values[number]} & set(store.hashes)


def told(store: Store) -> set[tuple[int, int]]:
    """The values of a store by hash, and how many messages carry each; that it has its
    text is looked at beside."""
    for value, carriers in enumerate(store.counts):
        text = store.texts.get(value)
        family = list(FAMILIES)[store.families[value]]
        assert text is not None or carriers < 2
        assert text is None or feature_hash(family, text) == store.hashes[value]
    return set(zip(store.hashes, store.counts, strict=True))


def test_a_message_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    twin = MAIL[3]._replace(id="other", message_id=MAIL[0].id)
    mail = [
        MAIL[0]._replace(message_id="<a@b>"),
        MAIL[1]._replace(uri="it's.eml", offset=7),
        *MAIL[2:20],
        twin,
    ]
    fill(tmp_path, mail)
    with Archive.read(tmp_path) as opened:
        assert opened.find(MAIL[0].id) == mail[0]  # though it is another's Message-ID
        assert opened.find("a@b") == opened.find("<a@b>") == mail[0]
        assert opened.find("it's.eml") == opened.find("it's.eml@7") == mail[1]
        assert opened.find("nobody") is None


def test_an_archive_goes_back_to_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SEGMENT_MESSAGES", 16)
    before = files(fill(tmp_path / "a", MAIL[:32]))
    with Archive.open(tmp_path / "a") as opened:
        for one in MAIL[32:60]:
            opened.add(one)
        opened.flush()
        assert opened.held == 60
        opened.rewind(32)
        assert list(opened.messages()) == MAIL[:32]
        assert [opened.add(one) for one in MAIL[30:34]] == [False, False, True, True]
    with Archive.open(tmp_path / "a"):
        pass
    names = {name for name in before if name.endswith(".parquet")}
    assert {name for name in files(tmp_path / "a") if name.endswith(".parquet")} == names


def test_the_members_of_a_cluster_and_their_homes(tmp_path: Path) -> None:
    fill(tmp_path, MAIL[:20])
    with Archive.open(tmp_path) as opened:
        opened.record(FOUND)
    with Archive.read(tmp_path) as opened:
        assert opened.members_of("c-1") == MAIL[:2]
        assert opened.members_of("none") == []
        assert opened.homes(MAIL[0].id) == ["c-1", "o-1"]
        assert opened.homes("nobody") == []
