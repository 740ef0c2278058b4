"""One line into a hop: what is told, what is only claimed, what is lost, and what
nobody knows."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.received.hop import KINDS, Hop
from firsthop.evidence.received.line import read_received

DATE = "; Sat, 17 May 2014 21:59:37 +0900 (JST)"


def read(line: str) -> Hop:
    return read_received(line + DATE)


@pytest.mark.parametrize(
    ("front", "helo", "name", "address"),
    [
        ("a.example (b.example [192.0.2.1])", "a.example", "b.example", "192.0.2.1"),
        ("a.example (192.0.2.1)", "a.example", None, "192.0.2.1"),
        ("a.example (HELO b.example) (192.0.2.1)", "b.example", "a.example", "192.0.2.1"),
        ("a.example (HELO ) (192.0.2.1)", None, "a.example", "192.0.2.1"),
        ("a.example (EHLO [10.0.0.1]) ([192.0.2.1])", "[10.0.0.1]", "a.example", "192.0.2.1"),
        ("192.0.2.1", None, None, "192.0.2.1"),
        ("[192.0.2.1]", "[192.0.2.1]", None, "192.0.2.1"),
        ("[192.0.2.1] (helo=b.example)", "b.example", None, "192.0.2.1"),
        ("[10.0.0.1] (b.example [192.0.2.1])", "[10.0.0.1]", "b.example", "192.0.2.1"),
        ("10.0.0.1 (b.example [192.0.2.1])", "10.0.0.1", "b.example", "192.0.2.1"),
        ("a.example [192.0.2.1]", "a.example", None, "192.0.2.1"),
        ("a.example (really [192.0.2.1])", "a.example", None, "192.0.2.1"),
        ("a.example (unverified [192.0.2.1])", "a.example", None, "192.0.2.1"),
        ("a.example (<unknown.domain>[192.0.2.1])", "a.example", None, "192.0.2.1"),
        ("a.example ([192.0.2.1] [192.0.2.1])", "a.example", None, "192.0.2.1"),
        ("(a.example [192.0.2.1])", "a.example", None, "192.0.2.1"),
        ("[192.0.2.1]:50999 (HELO b.example)", "b.example", None, "192.0.2.1"),
        ("", None, None, None),
    ],
)
def test_who_the_client_is(
    front: str, helo: str | None, name: str | None, address: str | None
) -> None:
    hop = read(f"from {front} by mx.example.org (Some Thing 1.0)")
    assert (hop.helo, hop.client_name, hop.client_address, hop.unread) == (helo, name, address, ())


@pytest.mark.parametrize(
    ("protocol", "kind", "authenticated", "tls"),
    [
        ("SMTP", "smtp", False, False),
        ("ESMTP", "smtp", False, False),
        ("ESMTPA", "smtp", True, False),
        ("ESMTPS", "smtp", False, True),
        ("ESMTPSA", "smtp", True, True),
        ("esmtpsa", "smtp", True, True),
        ("LMTP", "lmtp", False, False),
        ("LMTPSA", "lmtp", True, True),
        ("UTF8SMTPSA", "smtp", True, True),
        ("UTF8LMTP", "lmtp", False, False),
        ("asmtp", "smtp", True, False),
        ("HTTP", "http", True, False),
        ("HTTPS", "http", False, True),
        ("POP3", "fetch", False, False),
        ("local", "local", False, False),
        ("Nonsense", "smtp", False, False),
    ],
)
def test_protocols(protocol: str, kind: str, authenticated: bool, tls: bool) -> None:
    """RFC 3848 and RFC 6531; without them what the software's own word says."""
    hop = read(
        f"from a.example ([192.0.2.1]) by mx.example.org (Some Thing 1.0) with {protocol} id 1"
    )
    assert (hop.kind, hop.authenticated, hop.tls, hop.protocol) == (
        kind,
        authenticated,
        tls,
        protocol,
    )


@pytest.mark.parametrize(
    ("note", "identity"),
    [
        ("(Authenticated sender: jo@example.org)", "jo@example.org"),
        ("(authenticated bits=0)", None),
        ("(authenticated (0 bits))", None),
        ("(authenticated as jo)", "jo"),
        ("(AUTH: LOGIN jo@example.org)", "jo@example.org"),
        ("(account jo)", "jo"),
        ("(User authenticated as jo)", "jo"),
        ("(SMTP authenticated user jo)", "jo"),
    ],
)
def test_logins(note: str, identity: str | None) -> None:
    hop = read(f"from a.example ([192.0.2.1]) {note} by mx.example.org (Some Thing 1.0) with ESMTP")
    assert (hop.authenticated, hop.auth_identity, hop.unread) == (True, identity, ())


def test_the_seeds_lines() -> None:
    hop = read(
        "from [109.86.164.213109.86.164.213] (helo=x.example) by s.example with esmtpa (Exim "
        "4.67) (envelope-from ) id 1WqABD-0000h0-0r"
    )
    assert (hop.client_address, hop.repairs, hop.reverse_path, hop.value_lost) == (
        "109.86.164.213",
        ("duplicated_token",),
        None,
        ("reverse_path",),
    )
    assert hop.queue_id_decoded is not None
    assert hop.queue_id_decoded.instant == 1401407775


def test_a_name_nobody_knows_is_the_softwares() -> None:
    hop = read("from a.example ([192.0.2.1]) by mx.example.org (Zorglub) with ESMTP id 1")
    assert (hop.dialect, hop.mta, hop.unread) == (None, "Zorglub", ())
    hop = read(
        "from a.example ([192.0.2.1]) by mx.example.org (Totally New MTA v3.1.4) with ESMTP id 1"
    )
    assert (hop.mta, hop.mta_version) == ("Totally New MTA", "3.1.4")
    hop = read(
        "from a.example ([192.0.2.1]) by mx.example.org (Postfix) (Something) with ESMTP id 1"
    )
    assert (hop.mta, hop.unread) == ("Postfix", ("(Something)",))


def test_what_nobody_knows_stays_unread() -> None:
    hop = read(
        "xyzzy from a.example ([192.0.2.1]) at 10pm by mx.example.org on a Friday (?!) with "
        "Smoke (&signals)"
    )
    assert hop.unread == ("xyzzy", "at", "10pm", "on", "a", "Friday", "(?!)", "(&signals)")
    assert (hop.helo, hop.by, hop.protocol) == ("a.example", "mx.example.org", "Smoke")


def test_envelope_recipient_and_its_first_form() -> None:
    hop = read(
        "from a.example ([192.0.2.1]) by mx.example.org id <1> (ORCPT "
        "rfc822;ann@example.org) for <<jo@example.org>>"
    )
    assert (hop.queue_id, hop.orcpt, hop.forward_path, hop.unread) == (
        "1",
        "ann@example.org",
        "jo@example.org",
        (),
    )


def test_a_second_from_clause_is_the_reverse_path() -> None:
    """XMail: `for <recipient> from <sender>`."""
    hop = read(
        "from a.example ([192.0.2.1]) by mx.example.org (Some Thing) with SMTP id <S72E> for "
        "<jo@example.org> from <ann@example.net>"
    )
    assert (hop.helo, hop.reverse_path, hop.notes, hop.unread) == (
        "a.example",
        "ann@example.net",
        ("repeated_clause:from",),
        (),
    )


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("(qmail 10681 invoked by uid 404)", "local"),
        ("from mail pickup service by mx.example.org with Microsoft SMTPSVC", "local"),
        ("by mx.example.org (Postfix, from userid 1002) id 0D3F2A", "local"),
        ("from a.example by a.example (LISTSERV-TCP/IP release 1.8d) with spool id 1", "list"),
        ("(m@v.example) by v.example via listexpand id S1", "list"),
        ("from a.example by localhost with SpamAssassin (version 3.0.2)", "filter"),
        (
            (
                "from a.example ([127.0.0.1]) by localhost (a.example [127.0.0.1]) (amavisd-new, "
                "port 10024) with LMTP id 1"
            ),
            "filter",
        ),
        (
            (
                "from a.example [192.0.2.1] by localhost with POP3 (fetchmail-5.9.13) for "
                "jo@localhost (single-drop)"
            ),
            "fetch",
        ),
        ("from a.example with LMTP by b (3.0.2/sieved-3-0-build-942)", "lmtp"),
        ("nothing that anybody wrote", "unreadable"),
    ],
)
def test_every_kind_of_hop_is_kept(line: str, kind: str) -> None:
    assert read(line).kind == kind


@pytest.mark.parametrize(
    "helo",
    [
        "a b",
        "[",
        "]",
        ")",
        "(",
        "a)b",
        "a(b",
        '"',
        "<>",
        ";",
        "by",
        "\0",
        "a" * 9_000,
        "[192.0.2.9",
        "192.0.2.9]",
        "x [192.0.2.9]) by evil.example (",
        "é",
    ],
)
def test_what_a_client_injects_does_not_break_the_writers_address(helo: str) -> None:
    """The writer's comment behind an injected HELO still tells an address, or the line
    says that it is not understood."""
    hop = read(
        f"from {helo} (unknown [192.0.2.1]) by mx.example.org (Postfix) with ESMTP id 0D3F2A"
    )
    assert hop.client_address in ("192.0.2.1", "192.0.2.9", None)
    assert hop.client_address == "192.0.2.1" or hop.unread or hop.notes or "evil" in helo


@given(st.text(max_size=300))
def test_never_raises(line: str) -> None:
    hop = read_received(line)
    assert hop.raw == line
    assert hop.kind in KINDS
    assert hop == read_received(line)


@given(
    st.text(alphabet='()[]<>"\\;,@:. ab1=', max_size=120),
    st.sampled_from(["from", "by", "with", "id", "for", "via"]),
)
def test_never_raises_on_marks(text: str, keyword: str) -> None:
    hop = read(f"from a ({text}) by b (Postfix) with SMTP {keyword} {text}")
    assert all(isinstance(value, str) for value in hop.unread)


@pytest.mark.parametrize(
    "line",
    [
        "from a (" + "(" * 100_000 + "x" + ")" * 100_000 + ") by b",
        "from " + "a" * 50_000_000,
        "from a " + "() " * 30_000 + "by b",
        "from a " + "(a@" * 3_000,
        "by x " + "(A-" * 3_000,
        "from a (" + "a " * 250 + ") by b",
        "from x (" + ":" * 500 + ") by b",
        "\0" * 9_000,
        "from [192.0.2.1]:" + "1" * 8_000,
        "from (port=" + "1" * 500 + ")",
        "with " + "tls " * 2_000,
        "for " + "<" * 8_000,
        " ".join(f"({n} x)" for n in range(3_000)),
    ],
    ids=lambda line: f"{line[:9]!r}-{len(line)}",
)
def test_hostile_lines_take_bounded_time(line: str) -> None:
    start = time.process_time()
    hop = read(line)
    assert time.process_time() - start < 0.5
    if len(line) > 8_192:
        assert "line_too_long" in hop.notes
