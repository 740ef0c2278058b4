"""Mail that is read on a Spark Connect server gives the case that it gives here, to the
byte: on Sail in every run, on Apache Spark where FIRSTHOP_SPARK names a server whose
Python has this firsthop."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from firsthop.case.journal import JOURNAL
from firsthop.errors import EngineError, NoMailError
from firsthop.evidence.dns.store import Answer, dns_store
from firsthop.investigation import ingest
from firsthop.investigation import investigate as investigating
from firsthop.investigation.clustering import cluster_archive
from firsthop.investigation.investigate import investigate
from firsthop.investigation.spark import read, workers
from firsthop.investigation.spark.read import SparkHeap
from firsthop.settings import Settings, own_servers
from firsthop.system.spark import spark_session
from tests.spark.mixed_heap import PASSWORD, write_heap

# the client's own
pytestmark = [
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::FutureWarning"),
    pytest.mark.slow,
]
SPF = Answer("libero.example", "TXT", ("v=spf1 -all",), "NOERROR", 1_400_000_000, "x")
DMARC = SPF._replace(name="_dmarc.libero.example", records=("v=DMARC1; p=none",))
GIVEN: dict[str, Any] = {
    "settings": Settings(own_servers(["in.isp.example"], ["in.isp.example"])),
    "passwords": [PASSWORD],
    "store": dns_store([SPF, DMARC]),
}


@pytest.fixture(scope="module")
def heap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_heap(tmp_path_factory.mktemp("lying") / "heap")


@pytest.fixture(scope="module")
def here(heap: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of mail that was read here."""
    case = tmp_path_factory.mktemp("here") / "case"
    result = investigate([heap], case, **GIVEN)
    assert result.messages > 60
    assert result.skipped
    manifest = (case / "inputs.jsonl").read_text()
    assert "locked.zip!/57.eml" in manifest
    assert "encrypted" not in manifest
    assert (case / "dns.jsonl").is_file()
    return case


@pytest.fixture
def counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the reading is tried: the heap is counted and compared here."""

    def clustered(archive: Any, background: Any, _engine: str, *rest: Any) -> Any:
        return cluster_archive(archive, background, "duckdb", *rest)

    monkeypatch.setattr(investigating, "cluster_archive", clustered)


def bytes_of(case: Path) -> dict[str, bytes]:
    """All files of a case but its journal, and what the journal says of them."""
    files = {
        str(file.relative_to(case)): file.read_bytes() for file in case.rglob("*") if file.is_file()
    }
    told = json.loads(files.pop(JOURNAL).splitlines()[-1])
    return files | {"journal": json.dumps([told["inputs"], told["files"]]).encode()}


def parquet_of(heap: Path, file: Path) -> Path:
    """The files of a heap as rows (uri, bytes), in an order of no meaning."""
    import pyarrow
    import pyarrow.parquet

    files = sorted(
        (one for one in heap.rglob("*") if one.is_file()), key=lambda one: one.name[::-1]
    )
    columns = {"uri": list(map(str, files)), "bytes": [one.read_bytes() for one in files]}
    pyarrow.parquet.write_table(pyarrow.table(columns), file, row_group_size=7)
    return file


@pytest.mark.usefixtures("counted_here")
@pytest.mark.parametrize("form", ["folder", "parquet", "view", "sent"])
@pytest.mark.parametrize("server", ["sail", "spark"])
def test_the_case_is_the_same_to_the_byte(
    server: str, form: str, request: pytest.FixtureRequest, heap: Path, here: Path, tmp_path: Path
) -> None:
    url = request.getfixturevalue(server)
    file = parquet_of(heap, tmp_path / "rows.parquet")
    paths: list[str | Path] = [heap if form == "sent" else f"spark:{heap}"]
    if form == "parquet":
        paths = [f"spark:{file}"]
    if form == "view":
        view = f"CREATE OR REPLACE GLOBAL TEMPORARY VIEW heap AS SELECT * FROM parquet.`{file}`"
        session = spark_session(url)
        request.addfinalizer(session.stop)  # its tables may go with it
        session.sql(view).collect()
        paths = ["spark:global_temp.heap"]
    result = investigate(paths, tmp_path / "case", **GIVEN, engine=url, send_mail=form == "sent")
    assert bytes_of(tmp_path / "case") == bytes_of(here)
    assert result.skipped


def test_a_server_reads_and_counts(sail: str, heap: Path, here: Path, tmp_path: Path) -> None:
    investigate([f"spark:{heap}"], tmp_path / "case", **GIVEN, engine=sail)
    assert bytes_of(tmp_path / "case") == bytes_of(here)


@pytest.mark.usefixtures("counted_here")
def test_a_run_that_failed_goes_on(
    sail: str, heap: Path, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "STRIDE", 16)
    with monkeypatch.context() as failing:
        whole = SparkHeap.inputs

        def cut(self: SparkHeap) -> Iterator[Any]:
            for number, one in enumerate(whole(self)):
                if number == 40:
                    raise EngineError("the server went away")
                yield one

        failing.setattr(SparkHeap, "inputs", cut)
        with pytest.raises(EngineError, match="went away"):
            investigate([f"spark:{heap}"], tmp_path / "case", **GIVEN, engine=sail)
    assert not (tmp_path / "case" / JOURNAL).exists()
    kept: list[int] = []
    former = ingest.Ingest._replay

    def replay(self: Any, manifest: Any, inputs: Any) -> None:
        former(self, manifest, inputs)
        kept.append(manifest.messages)

    monkeypatch.setattr(ingest.Ingest, "_replay", replay)
    investigate([f"spark:{heap}"], tmp_path / "case", **GIVEN, engine=sail)
    assert kept == [32]
    assert bytes_of(tmp_path / "case") == bytes_of(here)


@pytest.mark.usefixtures("counted_here")
def test_mail_comes_from_a_server_to_a_case_that_is_there(
    sail: str, heap: Path, here: Path, tmp_path: Path
) -> None:
    investigate([heap / "old.mbox"], tmp_path / "case", **GIVEN)
    result = investigate([f"spark:{heap}"], tmp_path / "case", **GIVEN, engine=sail)
    assert 0 < result.added < result.messages
    now, whole = bytes_of(tmp_path / "case"), bytes_of(here)
    assert {name for name in whole if now[name] != whole[name]} == set()


def refused(url: str, paths: Sequence[str | Path], case: Path, **more: Any) -> str:
    """The line that a run ends with; nothing is left of its case."""
    with pytest.raises((EngineError, NoMailError)) as told:
        investigate(paths, case, engine=url, **more)
    assert not case.exists()
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_is_not_there_is_told(sail: str, heap: Path, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    case = tmp_path / "case"
    assert "not found: nowhere" in refused(sail, ["spark:nowhere"], case).replace("'", "")
    assert "no mail in spark:" in refused(sail, [f"spark:{tmp_path}/nothing"], case)
    text = tmp_path / "text.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"uri": ["a"], "bytes": ["text"]}), text)
    assert "no columns uri (string) and bytes (binary)" in refused(sail, [f"spark:{text}"], case)


def test_rows_that_no_folder_could_hold(sail: str, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    twice = tmp_path / "twice.parquet"
    mail = b"From: a@b.example\n\nx\n"
    table = pyarrow.table({"uri": ["a", "a"], "bytes": [mail, mail]})
    pyarrow.parquet.write_table(table, twice)
    assert "two rows are called 'a'" in refused(sail, [f"spark:{twice}"], tmp_path / "case")
    gaps = tmp_path / "gaps.parquet"
    table = pyarrow.table({"uri": [None, "b", "c"], "bytes": [mail, None, mail]})
    pyarrow.parquet.write_table(table, gaps)
    result = investigate([f"spark:{gaps}"], tmp_path / "case", engine=sail)
    assert [one.reason for one in result.skipped] == [
        "a row without a URI: not read",
        "no bytes: not read",
    ]
    assert result.messages == 1


class Absent:
    """A function of a package that the server does not have."""

    __name__ = "absent"

    def __call__(self, batches: Any) -> Any:
        return batches

    def __reduce__(self) -> Any:
        return import_module, ("firsthop_that_is_not_there",)


def test_a_server_without_firsthop_or_with_another(
    sail: str, heap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "case"
    with monkeypatch.context() as lacking:
        lacking.setattr(read, "version_reading", Absent())
        assert "lacks firsthop" in refused(sail, [f"spark:{heap}"], case)
    monkeypatch.setattr(read, "tool_version", lambda: "99")
    assert "and this is 99" in refused(sail, [heap], case, send_mail=True)


def test_a_server_that_goes_away(
    heap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sail: str
) -> None:
    from pysail.spark import SparkConnectServer

    from firsthop.system import spark as session

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    monkeypatch.setattr(session, "RETRIES", 1)
    monkeypatch.setattr(workers, "ROUND", 16)
    monkeypatch.setattr(ingest, "CHUNK", 16)
    former = workers.SparkWorkers._read

    def read_and_stop(self: Any, opened: Any, mails: Any) -> Any:
        done = former(self, opened, mails)
        server.stop()
        return done

    monkeypatch.setattr(workers.SparkWorkers, "_read", read_and_stop)
    url = f"sc://127.0.0.1:{server.listening_address[1]}"
    assert "fails at examining" in refused(url, [heap], tmp_path / "case", send_mail=True)
