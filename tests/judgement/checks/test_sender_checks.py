"""The checks that bear on the sender: each finds what it is for, in the field it names,
and leaves an honest message alone."""

from __future__ import annotations

import pytest

from firsthop import Finding, Outcome, Settings, examine, trace
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail
from firsthop.settings import own_servers

OWN = Settings(own=own_servers(("mx.example.it",), ("mx.example.it",)))
STAMP = "Thu, 18 Jan 2024 10:00:00 +0000 (UTC)"
TOP = (
    f"Received: from out.example.org (out.example.org [85.65.59.147]) by mx.example.it (Postfix) "
    f"with ESMTPS id 4TFyZs0NcPz2xk8; {STAMP}"
)
LOGIN = (
    f"Received: from pc.example.org (pc.example.org [85.65.59.9]) by out.example.org (Postfix) "
    f"with ESMTPSA id 4TFyZs0NcPz2xk7; {STAMP}"
)
FROM = "From: Anna <anna@example.org>"


def found(check: str, *fields: str) -> Finding | None:
    """What a check finds in a message with these fields."""
    data = "".join(f"{field}\n" for field in fields) + "\nbody\n"
    facts = trace(read_mail(raw_mail(data.encode(), "x.eml", "eml")), OWN)
    return next((one for one in examine(facts).findings if one.check == check), None)


@pytest.mark.parametrize(
    ("check", "fields", "outcome", "key"),
    [
        (
            "authentication",
            (
                "Authentication-Results: mx.example.it; dmarc=pass header.from=example.org",
                TOP,
                FROM,
            ),
            Outcome.SUPPORTS,
            "authentication.passes",
        ),
        ("authentication", (TOP, FROM), Outcome.SILENT, "authentication.none"),
        ("authenticated_submission", (TOP, LOGIN, FROM), Outcome.SUPPORTS, "authenticated.said"),
        ("authenticated_submission", (TOP, FROM), Outcome.SILENT, "authenticated.not_said"),
        (
            "display_name_address",
            (TOP, 'From: "boss@example.com" <x@example.net>'),
            Outcome.CONTRADICTS,
            "display_name.another",
        ),
        (
            "helo_is_message_id_domain",
            (TOP, FROM, "Message-ID: <1@out.example.org>"),
            Outcome.SILENT,
            "helo_id.equal",
        ),
        ("helo_is_message_id_domain", (TOP, FROM), Outcome.SILENT, "helo_id.absent"),
        (
            "indirect_way",
            (TOP, FROM, "List-Id: <talk.lists.example.net>"),
            Outcome.SILENT,
            "indirect.not_on_path",
        ),
        (
            "lookalike_domain",
            (TOP, "From: a@xn--lbero-n4a.it"),
            Outcome.CONTRADICTS,
            "lookalike.found",
        ),
        (
            "reply_to_elsewhere",
            (TOP, FROM, "Reply-To: a@example.net"),
            Outcome.SILENT,
            "reply_to.elsewhere",
        ),
        (
            "reply_to_elsewhere",
            (TOP, FROM, "Reply-To: a@example.org"),
            Outcome.SILENT,
            "reply_to.same",
        ),
        (
            "subject_is_local_part",
            (TOP, FROM, "Subject: Anna"),
            Outcome.CONTRADICTS,
            "subject.is_local_part",
        ),
        (
            "submission_elsewhere",
            (TOP, LOGIN, "From: anna@example.net"),
            Outcome.CONTRADICTS,
            "submission.elsewhere",
        ),
        (
            "provider_fields",
            (TOP.replace("2024", "2023"), "From: anna@yahoo.com"),
            Outcome.CONTRADICTS,
            "provider_fields.absent",
        ),
    ],
)
def test_a_check_finds_what_it_is_for(
    check: str, fields: tuple[str, ...], outcome: Outcome, key: str
) -> None:
    finding = found(check, *fields)
    assert finding is not None
    assert (finding.outcome, finding.message_key) == (outcome, key)
    data = "".join(f"{field}\n" for field in fields).encode()
    for seen in finding.observations:
        if seen.span and seen.field:
            assert data[seen.span.start : seen.span.stop].startswith(seen.field.encode())


@pytest.mark.parametrize(
    "check",
    [
        "display_name_address",
        "indirect_way",
        "lookalike_domain",
        "provider_fields",
        "reply_to_elsewhere",
        "subject_is_local_part",
        "submission_elsewhere",
    ],
)
def test_an_honest_message_is_left_alone(check: str) -> None:
    assert found(check, TOP, LOGIN, FROM, "Subject: minutes of Tuesday") is None
