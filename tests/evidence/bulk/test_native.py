"""The native kernel gives the columns and the views of the Python path: on mail of the
corpora, on damaged and on made-up mail, whatever was learnt before; and where it fails,
or is not there, Python reads.

Without a kernel these tests skip, but where cargo is one has to be built."""

from __future__ import annotations

import gc
import time
import weakref
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.kernel import compare, compare_mutants, kept_columns
from benchmarks.mutants import shortened
from benchmarks.mutations import GIANTS, Giant
from firsthop.evidence.bulk.batch import Batch
from firsthop.evidence.bulk.engine import NATIVE, PYTHON, engine
from firsthop.evidence.bulk.native import kept, tables
from firsthop.evidence.bulk.native import library as loading
from firsthop.evidence.bulk.native.columns import NativeTable, WholeTable
from firsthop.evidence.bulk.native.library import ColumnView, KernelError, NativeBatch, library
from firsthop.evidence.bulk.native.read import kernel, read_natively
from firsthop.evidence.bulk.read import read_batch, read_in_python
from firsthop.evidence.kept_fields import MAX_BYTES, MAX_FIELDS, kept_parts
from firsthop.evidence.received.dialects import DIALECTS
from firsthop.mail.message import Field, Message, Source, Span
from firsthop.mail.sources import RawMail
from firsthop.settings import OwnServers, own_servers
from firsthop.system import kernel_library
from tests.children import run_python
from tests.evidence.bulk.cargo import builds

SILENT, ASSUMING = OwnServers(), OwnServers(assume=True)
SOMEBODY = own_servers([".slashnull.org", ".outlook.com", "mx.google.com", "10.0.0.0/8"])
OWNS = {"nobody": SILENT, "assumed": ASSUMING, "somebody": SOMEBODY}
SECONDS = 3.0  # of a processor, for a giant: far above what it takes
EXAMPLES = [example["line"] for dialect in DIALECTS.values() for example in dialect.examples]


@pytest.fixture
def native() -> None:
    """Skips where there is no kernel."""
    if library() is None:
        pytest.skip("no native kernel was built")


def mails_of(datas: Sequence[bytes]) -> list[RawMail]:
    return [RawMail(Source("", "eml", 0, ""), data) for data in datas]


def read(datas: Sequence[bytes], own: OwnServers = SILENT) -> Batch:
    batch = read_natively(mails_of(datas), own)
    assert batch is not None
    return batch


def check(datas: Sequence[bytes], own: OwnServers) -> Batch:
    """Columns and views are those of the Python path."""
    batch, expected = read(datas, own), read_in_python(mails_of(datas), own)
    assert batch.messages == expected.messages
    assert batch.hops == expected.hops
    views = [batch.facts(number) for number in range(len(datas))]
    assert views == [expected.facts(number) for number in range(len(datas))]
    columns = batch.kept_fields()
    assert columns is not None
    assert dict(columns) == kept_columns([view.message for view in views])
    return batch


def test_a_kernel_is_there_where_cargo_is() -> None:
    if builds() and engine() == PYTHON:
        pytest.fail("cargo is here and no kernel of this version: python kernel/build.py")
    assert engine() == (PYTHON if library() is None else NATIVE)


@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("own", OWNS.values(), ids=OWNS)
def test_mail_of_the_corpora(corpus_messages: Path, own: OwnServers) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())[::16]
    datas = [file.read_bytes() for file in files]
    for start in range(0, len(datas), 128):
        check(datas[start : start + 128], own)


@pytest.mark.usefixtures("native")
def test_most_lines_are_read_by_the_kernel(corpus_messages: Path) -> None:
    files = sorted((corpus_messages / "phishing_pot").glob("*/*"))[:400]
    datas = [file.read_bytes() for file in files]
    for _ in range(3):
        batch = read(datas)
    handed = sum(count for why, count in batch.handed_over.items() if why.startswith("line"))
    assert handed / len(batch.hops["message"]) < 0.06


@pytest.mark.usefixtures("native")
def test_damaged_mail(corpus_messages: Path) -> None:
    pool = [
        shortened(file.read_bytes()) for file in sorted(corpus_messages.glob("*/*/*.eml"))[::40]
    ]
    tally = compare_mutants(20140517, range(300), pool)
    assert tally.different == []
    assert tally.handed_over["message"] > 0


@pytest.mark.usefixtures("native")
def test_a_difference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"Received: by a; now\nFrom: a@b.example\n\n"
    assert compare(["one"], [data], SILENT).different == []
    monkeypatch.setattr(NativeTable, "__getitem__", lambda *_given: ["x"])
    assert "one: from_address: 'x' is 'a@b.example' in Python" in (
        compare(["one"], [data], SILENT).different
    )


@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("giant", GIANTS, ids=lambda giant: giant.name.replace(" ", "-"))
def test_giants(giant: Giant) -> None:
    data = giant.make(0.02)
    expected = read_in_python(mails_of([data]), ASSUMING)
    start = time.process_time()
    batch = read([data], ASSUMING)
    assert (batch.messages, batch.hops) == (expected.messages, expected.hops)
    assert time.process_time() - start < SECONDS


@pytest.mark.usefixtures("native")
def test_kept_fields_up_to_their_limits() -> None:
    """Many and long ones, of any bytes and names, and of messages that Python reads."""
    many = b"".join(b"X-%d: \xe9\xff\n b\nX-Spam: %d\n" % (n, n) for n in range(MAX_FIELDS + 2))
    long = b"Subject:" + b"\xe9" * (MAX_BYTES + 1) + b"\nfrom: a@b.example\nX-: \x7f\n\n"
    broken = b"From: a@b.example\n\0\nX-Is: here\n" + many + b"\n\n"
    separated = b"From x\r\nreceived: by a; now\r\n\tx\r\nFroM: b\r\n\r\n"
    for datas in ([many + b"\n", long], [broken, separated, broken, b"A: b"], [b"A: b"], []):
        check(datas, SILENT)


@pytest.mark.usefixtures("native")
def test_kept_fields_stay_where_they_are() -> None:
    """Whoever asks again moves nothing that others read."""
    batch = read([b"From: a@b.example\nSubject: %d\n\n" % n for n in range(500)])
    first = batch.kept_fields()
    again = [batch.kept_fields() for _ in range(20)]
    assert first is not None
    assert all(dict(one or {}) == dict(first) for one in again)
    assert first["message"] == sorted([*range(500)] * 2)


@pytest.mark.usefixtures("native")
def test_kept_fields_that_no_column_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are left to Python."""
    batch = read([b"From: a@b.example\n\n", b"From: \0\n\n"])
    monkeypatch.setattr(kept, "kept_parts", lambda _messages: kept_parts([_surrogate()]))
    assert batch.kept_fields() is None


def _surrogate() -> Message:
    field = Field("From", b"From: a\n", Span(0, 8), "\ud800")
    return Message(Source("", "eml", 0, ""), (field,), b"\n", b"")


DATE = "Sat, 17 May 2014 21:59:37 +0900"
LINES = st.sampled_from(EXAMPLES).flatmap(
    lambda line: st.builds(
        lambda place, text: f"{line[:place]}{text}{line[place:]}",
        st.integers(0, len(line)),
        st.sampled_from(["", "", "x", "9", " ", "(", ")", "<", "é", '"', "\\", ".", ":", ";"]),
    )
)
DATES = st.sampled_from(
    [
        DATE,
        "Sun, 31 Jun 2014 25:61:61 -0000 (x)",
        "1 Jan 1900 00:00:00 +2359",
        "31 Dec 9998 23:59:59 -2359",
        "17 May 2014 21:59:37",
        "17 May 2014 21:59:37.5 GMT",
        "Sat, 17 May 14 21:59:37 GMT",
        "Xyz, 17 May 2014 21:59:37 EDT",
        "17 May 2014 21:59:37 +0200 (12 Jan 2014 01:02:03)",
        "",
    ]
)
FROMS = st.lists(
    st.sampled_from(
        ["a", " ", ",", "<b@c.example>", "<d@e>", "@", '"', "=?utf-8?q?a,=C3=A8?=", "(c)", ";", ":"]
    ),
    max_size=7,
).map("".join)
SUBJECTS = st.lists(
    st.sampled_from(
        [
            "=?utf-8?q?a_=C3?=",
            "=?UTF-8?b?w6g=?=",
            "=?latin1*it?q?=E8?=",
            "=?us-ascii?q?=E8=?=",
            "=?utf-7?q?+2AA-?=",
            "=?koi8-r?b?wQ?=",
            "=?utf-8?b?A?=",
            "=?",
            "?=",
            " ",
            "è",
            "\t",
        ]
    ),
    max_size=6,
).map("".join)


def mail_of(lines: list[str], date: str, sender: str, subject: str, end: str) -> bytes:
    fields = [f"Received: {line}" for line in lines]
    fields += [
        f"Date: {date}",
        f"From: {sender}",
        f"Subject: {subject}",
        f"Message-ID: <{subject}>",
    ]
    return end.join((*fields, "", "body")).encode()


MAILS = st.builds(
    mail_of, st.lists(LINES, max_size=3), DATES, FROMS, SUBJECTS, st.sampled_from(["\n", "\r\n"])
)


@pytest.mark.usefixtures("native")
@given(st.lists(MAILS, min_size=1, max_size=3))
def test_made_up_mail(datas: list[bytes]) -> None:
    for _ in range(3):  # a form is met, learnt, and filled in
        batch = read_batch(mails_of(datas), ASSUMING)
        expected = read_in_python(mails_of(datas), ASSUMING)
        assert (batch.messages, batch.hops) == (expected.messages, expected.hops)
        for number in range(len(datas)):
            assert batch.facts(number) == expected.facts(number)


@pytest.mark.usefixtures("native")
def test_no_object_is_made_of_what_nobody_asks_for() -> None:
    table = read([b"From: a@b.example\nSubject: x\n\n"]).tables[0]
    assert isinstance(table, WholeTable)
    assert table["subject"] == ["x"]
    assert list(table.native.made) == ["subject"]


@pytest.mark.usefixtures("native")
def test_a_batch_goes_with_the_last_who_holds_it() -> None:
    gc.disable()
    try:
        batch = check([b"Received: by a; now\nFrom: a@b.example\n\n"], ASSUMING)
        table = batch.tables[1]
        assert isinstance(table, WholeTable)
        held = weakref.ref(table.native._native)
        del table, batch
        assert held() is None
    finally:
        gc.enable()


@pytest.mark.usefixtures("native")
def test_a_header_without_a_body_is_read_like_any_other() -> None:
    batch = check([b"From: a@b.example", b"From: a@b.example\r\nSubject: c\r\n"], SILENT)
    assert batch.handed_over == {}


@pytest.mark.usefixtures("native")
def test_buffers_are_laid_out_as_arrow_does() -> None:
    pa = pytest.importorskip("pyarrow")
    batch = read([b"From: a@b.example\nX: y\n\n", b"Subject: \xc3\xa8\n\n"])
    whole = batch.tables[0]
    assert isinstance(whole, WholeTable)
    table = whole.native
    texts = table.buffers("subject")
    made = pa.Array.from_buffers(
        pa.string(),
        texts.rows,
        [pa.py_buffer(part) for part in (texts.validity, texts.offsets, texts.data)],
    )
    made.validate(full=True)
    assert made.to_pylist() == batch.messages["subject"] == [None, "è"]
    names = table.buffers("field_names")
    inner = pa.Array.from_buffers(
        pa.string(),
        len(names.texts) // 4 - 1,
        [None, pa.py_buffer(names.texts), pa.py_buffer(names.data)],
    )
    lists = pa.ListArray.from_arrays(pa.array(array("i", names.offsets), pa.int32()), inner)
    assert lists.to_pylist() == batch.messages["field_names"]


def failing(*_given: object) -> None:
    raise KernelError


@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("name", ["questions", "answer", "finish"])
def test_where_the_kernel_fails_python_reads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NativeBatch, name, lambda *_given, **_named: failing())
    datas = [b"Received: by a; now\nFrom: a@b\n\n"]
    assert read_natively(mails_of(datas), SILENT) is None
    batch = read_batch(mails_of(datas), SILENT)
    assert batch.messages == read_in_python(mails_of(datas), SILENT).messages
    assert not batch.handed_over


@pytest.mark.usefixtures("native")
def test_columns_that_are_lent_stay_where_they_are() -> None:
    engine_of = kernel()
    assert engine_of is not None
    batch = engine_of.read([b"Received: from a by b; now\nFrom: a@b\n\n"], bytes(1))
    batch.finish(unknown=True)
    lent = [(one.texts.data, one.texts.taken()) for one in _columns(batch)]
    with pytest.raises(KernelError):
        batch.finish(unknown=False)
    assert lent == [(one.texts.data, one.texts.taken()) for one in _columns(batch)]


def _columns(batch: NativeBatch) -> Sequence[ColumnView]:
    return batch.columns(0, len(tables.MESSAGE_COLUMNS))


@pytest.mark.usefixtures("native")
def test_where_the_kernel_gives_no_views_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NativeBatch, "views", lambda *_given: failing())
    check([b"Received: by a; now\nFrom: a@b\n\n", b"--\n", b"Received: x\n\n"], ASSUMING)


@pytest.mark.usefixtures("native")
def test_views_hold_what_is_long_and_far_away() -> None:
    times = ["1 Jan 0001 00:00:00 +0000", "31 Dec 9999 23:59:59 -1200", "1 Feb 2040 00:00:00"]
    names = "".join(f"X-{number}: \u00e4\n" for number in range(300))
    for when in times:
        line = f"Received: from {'x' * 300} by \u00e4{'y' * 300}; {when}\n"
        check([f"{line}Date: {when}\n{names}{line}From: \u00e4 <a@b.example>\n\n".encode()], SILENT)


@pytest.fixture
def fresh() -> Iterator[None]:
    """The library is looked for anew, before and after."""
    for one in (library, kernel):
        one.cache_clear()
    yield
    for one in (library, kernel):
        one.cache_clear()


@pytest.mark.usefixtures("native", "fresh")
def test_a_library_of_another_version_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_library, "ABI", kernel_library.ABI + 1)
    assert library() is None
    assert engine() == PYTHON


@pytest.mark.usefixtures("fresh")
def test_what_is_no_library_counts_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / kernel_library.PATH.name
    monkeypatch.setattr(kernel_library, "PATH", place)
    assert library() is None
    place.write_bytes(b"no library")
    assert library() is None


@pytest.mark.usefixtures("native", "fresh")
def test_a_kernel_of_other_columns_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "schema", lambda: "other columns")
    assert kernel() is None


@pytest.mark.usefixtures("native")
def test_tables_that_make_no_sense_are_refused() -> None:
    loaded = library()
    assert loaded is not None
    whole = tables.tables()
    for size in range(0, len(whole), len(whole) // 40):
        with pytest.raises(KernelError):
            loading.Kernel(loaded, whole[:size])


def test_it_can_be_turned_off() -> None:
    code = "from firsthop.evidence.bulk.engine import engine; print(engine())"
    told = run_python("-c", code, env={"FIRSTHOP_KERNEL": "off"}).stdout
    assert told.strip() == PYTHON
