"""Every From that people meet gives its author; the table says what each value
means."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.evidence.identity.address_field import (
    MAX_MAILBOXES,
    _behind_names,
    _Reader,
    _usual_list,
    read_field,
)
from firsthop.evidence.identity.author import Author, judged_of, read_author
from firsthop.evidence.identity.identities import author
from firsthop.evidence.identity.mailbox import comparable
from firsthop.mail.encoded_words import decode_words
from firsthop.mail.message import MAX_FIELD_BYTES
from firsthop.mail.read import read_mail
from firsthop.mail.sources.raw import raw_mail

Box = tuple[str | None, str | None, str | None]  # display name, address, domain


def boxes(value: str) -> list[Box]:
    return [(box.display_name, box.address, box.domain) for box in read_field(value).boxes]


def authors(header: bytes) -> Author:
    return read_author(read_mail(raw_mail(header + b"\nSubject: x\n\nb\n", "x", "eml")))


MEANT: list[tuple[list[Box], str]] = [
    # specials that nobody quoted
    ([("Rossi, Carlo", "carlo@libero.it", "libero.it")], "Rossi, Carlo <carlo@libero.it>"),
    ([("Ihr Gewinnerteam, jehd", "x@y.de", "y.de")], "Ihr Gewinnerteam, jehd <x@y.de>"),
    ([("Edeka gift card", "x@y.de", "y.de")], "Edeka gift card, <x@y.de>"),
    ([("Una, Una", "x@y.de", "y.de")], "Una, Una, <x@y.de>"),
    ([("T-Mobile ,_", "b@g.com", "g.com")], "T-Mobile ,_<b@g.com>"),
    ([("Knorr, Knorr", "b@g.com", "g.com")], '"Knorr", "Knorr" <b@g.com>'),
    ([("DPD@Lieferung.de", "s@st.de", "st.de")], '"DPD@Lieferung.de", <s@st.de>'),
    ([("Correos,87", "noreply@kay.com", "kay.com")], '" Correos",87<noreply@kay.com>'),
    ([("Jane, Inc. [EXT, x]", "a@b.it", "b.it")], "Jane, Inc. [EXT, x] <a@b.it>"),
    ([('"Rossi, Carlo', "c@l.it", "l.it")], '"Rossi, Carlo <c@l.it>'),
    ([("Rossi", "carlo@libero.it", "libero.it")], "Rossi, carlo@libero.it"),
    ([("Re: Support", "x@y.it", "y.it")], "Re: Support <x@y.it>"),
    ([("Offer; today", "x@y.it", "y.it")], "Offer; today <x@y.it>"),
    ([("A -> B", "x@y.it", "y.it")], "A -> B <x@y.it>"),
    ([('Joe "Doc" Smith', "a@b.it", "b.it")], 'Joe "Doc" Smith <a@b.it>'),
    ([('" Angles " Puglisi', "a@b.it", "b.it")], '"" Angles " Puglisi" <a@b.it>'),
    ([("x@bank.it", "y@evil.it", "evil.it")], "x@bank.it <y@evil.it>"),
    ([("admin@bank.it", "x@evil.it", "evil.it")], "admin@bank.it: x@evil.it"),
    # true lists
    ([(None, "a@b.c", "b.c"), (None, "d@e.f", "e.f")], "a@b.c, d@e.f"),
    ([("A", "a@b.c", "b.c"), ("B", "d@e.f", "e.f")], "A <a@b.c>, B <d@e.f>"),
    (
        [(None, "a@b.c", "b.c"), ("Rossi, Carlo", "c@libero.it", "libero.it")],
        "a@b.c, Rossi, Carlo <c@libero.it>",
    ),
    ([(None, "a@b.it", "b.it"), (None, "c@d.it", "d.it")], "a@b.it; c@d.it"),
    ([(None, "a@b.it", "b.it"), (None, "c@d.it", "d.it")], "<a@b.it, c@d.it>"),
    ([(None, "a@b.it", "b.it"), ("Rossi", None, None)], "a@b.it, Rossi"),
    ([("mario", None, None), ("luigi", None, None)], "mario, luigi"),
    # two addresses between brackets in one mailbox
    ([("x", "a@b.it", "b.it"), (None, "c@d.it", "d.it")], '"x" <a@b.it> <c@d.it>'),
    ([("A", "a@b.it", "b.it"), ("B", "c@d.it", "d.it")], "A <a@b.it> B <c@d.it>"),
    ([("F", "s@f.com", "f.com")], "F<s@f.com<mailto:s@f.com>>"),
    ([("Tower", "n@digid.nl", "digid.nl")], "Tower <pHGY@<n@digid.nl>"),
    # quoted local parts
    ([(None, '"S <s@junk.example>"@my.example', "my.example")], '"S <s@junk.example>"@my.example'),
    (
        [(None, '"S <s@junk.example>"@my.example', "my.example")],
        '<"S <s@junk.example>"@my.example>',
    ),
    ([("N", '"a b"@my.example', "my.example")], 'N <"a b"@my.example>'),
    ([("X", "a@b.nl", "b.nl")], 'X <"a@b.nl">'),
    ([(None, "a@b.it", "b.it")], "<'a@b.it'>"),
    # bytes that are no UTF-8, as unfold() shows them
    ([("Nicol\\xf2 Rossi", "carlo@libero.it", "libero.it")], r"Nicol\xf2 Rossi <carlo@libero.it>"),
    (
        [("Nicol\\xf2 Rossi", "carlo@libero.it", "libero.it")],
        r'"Nicol\xf2 Rossi" <carlo@libero.it>',
    ),
    ([(None, "nicol\\xf2@libero.it", "libero.it")], r"nicol\xf2@libero.it"),
    ([(None, "a@b\\xfccher.de", "b\\xfccher.de")], r"a@b\xfccher.de"),
    ([('say "x" now', "a@b.it", "b.it")], r'"say \"x\" now" <a@b.it>'),
    # encoded words
    ([("Rossi, Carlo", "c@l.it", "l.it")], "=?utf-8?q?Rossi,_Carlo?= <c@l.it>"),
    ([("Rossi", "c@l.it", "l.it")], '"=?utf-8?q?Rossi?=" <c@l.it>'),
    ([("KetoX, jehd", "c@l.it", "l.it")], "=?UTF-8?Q?=4B=65=74=6F=58?=, jehd <c@l.it>"),
    ([("CaffèBar", "c@l.it", "l.it")], "=?utf-8?q?Caff=C3?= =?utf-8?q?=A8Bar?= <c@l.it>"),
    (
        [("Banca\nReply-To: evil", "b@e.org", "e.org")],
        "=?utf-8?q?Banca=0AReply-To=3A_evil?= <b@e.org>",
    ),
    ([("=?utf-8?q?broken", "c@l.it", "l.it")], "=?utf-8?q?broken <c@l.it>"),
    ([(None, "carlo@libero.it", "libero.it")], "=?utf-8?q?carlo=40libero=2Eit?="),
    ([("Carlo", "carlo@libero.it", "libero.it")], "=?utf-8?q?Carlo_=3Ccarlo=40libero=2Eit=3E?="),
    ([(None, "carlo@libero.it", "libero.it")], "<=?utf-8?q?carlo?=@libero.it>"),
    ([(None, "carlo@libero.it", "libero.it")], "=?utf-8?q?carlo?=@libero.it"),
    (
        [(None, "p@gov.example\0@evil.it", "evil.it")],
        "=?utf-8?q?p=40gov.example?==?utf-8?Q?=00?=@evil.it",
    ),
    # comments
    ([("Mario", "m@b.example", "b.example")], "m@b.example (Mario)"),
    ([("Mario (il) Rossi", "a@b.it", "b.it")], "a@b.it (Mario (il) Rossi)"),
    ([("Pete", "pete@silly.test", "silly.test")], "Pete <pete(his account)@silly.test(his host)>"),
    ([("his host", "pete@silly.test", "silly.test")], "pete(his account)@silly.test(his host)"),
    ([("Leon", "a@b.it", "b.it")], "Leon,(<a@b.it>)"),
    # groups
    ([(None, "a@b.it", "b.it"), (None, "c@d.it", "d.it")], "Undisclosed: a@b.it, c@d.it;"),
    ([(None, "x@evil.it", "evil.it")], "admin@bank.it: x@evil.it;"),
    ([(None, "x@evil.it", "evil.it")], "admin@bank.it:; <x@evil.it>"),
    ([], "undisclosed-recipients:;"),
    # obsolete routes
    ([(None, "a@evil.example", "evil.example")], "<@bank.it:a@evil.example>"),
    ([("Bank", "a@evil.example", "evil.example")], "Bank <@bank.it,@b.it:a@evil.example>"),
    ([(None, "a@evil.example", "evil.example")], "@bank.it:a@evil.example"),
    # brackets and white space
    ([(None, "a@b.it", "b.it")], "a@b.it>"),
    ([(None, "a@b.it", "b.it")], "<<a@b.it>>"),
    ([("N", "a@b.it", "b.it")], "N <a@b.it"),
    ([(None, "a b@c.de", "c.de")], "<a b@c.de>"),
    ([(None, "a@b.it", "b.it")], "<a @ b . it>"),
    ([(None, "a@b.it", "b.it")], "a @ b . it"),
    ([(None, "a@b.it", "b.it")], "<mailto:a@b.it>"),
    ([(None, "a@b.it", "b.it")], "mailto:a@b.it"),
    ([("N", "a@b.it", "b.it")], "N <><a@b.it>"),
    ([("Foo <bar>", "a@b.it", "b.it")], "Foo <bar> <a@b.it>"),
    # domains
    ([(None, "a@b.it.", "b.it")], "a@b.it."),
    ([(None, "a@Bücher.example", "xn--bcher-kva.example")], "<a@Bücher.example>"),
    ([(None, "a@xn--bcher-kva.example", "xn--bcher-kva.example")], "a@xn--bcher-kva.example"),
    ([(None, "a@b。it", "b.it")], "<a@b。it>"),
    ([("B", "x@bradesco", "bradesco")], "B <x@bradesco>"),
    ([(None, "a@[1.2.3.4]", "[1.2.3.4]")], "a@[1.2.3.4]"),
    ([(None, "a@[IPv6:2001:db8::1]", "[ipv6:2001:db8::1]")], "<a@[IPv6:2001:db8::1]>"),
    ([("T", "promo@survey", "survey")], "T <promo@survey,net>"),
    ([("A", "a@b\0.it", "b.it")], "A <a@b\0.it>"),
    ([(None, "a@b@c.it", "c.it")], "a@b@c.it"),
    # no address
    ([("Carlo Rossi", None, None)], "Carlo Rossi"),
    ([("Mail Delivery", "MAILER-DAEMON", None)], "Mail Delivery <MAILER-DAEMON>"),
    ([("MAILER-DAEMON", None, None)], "MAILER-DAEMON <>"),
    ([(None, "a@b.it", "b.it")], '"a@b.it"'),
    ([("Rossi, Carlo", "c@l.it", "l.it")], '"Rossi, Carlo <c@l.it>"'),
    ([], ""),
    ([], "<>"),
]


@pytest.mark.parametrize(("expected", "value"), MEANT)
def test_what_a_from_means(expected: list[Box], value: str) -> None:
    assert boxes(value) == expected


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        ((), b"From: Carlo <c@b.it>"),
        (("unquoted_specials",), b"From: Rossi, Carlo <c@b.it>"),
        (("no_from_field",), b"To: a@b.it"),
        (("empty_from", "no_address"), b"From:"),
        (("no_address",), b"From: Carlo"),
        (("no_address", "address_without_at"), b"From: Carlo <daemon>"),
        (("no_address", "no_domain"), b"From: Carlo <c@>"),
        (("domain_without_dot",), b"From: C <c@bradesco>"),
        (("specials_in_domain",), b"From: C <c@%x.it>"),
        ((), b"From: C <c@[192.0.2.1]>"),
        (("several_authors",), b"From: a@b.it, c@b.it"),
        (("several_authors", "several_domains"), b"From: a@b.it, c@d.it"),
        ((), b"From: a@b.it, a@B.it."),
        (
            ("several_authors", "several_domains", "two_angle_addresses"),
            b'From: "x" <a@b.it> <c@d.it>',
        ),
        (("two_from_fields", "several_authors"), b"From: a@b.it\nFrom: c@b.it"),
        (("two_from_fields",), b"From: a@b.it\nFrom: a@b.it"),
        (("obsolete_route:bank.it",), b"From: <@bank.it:a@evil.example>"),
        (("group", "group_name_shows_address:bank.it"), b"From: a@bank.it: x@evil.it;"),
        (("address_in_local_part:junk.example",), b'From: "S <s@junk.example>"@my.example'),
        (("address_in_display_name:bank.it",), b'From: "a@bank.it" <x@evil.it>'),
        (("raw_8bit",), b"From: Nicol\xf2 <c@b.it>"),
        (("raw_utf8",), "From: Nicolò <c@b.it>".encode()),
        (("control_characters",), b"From: =?utf-8?q?a=0Ab?= <c@b.it>"),
        (("encoded_address",), b"From: =?utf-8?q?c=40b=2Eit?="),
        (("address_in_comment",), b"From: Leon,(<a@b.it>)"),
        (("address_in_quotes",), b'From: "a@b.it"'),
        (("unpaired_bracket",), b"From: <a@b.it"),
        (("empty_brackets",), b"From: N <><a@b.it>"),
        (("white_space_in_address",), b"From: <a @ b.it>"),
        (("specials_in_address", "domain_without_dot"), b"From: T <promo@survey,net>"),
    ],
)
def test_defects(expected: tuple[str, ...], header: bytes) -> None:
    assert authors(header).defects == expected


@pytest.mark.parametrize(
    ("address", "why", "single", "header"),
    [
        ("a@b.it", "only_one", True, b"From: a@b.it"),
        ("a@b.it", "first_of_several", False, b"From: a@b.it, c@d.it"),
        ("a@b.it", "first_of_several", False, b"From: Team, a@b.it, c@d.it"),
        (
            "ana@evil.example",
            "top_field",
            False,
            b"From: Ana <ana@evil.example>\nFrom: Carlo <carlo@libero.it>",
        ),
        ("c@d.it", "only_field_with_address", False, b"From: Ana\nFrom: c@d.it"),
        ("c@d.it", "only_field_with_address", False, b"From:\nFrom: c@d.it"),
        (None, "no_address", False, b"From: Ana\nFrom: Carlo"),
        (None, "empty_from", False, b"From:"),
        (None, "no_from_field", False, b"To: a@b.it"),
        ("s@s.de.", "only_one", True, b"From: GLS, <s@s.de.>, GLS, <s@s.de>"),
    ],
)
def test_which_author_is_judged_and_why(
    address: str | None, why: str, single: bool, header: bytes
) -> None:
    found = authors(header)
    assert (found.judged.address if found.judged else None, found.why, found.single) == (
        address,
        why,
        single,
    )
    assert judged_of([field.value for field in found.fields])[1] == found.judged
    assert found.field is None or found.field in found.fields


_MEMBERS = (
    "a@b.it|<a@b>|Rossi <c@d.example>|C@D.IT|a@b.it.|a@b (c)|(c) a@b|=?utf-8?Q?=4B?= <k@l.it>|"
    '\'a@b.it\'|o\'k@b.it|é <a@b.it>|é@b.it|a=b@c|_<a@b>|"Rossi, Carlo" <c@d.it>|"a@b" <c@d>|'
    "=?utf-8?Q?a=40b.it?= <c@d.it>|Rossi|a@|@b|a@b c@d|x@y@z.it|a @b.it|"
    'mailto:a@b|[a@b.it|=?|"|(|<|:|;|x <"l"@d.it>||\t'
).split("|")


@given(st.lists(st.sampled_from(_MEMBERS), min_size=2, max_size=4), st.sampled_from((",", ", ")))
def test_a_list_of_usual_members_reads_as_any_other(members: list[str], comma: str) -> None:
    value = comma.join(members)
    if several := _usual_list(value):
        reader = _Reader()
        reader.read(value)
        assert several == reader.reading()


_NAMES = (
    "Rossi|a@b|x@|,| ,|, | |  |!|"
    "'|?|=?|?=|=?utf-8?Q?a,b?=|\u00e4|\u3000|\t|\x80|[|]|.|=|>|<c@d>|(|:|;"
).split("|")
_ADDRESSES = ("<a@b.it>", "<A@B.>", "<a@[1.2.3.4]>", "<a@..>", "<a@\u00e4.it>", "<a@b@c>", "<@a@b>")


@given(st.lists(st.sampled_from(_NAMES), max_size=6), st.sampled_from(_ADDRESSES))
def test_names_before_one_address_read_as_any_other(names: list[str], address: str) -> None:
    value = "".join(names) + address
    if found := _behind_names(value):
        reader = _Reader()
        reader.read(value)
        assert found == reader.reading()


def test_names_that_nobody_quoted() -> None:
    read = _behind_names(", Rossi, Carlo , <c@b.example>")
    assert read is not None
    assert (read.boxes[0].display_name, read.remarks) == ("Rossi, Carlo", ("unquoted_specials",))
    read = _behind_names("c@b <c@b.example>")
    assert read is not None
    assert (read.boxes[0].display_name, read.remarks) == ("c@b", ())
    assert _behind_names("c@b, Rossi <c@b.example>") is None


def test_one_odd_member_does_not_make_a_long_list_odd() -> None:
    members = ["a@b.it"] * (MAX_MAILBOXES - 1)
    read = _usual_list(", ".join([*members, "x@pot@c.it"]))
    assert read is not None
    assert read.boxes[-1].address == "x@pot@c.it"
    assert len(read.boxes) == MAX_MAILBOXES
    assert _usual_list(", ".join([*members, "Rossi", "x@c.it"])) is None
    assert _usual_list(", ".join([*members, '"x"'])) is None


@pytest.mark.parametrize("members", [MAX_MAILBOXES - 1, MAX_MAILBOXES, MAX_MAILBOXES + 1, 3_000])
def test_a_list_of_a_thousand_is_cut_as_any_other(members: int) -> None:
    value = ", ".join(f"N{number} <a{number}@b.it>" for number in range(members))
    reader = _Reader()
    reader.read(value)
    assert read_field(value) == reader.reading()
    assert len(boxes(value)) == min(members, MAX_MAILBOXES)


def test_two_from_fields_are_both_kept() -> None:
    found = authors(b"From: CEO <ceo@bank.it>\nX: y\nFrom: News <news@bank.it>, x@d.it")
    assert [box.address for box in found.all] == ["ceo@bank.it", "news@bank.it", "x@d.it"]
    assert found.domains == ("bank.it", "d.it")
    assert len(found.fields) == 2


def test_what_clients_show_is_told_where_it_differs() -> None:
    assert authors(b"From: Carlo <c@b.it>").shown == ()
    assert authors(b'From: "x" <a@b.it> <c@d.it>').shown == (("outlook", "x <a@b.it>"),)
    named = authors(b'From: "info@bank.it" <x@evil.it>').shown
    assert named == (
        ("outlook", "info@bank.it"),
        ("gmail", "info@bank.it"),
        ("apple_mail", "info@bank.it"),
    )


def test_author_is_the_judged_one() -> None:
    message = read_mail(raw_mail(b"From: Ana\nFrom: c@d.it\n\n", "x", "eml"))
    assert author(message) == read_author(message).judged


def test_no_more_than_the_named_number_of_mailboxes() -> None:
    assert len(read_field("a@b.it," * 5_000).boxes) == MAX_MAILBOXES
    assert len(read_field("<" + "a@b.it," * 5_000 + ">").boxes) <= MAX_MAILBOXES


SEEDS = [
    '"',
    "(",
    "<",
    "<a",
    "a@b,",
    "a:",
    "a:;",
    "a:@;",
    '<"',
    '<"\\"',
    "=?",
    "=?a?q?",
    "=?utf-8?q?a?=",
    "=?utf-8?q?a?=@",
    "\\",
]
SEEDS += [
    "@",
    " @",
    "@ . ",
    " . ",
    ")",
    "(a(",
    "(()",
    "<@a",
    "<@a:",
    "@a:",
    "@a,",
    "[",
    "a[",
    "a[:]",
    ">",
    "<>",
    "<@>",
    "a, ",
    "ü",
    "\0",
    "a@b c ",
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tail", ["", "<a@b.it>", "x@y.it"])
def test_linear_time(seed: str, tail: str) -> None:
    text = (seed * MAX_FIELD_BYTES)[:MAX_FIELD_BYTES] + tail
    start = time.process_time()
    read_field(text)
    authors(b"From: " + text.encode().replace(b"\0", b""))
    assert time.process_time() - start < 3


PIECES = [
    '"',
    "<",
    ">",
    ",",
    ";",
    ":",
    "(",
    ")",
    "\\",
    "@",
    ".",
    " ",
    "\0",
    "a",
    "bank.it",
    "x@evil.it",
    "<x@y.it>",
    "Rossi",
    "mailto:",
    "[1.2.3.4]",
]
PIECES += [
    "=?utf-8?q?",
    "?=",
    "=?utf-8?q?a=40b.it?=",
    "=?utf-7?q?+2AA-?=",
    "\\xf2",
    "ü",
    "@bank.it:",
    '"a@b.it"',
    "(c)",
    "'",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(max_size=120))
def test_any_value_reads_and_every_address_is_in_it(value: str) -> None:
    def plain(text: str) -> str:
        return "".join(c for c in text if not c.isspace() and c not in "\"\\'()<>")

    seen = plain(decode_words(decode_words(value))) + plain(decode_words(value)) + plain(value)
    for box in read_field(value).boxes:
        if box.address and "(" not in value:
            assert plain(box.address) in seen or "=?" in value
        assert box.domain is None or box.domain == comparable(box.domain)


@given(
    st.lists(
        st.sampled_from([piece.encode() for piece in PIECES] + [b"\xf2", b"\nFrom: "]), max_size=20
    ).map(b"".join)
)
def test_any_header_has_its_authors(value: bytes) -> None:
    found = authors(b"From: " + value)
    assert found.judged is None or found.judged in found.all
    assert len(found.defects) == len(set(found.defects))
    assert found.single == (len(found.fields) == 1 and found.why == "only_one")
