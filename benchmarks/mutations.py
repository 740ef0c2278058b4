"""Kinds of damage done to a message: what transport, editors and attackers do to bytes.
Each is a function of a source of chance, the bytes and the pool.

A mutant is known by a seed and its number alone, so that any one of a million can be
made again. `giants` are the hostile inputs of one kind each, too large to be made at
random."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from firsthop.mail.header import find_block

Pool = Sequence[bytes]
Mutation = Callable[[random.Random, bytes, Pool], bytes]

MOST_BYTES = 1 << 18  # of a mutant, so that damage on damage stays small
ODD = [  # what is put in between bytes: what readers split, nest, count and decode by
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\n ",
    b"\t",
    b"\x0b",
    b"\x0c",
    b"\x1c",
    b"\x1b[31m",
    b"\x7f",
    b"\x85",
    b"\xa0",
    b"\xc2\xa0",
    b"\xff\xfe",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"(",
    b")",
    b"((",
    b"\\(",
    b"\\",
    b"<",
    b">",
    b"<>",
    b"[",
    b"]",
    b'"',
    b";",
    b":",
    b",",
    b"=?",
    b"?=",
    b"=?utf-8?q?=ff?=",
    b"=?utf-7?b?K2FhLQ==?=",
    b"=?punycode?q?a-b?=",
    "=?é?q?x?=".encode(),
    b"&#0;",
    b"&nbsp;",
    b"<!--",
    b"<script>",
    b"--",
    b"{0}",
    b"%s",
    # digits and letters that pass for ASCII's where case or script is not looked at
    *[c.encode() for c in "\u0661\u017f\u212a\u0130\uff11\U0001d7d8"],
    b"from",
    b" by ",
    b" with ",
    b" id ",
    b" for ",
    b" via ",
    b"From ",
    b"Received: ",
    b"\nReceived:",
    b"\nFrom a@b Sat May 17 21:59:37 2014\n",
    b"; Fri, 31 Dec 9999 23:59:59 -9999",
    b"; 99 Feb 00 99:99:99 EST",
    b"[IPv6:::ffff:1.2.3.4]",
    b"[::1%eth0]:99999",
    b"[999.1.1.1]",
    b"(HELO )",
    b"<@a,@b:c@d>",
    b"Content-Length: 10\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
]
NUMBERS = [
    b"0",
    b"00",
    b"1",
    b"24",
    b"60",
    b"99",
    b"255",
    b"256",
    b"999",
    b"1899",
    b"1970",
    b"2038",
    b"9998",
    b"9999",
    b"65536",
    b"4294967296",
    b"9" * 40,
    b"-1",
    "\u0669".encode(),
    "\u00b2".encode(),  # a digit for Python, and no number
    b"9" * 4_400,  # more digits than Python makes a number of
]
_NUMBER = re.compile(rb"\d+")
_FOLD = re.compile(rb"\n[ \t]+")


def mutant(seed: int, number: int, pool: Pool) -> tuple[bytes, tuple[str, ...]]:
    """The mutant of that number: its bytes and the kinds of damage done to it."""
    chance = random.Random(seed << 32 | number)
    data = chance.choice(pool)
    kinds = tuple(chance.choices(list(MUTATIONS), _WEIGHTS, k=chance.choice((1, 1, 1, 2, 2, 3, 5))))
    for kind in kinds:
        data = MUTATIONS[kind][1](chance, data, pool)[:MOST_BYTES]
    return data, kinds


def _place(chance: random.Random, data: bytes) -> int:
    """A place in the message, three times in four in its header."""
    end = find_block(data).stop if chance.random() < 0.75 else len(data)
    return chance.randrange(end + 1) if end else 0


def _at_places(
    chance: random.Random, data: bytes, most: int, make: Callable[[], bytes], skip: int = 0
) -> bytes:
    """`data` with something made at up to `most` places, `skip` bytes left out
    there."""
    for _ in range(chance.randint(1, most)):
        at = _place(chance, data)
        data = data[:at] + make() + data[at + skip :]
    return data


def _flip(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    return _at_places(chance, data, 16, lambda: bytes((chance.randrange(256),)), skip=1)


def _insert(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    return _at_places(chance, data, 6, lambda: chance.choice(ODD) * chance.choice((1, 1, 1, 2, 7)))


def _delete(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    return _at_places(chance, data, 4, lambda: b"", skip=chance.randint(1, 60))


def _lines(chance: random.Random, data: bytes, change: Callable[[list[bytes], int], None]) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        change(lines, min(chance.randrange(len(lines)), chance.randrange(60)))
    return b"".join(lines)


def _cut_lines(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        del lines[at : at + chance.randint(1, 8)]

    return _lines(chance, data, change)


def _double_lines(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        lines[at:at] = lines[at : at + chance.randint(1, 4)] * chance.randint(1, 5)

    return _lines(chance, data, change)


def _swap_lines(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    def change(lines: list[bytes], at: int) -> None:
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]

    return _lines(chance, data, change)


def _splice(chance: random.Random, data: bytes, pool: Pool) -> bytes:
    """The header of one message and the body of another."""
    other = chance.choice(pool)
    return data[: find_block(data).body] + other[find_block(other).body :]


def _mix_headers(chance: random.Random, data: bytes, pool: Pool) -> bytes:
    """A piece of another message's header in the midst of this one's."""
    other = chance.choice(pool)
    at = _place(chance, data)
    return data[:at] + other[: _place(chance, other)] + data[at:]


def _nuls(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    return _at_places(chance, data, 4, lambda: b"\0" * chance.choice((1, 2, 40)))


def _line_ends(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    """Other line ends, everywhere or here and there."""
    ends = chance.choice(
        ((b"\r",), (b"\r\n",), (b"\n", b"\r"), (b"\r\n", b"\n", b"\r\r\n"), (b"\n\n",), (b"\n\r",))
    )
    return b"".join(
        line.rstrip(b"\r\n") + chance.choice(ends) for line in data.splitlines(keepends=True)
    )


def _encodings(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    """A stretch in another encoding."""
    start = _place(chance, data)
    stop = start + chance.randint(1, 400)
    text = data[start:stop].decode("latin-1")
    shapes = (
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        text.encode("utf-7"),
        text.encode("utf-8"),
        bytes(b | 0x80 for b in data[start:stop]),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text).encode(),
        text.replace("s", "\u017f").replace("1", "\u0661").encode(),
        text.encode("cp037", "replace"),
        text.translate({ord(" "): "\u3000"}).encode(),
    )
    return data[:start] + chance.choice(shapes) + data[stop:]


def _no_break_space(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    """Folded lines as a web page shows them."""
    fold = chance.choice((b"\n\xc2\xa0", b"\n\xa0", b"\n\xc2\xa0 ", b"\n\n\xc2\xa0\xc2\xa0", b"\n"))
    return _FOLD.sub(fold, data, count=chance.choice((0, 1, 5)))


def _many_fields(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    at = data.find(b"\n", _place(chance, data)) + 1
    stop = data.find(b"\n", at) + 1 or len(data)
    return data[:at] + data[at:stop] * chance.choice((50, 300, 1500)) + data[stop:]


def _long_line(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    at = _place(chance, data)
    piece = data[at : at + chance.randint(1, 12)].replace(b"\n", b" ") or b"x"
    return data[:at] + piece * chance.choice((100, 1000, 9000)) + data[at:]


def _parentheses(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    at, depth = _place(chance, data), chance.choice((3, 4, 30, 1000, 9000))
    shape = chance.choice(
        (
            b"(" * depth + b")" * depth,
            b"(" * depth,
            b")" * depth,
            b"(a" * depth,
            b"\\(" * depth,
            b"()" * depth,
            b"<" * depth,
            b"[" * depth,
            b'"' * depth,
        )
    )
    return data[:at] + shape + data[at:]


def _numbers(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    """Numbers replaced: days, years, zones, octets, ports; one time in four those of
    the body too, as in references to characters."""
    stop = len(data) if chance.random() < 0.25 else find_block(data).stop
    share = chance.choice((0.02, 0.2, 1.0))
    return (
        _NUMBER.sub(
            lambda match: chance.choice(NUMBERS) if chance.random() < share else match.group(),
            data[:stop],
        )
        + data[stop:]
    )


def _as_published(chance: random.Random, data: bytes, _pool: Pool) -> bytes:
    """Quoted, indented, or as the source of a page."""
    how = chance.randrange(4)
    if how == 3:
        escaped = (
            data.replace(b"&", b"&amp;").replace(b"<", b"&lt;") if chance.random() < 0.5 else data
        )
        return (
            b"<html><body><pre>"
            + escaped.replace(b"\n", chance.choice((b"\n", b"<br>\n", b"<br>")))
            + b"</pre>"
        )
    before = (b"> ", b">> ", b"    ")[how]
    return b"".join(before + line for line in data.splitlines(keepends=True))


def _enclose(chance: random.Random, data: bytes, pool: Pool) -> bytes:
    """Put into reports, one in another."""
    for depth in range(chance.choice((1, 2, 12))):
        other = chance.choice(pool)
        header = other[: find_block(other).stop] if depth == 0 else b"From: <>\n"
        boundary = b"b%d" % chance.randrange(3)
        opened = (
            b'Content-Type: multipart/report; boundary="%b"\n\n--%b\nContent-Type: '
            b"message/rfc822\n\n"
        ) % (boundary, boundary)
        data = header + opened + data + b"\n--" + boundary + chance.choice((b"--\n", b"", b"\n"))
    return data


MUTATIONS: dict[str, tuple[int, Mutation]] = {  # its share and the function
    "bytes flipped": (10, _flip),
    "bytes inserted": (16, _insert),
    "bytes deleted": (8, _delete),
    "lines cut": (6, _cut_lines),
    "lines doubled": (6, _double_lines),
    "lines swapped": (6, _swap_lines),
    "header and body of two": (4, _splice),
    "headers of two": (6, _mix_headers),
    "NULs": (4, _nuls),
    "line ends": (5, _line_ends),
    "encodings": (8, _encodings),
    "U+00A0 folds": (5, _no_break_space),
    "many fields": (1, _many_fields),
    "long line": (3, _long_line),
    "parentheses": (4, _parentheses),
    "numbers": (8, _numbers),
    "as published": (4, _as_published),
    "enclosed": (3, _enclose),
}
_WEIGHTS = [weight for weight, _ in MUTATIONS.values()]


class Giant(NamedTuple):
    """One hostile input."""

    name: str
    uri: str
    make: Callable[[float], bytes]  # of a scale: 1 is full size


def _header(line: bytes, count: float, rest: bytes = b"\nx\n") -> bytes:
    return line * max(int(count), 1) + rest


def _mime(depth: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return b"From: <>\n" + opened + b"Content-Type: message/rfc822\n\nFrom: a@b\n\nx\n"


def _reports(depth: int) -> bytes:
    return b"From: <>\n" + b"Content-Type: message/rfc822\n\nFrom: a@b\n" * depth + b"\nx\n"


HOP = (
    b"Received: from a.example (b.example [192.0.2.1]) by c.example (Postfix) with ESMTP id "
    b"19E99E83CED1; Sat, 17 May 2014 21:59:37 +0900\n"
)
SHORT_HOP = b"Received: from x (y.example [192.0.2.1]) by z.example with SMTP\n"
PART = b"\n--b\nContent-Type: message/rfc822\n\nFrom: a\n"
PAGE = b"As was published:\n\n"
M = 1_000_000
GIANTS = (
    Giant(
        "parentheses nested 100,000 deep",
        "a.eml",
        lambda s: (
            b"Received: from a "
            + b"(" * int(100_000 * s)
            + b"x"
            + b")" * int(100_000 * s)
            + b" by b\n\nx"
        ),
    ),
    Giant(
        "16,000 unmatched (",
        "a.eml",
        lambda s: b"Received: from a " + b"(" * int(16_000 * s) + b" by b\n\nx",
    ),
    Giant(
        "From with 400,000 escaped quotes",
        "a.eml",
        lambda s: b'From: "' + b'\\"' * int(400_000 * s) + b"\n\nx",
    ),
    Giant(
        "Subject with 100,000 open encoded words",
        "a.eml",
        lambda s: b"Subject: " + b"=?a?q?x" * int(100_000 * s) + b"\n\nx",
    ),
    Giant(
        "header of 50 MB, many fields",
        "a.eml",
        lambda s: _header(b"X-Field: some text that says nothing at all\n", 50 * M / 45 * s),
    ),
    Giant(
        "header of 50 MB, one folded field",
        "a.eml",
        lambda s: b"Subject: x\n" + _header(b" folded text\n", 50 * M / 13 * s),
    ),
    Giant(
        "header of 50 MB, one Content-Type",
        "a.eml",
        lambda s: b"Content-Type: multipart/mixed; " + b"a" * int(50 * M * s) + b"\n\nx",
    ),
    Giant(
        "one Received line of 50 MB",
        "a.eml",
        lambda s: b"Received: from a by b " + b"(x y) z " * int(50 * M / 8 * s) + b"\n\nx",
    ),
    Giant("100,000 fields", "a.eml", lambda s: _header(b"A: b\n", 100_000 * s)),
    Giant("10,000 Received lines", "a.eml", lambda s: _header(HOP, 10_000 * s)),
    Giant(
        "9,900 Received lines, none of the author's provider",
        "a.eml",
        lambda s: _header(SHORT_HOP, 9_900 * s, b"From: a@yahoo.com\n\nx"),
    ),
    Giant(
        "5,000 Received and 5,000 Delivered-To lines",
        "a.eml",
        lambda s: (
            _header(b"Delivered-To: a\n", 5_000 * s, b"") + _header(b"Received: by a\n", 5_000 * s)
        ),
    ),
    Giant(
        "1 MB of Received lines of escaped parentheses",
        "a.eml",
        lambda s: _header(b"Received: from a " + b"\\(" * 4_000 + b"\n", 128 * s),
    ),
    Giant(
        "1 MB of Received lines of addresses",
        "a.eml",
        lambda s: _header(
            b"Received: from " + b" ".join(b"a@%x" % n for n in range(1_100)) + b"\n", 128 * s
        ),
    ),
    Giant(
        "1,000,000 NULs",
        "a.eml",
        lambda s: b"Received: from a" + b"\0" * int(M * s) + b" by b\n\nx",
    ),
    Giant(
        "100,000 fields with NULs",
        "a.eml",
        lambda s: _header(b"Received: \0\n\0: \0\n", 50_000 * s),
    ),
    Giant("50 MB of bare CR", "a.eml", lambda s: b"From: a@b" + b"\rFrom: a@b" * int(5 * M * s)),
    Giant("1,000,000 newlines", "a.eml", lambda s: b"\n" * int(M * s) + b"From: a@b\n\nx"),
    Giant("multiparts nested 10,000 deep", "a.eml", lambda s: _mime(int(10_000 * s))),
    Giant("message/rfc822 nested 10,000 deep", "a.eml", lambda s: _reports(int(10_000 * s))),
    Giant(
        "200,000 MIME parts",
        "a.eml",
        lambda s: (
            b"From: <>\nContent-Type: multipart/mixed; boundary=b\n" + _header(PART, 200_000 * s)
        ),
    ),
    Giant(
        "bounce, 1,000,000 lines that begin a header",
        "a.eml",
        lambda s: (
            b"From: <>\nSubject: failure\n\n"
            + _header(b"From: a@b\nno field\nno field\nno field\n", M / 4 * s)
        ),
    ),
    Giant(
        "mbox of 100,000 From_ lines",
        "a.mbox",
        lambda s: _header(b"From a@b Sat May 17 21:59:37 2014\nFrom: x\n\n", 100_000 * s),
    ),
    Giant(
        "mbox of 100,000 From_ lines without empty lines",
        "a.mbox",
        lambda s: _header(b"From a@b Sat May 17 21:59:37 2014\nFrom: x\n", 100_000 * s),
    ),
    Giant(
        "mbox of 1,000,000 false From_ lines",
        "a.mbox",
        lambda s: (
            b"From a@b Sat May 17 21:59:37 2014\nFrom: x\n\n" + _header(b"From here on\n", M * s)
        ),
    ),
    Giant("pasted: 1,000,000 newlines", "a.txt", lambda s: PAGE + b"\n" * int(M * s) + HOP),
    Giant(
        "pasted: one field of 1,000,000 folded lines",
        "a.txt",
        lambda s: PAGE + b"Received: from a\n" + _header(b" x;y\n", M * s),
    ),
    Giant(
        "pasted: 100,000 fields with empty lines between",
        "a.txt",
        lambda s: PAGE + _header(HOP + b"\n", 100_000 * s),
    ),
    Giant(
        "pasted: one line of 50 MB",
        "a.txt",
        lambda s: PAGE + b"Received: from a by b " + b"x" * int(50 * M * s),
    ),
    Giant(
        "page of 2,000,000 open comments", "a.txt", lambda s: b"<html>" + b"<!--" * int(2 * M * s)
    ),
    Giant(
        "page of 1,000,000 open scripts", "a.txt", lambda s: b"<html>" + b"<script " * int(M * s)
    ),
)
