"""What comes back of a message is taken only where this program could have sent it:
one line says so, whatever a server sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firsthop.case_file import CaseFile
from firsthop.errors import EngineError, SettingsError
from firsthop.evidence.dns.store import Answer, dns_store
from firsthop.faces.dns_resolver import LiveStore
from firsthop.investigation.investigate import investigate
from firsthop.investigation.message import MessageProcessor
from firsthop.investigation.spark.read import SparkHeap
from firsthop.investigation.spark.rows import mail_line, read_mail_line, tables_of
from firsthop.investigation.spark.source import SparkSource, called, spark_sources
from firsthop.investigation.spark.there import asked
from firsthop.mail.sources import RawMail, read_bytes
from firsthop.settings import own_servers
from tests.spark.mixed_heap import mail
from tests.spark_servers import need

PROCESSOR = MessageProcessor(
    own_servers(["in.isp.example"]),
    CaseFile(),
    dns_store([Answer("libero.example", "TXT", ("v=spf1 -all",), "NOERROR", 1_400_000_000, "x")]),
)
WRONG: tuple[Any, ...] = (None, -1, 1 << 70, 1.5, True, "x", [], {}, [[]], float("nan"))


def line_of(number: int) -> str:
    """The line of a message."""
    (one,) = read_bytes(mail(number), f"in/{number}.eml")
    assert isinstance(one, RawMail)
    (kept,), evidence, (archived,) = PROCESSOR.read([one])
    return mail_line(one, kept, archived, tables_of(evidence)[0])  # type: ignore[arg-type]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value within one."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in pairs:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def test_a_line_comes_back_as_it_was() -> None:
    for number in range(8):
        line = line_of(number)
        read = read_mail_line(line)
        told = read.processed, read.archived, read.tables
        assert mail_line(RawMail(read.source, mail(number)), *told) == line


def is_refused(line: str) -> bool:
    """Whether a line is refused, in one line."""
    try:
        read_mail_line(line)
    except EngineError as error:
        return "none of firsthop's" in str(error) and "\n" not in str(error)
    return False


@pytest.mark.parametrize("within", ["line", "summary"])
def test_a_value_of_another_kind_never_ends_in_more_than_a_line(within: str) -> None:
    told = json.loads(line_of(1))
    whole = told if within == "line" else json.loads(told["summary"])
    refused = 0
    for number, path in enumerate(places(whole)):
        other = put(whole, path, WRONG[number % len(WRONG)])
        line = json.dumps(other if within == "line" else told | {"summary": json.dumps(other)})
        refused += is_refused(line)
    assert refused > number * 0.8


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\x80\x04\x95",
        "cos\nsystem\n(S'true'\ntR.",
        "[" * 100_000,
        "{}",
        "null",
        '{"source":' + "9" * 5_000 + "}",
        json.dumps({"source": ["a"] * 8}),
    ],
)
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(EngineError, match="none of firsthop's"):
        read_mail_line(line)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("features", 0, 2), "no_family"),
        (("features", 0, 4), 7),
        (("features", 0, 0), "0" * 64),
        (("message", 3), "elsewhere.eml"),
        (("source", 0), "elsewhere.eml"),
        (("source", 3), "0" * 64),
        (("tables", 2, 1, 0), "no_check"),
        (("tables", 0, 0, 0), 1),
        (("tables", 0, 1), []),
    ],
)
def test_well_formed_lies_about_the_place_or_the_program(path: tuple[Any, ...], value: Any) -> None:
    told = json.loads(line_of(1))
    read_mail_line(json.dumps(told))
    with pytest.raises(EngineError, match="another"):
        read_mail_line(json.dumps(put(told, path, value)))


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([("a", 0, "mail", "gAN9cQAu")], "its form is broken"),
        ([("a", 0, "mail", None)], "another row"),
        ([("a", 1, "skipped", '["a", "b"]')], "rows were lost"),
        ([("a", 0, "skipped", '["a", "b"]'), ("a", 0, "skipped", '["a", "c"]')], "two rows"),
        ([("a", 0, "skipped", '["/etc/x", "b"]')], "is not in 'a'"),
        ([("a", 0, "skipped", '["a", "b\\nc"]')], "another reason"),
        ([("a", 0, "file", '[-1, "0"]')], "another file"),
        ([("a", 0, "file", "[1]")], "its form is broken"),
    ],
)
def test_rows_that_this_program_would_not_send(rows: list[Any], line: str) -> None:
    source = SparkSource("a_table")
    heap = SparkHeap("sc://x", [source], asked(PROCESSOR, ()))
    with pytest.raises(EngineError, match=line):
        list(heap._inputs(rows, source))


@pytest.mark.filterwarnings("default::DeprecationWarning", "default::FutureWarning")
def test_nothing_that_a_server_sends_is_unpickled_or_imported(tmp_path: Path) -> None:
    need("pyspark", "pyarrow", "grpc")
    import pickle

    from firsthop.system.spark import _named_main, trust_nothing_sent

    with _named_main():
        from pyspark.errors import PySparkTypeError
        from pyspark.sql.connect.client import core
        from pyspark.sql.connect.proto import types_pb2
        from pyspark.sql.connect.types import proto_schema_to_pyspark_data_type

    class Touch:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "touched",)

    trust_nothing_sent()
    assert vars(core)["pickleSer"].loads(pickle.dumps(Touch())) == (None, None)
    assert not (tmp_path / "touched").exists()
    own = types_pb2.DataType.UDT(type="udt", python_class="antigravity.Class")
    with pytest.raises(PySparkTypeError, match="refused"):
        proto_schema_to_pyspark_data_type(types_pb2.DataType(udt=own))


@pytest.mark.parametrize(
    ("paths", "more", "line"),
    [
        (["spark:t"], {}, "spark:t: needs --engine sc://"),
        (["a.eml"], {"send_mail": True}, "--send-mail: needs --engine sc://"),
        (["spark:t", "a.eml"], {"engine": "sc://x"}, "one after the other"),
        (["spark:t;drop"], {"engine": "sc://x"}, "written spark:TABLE"),
        (["spark:"], {"engine": "sc://x"}, "written spark:TABLE"),
        (["spark:/a\nb"], {"engine": "sc://x"}, "written spark:TABLE"),
        (["spark:t"], {"engine": "sc://x", "send_mail": True}, "lies on the server already"),
        (["spark:t"], {"engine": "sc://x", "contacts": ["a@b.it=c"]}, "read here, not with"),
        (["spark:t"], {"engine": "sc://x", "store": LiveStore.__new__(LiveStore)}, "ask no DNS"),
    ],
)
def test_what_a_server_cannot_do_is_refused_before_anything(
    paths: list[str], more: dict[str, Any], line: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=line):
        investigate(paths, tmp_path / "case", **more)
    assert not (tmp_path / "case").exists()


def test_how_files_of_a_folder_are_called() -> None:
    (here,), (there,), (table,) = (
        spark_sources([f"spark:{name}"]) for name in ("/heap", "hdfs://x/heap", "db.mail")
    )
    for uri in ("file:/heap/a b.eml", "file:///heap/a b.eml", "heap/a b.eml"):
        assert called(uri, here) == "/heap/a b.eml"
    assert called("hdfs://x/heap/a", there) == "hdfs://x/heap/a"
    assert called("file:/a", table) == "file:/a"
    assert (here.folder, there.folder, table.folder) == ("/heap", "hdfs://x/heap", None)
