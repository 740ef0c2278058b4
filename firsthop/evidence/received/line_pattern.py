"""The patterns of the lines that most servers write, with the time taken out: which
texts in them vary, of what class each is, and which are taken as they are
(line_groups.py). Nothing is known here about any server.

There are two: each group of a pattern costs every line some time, far less in the
native kernel than in Python. So the kernel's has forms of lines beside those of the
other that one line in fifty has."""

from __future__ import annotations

import re

from firsthop.evidence.received.clauses import NO_KEYWORD

_LABEL = r"[0-9A-Za-z_-]"
# no sign, no backslash and no control: a line with these is not plain (plain.py)
_PLAIN = r"[^\s()<>\[\]\";,\\\x00-\x1f\x7f]"
_PLAIN_BUT_AT = r"[^\s()<>\[\]\";,@\\\x00-\x1f\x7f]"
# Class of a text that varies: its pattern, and a marker to stand for it. An address is
# marked by a form that is not its canonical one.
CLASSES = {
    "host": (rf"(?![\d.]++(?![^ )])){_LABEL}++(?:\.{_LABEL}++)++", "m{}.marker.example"),
    # nothing but a name, also for who looks at it closely
    "domain": (
        rf"[0-9A-Za-z]{_LABEL}*(?:\.{_LABEL}++)*?\.[A-Za-z]{_LABEL}++(?=\))",
        "m{}.marker.example",
    ),
    "rooted": (
        rf"(?![\d.]++(?![^ ])){_LABEL}++(?:\.{_LABEL}++)++\.(?![^ ])",
        "m{}.marker.example.",
    ),
    "word": (rf"(?={_LABEL}*\d)[0-9A-Za-z]{_LABEL}*+(?!\.)", "Marker{}"),
    "user": (rf"[0-9A-Za-z]{_LABEL}*+(?=@)", "Marker{}"),
    # what some answer for a user, and as qmail writes it
    "cookie": (r"[0-9A-Za-z+/]++(?=@)", "Mark+er{}"),
    "answer": (r"\?[0-9A-Za-z+/]++\?(?=@)", "?Mark+er{}?"),
    "four": (r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?!\.)", "192.0.2.0{}"),
    "six": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+", "2001:DB8::{}"),
    "zoned": (r"[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+%\w+", "2001:DB8::{}%7"),
    "literal": (r"\[\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\]", "[192.0.2.0{}]"),
    "bracketed": (r"\[[0-9A-Fa-f]*+:[0-9A-Fa-f]*+:[0-9A-Fa-f:]*+\]", "[2001:DB8::{}]"),
    "path": (rf"{_PLAIN_BUT_AT}++@{_PLAIN_BUT_AT}++", "m{}@marker.example"),
    "token": (rf"{NO_KEYWORD}{_PLAIN}++(?![<\[])", "m4rk{}"),
    "number": (r"\d++", "77{}"),
    "decimal": (r"\d++\.\d++(?![^ ])", "77.{}"),
    "port": (r"\d{1,5}+", "66{}"),
}
# a table may know such a word
_KNOWN_NAME = r"(?:localhost\.localdomain|mail pickup service)(?![^ )])"
_NAME = rf"{NO_KEYWORD}[A-Za-z][A-Za-z_-]*+(?![^ )@])|{_KNOWN_NAME}"


def _rare(pattern: str) -> str:
    """What stands in the kernel's pattern alone."""
    return f"\x02{pattern}\x03"


def _one(name: str, *classes: str, rare: tuple[str, ...] = ()) -> str:
    """A text of one of the classes, each in a group of its own."""
    ways = [rf"(?P<{name}_{kind}>{CLASSES[kind][0]})" for kind in (*classes, *rare)]
    usual, others = ways[: len(classes)], ways[len(classes) :]
    return f"(?:{'|'.join(usual)}{_rare(''.join(f'|{way}' for way in others)) if rare else ''})"


def _as_is(name: str, pattern: str) -> str:
    return rf"(?P<{name}_as_is>{pattern})"


def _host(name: str) -> str:
    host = rf"(?!{_KNOWN_NAME}){_one(name, 'host')}"  # as most are: no name has a dot
    return rf"(?:{host}|(?P<{name}_name>{_NAME})|{_one(name, 'word')})"


def _greeting(name: str) -> str:
    return rf"(?:{_host(name)}|{_one(name, 'literal', 'four')})"


# in no note a backslash: before a parenthesis it keeps the comment open
_CIPHER = r" \((?:Cipher )?TLS[^()@<>\[\]\\ ]{1,60}\)"
_FORGED = rf" (?:\(may be forged\){_rare('|RDNS failed|(?:un)?verified')})"
_DROP = r"\((?:single|multi)-drop\)"
_WORDS = rf"{NO_KEYWORD}[A-Za-z][\w/-]*+(?: encrypted)?(?: {NO_KEYWORD}[A-Z][\w-]*+)*+"
_TITLE = rf"[A-Z][A-Za-z]*+(?: {NO_KEYWORD}[A-Z][A-Za-z]*+){{1,3}}"
_NOTE = (
    r"\([A-Za-z0-9][^()@<>\[\]\\]{0,80}"
    r"(?:\([^()@<>\[\]\\]{0,40}\)[^()@<>\[\]\\]{0,40})?\)"
)
_ABOUT_TLS = (
    r"\((?:[Uu]sing|version=|No client|Client did|not verified|Google) ?[^()@<>\[\]\\]*"
    r"(?:\([^()@<>\[\]\\]*\)[^()@<>\[\]\\]*)*\)"
)
_PORT = rf"(?::{_one('inner', 'port')})?"
_SEEN = (
    rf"\[(?:{_one('client', 'four')}{_rare(_PORT)}"
    rf"|{_one('client', 'six')}|IPv6:{_one('tagged', 'six')})\]"
    rf"(?::{_one('client', 'port')})?"
)
_NAMED = (
    rf"(?:{_as_is('tag', 'IDENT:')}?{_one('ident', 'user', rare=('cookie',))}@)?"
    rf"(?:(?:{_host('name')}{_as_is('stop', '[.]')}?|{_one('numbered', 'four')}) )?"
)
_NOTED = (  # as vger.kernel.org writes it
    rf"\(\[{_one('shown', 'four')}\]:{_one('shown', 'port')} \"{_as_is('hello', 'HELO|EHLO')} "
    rf"{_host('said')}\" {_as_is('flags', 'rhost-flags-[A-Z-]+')}\)"
)
_TOLD_FROM = (  # what qmail and Yahoo's and others' forms of it tell of the client
    rf"|{_one('account', 'user')}@{_one('session', 'four')} with {_as_is('way', 'login|plain')}"
    rf"|{_one('agent', 'path')}@{_one('agent', 'four')}"
    rf"|{_one('replied', 'answer')}@{_one('replied', 'literal')}"
)
_TOLD = (
    rf"\({_as_is('verb', 'HELO|EHLO' + _rare('|LHLO'))} "
    rf"(?:{_host('told')}{_rare('|' + _one('told', 'literal', 'four'))})\)"
    rf"(?: \((?:{_one('seen', 'four', 'literal')}{_rare(_TOLD_FROM)})\))?"
)
_LOCAL = r"|\(localhost \[\[UNIX: localhost\]\]\)|\(\[unix socket\]\)"
_NOBODY = rf"\(unknown\)|\(<unknown> \[\]\){_rare(_LOCAL)}"
_CLIENTS = (  # what stands behind the client's word
    rf"\({_one('noted', 'four', 'six')}\)",
    rf"\({_NAMED}{_SEEN}{_as_is('forged', _FORGED)}?(?: helo={_greeting('greeting')})?\)",
    rf"\({_one('submitter', 'user')}@(?:{_host('at')}|{_one('at', 'four')})\)",
    _one("behind", "literal"),
    _TOLD,
    rf"\((?:port={_one('calling', 'port')} )?helo={_greeting('calling')}\)",
    _NOTED,
    _as_is("nobody", _NOBODY),
)
_RARE_CLIENTS = (
    rf"|\( \[{_one('spaced', 'four')}\]\)"
    rf"|\(Not Verified\[{_one('unproven', 'four')}\]\)"
    rf"|\(@{_one('unasked', 'literal')}\)"
    rf"|\((?:{_one('alone', 'domain')}|(?P<alone_name>{_NAME}))\)"
    rf"(?: {_one('alone', 'literal')})?"
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
_RARE_HEAD = (
    rf"|\(nullmailer pid {_one('nullmailer', 'number')} "
    rf"invoked by uid {_one('invoker', 'number')}\)"
    rf"|\(Authenticated sender: {_one('submission', 'path')}\)"
)
_HEAD = (
    rf"\(from {_one('user', 'user')}@{_host('home')}\)|\({_one('robot', 'path')}\)"
    rf"|{_NETWORK}|{_as_is('group', r'[(]EGP: [a-z0-9_-]+[)]')}"
)
_WEBMAIL = rf"| \(SquirrelMail authenticated user {_one('webmail', 'path', 'token')}\)"
_NO_HELO = rf"|\((?:(?:{_host('sole')}|{_one('sole', 'four')}) )?\[{_one('lone', 'four')}\]\)"
_FROM = (
    rf"(?:(?:{_one('project', 'number')}(?= named )|{_host('helo')}"
    rf"|{_one('helo', 'literal', 'four', rare=('bracketed', 'rooted', 'path'))}"
    rf"|{_as_is('nameless', '<unknown>')})"
    rf"(?: (?:{'|'.join(_CLIENTS)}|{_as_is('named', 'named unknown')}{_rare(_RARE_CLIENTS)}))?"
    rf"{_rare(_NO_HELO)})"
    rf"{_as_is('security', f'(?: {_ABOUT_TLS})+')}?"
    rf"(?:{_as_is('logged', r' [(]authenticated(?: bits=[0-9]+| [(][0-9]+ bits[)])?[)]')}"
    rf"| \(Authenticated sender: {_one('login', 'path', 'token')}\)"
    rf"| \(envelope-sender <{_one('envelope', 'path')}>\){_rare(_WEBMAIL)})?"
)
_STATED = rf"(?: \(envelope-from <{_one('stated', 'path')}>\))?"
_BY = (
    rf"(?:{_host('by')}|{_one('by', 'four', 'six')}"
    rf"{_rare('|' + _one('by', 'rooted') + '|' + _as_is('titled', _TITLE))})"
    rf"(?: pod-id {_host('pod')}{_rare('| ' + _one('beside', 'literal'))})?"
    rf"{_rare(_STATED)}"
    rf"(?: (?:\({_one('writer', 'four', 'six')}\)"
    rf"|\(\[{_one('boxed', 'six', 'zoned', rare=('four',))}\]\)"
    rf"|\({_host('inside')} \[{_one('within', 'four')}\]\)(?: {_as_is('filter', _NOTE)})?"
    rf"|{_as_is('pickup', r'[(]Postfix, from userid ')}{_one('owner', 'number')}\)"
    rf"|{_as_is('software', _NOTE)}))?"
)
_SCANNER = r"qmail-scanner-[0-9.]+ \([^()@<>\[\]\\;]{1,80}Processed in "
_SCANNED = rf"|{_as_is('scanned', _SCANNER)}{_one('scanned', 'decimal')} secs\)"
_WITH = (
    rf"{_as_is('with', rf'{_WORDS}(?: ?{_NOTE}|{_CIPHER})?(?: tls {_LABEL}++)?(?: {_NOTE})?')}"
    rf"(?: \(envelope-from <{_one('sender', 'path')}>\))?{_rare(_SCANNED)}"
)
_ID = (
    rf"(?:{_one('queue', 'token')}|<{_one('angled', 'token')}>)"
    rf"{_rare(_as_is('converted', ' convert rfc822-to-[0-9a-z]+') + '?')}"
    rf"{_as_is('sealed', f' {_ABOUT_TLS}')}?"
    rf"(?: \((?:ORCPT <rfc822;{_one('original', 'path')}>"
    rf"|envelope-from <{_one('returned', 'path')}>{_rare('|' + _one('serial', 'number'))})\))?"
)
_GATE = (  # as Raptor writes it, in front of "with"
    rf"|(?P<gate>smtpd \(for (?:(?:{_host('next')}|{_one('next', 'four')}) )?"
    rf"\[{_one('gate', 'four')}\]\))(?= with )"
)
_VIA = rf"(?:{_as_is('link', _WORDS)}(?![^ ])|{_one('link', 'host')})"
_FOR = (
    rf"(?:<{_one('for', 'path')}>|{_one('bare_for', 'path')}|{_one('list', 'token')})"
    rf"{_as_is('end', f' (?:{_DROP}|{_ABOUT_TLS})')}?"
)
BEHIND_TIME = " \n"  # stands for a time in the middle of a line: nothing else is like it
_TAIL = rf"\(envelope-from (?:<{_one('behind_time', 'path')}>|{_one('bare_behind_time', 'path')})\)"
_LINE = (
    rf"(?=.)(?:(?P<head>{_HEAD}|{_QMAIL}{_rare(_RARE_HEAD)})(?: (?=by)|(?![^ ]))"
    rf"|from (?P<from>{_FROM}) )?"
    # "via" in front of "id", by Majordomo at vger.kernel.org
    rf"(?:by (?P<by>{_BY})(?: via (?:(?P<expanded_as_is>listexpand)(?= id ){_rare(_GATE)}))?"
    rf"(?: with (?P<with>{_WITH}))?"
    rf"(?: id (?P<id>{_ID}))?(?: via (?P<via>{_VIA}))?(?: for (?P<for>{_FOR}))?)?"
    rf"(?:{BEHIND_TIME}(?P<tail>{_TAIL}))?"
)
FLAGS = re.ASCII
USUAL = "".join(piece.rpartition("\x03")[2] for piece in _LINE.split("\x02"))
WITH_RARE = _LINE.replace("\x02", "").replace("\x03", "")
