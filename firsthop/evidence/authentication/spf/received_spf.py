"""Reads Received-SPF (RFC 7208 section 9.1) as real receivers write it, into the same
type as the results of RFC 8601: method "spf".

The sentence in the comment is the only place where Google and Microsoft name the domain
and the address they judged: both are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firsthop.evidence.authentication.pairs import is_usual, plain, read_pairs, segments
from firsthop.evidence.authentication.results import (
    AuthenticationResult,
    ResultHead,
    cut_short,
    head_of,
    value_of,
)
from firsthop.evidence.authentication.tokens import tokens
from firsthop.mail.message import Field, Message, Span
from firsthop.system.kept_expressions import compiled

RESULTS = frozenset("pass fail softfail neutral none temperror permerror error unknown".split())
# result, comments and pairs where nothing else stands there, and the pieces of these
_USUAL = compiled(
    r"\s*+([A-Za-z]++)(?=[\s(;]|\Z)((?:\s*+\([^()]*+\))*+)"
    r'((?:[\s;]*+[^\s;="()]++=(?:[^\s;="()]++|"[^"()]*+")(?=[\s;]|\Z))*+)[\s;]*+\Z'
)
_COMMENT = compiled(r"\(([^()]*+)\)")
_PAIR = compiled(r'(?<![^\s;])([^\s;="()]++)=(?:([^\s;="()]++)|"([^"()]*+)")')
_HOST = compiled(r"[\w.-]+")
_WRITER = compiled(r"([\w.-]+\.[\w-]+):\s")
# The sentence of libspf2, Google and Microsoft. What stands between "domain of" and the
# last of the server's own words is the client's MAIL FROM, whatever it holds (RFC 5321
# section 4.1.2).
_DOMAIN = compiled(
    r"(?:[\w.-]+: )?(?:transitioning )?domain of (?:transitioning )?(.+) "
    r"(?:designates|does not designate|discourages use of|does not discourage)\b[^@\"]*",
)


def received_spf(message: Message) -> tuple[AuthenticationResult, ...]:
    """What the Received-SPF fields of a message tell, in order."""
    return tuple(
        read_received_spf(field)
        if not message.is_cut(field)
        else cut_short(field)._replace(method="spf")
        for field in message.all("received-spf")
    )


def read_received_spf(field: Field) -> AuthenticationResult:
    """What one field tells; where it holds no result, a result without one and the
    defect "unreadable". Never raises."""
    value, offset, form = value_of(field)
    if usual := _usual(value):
        span = field.span
        if offset is not None:
            span = Span(offset + usual.start(1), offset + len(value.rstrip()))
        pairs = [(name, text or quoted) for name, text, quoted in _PAIR.findall(usual[3])]
        told = usual[1].lower(), _comments(usual), pairs
        return _result(*told, field, span, tuple(form))
    kept, defects = tokens(value)
    result = kept[0].text.lower() if kept and kept[0].kind == "word" else ""
    if result not in RESULTS:
        return AuthenticationResult(
            "spf", None, field=field, span=field.span, defects=(*form, *defects, "unreadable")
        )
    rest, comments = kept[1:], []
    while rest and rest[0].kind == "comment":
        comments.append(" ".join(plain(rest.pop(0).text).split()))
    read = [pair for part in segments(rest) for pair in read_pairs(part, defects)]
    pairs = [(pair.name, plain(pair.value)) for pair in read]
    span = field.span if offset is None else Span(offset + kept[0].start, offset + kept[-1].stop)
    return _result(result, comments, pairs, field, span, (*form, *defects))


def read_spf_head(field: Field) -> ResultHead:
    """The head of what `read_received_spf` gives, without what its sentence says."""
    usual = _usual(value_of(field)[0])
    if usual is None:
        return head_of(read_received_spf(field))
    pairs = (pair.group(1, 2, 3) for pair in _PAIR.finditer(usual[3]))
    told = ((name.lower(), (text or quoted).strip("<>")) for name, text, quoted in pairs)
    writer = _writer(told, "; ".join(_comments(usual)))  # mostly the first pair names it
    return ResultHead("spf", usual[1].lower(), writer, field)


def _usual(value: str) -> re.Match[str] | None:
    """The result, the comments and the pairs of a value of the usual form; None for any
    other."""
    usual = _USUAL.fullmatch(value) if is_usual(value) else None
    return usual if usual and usual[1].lower() in RESULTS else None


def _comments(usual: re.Match[str]) -> list[str]:
    return [" ".join(text.split()) for text in _COMMENT.findall(usual[2])]


def _result(
    result: str,
    comments: list[str],
    pairs: list[tuple[str, str]],
    field: Field,
    span: Span,
    defects: tuple[str, ...],
) -> AuthenticationResult:
    comment = "; ".join(comments)
    told = _properties(pairs, comment)
    writer = _writer(told, comment)
    return AuthenticationResult(
        "spf", result, None, told, comment or None, writer, None, field, span, None, defects
    )


def _properties(pairs: list[tuple[str, str]], comment: str) -> tuple[tuple[str, str], ...]:
    """The key-value pairs, and the domain of the sentence where no pair names one."""
    told = [(name.lower(), value.strip("<>")) for name, value in pairs]
    named = [name for name, _ in told]
    if "envelope-from" not in named and (domain := _judged(comment)):
        told.append(("domain", domain))
    return tuple(told)


def _judged(comment: str) -> str | None:
    """The address or domain that the sentence says was judged: of an address that a
    client may have made up to be read as words, its domain alone. None where there is
    no domain behind it."""
    sentence = _DOMAIN.fullmatch(comment)
    if sentence is None:
        return None
    judged = sentence[1].strip("<> ")
    domain = judged.rpartition("@")[2]
    if not _HOST.fullmatch(domain):
        return None
    return domain if '"' in judged or " " in judged else judged


def _writer(properties: Iterable[tuple[str, str]], comment: str) -> str | None:
    """The host that wrote the field: receiver=, or the name in front of the
    sentence."""
    named = next((value for name, value in properties if name == "receiver" and "." in value), None)
    front = _WRITER.match(comment)
    return (named or (front[1] if front else None) or "").lower() or None
