"""The usual forms of Received lines, put together from short patterns of single
clauses: which texts vary from line to line, and which make the form.

Every text that varies is of one of a few classes, each so narrow that a table which
knows one of its members knows all; what a table could tell apart (the protocol,
comments of the software, "unknown") is taken as it is. Nothing here says what a text
means."""

from __future__ import annotations

import re

from firsthop.evidence.received.clauses import NO_KEYWORD

_LABEL = r"[0-9A-Za-z_-]"
# Class of a text that varies: its pattern, and a marker to stand for it. An address is
# marked by a form that is not its canonical one.
CLASSES = {
    "host": (rf"(?![\d.]+(?![^ )])){_LABEL}++(?:\.{_LABEL}++)++", "m{}.marker.example"),
    "word": (rf"(?={_LABEL}*\d)[0-9A-Za-z]{_LABEL}*+(?!\.)", "Marker{}"),
    "user": (rf"[0-9A-Za-z]{_LABEL}*+(?=@)", "Marker{}"),
    "four": (r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.)", "192.0.2.0{}"),
    "six": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+", "2001:DB8::{}"),
    "zoned": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+%\w+", "2001:DB8::{}%7"),
    "literal": (r"\[\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\]", "[192.0.2.0{}]"),
    "path": (r"[^\s<>()\[\]\";,@]++@[^\s<>()\[\]\";,@]++", "m{}@marker.example"),
    "token": (rf"{NO_KEYWORD}[^\s()<>\[\]\";,]++(?![<\[])", "m4rk{}"),
    "number": (r"\d++", "77{}"),
}
# a table may know such a word
_NAME = (
    rf"{NO_KEYWORD}[A-Za-z][A-Za-z_-]*+(?![^ )@])|(?:localhost\.localdomain|mail pickup service)"
    rf"(?![^ )])"
)


def _one(name: str, *classes: str) -> str:
    """A text of one of the classes, each in a group of its own."""
    return "(?:" + "|".join(rf"(?P<{name}_{kind}>{CLASSES[kind][0]})" for kind in classes) + ")"


def _as_is(name: str, pattern: str) -> str:
    return rf"(?P<{name}_as_is>{pattern})"


def _host(name: str) -> str:
    return rf"(?:{_as_is(name, _NAME)}|{_one(name, 'host', 'word')})"


_CIPHER = r" \(TLS[^()@<>\[\] ]{1,60}\)"
_FORGED = r" \(may be forged\)"
_DROP = r"\((?:single|multi)-drop\)"
_WORDS = rf"{NO_KEYWORD}[A-Za-z][\w/-]*+(?: {NO_KEYWORD}[A-Z][\w-]*+)*+"
_NOTE = r"\([A-Za-z0-9][^()@<>\[\]:]{0,80}(?:\([^()@<>\[\]]{0,40}\)[^()@<>\[\]]{0,40})?\)"
_ABOUT_TLS = (
    r"\((?:using|version=|No client|Client did|not verified|Google) ?[^()@<>\[\]]*(?:\([^"
    r"()@<>\[\]]*\)[^()@<>\[\]]*)*\)"
)
_SEEN = rf"\[(?:{_one('client', 'four', 'six')}|IPv6:{_one('tagged', 'six')})\]"
_NAMED = (
    rf"(?:{_as_is('tag', 'IDENT:')}?{_one('ident', 'user')}@)?"
    rf"(?:{_host('name')}{_as_is('stop', '[.]')}? )?"
)
_CLIENTS = (  # what stands behind the client's word
    rf"\({_NAMED}{_SEEN}{_as_is('forged', _FORGED)}?(?: helo={_one('greeting', 'host')})?\)",
    rf"\({_one('noted', 'four', 'six')}\)",
    _one("behind", "literal"),
    rf"\({_as_is('verb', 'HELO|EHLO')} {_host('told')}\) \({_one('seen', 'four', 'literal')}\)",
    rf"\(helo={_one('calling', 'host')}\)",
)
_QMAIL = (
    rf"\(qmail {_one('process', 'number')} invoked "
    rf"(?:{_as_is('how', 'from network|by alias|for bounce')}|by uid {_one('uid', 'number')})\)"
)
_HEAD = rf"\(from {_one('user', 'user')}@{_host('home')}\)"
_FROM = (
    rf"(?:{_host('helo')}|{_one('helo', 'literal', 'four')})(?: "
    rf"(?:{'|'.join(_CLIENTS)}))?{_as_is('security', f'(?: {_ABOUT_TLS})+')}?"
)
_BY = (
    rf"(?:{_host('by')}|{_one('by', 'four', 'six')})(?: (?:\({_one('writer', 'four', 'six')}\)"
    rf"|\(\[{_one('boxed', 'six', 'zoned')}\]\)|{_as_is('software', _NOTE)}))?"
)
_WITH = (
    rf"{_as_is('with', rf'{_WORDS}(?: ?{_NOTE}|{_CIPHER})?(?: tls {_LABEL}++)?(?: {_NOTE})?')}"
    rf"(?: \(envelope-from <{_one('sender', 'path')}>\))?"
)
_ID = (
    rf"(?:{_one('queue', 'token')}|<{_one('angled', 'token')}>)"
    rf"{_as_is('sealed', f' {_ABOUT_TLS}')}?"
)
_VIA = rf"(?:{_as_is('link', _WORDS)}(?![^ ])|{_one('link', 'host')})"
_FOR = (
    rf"(?:<{_one('for', 'path')}>|{_one('bare_for', 'path')})"
    rf"{_as_is('end', f' (?:{_DROP}|{_ABOUT_TLS})')}?"
)
LINE = re.compile(
    rf"(?=.)(?:(?P<head>{_HEAD}|{_QMAIL})(?: (?=by)|(?![^ ]))|from (?P<from>{_FROM}) )?"
    rf"(?:by (?P<by>{_BY})(?: with (?P<with>{_WITH}))?(?: id (?P<id>{_ID}))?(?: via "
    rf"(?P<via>{_VIA}))?(?: for (?P<for>{_FOR}))?)?",
    re.ASCII,
)
GROUPS = {name: place - 1 for name, place in LINE.groupindex.items()}  # places in match.groups()
CLAUSE_PLACES = tuple(GROUPS[name] for name in ("head", "from", "by", "via", "with", "id", "for"))
BY, FROM, ID, WRITER = GROUPS["by"], GROUPS["from"], GROUPS["id"], GROUPS["writer_four"]
AS_IS = tuple(place for name, place in GROUPS.items() if name.endswith("_as_is"))
VARIABLES = {
    place: name.rpartition("_")[2]
    for name, place in GROUPS.items()
    if name.rpartition("_")[2] in CLASSES
}
ADDRESSES = tuple(
    place for place, kind in VARIABLES.items() if kind in ("four", "six", "zoned", "literal")
)


def marked(match: re.Match[str]) -> str:
    """The line with a marker in place of each text that varies."""
    line = match.string
    for place in sorted(VARIABLES, key=lambda place: -match.start(place + 1)):
        start, stop = match.span(place + 1)
        if start >= 0:
            line = line[:start] + CLASSES[VARIABLES[place]][1].format(place) + line[stop:]
    return line
