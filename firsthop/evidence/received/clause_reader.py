"""Reads one clause of a Received line: its comments and words by table, then the plain
meaning of the words that no table reads as a whole.

What a comment says goes before what a bare word seems to say. What nobody knows is kept
as unread."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from firsthop.evidence.host.address import Address, read_address
from firsthop.evidence.received.clauses import tokens
from firsthop.evidence.received.dialects import Dialect, known_comments, known_values
from firsthop.evidence.received.phrases import ADDRESSES, Phrases, Says
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_NAME = 255  # octets of a host name (RFC 1035 section 2.3.4)
MAX_NAME_WORDS = 4  # of a server that calls itself something with spaces ("by Forcepoint Email")

# RFC 3848 and RFC 6531; ASMTP before them; webmail and its interfaces.
AUTHENTICATED = compiled(
    r"(?:UTF8)?(?:E?SMTP|LMTP)S?A|A(?:E?SMTP|SMTPS)|HTTP(?:U|REST)?", re.IGNORECASE
)
ENCRYPTED = compiled(r"(?:UTF8)?(?:E?SMTP|LMTP)SA?|ASMTPS|HTTPS", re.IGNORECASE)
_KINDS = (
    (compiled(r"(?:UTF8)?LMTP", re.IGNORECASE), "lmtp"),
    (compiled(r"local|mapi|UUCP|stdio|drop|spool|BSMTP|rmail", re.IGNORECASE), "local"),
    (
        compiled(
            r"(?:Microsoft |CodeTwo )?(?:X?SMTP|E?SMTP|ASMTP)|UTF8|NNFMP|bizsmtp|QMQP"
            r"|ECSTREAM|QMTP|Internet Mail|ME$",
            re.IGNORECASE,
        ),
        "smtp",
    ),
    (compiled(r"HTTP|NNMTP|WebMail|XIMSS|REST$", re.IGNORECASE), "http"),
    (compiled(r"POP|IMAP", re.IGNORECASE), "fetch"),
)
# kinds without a HELO: the word behind "from" is the client's name
NO_HELO = frozenset(("http", "fetch", "local"))
_LOGIN = frozenset(("authenticated", "auth_mechanism", "auth_identity"))
_HOSTS = frozenset(("client_name", "by"))
_BARE_PATHS = ("reverse_path", "forward_path")
_LITERAL = compiled(r"\[?[0-9A-Fa-f:.?]+\]?(?::\d+)?|\[IPv6:[^\]]+\](?::\d+)?|!.*!")
_PATH = compiled(r"<(?:[^<>]*@[^<>]*)?>|[^\s<>\[\]]+@[^\s<>\[\]]+")
# no address, not even one of hexadecimal digits
_HOST = compiled(r"[A-Za-z](?:[\w-]*+\.(?=[\w-]))*+(?:(?![A-Za-z_-])[\w-])*+[A-Za-z_-][\w-]*+")
# what most clauses are: two tokens
_WORD_AND_COMMENT = compiled(r'([^\s()<>\[\]";,]++) (\([^()\\]*+(?:\([^()\\]*+\)[^()\\]*+)*+\))')
_FOREIGN = frozenset((",", ";"))
_BRACKETS = frozenset((",", ";", "<", ">"))

Beyond = tuple[tuple[str, list[str]], ...]  # unread, value_lost, repairs


class ClauseReading(NamedTuple):
    """What a clause says, and what it has beyond."""

    facts: dict[str, Any]
    beyond: Beyond


@lru_cache(maxsize=32_768)
def read_clause(clause: str, dialect: Dialect | None, kind: str | None, text: str) -> ClauseReading:
    """What a clause of a dialect says; `kind` of hop as the protocol tells it, which
    only the from clause asks for."""
    if clause == "by" and len(text) <= MAX_NAME and _HOST.fullmatch(text):
        return ClauseReading({"by": text}, ())
    reader = _Reader(clause, dialect, kind)
    usual = _WORD_AND_COMMENT.fullmatch(text)
    reader.read(list(usual.groups()) if usual else tokens(text))
    beyond = (("unread", reader.unread), ("value_lost", reader.lost), ("repairs", reader.repairs))
    return ClauseReading(reader.facts, tuple(pair for pair in beyond if pair[1]))


class _Reader:
    """Fills the facts of one clause."""

    def __init__(self, clause: str, dialect: Dialect | None, kind: str | None) -> None:
        self.clause = clause
        self.dialect = dialect
        self.kind = kind
        self.facts: dict[str, Any] = {}
        self.unread: list[str] = []
        self.lost: list[str] = []
        self.repairs: list[str] = []

    def read(self, clause_words: list[str]) -> None:
        """The comments before the words, since they say what the words mean."""
        words = [t for t in clause_words if t[0] != "("]
        if len(words) < len(clause_words):
            for token in clause_words:
                if token[0] == "(":
                    self._comment(token)
        if words and not self._value(" ".join(words), len(words) == len(clause_words)):
            _WORDS[self.clause](self, words)
        elif (
            not words
            and self.clause == "from"
            and self.dialect is None
            and "helo" not in self.facts
            and "client_name" in self.facts
        ):
            # "from (name [address])": SpamAssassin reads the one name as the HELO
            self.facts["helo"] = self.facts.pop("client_name")
        if len(self.unread) > 1:
            place = {token: place for place, token in reversed(list(enumerate(clause_words)))}
            self.unread.sort(key=lambda token: place.get(token, 0))
        self._conclude()

    def _conclude(self) -> None:
        """What follows from what was read."""
        facts = self.facts
        if protocol := facts.get("protocol"):
            if "kind" not in facts and (kind := protocol_kind(protocol)):
                facts["kind"] = kind
            if AUTHENTICATED.fullmatch(protocol):
                facts.setdefault("authenticated", True)
            if ENCRYPTED.fullmatch(protocol):
                facts.setdefault("tls", True)
        if "auth_mechanism" in facts or "auth_identity" in facts:
            facts.setdefault("authenticated", True)
        if "tls_version" in facts or "tls_cipher" in facts:
            facts.setdefault("tls", True)
        if facts.get("helo") == "":  # "(HELO )": the client gave none
            del facts["helo"]

    def _comment(self, token: str) -> None:
        says = _look_up_comment(self.dialect, self.clause, token)
        if says is None:
            self.unread.append(token)
        else:
            self._take(says)

    def _value(self, words: str, alone: bool) -> bool:
        says = _read_phrase(known_values(self.dialect, self.clause, alone), words)
        if says is not None:
            self._take(says)
        return says is not None

    def _take(self, says: Says) -> None:
        facts = self.facts
        for name, value in says:
            if name in _LOGIN and self.clause == "for":
                continue  # what stands there may be the recipient's, which the sender chooses
            if name in ADDRESSES:
                self._address(name, value)
            elif name in _HOSTS and "@" in value:
                self.unread.append(value)  # a mailbox is no host
            elif name == "auth_identity" and value[:1] == "<" and value[-1] == ">":
                facts[name] = value[1:-1]
            elif name in _BARE_PATHS:
                self._path(name, value)
            elif name == "client_port":
                facts.setdefault(name, int(value))
            elif name not in facts or name in (
                "kind",
                "authenticated",
                "mta",
                "client_name_verified",
            ):
                facts[name] = value

    def _address(self, name: str, text: str) -> bool:
        address = read_address(text)
        if address is None:
            return False
        if name not in self.facts:
            self._set_address(name, address)
        return True

    def _set_address(self, name: str, address: Address) -> None:
        self.facts[name] = address.text
        self.repairs.extend(address.repairs)
        if address.port is not None and name == "client_address":
            self.facts.setdefault("client_port", address.port)

    def _path(self, name: str, text: str) -> None:
        """A path with its angle brackets is bare without them; an empty one without
        brackets lost its text on the way."""
        if not text:
            self.lost.append(name)
        elif name not in self.facts:
            bare = text[1:].removesuffix(">") if text[0] == "<" else text
            # mopherd doubles the brackets
            self.facts[name] = bare[1:-1] if bare[:1] == "<" and bare[-1] == ">" else bare

    # words of a clause without comments

    def _rest(self, words: list[str]) -> None:
        self.unread.extend([w for w in words if w not in _FOREIGN])

    def _from(self, words: list[str]) -> None:
        told = "helo" in self.facts
        if len(words) == 1 and len(words[0]) <= MAX_NAME and _HOST.fullmatch(words[0]):
            self._client_word(words[0], told)
            return
        names = [
            w for place, w in enumerate(words) if not self._client_literal(w, told or place > 0)
        ]
        paths = [w for w in names if _PATH.fullmatch(w)]
        for path in paths:
            self._path("reverse_path", path)
        names = [w for w in names if w not in paths and w not in _FOREIGN]
        if names and names[0][0] != "<":
            self._client_word(names.pop(0), told)
        self.unread.extend(names)

    def _client_literal(self, word: str, told: bool) -> bool:
        """Takes an address behind "from": the client's, or the HELO where a comment has
        told the client's."""
        address = read_address(word) if _LITERAL.fullmatch(word) else None
        if address is None:
            return False
        facts = self.facts
        known = "client_address" in facts
        if not known:
            self._set_address("client_address", address)
            if self.dialect is None and "." in facts.get("client_name", ""):
                # "from [address] (name)": no server that is known looked it up
                facts.setdefault("helo", facts.pop("client_name"))
                return True
        if (
            not told
            and self._kind() not in NO_HELO
            and self._from_word() != "client_name"
            and (known or word[0] == "[")
        ):
            facts["helo"] = word
        return True

    def _client_word(self, word: str, told: bool) -> None:
        """Takes the bare word behind "from"."""
        meaning = "client_name" if told or self._kind() in NO_HELO else self._from_word()
        if meaning == "verified":
            meaning = "both" if self.facts.get("client_name_verified") else "helo"
        if meaning != "client_name":
            self.facts["helo"] = word
        if meaning != "helo":
            self.facts.setdefault("client_name", word.rstrip("."))
            if (
                self.dialect
                and self.dialect.name_verified is not None
                and word.lower() != "unknown"
                and "client_address" in self.facts
            ):
                self.facts.setdefault("client_name_verified", self.dialect.name_verified)

    def _kind(self) -> str | None:
        kind: str | None = self.facts.get("kind", self.kind)
        return kind

    def _from_word(self) -> str:
        return self.dialect.from_word if self.dialect else "helo"

    def _by(self, words: list[str]) -> None:
        words = [w for w in words if w not in _FOREIGN]
        if not words:
            return
        word = words[0]
        if "@" in word and self.dialect is None:  # a mailbox is no host
            self.unread.extend(words)
            return
        if _LITERAL.fullmatch(word) and self._address("by_address", word):
            word = word.strip("[]")
        elif 1 < len(words) <= MAX_NAME_WORDS and all(
            "." not in w and w[0].isalpha() for w in words
        ):
            word, words = " ".join(words), []
        self.facts.setdefault("by", word)
        self.unread.extend([w for w in words[1:] if not self._behind_host(w)])

    def _behind_host(self, word: str) -> bool:
        """Behind the host some write its address, some their id without the
        word "id"."""
        if word[0] == "<" and word[-1] == ">" and "queue_id" not in self.facts:
            self.facts["queue_id"] = word[1:-1]
            return True
        return word[0] == "[" and self._address("by_address", word)

    def _via(self, words: list[str]) -> None:
        """Some write the protocol here; a link that is none (TCP, a role of the server)
        tells nothing of the kind."""
        self.facts["via"] = words[0] if len(words) == 1 else " ".join(words)
        if AUTHENTICATED.fullmatch(words[0]) or protocol_kind(words[0]):
            self.facts["protocol"] = words[0]

    def _with(self, words: list[str]) -> None:
        words = [w for w in words if w not in _FOREIGN]
        if words:
            self.facts.setdefault("protocol", words[0])
            self.unread.extend(words[1:])

    def _id(self, words: list[str]) -> None:
        word = words[0]
        self.facts.setdefault(
            "queue_id", word[1:-1] if word[0] == "<" and word[-1] == ">" else word
        )
        self._rest(words[1:])

    def _for(self, words: list[str]) -> None:
        words = [w for w in words if w not in _BRACKETS]  # "for <<jo@example.org>>"
        if words:
            self._path("forward_path", words[0])
            self.unread.extend(words[1:])


_WORDS = {
    "head": _Reader._rest, "from": _Reader._from, "by": _Reader._by, "via": _Reader._via,
    "with": _Reader._with, "id": _Reader._id, "for": _Reader._for, "tail": _Reader._rest,
}  # fmt: skip


def protocol_kind(protocol: str) -> str | None:
    """The kind of hop a protocol makes; None for one nobody knows."""
    return next((kind for pattern, kind in _KINDS if pattern.match(protocol)), None)


@lru_cache(maxsize=16_384)
def _look_up_comment(dialect: Dialect | None, clause: str, token: str) -> Says | None:
    """What a comment of a clause says; None: nobody knows it."""
    return _read_phrase(
        known_comments(dialect, clause), (token[1:-1] if token[-1] == ")" else token[1:]).strip()
    )


def _read_phrase(books: tuple[Phrases, ...], text: str) -> Says | None:
    for phrases in books:
        if (says := phrases.read(text)) is not None:
            return says
    return None
