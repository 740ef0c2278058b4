"""The native kernel reads the content that Python reads, or leaves it to Python: on
mail of the corpora and on damaged mail. Nothing hostile takes it long, and where it is
not there, Python reads."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.contents import compare_contents, compare_damaged, cut
from firsthop.evidence.bulk.native import content as reading
from firsthop.evidence.bulk.native.content import content_reader, native_content
from firsthop.evidence.bulk.native.content_tables import content_tables
from firsthop.evidence.bulk.native.library import ContentReader, KernelError, library
from firsthop.evidence.bulk.read import read_batch
from firsthop.evidence.content import Content, read_content
from firsthop.mail.message import Message, Source
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import OwnServers
from tests.children import run_python

HTML = b"Content-Type: text/html; charset=%b\n\n%b"
SECONDS = 2.0  # of a processor, for a hostile message: far above what it takes
MOST = 2 << 20
FORMS = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
HOSTILE = {
    "tags": HTML % (b"utf-8", b"<a" * (MOST // 2)),
    "open tags": HTML % (b"utf-8", b"<a " + b"x" * MOST),
    "comments": HTML % (b"utf-8", b"<!--" * (MOST // 4)),
    "open scripts": HTML % (b"utf-8", b"<script " * (MOST // 8)),
    "forms": HTML % (b"utf-8", b"<form " * (MOST // 6)),
    "classes": HTML % (b"utf-8", b"class=" * (MOST // 6)),
    "colours": HTML % (b"utf-8", b"#12345" * (MOST // 6)),
    "titles": HTML % (b"utf-8", b"<title" * (MOST // 6)),
    "references": HTML % (b"utf-8", b"&" * MOST),
    "long references": HTML % (b"utf-8", (b"&" + b"a" * 32) * (MOST // 33)),
    "links": HTML % (b"utf-8", b"http://" * (MOST // 7)),
    "slashes": HTML % (b"utf-8", b"://" * (MOST // 3)),
    "rules": b"\n" + b"\n" + b"-" * MOST,
    "line ends": b"\n" + b"\n_" * (MOST // 2),
    "dashes": b"Content-Type: multipart/mixed; boundary=" + b"-" * 99 + b"x\n\n" + b"-" * MOST,
    "parts": FORMS + b"--b\n\n" * (MOST // 5),
    "nested": FORMS + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * (MOST // 50),
    "header": b"Content-Type: " + b"boundary=" * 100_000 + b"\n\nx",
    "quoted-printable": b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=" * MOST,
    "base64": b"Content-Transfer-Encoding: base64\n\nAA" + b"=" * MOST,
    "bytes that are no text": HTML % (b"utf-8", b"\xf4" * MOST),
}
LEFT = {
    "a charset": HTML % (b"gb2312", b"\xc4\xe3"),
    "an encoding": b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n",
    "damaged base64": b"Content-Transfer-Encoding: base64\n\nYWJjZ",
    "a name in code": b'Content-Type: text/plain; name="=?utf-8?q?a?="\n\nx',
    "a long boundary": b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n\nx"
    % ((b"b" * 101,) * 2),
    "a sigma": HTML % (b"utf-8", "<IMG>\u03a3".encode()),
    "a long s": HTML % (b"utf-8", "<\u017fcript>".encode()),
    "a long number": HTML % (b"utf-8", b"&#" + b"9" * 5_000 + b";"),
}


@pytest.fixture
def native() -> None:
    """Skips where there is no kernel."""
    if content_reader() is None:
        pytest.skip("no native kernel was built")


def message(data: bytes) -> Message:
    return read_mail(raw_mail(data, "a.eml", "eml"))


@pytest.mark.usefixtures("native")
def test_mail_of_the_corpora(corpus_messages: Path) -> None:
    files = sorted(file for file in corpus_messages.glob("*/*/*") if file.is_file())[::8]
    found = compare_contents((file.name, file.read_bytes()) for file in files)
    assert found.different == []
    assert found.left < len(files) / 30


@pytest.mark.usefixtures("native")
def test_damaged_mail(corpus_messages: Path) -> None:
    files = sorted(corpus_messages.glob("*/*/*.eml"))[::20]
    found = compare_damaged(20140517, range(1_000), [cut(file.read_bytes()) for file in files])
    assert found.different == []
    assert found.left < 200


@pytest.mark.usefixtures("native")
def test_every_number_of_a_reference() -> None:
    numbers = [*range(0x300), *range(0xD7F0, 0xE010), *range(0xFDC0, 0x10010)]
    numbers += [plane * 0x10000 + last for plane in range(18) for last in (0xFFFD, 0xFFFE, 0xFFFF)]
    text = " ".join(f"&#{number}; &#x{number:x}" for number in [*numbers, 1 << 32, 1 << 70])
    assert compare_contents([("numbers", HTML % (b"ascii", text.encode()))]) == (1, 0, [])


@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("data", LEFT.values(), ids=LEFT)
def test_what_is_left_to_python(data: bytes) -> None:
    assert native_content(message(data), listed=False) is None
    assert read_content(message(data)) != Content()


@pytest.mark.usefixtures("native")
def test_attachments_are_told() -> None:
    data = (
        FORMS + b'Content-Type: a/\xe4; name="\xc3\xa4.txt"\nContent-Transfer-Encoding: base64\n\n'
        b"YWJj\n--b\nContent-Type: text/plain; name=x\n\ny\n--b--\n"
    )
    found = native_content(message(data), listed=False)
    assert found == read_content(message(data))
    assert found is not None
    assert [(one.name, one.type, one.size) for one in found.attachments] == [
        ("ä.txt", "a/\ufffd", 3),
        ("x", "text/plain", 1),
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("native")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_nothing_takes_long(data: bytes) -> None:
    mail = message(data)
    start = time.process_time()
    found = native_content(mail, listed=True)
    assert time.process_time() - start < SECONDS
    assert found in (None, read_content(mail, listed=True))


@pytest.mark.usefixtures("native")
def test_a_difference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = Content(text="x")
    monkeypatch.setattr("benchmarks.contents.native_content", lambda *_given, **_named: made_up)
    found = compare_contents([("one", b"\ny")])
    assert found.different == ["one: types: () is ('text/plain',) in Python", *found.different[1:]]


@pytest.mark.usefixtures("native")
def test_the_bulk_path_reads_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = RawMail(Source("", "eml", 0, ""), b"From: a@b.example\n\nhttp://c.example/\n")
    facts = read_batch([mail], OwnServers()).facts(0)
    assert facts.quick_content is native_content
    expected = read_content(facts.message)
    monkeypatch.setattr("firsthop.evidence.facts.read_content", lambda *_given: None)
    assert facts.content == expected


def test_without_a_kernel_python_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "library", lambda: None)
    content_reader.cache_clear()
    try:
        assert content_reader() is None
        assert native_content(message(b"\nx"), listed=False) is None
        assert native_content(message(b"From: a@b.example\n"), listed=False) == Content()
    finally:
        content_reader.cache_clear()


@pytest.mark.usefixtures("native")
def test_tables_that_make_no_sense_are_refused() -> None:
    loaded, whole = library(), content_tables()
    assert loaded is not None
    for size in range(0, len(whole), len(whole) // 20):
        with pytest.raises(KernelError):
            ContentReader(loaded, whole[:size])


def test_one_mail_loads_no_kernel(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@b.example\n\nx\n")
    code = (
        "import atexit, sys; from firsthop.faces.cli import main; "
        "atexit.register(lambda: print([name for name in sys.modules if 'native' in name])); "
        "sys.argv[1:] = ['examine', sys.argv[1]]; main()"
    )
    assert run_python("-c", code, str(mail)).stdout.endswith("[]\n")
