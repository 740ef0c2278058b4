"""What a signature covers, and what of the message it leaves to anybody."""

from __future__ import annotations

import pytest

from firsthop.evidence.authentication.dkim.coverage import LATE_SECONDS, Coverage
from firsthop.evidence.authentication.dkim.verify import DkimResult, dkim_results
from firsthop.evidence.dns.store import DAY
from tests.evidence.authentication.signing import HEADER, NAMES, NOW, keys, message, signature

pytest.importorskip("cryptography.hazmat.primitives.asymmetric")
BODY = b"hello\r\n"


def check(lines: tuple[str, ...], body: bytes = BODY, at: int = NOW) -> DkimResult:
    return dkim_results(message(lines, body), keys(at=at))[0]


def test_a_message_as_it_was_signed_is_covered_whole() -> None:
    result = check((signature(BODY), *HEADER))
    assert (str(result.outcome), result.notes, result.repairs) == ("pass", (), ())
    assert result.explanation == "signed by bank.it, with the key of 2025-06-02"
    assert result.covers == Coverage(1, (0,), True)
    assert result.covers.whole
    assert result.covers.open_parts == ()


def test_a_replayed_message_with_a_new_top_says_whose_from_is_signed() -> None:
    """RFC 6376 section 8.15: names select from the bottom up."""
    top = ("From: CEO <ceo@bank.it>", "Subject: PAY NOW")
    result = check((*top, signature(BODY), *HEADER))
    covers = result.covers
    assert str(result.outcome) == "pass"
    assert (covers.from_fields, covers.signed_from, covers.author_signed) == (2, (1,), False)
    assert covers.unsigned == covers.added == ("from", "subject")
    assert covers.open_parts == ("From", "Subject")
    assert not covers.whole
    assert result.notes == ("added:from", "added:subject")
    assert (
        "the signature holds for the lower From only; the one on top is unsigned"
        in result.explanation
    )
    assert "only the lower Subject is signed, the one on top is not" in result.explanation


def test_of_several_froms_on_top_the_number_is_told() -> None:
    top = ("From: a@bank.it", "From: b@bank.it")
    result = check((*top, signature(BODY), *HEADER))
    assert result.covers.signed_from == (2,)
    assert "for the lowest of 3 From fields only; those on top are unsigned" in result.explanation


@pytest.mark.parametrize(
    ("line", "note", "open_parts"),
    [
        ("To: victim@example.it", "added:to", ("To",)),
        ("Date: Tue, 3 Jun 2025 10:00:00 +0200", "added:date", ("Date",)),
        ("Reply-To: thief@evil.example", "unsigned:reply-to", ("Reply-To",)),
        ("Cc: boss@bank.it", "unsigned:cc", ("Cc",)),
        ("Content-Type: text/html", "unsigned:content-type", ()),
        ("List-Unsubscribe: <https://evil.example/>", "unsigned:list-unsubscribe", ()),
        ("X-Spam: no", None, ()),
    ],
)
@pytest.mark.parametrize("on_top", [True, False])
def test_a_field_that_is_not_signed_is_named(
    line: str,
    note: str | None,
    open_parts: tuple[str, ...],
    on_top: bool,
) -> None:
    signed = (signature(BODY), *HEADER)
    on_top = on_top or str(note).startswith("added")  # below, it would be the one that is selected
    result = check((line, *signed) if on_top else (*signed, line))
    assert str(result.outcome) == "pass"
    assert result.notes == ((note,) if note else ())
    assert result.covers.open_parts == open_parts


def test_a_second_content_type_on_top_is_no_small_thing() -> None:
    lines = ("Content-Type: text/plain", *HEADER)
    signed = signature(BODY, lines, (*NAMES, "content-type"))
    result = check(("Content-Type: text/html", signed, *lines))
    assert (str(result.outcome), result.notes) == ("pass", ("added:content-type",))
    assert result.covers.open_parts == ("Content-Type",)


@pytest.mark.parametrize("name", ["from", "subject", "to", "reply-to"])
def test_a_field_signed_once_more_than_it_stands_cannot_be_added(name: str) -> None:
    """RFC 6376 section 5.4.2: a name without a field is signed as absent."""
    signed = signature(BODY, names=(*NAMES, name))
    assert str(check((signed, *HEADER)).outcome) == "pass"
    added = check((f"{name}: x@evil.example", signed, *HEADER))
    assert (str(added.outcome), added.reason) == ("fail", "signature")
    assert added.covers.whole  # it is selected; that is why the signature breaks


@pytest.mark.parametrize(("names", "says"), [
    (("from", "to", "date"), "Subject is not signed"),
    (("from",), "Subject, To and Date are not signed"),
])  # fmt: skip
def test_what_a_signer_left_out_is_told(names: tuple[str, ...], says: str) -> None:
    result = check((signature(BODY, names=names), *HEADER))
    assert str(result.outcome) == "pass"
    assert result.explanation.endswith(f"; {says}")


def test_octets_behind_the_length_are_counted() -> None:
    result = check((signature(BODY, tags="l=7; "), *HEADER), BODY + b"PAY NOW\r\n")
    assert (str(result.outcome), result.covers.octets_beyond) == ("pass", 9)
    assert result.notes == ("body_length:7/16",)
    assert result.explanation.endswith("; the last 9 octets of the body are not signed")
    assert result.covers.open_parts == ("9 octets of the body",)


@pytest.mark.parametrize(("tags", "beyond", "whole"), [("l=7; ", 0, True), ("l=0; ", 7, False)])
def test_a_length_of_all_and_a_length_of_nothing(tags: str, beyond: int, whole: bool) -> None:
    result = check((signature(BODY, tags=tags), *HEADER))
    assert (str(result.outcome), result.covers.octets_beyond) == ("pass", beyond)
    assert result.covers.whole is whole
    assert ("nothing of the body is signed" in result.explanation) is not whole


@pytest.mark.parametrize(
    ("age", "notes"),
    [
        (5, ()),
        (LATE_SECONDS, ()),
        (LATE_SECONDS + 1, (f"old_signature:{LATE_SECONDS + 1}",)),
        (-2 * 3600, ("signed_after_mail",)),
    ],
)
def test_the_age_of_a_signature_is_told(age: int, notes: tuple[str, ...]) -> None:
    result = check((signature(BODY, tags=f"t={NOW - age}; "), *HEADER))
    assert (str(result.outcome), result.covers.age, result.notes) == ("pass", age, notes)
    assert result.covers.whole


def test_an_old_signature_says_how_old() -> None:
    result = check((signature(BODY, tags=f"t={NOW - 40 * DAY}; "), *HEADER))
    assert result.explanation.endswith("; it was 40 days old when the message was handed over")


def test_of_several_signatures_each_says_its_own() -> None:
    """One covers all, one a part of the header, one the first octets of the body."""
    header = (*HEADER, "Reply-To: ask@bank.it")
    lines = (
        signature(BODY, header, ("from",)),
        signature(BODY, header, (*NAMES, "reply-to"), domain="esp.example"),
        signature(BODY, header, (*NAMES, "reply-to"), tags="l=2; ", domain="list.example"),
        *header,
    )
    view = keys("bank.it", "esp.example", "list.example")
    results = dkim_results(message(lines, BODY), view)
    assert {str(one.outcome) for one in results} == {"pass"}
    assert [one.covers.whole for one in results] == [False, True, False]
    assert [one.covers.open_parts for one in results] == [
        ("Subject", "To", "Reply-To", "Date"),
        (),
        ("5 octets of the body",),
    ]


def test_without_a_key_the_same_is_said_of_what_the_signature_is_over() -> None:
    top = "From: CEO <ceo@bank.it>"
    result = dkim_results(message((top, signature(BODY), *HEADER), BODY), keys("other.it"))[0]
    assert (str(result.outcome), result.reason) == ("not_checkable", "no_key")
    assert (
        "the signature is over the lower From only; the one on top is unsigned"
        in result.explanation
    )


def test_a_signature_that_fails_does_not_speak_of_what_it_covers() -> None:
    result = check((signature(BODY, names=("from",)), *HEADER), b"changed\r\n")
    assert result.explanation == "the body is not the one that was signed"
    assert result.notes == ("unsigned:subject", "unsigned:to", "unsigned:date")


def test_a_message_without_from_has_no_signed_author() -> None:
    result = check((signature(BODY, HEADER[1:]), *HEADER[1:]))
    covers = result.covers
    assert (covers.from_fields, covers.signed_from, covers.author_signed) == (0, (), False)
