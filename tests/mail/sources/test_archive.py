"""Archives: every kind, nested, hostile; every limit."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes, read_sources

MAIL = b"From: a@example.org\nSubject: x\n\nHello\n"
MBOX = (
    b"From a@example.org Sat May 17 21:59:37 2014\n"
    + MAIL
    + b"\nFrom b@example.org Sat May 17 22:00:00 2014\n"
    + MAIL
    + b"\n"
)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tarred(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def read(data: bytes, uri: str, limits: Limits | None = None) -> list[tuple[str, str]]:
    """The URIs with the container or the reason."""
    found = read_bytes(data, uri, limits or Limits())
    return [
        (one.source.uri, one.source.container)
        if isinstance(one, RawMail)
        else (one.uri, one.reason)
        for one in found
    ]


def test_zip_members() -> None:
    data = zipped({"x/": b"", "x/y.eml": MAIL, "box.mbox": MBOX, "../../etc/z.eml": MAIL})
    assert read(data, "a.zip") == [
        ("a.zip!/x/y.eml", "eml"),
        ("a.zip!/box.mbox", "mbox"),
        ("a.zip!/box.mbox", "mbox"),
        ("a.zip!/../../etc/z.eml", "eml"),
    ]
    mail = next(iter(read_bytes(data, "a.zip")))
    assert isinstance(mail, RawMail)
    assert (mail.data, mail.source.offset) == (MAIL, 0)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize(
    ("pack", "ending"),
    [(bytes, ""), (gzip.compress, ".gz"), (bz2.compress, ".bz2"), (lzma.compress, ".xz")],
)
def test_tar_in_every_compression(form: int, pack: Callable[[bytes], bytes], ending: str) -> None:
    name = f"a.tar{ending}"
    assert read(pack(tarred({"x/y.eml": MAIL, "z": MBOX}, form)), name) == [
        (f"{name}!/x/y.eml", "eml"),
        (f"{name}!/z", "mbox"),
        (f"{name}!/z", "mbox"),
    ]


def test_a_tar_of_unix_v7_has_no_magic() -> None:
    header = bytearray(tarred({"y.eml": MAIL}, tarfile.USTAR_FORMAT))
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    assert read(bytes(header), "a") == [("a!/y.eml", "eml")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_streams(pack: Callable[[bytes], bytes]) -> None:
    assert read(pack(MBOX), "a.mbox.gz") == [("a.mbox.gz!/a.mbox", "mbox")] * 2
    joined = pack(MBOX) + pack(MBOX)
    assert read(joined, "a.mbox.gz") == [("a.mbox.gz!/a.mbox", "mbox")] * 4


def test_a_cut_stream_is_told_and_kept() -> None:
    noise = b"".join(b"%d\n" % (n * n) for n in range(30_000))
    for pack in (gzip.compress, bz2.compress, lzma.compress):
        data = pack(MBOX + b"From a@example.org Sat May 17 21:59:37 2014\n" + MAIL + noise)
        found = read(data[: len(data) - 9], "a.mbox.gz")
        assert found[0][1].startswith("damaged after ")
        assert pack is bz2.compress or len(found) >= 4  # bzip2 decodes whole blocks only


def test_nested_to_the_limit() -> None:
    data = MAIL
    for depth in range(6):
        data = zipped({f"{depth}": data})
    assert read(data, "a.zip", Limits(max_depth=6)) == [("a.zip!/5!/4!/3!/2!/1!/0", "eml")]
    assert read(data, "a.zip", Limits(max_depth=5)) == [
        ("a.zip!/5!/4!/3!/2!/1", "over the limit max_depth = 5")
    ]


def test_bombs_run_into_the_ratio() -> None:
    zeros = bytes(3 << 20)
    limits = Limits(ratio_floor=1 << 20, max_ratio=100)
    for data, uri in (
        (zipped({"0": zeros, "b.eml": MAIL}), "a.zip"),
        (gzip.compress(zeros), "a.gz"),
        (bz2.compress(zeros), "a.bz2"),
        (lzma.compress(zeros), "a.xz"),
    ):
        assert read(data, uri, limits)[0][1] == "over the limit max_ratio = 100"
    assert read(zipped({"0": zeros, "b.eml": MAIL}), "a.zip", limits)[1] == ("a.zip!/b.eml", "eml")


def test_limits_of_bytes_and_members() -> None:
    three = {f"{n}.eml": MAIL for n in range(3)}
    assert read(tarred(three), "a.tar", Limits(max_total_bytes=100)) == [
        ("a.tar!/0.eml", "eml"),
        ("a.tar!/1.eml", "eml"),
        ("a.tar!/2.eml", "over the limit max_total_bytes = 100"),
    ]
    assert read(zipped(three), "a.zip", Limits(max_members=2))[2:] == [
        ("a.zip", "over the limit max_members = 2")
    ]
    assert read(tarred(three), "a.tar", Limits(max_members=2))[2:] == [
        ("a.tar", "over the limit max_members = 2")
    ]
    assert read(gzip.compress(MAIL), "a.gz", Limits(max_members=0)) == [
        ("a.gz", "over the limit max_members = 0")
    ]
    assert read(zipped({"a": MAIL}), "a.zip", Limits(max_member_bytes=20)) == [
        ("a.zip!/a", "over the limit max_member_bytes = 20")
    ]
    inner = zipped({"x": zipped(three), "y": zipped(three)})
    assert [one for one in read(inner, "a.zip", Limits(max_members=6)) if "limit" in one[1]] == [
        ("a.zip!/y", "over the limit max_members = 6")
    ]


def test_an_xz_stream_may_not_ask_for_all_memory() -> None:
    data = lzma.compress(MAIL, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20}])
    ((uri, reason),) = read(data, "a.xz", Limits(max_decoder_bytes=16 << 20))
    assert uri == "a.xz"
    assert reason.startswith("damaged after 0 unpacked bytes: Memory usage limit")


def test_a_zip_that_contains_itself_ends_at_the_depth() -> None:
    inner = zipped({"z": b"PK\x03\x04"})
    assert read(inner, "a.zip") == [("a.zip!/z", "not a readable zip: File is not a zip file")]


def test_encrypted_members_are_told() -> None:
    data = bytearray(zipped({"a.eml": MAIL, "b.eml": MAIL}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    assert read(bytes(data), "a.zip") == [
        ("a.zip!/a.eml", "encrypted, and no known password opens it: give it with --password"),
        ("a.zip!/b.eml", "eml"),
    ]


def test_damaged_archives_never_raise() -> None:
    data = bytearray(zipped({"a.eml": MAIL * 100, "b.eml": MAIL}, zipfile.ZIP_STORED))
    data[data.index(b"Hello")] ^= 1
    found = read(bytes(data), "a.zip")
    assert found[:2] == [
        ("a.zip!/a.eml", "damaged after 3800 unpacked bytes: its checksum is wrong"),
        ("a.zip!/a.eml", "eml"),
    ]
    assert found[-1] == ("a.zip!/b.eml", "eml")
    packed = tarred({"a.eml": MAIL, "b.eml": MAIL * 100})
    assert read(packed[:1800], "a.tar")[:3] == [
        ("a.tar!/a.eml", "eml"),
        ("a.tar!/b.eml", "cut short: 264 of 3800 bytes"),
        ("a.tar!/b.eml", "eml"),
    ]
    # a compression method nobody has
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 99)
    assert read(bytes(data), "a.zip")[0][0] == "a.zip!/a.eml"


@pytest.mark.parametrize("cut", range(0, 1200, 37))
def test_any_cut_of_any_archive_never_raises(cut: int) -> None:
    members = {"a.eml": MAIL, "b": gzip.compress(MBOX), "c.zip": zipped({"d": MAIL})}
    for data in (
        zipped(members),
        tarred(members),
        gzip.compress(tarred(members)),
        bz2.compress(tarred(members)),
        lzma.compress(tarred(members)),
    ):
        read(data[:cut], "a")
        read(data[:cut] + bytes([data[min(cut, len(data) - 1)] ^ 0x55]) + data[cut + 1 :], "a")


def test_a_tar_that_claims_more_than_it_has_ends_at_its_end() -> None:
    info = tarfile.TarInfo("a.eml")
    info.size = 1 << 60
    found = read(info.tobuf(tarfile.GNU_FORMAT) + MAIL, "a.tar")
    assert found[:2] == [
        ("a.tar!/a.eml", f"cut short: {len(MAIL)} of {1 << 60} bytes"),
        ("a.tar!/a.eml", "eml"),
    ]


def test_links_and_devices_in_a_tar_are_told() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, kind in (
            ("link", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("folder", tarfile.DIRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert read(file.getvalue(), "a.tar") == [
        ("a.tar!/link", "not a plain file in the tar (a link): not followed"),
        ("a.tar!/hard", "not a plain file in the tar (a link): not followed"),
        ("a.tar!/pipe", "not a plain file in the tar (a device or pipe): not followed"),
    ]


def test_an_office_document_is_no_archive_of_mail() -> None:
    data = zipped({"[Content_Types].xml": b"<?xml", "word/document.xml": b"<?xml"})
    assert read(data, "a.docx") == [("a.docx", "an Office document: no mail in it is read")]


def test_large_members_are_spooled_and_mapped(tmp_path: Path) -> None:
    path = tmp_path / "a.mbox.gz"
    path.write_bytes(gzip.compress(MBOX * 2000))
    found = list(read_sources([path], Limits(spool_bytes=1000)))
    assert len(found) == 4000
    assert {one.data for one in found if isinstance(one, RawMail)} == {MAIL}
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.mbox.gz"]


def test_the_whole_corpus_out_of_its_archive(corpora: Path, corpus_messages: Path) -> None:
    packed = [
        one for one in read_sources([corpora / "messages.tar.xz"]) if isinstance(one, RawMail)
    ]
    unpacked = [one for one in read_sources([corpus_messages]) if isinstance(one, RawMail)]
    assert sorted(one.source.sha256 for one in packed) == sorted(
        one.source.sha256 for one in unpacked
    )
    assert not [
        one
        for one in read_sources([corpora / "messages.tar.xz"], Limits(spool_bytes=1 << 20))
        if isinstance(one, Skipped) and "limit" in one.reason
    ]
