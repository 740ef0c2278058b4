"""What the conditions of rules mean, said once in Python: the oracle that engines and
the translation of features are held against. Slow and plain on purpose; it shares
nothing with firsthop's own reading but the words of a message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from functools import cached_property
from html import unescape

from firsthop.evidence.host.names import registrable_domain
from firsthop.publication.exports.rules.conditions import (
    AllOf,
    Compared,
    Condition,
    FieldAbsent,
    FieldMatches,
    FieldPresent,
    LinkMatches,
    Pattern,
    TextMatches,
    Value,
)
from firsthop.publication.exports.rules.rule import Rule

_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_HELO = re.compile(r"(?:^from|\bhelo|\behlo)[ =]+\[?([^\s()\[\];,\"]+)", re.IGNORECASE)


class Seen:
    """A message as the reference sees it."""

    def __init__(self, data: bytes) -> None:
        self.message: Message = message_from_bytes(data)

    def fields(self, names: Iterable[str], *, decoded: bool) -> Iterator[str]:
        """The unfolded values of the fields of these names."""
        for name in names:
            for value in self.message.get_all(name, []):
                text = " ".join(_bytes_of(value).decode("utf-8", "replace").split())
                yield _decoded(text) if decoded else text

    @cached_property
    def raw_text(self) -> str:
        """All decoded text parts, one behind the other, HTML as it is written."""
        parts = [
            part.get_payload(decode=True)
            for part in self.message.walk()
            if part.get_content_maintype() == "text"
        ]
        return "\n".join(one.decode("utf-8", "replace") for one in parts if isinstance(one, bytes))

    @cached_property
    def text(self) -> str:
        """The text without tags, every run of white space one blank."""
        return " ".join(unescape(_TAG.sub(" ", self.raw_text)).split())

    def values(self, value: Value) -> set[str]:
        """What a value of the message is; several for a HELO."""
        return {one.lower() for one in _VALUES[value](self) if one}


def _bytes_of(value: object) -> bytes:
    """A value as its bytes, which `email` keeps as surrogates."""
    text = value if isinstance(value, str) else "".join(p for p, _ in getattr(value, "_chunks", ()))
    return text.encode("utf-8", "surrogateescape")


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError, UnicodeError):
        return text


def _author(seen: Seen) -> tuple[str, str]:
    """Display name and address; what stands in angle brackets is the address, though
    commas before it are not quoted."""
    text = next(seen.fields(["from"], decoded=False), "")
    if (match := re.match(r"(.*?)<([^<>@]+@[^<>]+?)\.?>", text)) is not None:
        return match[1].strip(' ",'), match[2]
    return parseaddr(text)


def _recipients(seen: Seen) -> list[str]:
    return [one for _, one in getaddresses(list(seen.fields(["to"], decoded=False)))]


_VALUES: dict[Value, Callable[[Seen], Sequence[str]]] = {
    Value.SUBJECT: lambda s: [one.strip() for one in s.fields(["subject"], decoded=True)][:1],
    Value.AUTHOR: lambda s: [_author(s)[1]],
    Value.AUTHOR_LOCAL_PART: lambda s: [_author(s)[1].rpartition("@")[0]],
    Value.AUTHOR_DOMAIN: lambda s: [_author(s)[1].rpartition("@")[2]],
    Value.DISPLAY_NAME: lambda s: [_author(s)[0]],
    Value.RECIPIENT: _recipients,
    Value.RECIPIENT_LOCAL_PART: lambda s: [one.rpartition("@")[0] for one in _recipients(s)[:1]],
    Value.HELO: lambda s: [
        helo for line in s.fields(["received"], decoded=False) for helo in _HELO.findall(line)
    ],
    Value.ID_HOST: lambda s: [
        one.rpartition("@")[2].strip("> ") for one in s.fields(["message-id"], decoded=False)
    ],
    Value.REPLY_DOMAIN: lambda s: [
        parseaddr(one)[1].rpartition("@")[2] for one in s.fields(["reply-to"], decoded=False)
    ][:1],
}


def meets(condition: Condition, seen: Seen) -> bool:
    """Whether a message meets a condition."""
    match condition:
        case AllOf(conditions):
            return all(meets(one, seen) for one in conditions)
        case FieldPresent(names):
            return any(True for _ in seen.fields(names, decoded=False))
        case FieldAbsent(names):
            return not any(True for _ in seen.fields(names, decoded=False))
        case FieldMatches(names, pattern, decoded):
            values = seen.fields(names, decoded=decoded or not pattern.ascii)
            return any(_search(pattern, one) for one in values)
        case TextMatches(pattern):
            return _search(pattern, seen.text)
        case LinkMatches(pattern):
            links = _LINK.findall(unescape(seen.raw_text))
            return any(_search(pattern, one) for one in links)
        case Compared():
            return _compared(condition, seen)


def _search(pattern: Pattern, text: str) -> bool:
    return re.search(pattern.regex, text, re.IGNORECASE if pattern.caseless else 0) is not None


def _compared(condition: Compared, seen: Seen) -> bool:
    left, right = seen.values(condition.left), seen.values(condition.right)
    if condition.registrable:
        left, right = (
            {d for one in side if (d := registrable_domain(one))} for side in (left, right)
        )
    if not left or not right:
        return False
    return bool(left & right) if condition.equal else not left & right


def meets_rule(rule: Rule, seen: Seen) -> bool:
    """Whether a message meets one of the clauses of a rule."""
    return any(all(meets(one.condition, seen) for one in clause) for clause in rule.clauses)
