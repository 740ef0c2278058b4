"""The pattern of the lines that most servers write, with the time taken out: which
texts in it vary, of what class each is, and which are taken as they are
(line_templates.py). Nothing is known here about any server."""

from __future__ import annotations

import re

from firsthop.evidence.received.clauses import CLAUSES, NO_KEYWORD
from firsthop.system.kept_expressions import compiled

_LABEL = r"[0-9A-Za-z_-]"
# no sign, no backslash and no control: a line with these is not plain (plain.py)
_PLAIN = r"[^\s()<>\[\]\";,\\\x00-\x1f\x7f]"
_PLAIN_BUT_AT = r"[^\s()<>\[\]\";,@\\\x00-\x1f\x7f]"
# Class of a text that varies: its pattern, and a marker to stand for it. An address is
# marked by a form that is not its canonical one.
CLASSES = {
    "host": (rf"(?![\d.]++(?![^ )])){_LABEL}++(?:\.{_LABEL}++)++", "m{}.marker.example"),
    "word": (rf"(?={_LABEL}*\d)[0-9A-Za-z]{_LABEL}*+(?!\.)", "Marker{}"),
    "user": (rf"[0-9A-Za-z]{_LABEL}*+(?=@)", "Marker{}"),
    "four": (r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.)", "192.0.2.0{}"),
    "six": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+", "2001:DB8::{}"),
    "zoned": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+%\w+", "2001:DB8::{}%7"),
    "literal": (r"\[\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\]", "[192.0.2.0{}]"),
    "path": (rf"{_PLAIN_BUT_AT}++@{_PLAIN_BUT_AT}++", "m{}@marker.example"),
    "token": (rf"{NO_KEYWORD}{_PLAIN}++(?![<\[])", "m4rk{}"),
    "number": (r"\d++", "77{}"),
    "port": (r"\d{1,5}+", "77{}"),
}
# a table may know such a word
_KNOWN_NAME = r"(?:localhost\.localdomain|mail pickup service)(?![^ )])"
_NAME = rf"{NO_KEYWORD}[A-Za-z][A-Za-z_-]*+(?![^ )@])|{_KNOWN_NAME}"


def _one(name: str, *classes: str) -> str:
    """A text of one of the classes, each in a group of its own."""
    return "(?:" + "|".join(rf"(?P<{name}_{kind}>{CLASSES[kind][0]})" for kind in classes) + ")"


def _as_is(name: str, pattern: str) -> str:
    return rf"(?P<{name}_as_is>{pattern})"


def _host(name: str) -> str:
    host = rf"(?!{_KNOWN_NAME}){_one(name, 'host')}"  # as most are: no name has a dot
    return rf"(?:{host}|(?P<{name}_name>{_NAME})|{_one(name, 'word')})"


def _greeting(name: str) -> str:
    return rf"(?:{_host(name)}|{_one(name, 'literal', 'four')})"


# in no note a backslash: before a parenthesis it keeps the comment open
_CIPHER = r" \((?:Cipher )?TLS[^()@<>\[\]\\ ]{1,60}\)"
_FORGED = r" \(may be forged\)"
_DROP = r"\((?:single|multi)-drop\)"
_WORDS = rf"{NO_KEYWORD}[A-Za-z][\w/-]*+(?: {NO_KEYWORD}[A-Z][\w-]*+)*+"
_NOTE = (
    r"\([A-Za-z0-9][^()@<>\[\]\\:]{0,80}"
    r"(?:\([^()@<>\[\]\\]{0,40}\)[^()@<>\[\]\\]{0,40})?\)"
)
_ABOUT_TLS = (
    r"\((?:using|version=|No client|Client did|not verified|Google) ?[^()@<>\[\]\\]*"
    r"(?:\([^()@<>\[\]\\]*\)[^()@<>\[\]\\]*)*\)"
)
_SEEN = (
    rf"\[(?:{_one('client', 'four', 'six')}|IPv6:{_one('tagged', 'six')})\]"
    rf"(?::{_one('client', 'port')})?"
)
_NAMED = (
    rf"(?:{_as_is('tag', 'IDENT:')}?{_one('ident', 'user')}@)?"
    rf"(?:(?:{_host('name')}{_as_is('stop', '[.]')}?|{_one('numbered', 'four')}) )?"
)
_NOTED = (  # as vger.kernel.org writes it
    rf"\(\[{_one('shown', 'four')}\]:{_one('shown', 'port')} \"{_as_is('hello', 'HELO|EHLO')} "
    rf"{_host('said')}\" {_as_is('flags', 'rhost-flags-[A-Z-]+')}\)"
)
_TOLD = (
    rf"\({_as_is('verb', 'HELO|EHLO')} {_host('told')}\)"
    rf"(?: \({_one('seen', 'four', 'literal')}\))?"
)
_CLIENTS = (  # what stands behind the client's word
    rf"\({_one('noted', 'four', 'six')}\)",
    rf"\({_NAMED}{_SEEN}{_as_is('forged', _FORGED)}?(?: helo={_greeting('greeting')})?\)",
    rf"\({_one('submitter', 'user')}@(?:{_host('at')}|{_one('at', 'four')})\)",
    _one("behind", "literal"),
    _TOLD,
    rf"\((?:port={_one('calling', 'port')} )?helo={_greeting('calling')}\)",
    _NOTED,
    _as_is("nobody", r"\(unknown\)|\(<unknown> \[\]\)"),
)
_NETWORK = (  # as Yahoo's qmail writes it
    rf"\(qmail {_one('worker', 'number')} messnum {_one('message', 'number')} "
    rf"invoked from network\[{_one('peer', 'four')}/(?:{_as_is('peerless', 'unknown')}"
    rf"|{_one('peer', 'host')})\]\)"
)
_QMAIL = (
    rf"\(qmail {_one('process', 'number')} invoked "
    rf"(?:{_as_is('how', 'from network|by alias|for bounce')}|by uid {_one('uid', 'number')})\)"
)
_HEAD = (
    rf"\(from {_one('user', 'user')}@{_host('home')}\)|\({_one('robot', 'path')}\)"
    rf"|{_NETWORK}|{_as_is('group', r'[(]EGP: [a-z0-9_-]+[)]')}"
)
_FROM = (
    rf"(?:{_one('project', 'number')}(?= named )|{_host('helo')}|{_one('helo', 'literal', 'four')}"
    rf"|{_as_is('nameless', '<unknown>')})"
    rf"(?: (?:{'|'.join(_CLIENTS)}|{_as_is('named', 'named unknown')}))?"
    rf"{_as_is('security', f'(?: {_ABOUT_TLS})+')}?"
    rf"(?:{_as_is('logged', r' [(]authenticated(?: bits=[0-9]+)?[)]')}"
    rf"| \(Authenticated sender: {_one('login', 'path', 'token')}\)"
    rf"| \(envelope-sender <{_one('envelope', 'path')}>\))?"
)
_BY = (
    rf"(?:{_host('by')}|{_one('by', 'four', 'six')})(?: pod-id {_host('pod')})?"
    rf"(?: (?:\({_one('writer', 'four', 'six')}\)"
    rf"|\(\[{_one('boxed', 'six', 'zoned')}\]\)"
    rf"|\({_host('inside')} \[{_one('within', 'four')}\]\)(?: {_as_is('filter', _NOTE)})?"
    rf"|{_as_is('pickup', r'[(]Postfix, from userid ')}{_one('owner', 'number')}\)"
    rf"|{_as_is('software', _NOTE)}))?"
)
_WITH = (
    rf"{_as_is('with', rf'{_WORDS}(?: ?{_NOTE}|{_CIPHER})?(?: tls {_LABEL}++)?(?: {_NOTE})?')}"
    rf"(?: \(envelope-from <{_one('sender', 'path')}>\))?"
)
_ID = (
    rf"(?:{_one('queue', 'token')}|<{_one('angled', 'token')}>)"
    rf"{_as_is('sealed', f' {_ABOUT_TLS}')}?"
    rf"(?: \((?:ORCPT <rfc822;{_one('original', 'path')}>"
    rf"|envelope-from <{_one('returned', 'path')}>)\))?"
)
_VIA = rf"(?:{_as_is('link', _WORDS)}(?![^ ])|{_one('link', 'host')})"
_FOR = (
    rf"(?:<{_one('for', 'path')}>|{_one('bare_for', 'path')}|{_one('list', 'token')})"
    rf"{_as_is('end', f' (?:{_DROP}|{_ABOUT_TLS})')}?"
)
BEHIND_TIME = " \n"  # stands for a time in the middle of a line: nothing else is like it
_TAIL = rf"\(envelope-from (?:<{_one('behind_time', 'path')}>|{_one('bare_behind_time', 'path')})\)"
LINE = compiled(
    rf"(?=.)(?:(?P<head>{_HEAD}|{_QMAIL})(?: (?=by)|(?![^ ]))|from (?P<from>{_FROM}) )?"
    rf"(?:by (?P<by>{_BY})(?: via (?P<expanded>listexpand)(?= id ))?(?: with (?P<with>{_WITH}))?"
    rf"(?: id (?P<id>{_ID}))?(?: via (?P<via>{_VIA}))?(?: for (?P<for>{_FOR}))?)?"
    rf"(?:{BEHIND_TIME}(?P<tail>{_TAIL}))?",
    re.ASCII,
)
GROUPS = {name: place - 1 for name, place in LINE.groupindex.items()}  # places in match.groups()
EXPANDED = GROUPS["expanded"]  # "via" in front of "id", by Majordomo at vger.kernel.org
CLAUSE_PLACES = tuple(GROUPS[name] for name in CLAUSES)
BY, FROM, ID, WRITER = GROUPS["by"], GROUPS["from"], GROUPS["id"], GROUPS["writer_four"]
AS_IS = (
    *(place for name, place in GROUPS.items() if name.endswith("_as_is")),
    GROUPS["expanded"],
)
VARIABLES = {
    place: name.rpartition("_")[2]
    for name, place in GROUPS.items()
    if name.rpartition("_")[2] in CLASSES
}
ADDRESSES = tuple(
    place for place, kind in VARIABLES.items() if kind in ("four", "six", "zoned", "literal")
)
PORTS = tuple(place for place, kind in VARIABLES.items() if kind == "port")
NAMES = tuple(place for name, place in GROUPS.items() if name.endswith("_name"))
