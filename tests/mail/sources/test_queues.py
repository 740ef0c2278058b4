"""Files of mail servers' queues: the message as the server would send it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from firsthop.mail.message import BodyBytes
from firsthop.mail.sources import RawMail, Skipped, read_bytes, read_sources

RECEIVED = (
    b"Received: from a.example ([192.0.2.1])\n\tby b.example with esmtp\n"
    b"\tid 1rhV2K-000Abc-1d; Tue, 05 Mar 2024 10:00:12 +0100\n"
)
HEADER = RECEIVED + b"From: Ana <ana@example.org>\nSubject: x\n"
BODY = b"Hello\n\n*** no section ***\n.\n"
EXIM = (
    b"1rhV2K-000Abc-1d-H\nmail 8 8\n<carlo@example.net>\n1709629212 0\n-received_time_usec .1\n"
    b"-helo_name a.example\n-host_address [192.0.2.1]:45012\n-body_linecount 3\nXX\n1\n"
    b"ana@example.org\n\n"
)
OLD = b"X-Old: taken out\n"


def exim(header: bytes = HEADER, ident: bytes = b"1rhV2K-000Abc-1d") -> bytes:
    fields = re.findall(rb"[^\n]+\n(?:[ \t][^\n]*\n)*", header)
    lines = [b"%03d%b %b" % (len(f), b"P" if f[:1] == b"R" else b" ", f) for f in fields]
    lines.insert(1, b"%03d* %b" % (len(OLD), OLD))
    return EXIM.replace(b"1rhV2K-000Abc-1d", ident) + b"".join(lines)


@pytest.mark.parametrize("ident", ["1rhV2K-000Abc-1d", "1rhV2K-0000000Abcd-1dEF"])
def test_exim(tmp_path: Path, ident: str) -> None:
    header, body = tmp_path / f"{ident}-H", tmp_path / f"{ident}-D"
    header.write_bytes(exim(ident=ident.encode()))
    body.write_bytes(f"{ident}-D\n".encode() + BODY)
    for paths in ([tmp_path], [header]):
        (mail,) = read_sources(paths)
        assert isinstance(mail, RawMail)
        assert mail.data == HEADER + b"\n" + BODY
        data = header.read_bytes()
        assert data[mail.source.offset :].startswith(b"%dP Received" % len(RECEIVED))
        assert mail.source.sha256 == hashlib.sha256(data[mail.source.offset :]).hexdigest()
        assert mail.source.notes == (
            "put together from the queue of Exim",
            "envelope sender: <carlo@example.net>",
            "handed in by: 192.0.2.1",
            "left out, since Exim took them out: 1 fields",
            f"body from {ident}-D, sha256 {hashlib.sha256(body.read_bytes()).hexdigest()}",
        )


def test_exim_without_the_other_file(tmp_path: Path) -> None:
    header, body = tmp_path / "1rhV2K-000Abc-1d-H", tmp_path / "1rhV2K-000Abc-1e-D"
    header.write_bytes(exim())
    body.write_bytes(b"1rhV2K-000Abc-1e-D\n" + BODY)
    skipped, mail, other = read_sources([tmp_path])
    assert isinstance(mail, RawMail)
    assert (mail.data, mail.source.body_bytes) == (HEADER + b"\n", BodyBytes.CUT)
    assert isinstance(skipped, Skipped)
    assert "1rhV2K-000Abc-1d-D, is not at hand" in skipped.reason
    assert isinstance(other, Skipped)
    assert "its header file (-H) is not beside it" in other.reason


def test_exim_with_a_body_that_is_a_link_out_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    folder = tmp_path / "queue"
    folder.mkdir()
    (folder / "1rhV2K-000Abc-1d-H").write_bytes(exim())
    (folder / "1rhV2K-000Abc-1d-D").symlink_to(secret)
    assert not [m for m in read_sources([folder]) if isinstance(m, RawMail) and b"secret" in m.data]


QF = (
    b"V8\nT1709629212\nK0\nN0\nP120000\nFb\n$_pc.example [192.0.2.9]\n$rESMTP\n${daemon_flags}\n"
    b"S<carlo@example.net>\nrRFC822; ana@example.org\nRPFD:<ana@example.org>\n"
    b"H?P?Return-Path: <\x81g>\nH??" + RECEIVED + b"H??From: Ana <ana@example.org>\n"
    b"H??Subject: x\n.\n"
)


@pytest.mark.parametrize("apart", [False, True])
def test_sendmail(tmp_path: Path, apart: bool) -> None:
    first = tmp_path / ("qf" if apart else ".")
    second = tmp_path / ("df" if apart else ".")
    first.mkdir(exist_ok=True)
    second.mkdir(exist_ok=True)
    (first / "qf4259AcX1002").write_bytes(QF)
    (second / "df4259AcX1002").write_bytes(BODY)
    (mail,) = read_sources([tmp_path])
    assert isinstance(mail, RawMail)
    assert mail.data == b"Return-Path: <carlo@example.net>\n" + HEADER + b"\n" + BODY
    assert QF[mail.source.offset :].startswith(b"H?P?Return-Path")
    assert mail.source.notes[:3] == (
        "put together from the queue of sendmail",
        "envelope sender: <carlo@example.net>",
        "handed in by: pc.example [192.0.2.9]",
    )


def test_sendmail_cut(tmp_path: Path) -> None:
    (tmp_path / "qf4259AcX1002").write_bytes(QF[:-2])
    cut, missing, mail = read_sources([tmp_path])
    assert isinstance(cut, Skipped)
    assert "no final dot" in cut.reason
    assert isinstance(missing, Skipped)
    assert isinstance(mail, RawMail)


POSTCAT = (
    b"*** ENVELOPE RECORDS active/4F2A91C0D3 ***\nmessage_size:   200   600   1   0   200\n"
    b"message_arrival_time: Tue Mar  5 10:00:12 2024\nsender: carlo@example.net\n"
    b"named_attribute: client_address=192.0.2.1\nrecipient: ana@example.org\n"
    b"*** MESSAGE CONTENTS active/4F2A91C0D3 ***\n"
    + HEADER
    + b"\n"
    + BODY
    + b"*** HEADER EXTRACTED "
    b"active/4F2A91C0D3 ***\n*** MESSAGE FILE END active/4F2A91C0D3 ***\n"
)


@pytest.mark.parametrize("before", [b"", b"# postcat -q 4F2A91C0D3\n"])
def test_postcat(before: bytes) -> None:
    data = before + POSTCAT
    (mail,) = read_bytes(data, "out.txt")
    assert isinstance(mail, RawMail)
    assert mail.data == HEADER + b"\n" + BODY
    assert data[mail.source.offset :].startswith(mail.data)
    assert mail.source.sha256 == hashlib.sha256(mail.data).hexdigest()
    assert mail.source.notes[1] == "envelope sender: <carlo@example.net>"


def test_postcat_of_several_and_cut() -> None:
    *found, cut = read_bytes(POSTCAT * 2 + POSTCAT[: POSTCAT.index(b"*** HEADER")], "out.txt")
    assert [mail.data for mail in found if isinstance(mail, RawMail)] == [HEADER + b"\n" + BODY] * 3
    assert isinstance(cut, Skipped)
    assert "cut short" in cut.reason


@pytest.mark.parametrize("offsets", [False, True])
def test_postcat_verbose(offsets: bool) -> None:
    number = b"      %d " % 689 if offsets else b""
    lines = b"".join(
        number + b"regular_text: " + line + b"\n" for line in (HEADER + b"\n" + BODY).splitlines()
    )
    data = POSTCAT.replace(HEADER + b"\n" + BODY, lines + number + b"padding: \n")
    (mail,) = read_bytes(data, "out.txt")
    assert isinstance(mail, RawMail)
    assert mail.data == HEADER + b"\n" + BODY


def record(kind: bytes, text: bytes) -> bytes:
    length, size = len(text), b""
    while length > 0x7F:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return kind + size + bytes([length]) + text


def queue_file(milter: bool = False) -> bytes:
    head = record(b"C", b"%15d %15d %15d %15d %15d %15d" % (1, 2, 3, 4, 5, 6))
    data = head + record(b"T", b"1709629212 1") + record(b"S", b"carlo@example.net")
    data += record(b"R", b"ana@example.org") + record(b"M", b"")
    lines = (HEADER + b"\n" + BODY).splitlines()
    pieces = [record(b"N", line) for line in lines[:-1]]
    pieces += [record(b"L", lines[-1]), record(b"N", b"")]
    if milter:  # the second field lies behind the rest, and is pointed to
        subject = next(i for i, line in enumerate(lines) if line.startswith(b"Subject"))
        kept = b"".join(pieces[subject + 1 :])
        data += b"".join(pieces[:subject])
        back = len(data) + 17
        there = back + len(kept) + 4
        data += record(b"p", b"%15d" % there) + kept + record(b"X", b"") + record(b"E", b"")
        return data + pieces[subject] + record(b"p", b"%15d" % back)
    return data + b"".join(pieces) + record(b"X", b"") + record(b"E", b"")


@pytest.mark.parametrize("milter", [False, True])
def test_a_queue_file_of_postfix(milter: bool) -> None:
    data = queue_file(milter)
    (mail,) = read_bytes(data, "4F2A91C0D3")
    assert isinstance(mail, RawMail)
    assert mail.data == HEADER + b"\n" + BODY
    assert data[mail.source.offset :].startswith(record(b"N", HEADER.partition(b"\n")[0]))
    assert mail.source.notes == (
        "out of a Postfix queue file",
        "envelope sender: <carlo@example.net>",
    )


def test_a_damaged_queue_file() -> None:
    data = queue_file()
    mail, skipped = read_bytes(data[:-20], "4F2A91C0D3")
    assert isinstance(mail, RawMail)
    assert mail.data.startswith(HEADER)
    assert isinstance(skipped, Skipped)
    circle = data[: data.index(b"M\0") + 2]
    circle += record(b"N", b"Subject: x") + record(b"p", b"%15d" % len(circle))
    assert len(list(read_bytes(circle, "x"))) == 2
