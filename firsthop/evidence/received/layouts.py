"""How a mail server lays out what it knows of its client: where its own words stand,
and where those that the client chose.

A dialect's table names the layouts of its software (`client = [...]`) in the server's
own form: `<helo> (<name> [<address>])`. `<helo>`, `<ident>` and `<login>` are the
client's (RFC 5321 section 4.1.1.1, RFC 1413, RFC 4954) and may hold anything; `<name>`,
`<address>` and `<port>` are the server's, and hold what names and addresses are made
of; `{...}` may be left out. A template that does not begin with "(from" stands behind
"from ". Behind it servers write notes on TLS, certificate and login, which hold words
of the client, too. Nothing is read here: the places are told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from firsthop.system.kept_expressions import compiled

CLIENTS_WORDS = ("helo", "ident", "login", "subject", "issuer")
_ADDRESS = r"(?:(?i:IPv6|tcp):)?[0-9A-Fa-f:.]+(?:%\w+)?"
_SERVERS = {
    "name": r"[\w.-]+",
    "address": _ADDRESS,
    "address2": _ADDRESS,
    "port": r"\d+",
    "word": r"[\w.-]+",
    "notes": r"[^()\"]*",
    "mailbox": r"[^\s()<>\[\]\";,\\]+@[\w.-]+",
}
_PLAIN = r'(?:[^\s()<>\[\]";,\\\x00-\x1f\x7f]+|\[[^\s()<>\[\]";,\\\x00-\x1f\x7f]*\])?'
_PLAIN_IDENT = r'[^\s()<>\[\]";,\\\x00-\x1f\x7f]*'
_PLAIN_NOTE = r'[^()"\\\x00-\x1f\x7f]*'  # what a login or a certificate's name holds
_NAME = compiled(r"\?P<\w+>")
_PIECE = compiled(r"<(\w+)>|([{}])| |[^<{} ]+")
# Notes that the server writes without a word of the client's.
_NOTE = (
    r"\((?:[Uu]sing |[Nn]o client |Client (?:did|certificate)|(?:not )?verified|version=|cipher=|"
    r"TLS|SSL|Google |authenticated(?=\)| bits=| \(\d))"
    r"[^()\"]*(?:\([^()\"]*\)[^()\"]*)*\)"
)
_CERTIFICATE = (
    r'\(Client CN "(?P<subject>HOLE)", Issuer "(?P<issuer>HOLE)" \((?:verified OK|not verified)\)\)'
)
_LOGIN = (
    r"\((?:Authenticated sender:|AUTH: [^\s()]++|(?:\w+ )?[Aa]uthenticated (?:as|user|sender:?)|"
    r"envelope-(?:sender|from)|smtp-auth username|"
    r"(?i:auth(?:id|enticated user|user)?)[:=]|(?:SquirrelMail|NaSMail) authenticated user)"
    r" ?(?P<login>HOLE)\)"
)
_OWN = rf"(?:\s*{_NOTE})*+"
_NOTES = rf"{_OWN}(?:\s*{_CERTIFICATE})?{_OWN}(?:\s*{_LOGIN})?{_OWN}[\s;,]*"


class Layout:
    """One template as two expressions, each made when a line first asks for it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The server's own words and signs that every line of the layout has."""
        words_of_layout, depth = [], 0
        for piece in _PIECE.finditer(self.text):
            depth += {"{": 1, "}": -1}.get(piece[0], 0)
            if not depth and piece[0].strip() and piece[0][0] not in "<{}":
                words_of_layout.append(piece[0])
        return tuple(words_of_layout)

    @cached_property
    def last(self) -> re.Pattern[str]:
        """The client's words may be anything, as much of it as can be."""
        return compiled(_expression(self.text, ".*"), re.DOTALL)

    @cached_property
    def first(self) -> re.Pattern[str]:
        """As little of it as can be."""
        return compiled(_expression(self.text, ".*?"), re.DOTALL)


@lru_cache(maxsize=512)
def layout(text: str) -> Layout:
    """The layout of a template; one object for each text."""
    return Layout(text)


def _expression(text: str, hole: str) -> str:
    """A template as an expression for what stands before " by "."""
    notes = _NOTES.replace("(?P<login>", "(?P<said>") if "<login>" in text else _NOTES
    return _front(text, hole) + notes.replace("HOLE", hole)


def plain_lines(layouts: Iterable[Layout]) -> str:
    """What stands before " by " in lines of some layouts, where the client's words are
    words."""
    fronts = "|".join(_nameless(_front(one.text, _PLAIN)) for one in layouts)
    return f"(?:{fronts}){_nameless(_NOTES.replace('HOLE', _PLAIN_NOTE))}"


def _nameless(expression: str) -> str:
    return _NAME.sub("?:", expression)


def _front(text: str, hole: str) -> str:
    begin = "" if text.startswith("(") and text[1:6] == "from " else r"(?i:from)\s+"
    return begin + "".join(_piece(piece, hole) for piece in _PIECE.finditer(text))


def _piece(piece: re.Match[str], hole: str) -> str:
    name, brace = piece.groups()
    if name:
        held = _PLAIN_IDENT if name == "ident" and hole == _PLAIN else hole
        return rf"(?P<{name}>{_SERVERS.get(name, held)})"
    if brace:
        return "(?:" if brace == "{" else ")?" + ("?" if hole.endswith("*?") else "")
    if piece[0] == " " and hole == _PLAIN:
        return r"\s"  # a second one is the client's
    return r"\s+" if piece[0] == " " else re.escape(piece[0]).replace(r"\]", r"\](?::\d+)?")
