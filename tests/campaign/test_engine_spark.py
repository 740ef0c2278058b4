"""The same statements on Spark Connect give the same rows: on Sail in every run, on
Apache Spark where FIRSTHOP_SPARK names a server (sc://HOST:PORT).

Without pysail or the client the tests skip; under CI=true on Python 3.11 they fail, so
that a green run has compared the engines."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest

from firsthop.campaign.archive import Archive
from firsthop.campaign.engine import Pair, Row, family_rows, open_engine, scored_pairs
from firsthop.campaign.engine.statements import statements
from firsthop.errors import EngineError
from firsthop.investigation.investigate import investigate
from firsthop.publication.json.campaigns import CAMPAIGNS
from tests.campaign.test_engine_data import give, heap, weigh
from tests.spark_servers import need

MAIL = heap(120)
# the client's own
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::FutureWarning"),
    pytest.mark.slow,
]


def rows_of_all(folder: Path, url: str | None) -> tuple[dict[str, list[Row]], list[Pair]]:
    """The rows of every statement, and the scored pairs."""
    with open_engine(folder, url) as engine:
        give(engine, MAIL)
        engine.put("background_stat", [(one.features[0].hash, "own", 3, 2, 1) for one in MAIL[:2]])
        engine.put("campaign", [("c-1", "campaign")])
        engine.put("member", [("c-1", one.id) for one in MAIL[:30]])
        weigh(engine)
        pairs = list(scored_pairs(engine))
        return {
            name: list(engine.run(name, tau=-99.0) if name == "pair_score" else engine.run(name))
            for name in statements()
        }, pairs


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[Row]], list[Pair]]:
    return rows_of_all(tmp_path_factory.mktemp("embedded"), None)


@pytest.mark.parametrize("server", ["sail", "spark"])
def test_every_statement_gives_the_same_rows(
    server: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    embedded: tuple[dict[str, list[Row]], list[Pair]],
) -> None:
    found = rows_of_all(tmp_path, request.getfixturevalue(server))
    assert {name: len(rows) for name, rows in found[0].items()} == {
        name: len(rows) for name, rows in embedded[0].items()
    }
    assert found == embedded
    assert len(embedded[0]["pair_score"]) > 500
    assert len(embedded[1]) > 100


@pytest.mark.parametrize("server", ["sail", "spark"])
def test_an_archive_is_sent(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive") as archive:
        for one in MAIL[:40]:
            archive.add(one)
        archive.flush()
        found = []
        for url in (None, request.getfixturevalue(server)):
            with open_engine(archive.folder, url) as engine:
                archive.load(engine)
                engine.put("family", family_rows())
                found.append(list(engine.run("value_stats")))
    assert found[0] == found[1]
    assert found[0]


def test_a_server_that_checkpoints_and_one_that_does_not(
    sail: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sail keeps checkpoints only where it was given a place for them; without one a
    step's rows make the round trip."""
    from pyspark.sql.connect.dataframe import DataFrame

    calls: list[bool] = []
    with open_engine(tmp_path, sail) as engine:
        give(engine, MAIL[:20])
        there = list(engine.run("value_stats"))

    def local_checkpoint(self: DataFrame, eager: bool) -> DataFrame:
        calls.append(eager)
        return self

    monkeypatch.setattr(DataFrame, "localCheckpoint", local_checkpoint)
    with open_engine(tmp_path, sail) as engine:
        give(engine, MAIL[:20])
        assert list(engine.run("value_stats")) == there
    assert set(calls) == {True}


@pytest.mark.parametrize(
    "url", ["spark://x:1", "sc:/x", "sc://", "http://x", "sc://x:port", "sc://x;token=y"]
)
def test_what_is_no_url_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is written sc://HOST:PORT"):
        open_engine(tmp_path, url)


def test_nobody_answers(tmp_path: Path) -> None:
    need("pyspark", "pyarrow", "grpc")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        with pytest.raises(EngineError, match="does not answer"):
            open_engine(tmp_path, f"sc://127.0.0.1:{taken.getsockname()[1]}")


def test_without_its_libraries_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql.connect.session", None)
    with pytest.raises(EngineError, match=r"firsthop\[spark\]"):
        open_engine(tmp_path, "sc://127.0.0.1:1")


def test_a_failing_statement_is_told_in_one_line(sail: str, tmp_path: Path) -> None:
    with open_engine(tmp_path, sail) as engine:
        give(engine, MAIL[:5])
        with pytest.raises(EngineError, match="fails at broken") as told:
            engine._create("broken", "SELECT nothing FROM nowhere")  # type: ignore[attr-defined]
    assert "\n" not in str(told.value)


def test_a_case_has_the_same_campaigns_on_every_engine(
    sail: str, corpus_messages: Path, tmp_path: Path
) -> None:
    mail = sorted((corpus_messages / "foff_milter" / "spam").iterdir())
    told = {}
    for name, engine in (("duckdb", "duckdb"), ("sail", sail)):
        investigate(mail, tmp_path / name, engine=engine)
        told[name] = (tmp_path / name / CAMPAIGNS).read_bytes()
    assert told["duckdb"] == told["sail"]
    assert len(json.loads(told["sail"])) > 10
