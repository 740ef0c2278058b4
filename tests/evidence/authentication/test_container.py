"""DKIM is never failed on bytes that a container changed, never passed on unproved
ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.authentication.dkim import container
from firsthop.evidence.authentication.dkim.canonical import canonical_body
from firsthop.evidence.authentication.dkim.verify import MAX_SIGNATURES, DkimResult, dkim_results
from firsthop.mail.message import BodyBytes, Evidence
from firsthop.mail.read import read_mail
from firsthop.mail.sources import RawMail, read_bytes, read_sources
from tests.evidence.authentication.signing import HEADER, keys, message, signature

pytest.importorskip("cryptography.hazmat.primitives.asymmetric")
BODY = (
    b"Dear all,\r\n\r\nFrom Monday on  we are closed.\r\n"  # with two spaces
    b">From afar\r\nFrom: x\r\n.\r\n..\r\n\r\n"
)
FORMS = pytest.mark.parametrize("form", ["simple", "relaxed"])


def check(
    body: bytes,
    sent: bytes = BODY,
    form: str = "relaxed",
    tags: str = "",
    **more: object,
) -> DkimResult:
    lines = (signature(sent, form=form, tags=tags), *HEADER)
    return dkim_results(message(lines, body, **more), keys())[0]  # type: ignore[arg-type]


def outcome(result: DkimResult) -> tuple[str, str, str, tuple[str, ...]]:
    return str(result.outcome), result.reason, str(result.body), result.repairs


def mboxo(body: bytes) -> bytes:
    return b"".join(b">" * line.startswith(b"From ") + line for line in body.splitlines(True))


def mboxrd(body: bytes) -> bytes:
    lines = body.splitlines(True)
    return b"".join(b">" * line.lstrip(b">").startswith(b"From ") + line for line in lines)


@FORMS
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("quoted", [mboxo, mboxrd])
def test_the_quoting_of_mbox_kinds_is_undone(
    quoted: Callable[[bytes], bytes],
    form: str,
    ends: bytes,
) -> None:
    sent = BODY if quoted is mboxrd else BODY.replace(b">From", b"afar")
    result = check(quoted(sent).replace(b"\r\n", ends), sent, form)
    assert outcome(result) == ("pass", "", "matches", ("mbox_from_unquoted",))
    assert (
        "once this is undone: the mbox quoting of lines that begin with From" in result.explanation
    )


def test_mboxo_leaves_deeper_quoting_as_it_was_sent() -> None:
    sent = b"From here\r\n>>From there\r\n"
    assert outcome(check(mboxo(sent), sent)) == ("pass", "", "matches", ("mbox_from_unquoted",))


def test_a_body_that_was_signed_quoted_and_exported_unquoted() -> None:
    sent = b"Hello\r\n>From Monday on\r\n"
    result = check(b"Hello\r\nFrom Monday on\r\n", sent)
    assert outcome(result) == ("pass", "", "matches", ("mbox_from_quoted",))


@FORMS
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("line_ends_undoubled", lambda body: body.replace(b"\r\n", b"\r\r\n")),
        ("line_ends_restored", lambda body: body.replace(b"\r\n", b"\r")),
        ("padding_removed", lambda body: body + bytes(100)),
        ("padding_removed", lambda body: body + b"\x1a"),
        ("smtp_dots_undone", lambda body: body.replace(b"\r\n.", b"\r\n..") + b".\r\n"),
        ("empty_line_removed", lambda body: b"\r\n" + body),
        ("empty_line_restored", lambda body: body),
    ],
)
def test_what_a_container_did_is_undone(
    name: str,
    change: Callable[[bytes], bytes],
    form: str,
) -> None:
    sent = b"\r\n" + BODY if name == "empty_line_restored" else BODY
    result = check(change(BODY), sent, form)
    assert outcome(result) == ("pass", "", "matches", (name,))


@FORMS
@pytest.mark.parametrize("change", [
    lambda body: body.replace(b"\r\n", b"\n"),
    lambda body: body.rstrip(b"\r\n"),
    lambda body: body + b"\r\n\r\n",
])  # fmt: skip
def test_what_the_canonical_form_levels_needs_no_repair(
    change: Callable[[bytes], bytes],
    form: str,
) -> None:
    assert outcome(check(change(BODY), form=form)) == ("pass", "", "matches", ())


@pytest.mark.parametrize("body", [
    mboxrd(BODY).replace(b"Monday", b"Sunday"),
    mboxrd(BODY) + b"more\r\n",
    b"",
    BODY[:20],
    BODY.replace(b"  ", b"\t\r\n"),
])  # fmt: skip
def test_a_changed_body_stays_changed(body: bytes) -> None:
    gone = ("not_checkable", "no_body", "not_checked", ())
    assert outcome(check(body)) == (("fail", "body_hash", "differs", ()) if body else gone)


@FORMS
@given(parts=st.lists(st.sampled_from([b" ", b"\t", b"\r", b"\n", b"\r\n", b"x"])))
def test_the_canonical_form_behind_an_empty_line_is_known(form: str, parts: list[bytes]) -> None:
    body, name = b"".join(parts), "empty_line_restored"
    changed = b"\r\n" + body
    assert container._canonical(name, changed, body, form) == canonical_body(changed, form)


@given(st.lists(st.sampled_from([b"From ", b">", b".", b"\r", b"\n", b"\r\n", b"x", b"\0"])))
def test_a_repair_counts_only_where_the_hash_is_the_signed_one(parts: list[bytes]) -> None:
    body = b"".join(parts)
    result = check(body)
    fits = str(result.body) == "matches"
    assert fits is (str(result.outcome) == "pass")
    assert len(list(container.candidates(body))) <= len(container.SAYS) + 1
    assert all(repaired != body for _, repaired in container.candidates(body))


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def hash_of(*_: object) -> str:
        asked.append("")
        return ""

    monkeypatch.setattr(container, "hash_of", hash_of)
    container.repaired.cache_clear()
    hostile = b"\r\n>From a\r\n>>From b\r\r\n\r\n..\r\n.\r\nFrom c\r\n\0"
    assert container.repaired(hostile, "simple", "sha256", None, "x") is None
    assert len(asked) == container.MAX_TRIES
    large = b">From " + bytes(container.MAX_BYTES)
    assert container.repaired(large, "simple", "sha256", None, "x") is None
    assert len(asked) == container.MAX_TRIES
    many = (signature(BODY),) * (MAX_SIGNATURES + 5)
    assert len(dkim_results(message((*many, *HEADER), BODY), keys())) == MAX_SIGNATURES


def test_octets_behind_the_length_are_those_of_the_mended_body() -> None:
    sent = b"From me\r\n"
    result = check(mboxrd(sent + b"From others\r\n"), sent, tags="l=9; ")
    assert outcome(result) == ("pass", "", "matches", ("mbox_from_unquoted",))
    assert (result.covers.octets_beyond, result.notes) == (13, ("body_length:9/22",))


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (BodyBytes.REBUILT, "rebuilt_body"),
        (BodyBytes.CUT, "cut_body"),
        (BodyBytes.COPIED, "copied_body"),
    ],
)
def test_bytes_that_are_not_the_sent_ones_accuse_nobody(state: BodyBytes, reason: str) -> None:
    result = check(b"Dear all, closed.\r\n", state=state)
    assert outcome(result) == ("not_checkable", reason, "not_checked", ())
    assert "not the one that was signed" not in result.explanation


def test_a_rebuilt_body_that_fits_is_proof_all_the_same() -> None:
    assert outcome(check(BODY, state=BodyBytes.REBUILT)) == ("pass", "", "matches", ())


def test_a_header_as_a_mail_program_keeps_it_accuses_nobody() -> None:
    lines = (signature(BODY), *HEADER[:2], "Subject: Newsletter?", HEADER[3])
    found = [dkim_results(message(lines, BODY, state), keys())[0] for state in BodyBytes]
    assert [outcome(one)[:3] for one in found] == [
        ("fail", "signature", "matches"),
        ("not_checkable", "rebuilt_header", "matches"),
        ("fail", "signature", "matches"),
        ("fail", "signature", "matches"),
    ]


def test_a_body_cut_by_a_report_accuses_nobody() -> None:
    """The last delimiter of its multipart is missing; elsewhere that tells nothing."""
    header = (*HEADER, 'Content-Type: multipart/mixed; boundary="=_a"')
    sent = b"--=_a\r\n\r\nhello\r\n--=_a--\r\n"
    lines = (signature(sent, header), *header)
    for evidence, body, expected in (
        (Evidence.ENCLOSED, sent[:20], ("not_checkable", "cut_body", "not_checked", ())),
        (Evidence.ENCLOSED, b"x" + sent, ("fail", "body_hash", "differs", ())),
        (Evidence.MESSAGE, sent[:20], ("fail", "body_hash", "differs", ())),
        (Evidence.ENCLOSED, sent, ("pass", "", "matches", ())),
    ):
        result = dkim_results(message(lines, body, evidence=evidence), keys())[0]
        assert outcome(result) == expected


def test_a_cut_mailbox_says_so_of_its_last_message() -> None:
    one = b"From a@b.it Mon Jun  2 10:00:00 2025\nFrom: a@b.it\nTo: c@d.it\n\nhello\n\n"
    found = read_bytes(one + one[:-6], "x.mbox")
    states = [mail.source.body_bytes for mail in found if isinstance(mail, RawMail)]
    assert states == [BodyBytes.STORED, BodyBytes.CUT]


def test_a_body_out_of_an_outlook_item_is_called_rebuilt(corpora: Path) -> None:
    items = read_sources([corpora / "msg" / "hsmf" / "example_received_regular.msg"])
    mail = next(iter(items))
    assert isinstance(mail, RawMail)
    assert mail.source.body_bytes is BodyBytes.REBUILT
    field = (signature(BODY) + "\r\n").encode()
    result = dkim_results(read_mail(mail._replace(data=field + mail.data)), keys())[0]
    assert (str(result.outcome), result.reason) == ("not_checkable", "rebuilt_body")
