"""Messages inside messages: attached, returned, reported."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.mail.message import Evidence
from firsthop.mail.mime import decoded, field_values, file_name, header_end
from firsthop.mail.sources import Limits, RawMail, Skipped, read_bytes, read_sources
from firsthop.mail.sources.enclosed.returned import Bounce, bounce_signs, find_returned

INNER = (
    b"Received: from a (b [192.0.2.1])\n\tby c; Sat, 17 May 2014 21:59:37 +0900\nFrom: "
    b"a@example.org\nSubject: reported\n\nHello\n"
)
TOP = b"From: b@example.org\nSubject: report\nMIME-Version: 1.0\n"


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"=_1") -> bytes:
    body = b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts)
    return (
        b"Content-Type: multipart/"
        + kind
        + b'; boundary="'
        + boundary
        + b'"\n\npreamble\n'
        + body
        + b"--"
        + boundary
        + b"--\nepilogue\n"
    )


def read(data: bytes, limits: Limits | None = None) -> list[RawMail]:
    return [
        one for one in read_bytes(data, "r.eml", limits or Limits()) if isinstance(one, RawMail)
    ]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("header", "notes"),
    [
        (b"Content-Type: message/rfc822\n\n", ()),
        (b"content-type:\n\tMESSAGE/RFC822; name=x\n\n", ()),
        (b"Content-Type: message/global\n\n", ()),
        (b"Content-Type: text/rfc822-headers\n\n", ("headers only (text/rfc822-headers)",)),
        (b'Content-Type: application/octet-stream; name="Mail.EML"\n\n', ()),
        (
            (
                b"Content-Type: application/octet-stream\nContent-Disposition: attachment;\n "
                b'filename*0="a.e"; filename*1=ml\n\n'
            ),
            (),
        ),
        (b'Content-Type: application/octet-stream; name="=?utf-8?B?w6guZW1s?="\n\n', ()),
        (b"Content-Type: text/plain; x-spam-type=original\n\n", ()),
    ],
)
def test_enclosed_messages_are_the_reports_own_bytes(
    header: bytes, notes: tuple[str, ...], ending: bytes
) -> None:
    data = (TOP + multipart(b"\nLook at this.", header + INNER)).replace(b"\n", ending)
    report, inner = read(data)
    assert report.data == data
    assert report.source.notes == ("report: carries 1 message",)
    assert (inner.source.uri, inner.source.enclosed_in, inner.source.evidence) == (
        "r.eml!/part-2",
        "r.eml",
        Evidence.ENCLOSED,
    )
    assert inner.data == INNER.replace(b"\n", ending)
    assert data[inner.source.offset :].startswith(inner.data)
    assert inner.source.notes == notes


def test_encoded_messages_are_decoded_and_placed() -> None:
    for encoding, content in (
        (b"base64", base64.encodebytes(INNER)),
        (b"quoted-printable", INNER.replace(b"Hello", b"=48ello")),
    ):
        part = (
            b"Content-Type: application/octet-stream; name=a.eml\nContent-Transfer-Encoding: "
            + encoding
            + b"\n\n"
            + content
        )
        data = TOP + multipart(part)
        _, inner = read(data)
        assert inner.data.rstrip() == INNER.rstrip()
        assert inner.source.notes == (f"decoded from {encoding.decode()}",)
        assert data[inner.source.offset :].startswith(content.rstrip())


def test_a_message_labelled_as_encoded_that_is_not() -> None:
    _, inner = read(
        TOP
        + multipart(b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + INNER)
    )
    assert inner.data == INNER
    assert inner.source.notes == ()


def test_an_outlook_item_attached(corpora: Path) -> None:
    item = (corpora / "msg" / "hsmf" / "cyrillic_message.msg").read_bytes()
    part = (
        b'Content-Type: application/vnd.ms-outlook; name="a.msg"\nContent-Transfer-Encoding: '
        b"base64\n\n" + base64.encodebytes(item)
    )
    _, inner = read(TOP + multipart(b"\ntext", part))
    assert (inner.source.container, inner.source.evidence, inner.source.uri) == (
        "msg",
        Evidence.ENCLOSED,
        "r.eml!/part-2",
    )
    assert inner.data.startswith(b"Received: from mx2.niips.ru")


def test_nested_reports_and_digests() -> None:
    deep = TOP + multipart(b"\nx", b"Content-Type: message/rfc822\n\n" + INNER, boundary=b"=_2")
    digest = multipart(b"\n" + INNER, b"\n" + INNER, kind=b"digest", boundary=b"=_3")
    data = TOP + multipart(b"Content-Type: message/rfc822\n\n" + deep, digest)
    assert [mail.source.uri for mail in read(data)] == [
        "r.eml",
        "r.eml!/part-1",
        "r.eml!/part-1!/part-2",
        "r.eml!/part-2.1",
        "r.eml!/part-2.2",
    ]
    assert [mail.source.enclosed_in for mail in read(data)] == [
        None,
        "r.eml",
        "r.eml!/part-1",
        "r.eml",
        "r.eml",
    ]
    assert read(data)[0].source.notes == ("report: carries 3 messages",)


def test_reports_in_an_mbox_have_their_place_in_the_uri() -> None:
    separator = b"From a@example.org Sat May 17 21:59:37 2014\n"
    report = TOP + multipart(b"Content-Type: message/rfc822\n\n" + INNER)
    found = read(separator + report + b"\n" + separator + report + b"\n")
    assert [mail.source.uri for mail in found] == [
        "r.eml",
        "r.eml!/@44/part-1",
        "r.eml",
        f"r.eml!/@{len(separator) * 2 + len(report) + 1}/part-1",
    ]


def test_a_boundary_that_begins_like_another() -> None:
    inner = multipart(b"Content-Type: message/rfc822\n\n" + INNER, boundary=b"=_1_more")
    assert [mail.source.uri for mail in read(TOP + multipart(inner))] == [
        "r.eml",
        "r.eml!/part-1.1",
    ]


QMAIL = (
    b"Hi. This is the qmail-send program.\n\n<a@example.org>:\nSorry.\n\n--- Below this line is "
    b"a copy of the message.\n\n"
)
EXIM = (
    b"A message could not be delivered.\n\n------ This is a copy of the message, including all "
    b"the headers. ------\n\n"
)
FOREIGN = "Il messaggio non è stato consegnato.\n-------messaggio originale\n".encode()


@pytest.mark.parametrize("before", [QMAIL, EXIM, FOREIGN])
@pytest.mark.parametrize(
    "sign",
    [b"Return-Path: <>\n", b"From: MAILER-DAEMON@example.org\n", b"Subject: failure notice\n"],
)
def test_messages_returned_in_the_text(before: bytes, sign: bytes) -> None:
    data = sign + b"To: a@example.org\n\n" + before + INNER
    report, inner = read(data)
    assert report.source.notes == ("report: carries 1 message",)
    assert inner.data == INNER
    assert inner.source.offset == data.index(INNER)
    line = before.rstrip().rpartition(b"\n")[2].decode()
    assert inner.source.notes == (f"returned in the text after the line: {line}",)


def test_returned_with_an_indent_or_encoded() -> None:
    indented = b"".join(b"   " + line for line in INNER.splitlines(keepends=True))
    _, inner = read(b"Return-Path: <>\nFrom: x\n\nOriginal mail:\n\n" + indented)
    assert (inner.data, inner.source.notes[1]) == (INNER, "indentation removed: '   '")
    _, inner = read(
        b"Return-Path: <>\nFrom: x\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(QMAIL + INNER)
    )
    assert (inner.data, inner.source.notes[1]) == (INNER, "decoded from base64")


def test_mime_parts_that_the_header_does_not_tell() -> None:
    body = (
        b"A MIME-encapsulated message\n\n--b/1\n\ntext\n\n--b/1\nContent-Type: message/rfc822\n\n"
        + INNER
        + b"\n--b/1--\n"
    )
    _, inner = read(b"From: MAILER-DAEMON\nSubject: Returned mail\n\n" + body)
    assert inner.data == INNER


def test_ordinary_mail_that_quotes_a_header_stays_one_message() -> None:
    assert len(read(b"From: a@example.org\nSubject: which hop is it?\n\nLook:\n\n" + INNER)) == 1
    quoting = (
        b"From: a@example.org\nSubject: delivery of your parcel\n\n---------- Forwarded "
        b"message\nFrom: b\nDate: c\nSubject: d\nTo: e\n\nf\n"
    )
    assert len(read(quoting)) == 1
    assert bounce_signs(b"From: a@example.org\nSubject: hello\n") is Bounce.NO


def test_limits() -> None:
    many = TOP + multipart(*[b"Content-Type: message/rfc822\n\n" + INNER] * 4)
    found = list(read_bytes(many, "r.eml", Limits(max_parts=3)))
    assert found[-1] == Skipped("r.eml!/part-4", "over the limit max_parts = 3")
    assert len(found) == 5
    nested = b"Content-Type: message/rfc822\n\n" + INNER
    for depth in range(6):
        nested = multipart(nested, boundary=b"=_%d" % depth)
    found = list(read_bytes(TOP + nested, "r.eml", Limits(max_mime_depth=5)))
    assert found[1] == Skipped("r.eml!/part-1.1.1.1.1", "over the limit max_mime_depth = 5")
    assert len(read(TOP + nested, Limits(max_mime_depth=6))) == 2
    mail = INNER
    for _ in range(6):
        mail = TOP + b"Content-Type: message/rfc822\n\n" + mail
    found = list(read_bytes(mail, "r.eml", Limits(max_enclosed_depth=4)))
    assert isinstance(found[-1], Skipped)
    assert found[-1].reason == "the messages inside: over the limit max_enclosed_depth = 4"
    assert len(read(mail, Limits(max_enclosed_depth=4))) == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "hostile",
    [
        b"Return-Path: <>\n\n" + b"From: a\nFrom: a\nprose\n" * 200_000,
        b"Return-Path: <>\n\n" + b"From: a\n" * 500_000,
        b"Return-Path: <>\n\n" + b"--x\n" * 500_000,
        b"Return-Path: <>\n" + b"Content-Type: x\n" * 200_000 + b"\n",
        b'Content-Type: multipart/mixed; boundary="'
        + b"x" * 1_000_000
        + b'"\n\n'
        + b"--x\n" * 100_000,
        b'Content-Type: multipart/mixed; boundary="x"\n\n' + b"--x" * 500_000,
        b'Content-Type: multipart/mixed; boundary="x"\n\n'
        + b'--x\nContent-Type: multipart/mixed; boundary="x"\n\n' * 50_000,
        b'Content-Type: multipart/mixed; boundary="' * 50_000,
        b"\n" * 2_000_000 + b"\xc2\xa0" * 2_000_000,
        b"From a Sat May 17 21:59:37 2014\n" * 100_000,
    ],
)
def test_hostile_input_takes_bounded_work(hostile: bytes) -> None:
    assert list(read_bytes(hostile, "r.eml"))


@given(
    st.lists(
        st.sampled_from(
            [
                b"--x\n",
                b"--x--\n",
                b"\n",
                b"\r\n",
                TOP,
                INNER,
                b'Content-Type: multipart/mixed; boundary="x"\n',
                b"Content-Type: message/rfc822\n",
            ]
        ),
        max_size=25,
    )
)
def test_enclosed_messages_lie_within_their_report(pieces: list[bytes]) -> None:
    found = read(b"".join(pieces) or b"x")
    by_uri = {mail.source.uri: mail for mail in found}
    for mail in found:
        if mail.source.enclosed_in is not None and not any(
            "decoded" in note or "indent" in note for note in mail.source.notes
        ):
            report = by_uri[mail.source.enclosed_in]
            assert report.data[mail.source.offset :].startswith(mail.data)


def test_the_parts_of_a_header() -> None:
    assert header_end(b"A: b\r\n\r\nbody") == (6, 8)
    assert header_end(b"A: b\n\nbody\r\n\r\n") == (5, 6)
    assert header_end(b"A: b") == (4, 4)
    assert header_end(b"\nbody") == (0, 1)
    assert field_values(
        b"X: y\nContent-Type :  a;\n\tb=c\nContent-Typed: z\n", b"content-type"
    ) == [b"a; b=c"]
    assert (
        file_name(b'Content-Type: a/b; name=x.eml\nContent-Disposition: attachment; filename="y"\n')
        == "y"
    )
    assert decoded(b"SGVsbG8", b"Content-Transfer-Encoding: BASE64\n") == (b"Hello", "base64")
    assert find_returned(b"no header here: none\n") is None


def test_every_bounce_that_returns_a_message_gives_it(corpus_messages: Path) -> None:
    """Of 278 bounces 256 return a message or its header; the others hold none, as read
    by eye."""
    without = set()
    for path in sorted((corpus_messages / "sisimai_bounces" / "bounce").iterdir()):
        if not any(
            isinstance(one, RawMail) and one.source.evidence is Evidence.ENCLOSED
            for one in read_sources([path])
        ):
            without.add(path.stem)
    assert without == {
        "arf-26",  # an unsubscription, no report
        *(f"lhost-amazonses-{n:02}" for n in range(9, 14)),  # JSON notifications
        *(
            "lhost-apachejames-01",
            "lhost-exchange2003-01",
            "lhost-exchange2003-04",
            "lhost-mailmarshal-02",
        ),  # retell a few fields in words of their own
        # end where the copy would begin
        *("lhost-exim-07", "lhost-qmail-07", "lhost-qmail-08", "rfc3464-35"),
        "lhost-postfix-75",  # a transcript of a session
        "lhost-x2-05",  # truncated after its Return-Path
        # return nothing
        *("rfc3464-38", "rfc3464-42", "rfc3834-01", "rfc3834-02", "rfc3834-03", "rfc3834-04"),
    }


def test_the_whole_corpus_without_loss(corpus_messages: Path) -> None:
    """Every file gives a message, or is one of the tables beside them; every message is
    found again at its place in the file."""
    read_files: set[str] = set()
    skipped: set[str] = set()
    unopened: set[str] = set()  # what messages carry
    for one in read_sources([corpus_messages]):
        if isinstance(one, Skipped) and "!/" in one.uri:
            unopened.add(one.reason.partition("(")[0])
        elif isinstance(one, Skipped):
            skipped.add(Path(one.uri).name)
        else:
            read_files.add(one.source.uri.partition("!/")[0])
            if one.source.evidence is Evidence.MESSAGE and one.source.container != "msg":
                data = Path(one.source.uri).read_bytes()
                assert data[one.source.offset :].startswith(one.data), one.source
    tables = {"MANIFEST.tsv", "TRUTH_campaigns.tsv", "TRUTH_wlm.tsv"}
    # a program's output
    logs = {
        f"core__src__test__resources__mimetools-testmsgs__multi-{name}_decoded_1_4.txt"
        for name in ("igor", "igor2")
    }
    assert skipped == tables | logs
    assert unopened == {
        "an S/MIME object that cannot be read: encrypted ",
        "damaged after 1260 unpacked bytes: Not a gzipped file ",
        "called blah.gz, and cannot be read as that",
    }
    assert len(read_files) == 7664 + 3 - len(tables) - len(logs)
