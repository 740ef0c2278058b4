"""What a line of an mbox must look like to separate messages, and what must follow it
(RFC 4155 appendix A; the forms that mail programs write instead).

The whole line decides: a sender, a date that ends the line, at most "remote from HOST"
behind it. A sentence with a date and a clock time in it is none. The less a line has of
that form, the more of a header must follow:

                                        fields that must follow,
                                        after an empty line | without one
    sender, date in asctime form        any field           | one familiar
    address, date in another form       one familiar        | one familiar
    "From -" of Netscape                one familiar        | two familiar
    address without a date              two familiar        | never
    words and an address, with a date   two familiar        | three familiar
    words or nothing, with a date       two, one a server's | three, one a server's
    a sentence                          three, one a server's | never

Behind a date in the form of RFC 4155 empty lines may stand before the header; that none
comes at all is a message only where the file begins with it."""

from __future__ import annotations

import re

from firsthop.mail.buffer import Buffer
from firsthop.mail.field_names import FAMILIAR_IN_MBOX, KEPT_IN_MBOX
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

_DAY = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_CLOCK = rb"\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d{1,9})?)?"
_ZONE = rb"(?: +(?:[+-]\d{4}|[A-Z]{1,5}(?:[+-]\d{1,4})?|\([^()\n]{1,40}\)))"
_ASCTIME = _DAY + rb" +" + _MONTH + rb" +\d\d? +" + _CLOCK + _ZONE + rb"{0,2} +\d{4}"
_END = _ZONE + rb"{0,2}(?: +remote from [^\n]{1,200}+|[ \t\r]*+)\Z"
_EXACT_DATE = compiled(rb"(?<![^ ])" + _ASCTIME + _END, re.IGNORECASE)
_OTHER_DATE = compiled(
    rb"(?<![^ ])(?:(?:"
    + rb"|".join(
        (
            _DAY + rb",? +" + _MONTH + rb" +\d\d?,? +\d{4},? +" + _CLOCK,
            _DAY + rb",? +" + _MONTH + rb" +\d\d?,? +" + _CLOCK + rb"(?: +\d\d)?",
            rb"(?:" + _DAY + rb",? +)?\d\d?[ -]" + _MONTH + rb"[ -]\d\d(?:\d\d)? +" + _CLOCK,
            rb"\d{4}[-/]\d\d[-/]\d\d[ T]" + _CLOCK + rb"(?:Z|[+-]\d\d:?\d\d)?",
            rb"\d\d?[/.]\d\d?[/.]\d{4} +" + _CLOCK,
            # in the language of the machine
            rb"[^\s\d,:]{2,12} +[^\s\d,:]{3,12} +\d\d? +\d\d:\d\d:\d\d +\d{4}",
        )
    )
    + rb"))"
    + _END,
    re.IGNORECASE,
)
_CLOCK_ON_THE_LINE = compiled(rb"\d:\d")
_STRICT_DATE = compiled(  # RFC 4155 appendix A, RFC 976 for what may stand behind it
    rb" [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d(?::\d\d)? (?:\S+ )?\d{4}\s*\Z"
)
_ADDRESS = compiled(  # of a whole sender: tried at its start only
    rb"\A(?:-|<[^<>\s]*>|\?\?\?@\?\?\?"  # "-" of Netscape, "???@???" of Eudora
    rb"|[^\s<>@]*+@[^\s<>]*+(?<![,;:.!?])|\"[^\"\n]*+\"@\S++"  # RFC 5321
    rb"|[^\s!]++!\S*+(?<![,;:.!?])"  # a path of UUCP
    rb"|\S++ [^\s@]{1,4} [^\s@]+\.[A-Za-z]{2,})"  # "joe at example.org" of Mailman
)
_WORD = compiled(rb"\A\S++(?<![,;:.!?])")

_FIELD = compiled(rb">?From |([!-9;-~]{1,76})[ \t]*:")
_SERVERS = frozenset(name.encode() for name in KEPT_IN_MBOX)
_FAMILIAR = frozenset(name.encode() for name in FAMILIAR_IN_MBOX)
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SEPARATOR_BYTES = 1000  # a line of a message has at most 998 characters (RFC 5322 section 2.1.1)
_PEEK_BYTES, _PEEK_LINES = 4096, 64
_ENOUGH = 3  # familiar fields before a broken line: a damaged header, no text
_NEVER = 99  # more familiar fields than there are


class _Form(NamedTuple):
    """How many familiar fields must follow a line of one form; -1 is any field."""

    after_empty_line: int
    elsewhere: int
    of_a_server: bool = False  # one of them must be a field that servers write


_EXACT = _Form(-1, 1)
_OTHER = _Form(1, 1)
_DASH = _Form(1, 2)
_UNDATED = _Form(2, _NEVER)
_NAMED = _Form(2, 3)
_WORDS = _Form(2, 3, of_a_server=True)
_SENTENCE = _Form(3, _NEVER, of_a_server=True)


def message_start(data: Buffer, at: int, after_empty_line: bool, first: bool = False) -> int | None:
    """Where the message of the separator at `at` starts; None when this is no
    separator."""
    line, end, _ = data[at : at + SEPARATOR_BYTES].partition(b"\n")
    if not line.startswith(b"From "):
        return None
    start = at + len(line) + len(end)
    form = _form(line[5:])
    if start >= len(data):
        return start if form in {_EXACT, _OTHER} and after_empty_line else None
    if not end:
        return None
    following = data[start : start + _PEEK_BYTES]
    if following.startswith(BYTE_ORDER_MARK):
        start += len(BYTE_ORDER_MARK)
        following = following[len(BYTE_ORDER_MARK) :]
    if following[:1] in {b"\n", b"\r"}:
        strict = after_empty_line and _STRICT_DATE.search(line) is not None
        return start if strict and (first or _is_late_header(following)) else None
    return start if _is_enough(form, following, after_empty_line) else None


def _is_enough(form: _Form, following: bytes, after_empty_line: bool) -> bool:
    needed = form.after_empty_line if after_empty_line else form.elsewhere
    if needed < 0:
        return _FIELD.match(following) is not None
    if needed == _NEVER:
        return False
    names = familiar_names(following)
    return len(names) >= needed and not (form.of_a_server and names.isdisjoint(_SERVERS))


def _is_late_header(following: bytes) -> bool:
    names = familiar_names(following.lstrip(b"\r\n"))
    return len(names) > 1 and not names.isdisjoint(_SERVERS)


def follows_whole_header(data: Buffer, start: int) -> bool:
    """Whether a message starts there beyond doubt: with two familiar fields or more."""
    return len(familiar_names(data[start : start + _PEEK_BYTES])) > 1


def _form(line: bytes) -> _Form:
    """The form of a From_ line, without its "From "."""
    if _CLOCK_ON_THE_LINE.search(line) is None:
        return _undated(line.strip())
    exact = _EXACT_DATE.search(line)
    if (date := exact or _OTHER_DATE.search(line)) is None:
        return _SENTENCE
    sender = line[: date.start()].strip()
    if _ADDRESS.fullmatch(sender):
        return _EXACT if exact else _OTHER
    if _WORD.fullmatch(sender):
        return _EXACT if exact else _DASH
    return _NAMED if b"@" in sender else _WORDS


def _undated(sender: bytes) -> _Form:
    if sender == b"-":
        return _DASH
    return _UNDATED if not sender or _ADDRESS.fullmatch(sender) else _SENTENCE


def familiar_names(following: bytes) -> set[bytes]:
    """The names of the familiar fields of the header that begins here; none when it is
    no header."""
    names: set[bytes] = set()
    any_field = False
    for line in following.split(b"\n", _PEEK_LINES)[:-1] or [following]:
        if not line.strip():
            break
        match = _FIELD.match(line)
        if match is None and (not any_field or line[:1] not in {b" ", b"\t"}):
            return names & _FAMILIAR if len(names & _FAMILIAR) >= _ENOUGH else set()
        any_field = True
        if match is not None and match[1] is not None:
            names.add(match[1].lower())
    return names & _FAMILIAR
