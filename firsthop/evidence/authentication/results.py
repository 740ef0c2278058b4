"""Reads Authentication-Results and ARC-Authentication-Results (RFC 8601 section 2.2,
RFC 8617 section 4.1.1) as real receivers write them.

Outlook leaves the authserv-id out or puts it between the results, Yahoo wrote
properties before the method, others forget the semicolon: all of that is read and named
as a defect. What a field says is a claim until trusted_results.py has found its writer
inside the boundary."""

from __future__ import annotations

import re
from functools import lru_cache

from firsthop.evidence.authentication.pairs import (
    PIECE,
    Pair,
    is_usual,
    plain,
    read_pairs,
    segments,
    usual_segments,
    words,
)
from firsthop.evidence.authentication.tokens import Token, tokens
from firsthop.evidence.identity.identities import decode_words
from firsthop.mail.field_names import RESULTS
from firsthop.mail.message import Field, Message, Span
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_DEFECTS = 20  # of one field that are named
REMEMBERED = 200  # characters: of longer pieces the reading is not kept
# IANA, Email Authentication Methods, and what Microsoft, Google and mail filters write
# beside them. Needed only where a semicolon is missing.
METHODS = frozenset(
    (
        "arc auth bimi compauth dkim dkim-adsp dkim-align dkim-atps dmarc dnswl domainkeys iprev "
        "ptr rrvs sender-id senderid smime spf vbr x-tls"
    ).split()
)
_NO_METHODS = frozenset(("reason", "from", "action"))
_METHOD = compiled(r"[A-Za-z][A-Za-z0-9_-]*(?:/\d+)?")
# the instance, the authserv-id and its version in their usual form
_HEAD = compiled(r'\s*+(?:i=([0-9]{1,6})\s*+;\s*+)?([^\s;="()]++)(?:\s++[0-9]++)?\s*+(?:;|\Z)')
_RESULT = compiled(r"[A-Za-z][A-Za-z0-9_-]*")
# where a piece behind a result, which never begins at once, may be another one
_ANOTHER = compiled(rf"[\s)](?:{'|'.join(sorted(METHODS))})=")
_ADDRESS = compiled(
    r"(?:sender ip is|smtp\.remote-ip=|client-ip=|designates?|use of|policy\.iprev=|:)\s*\[?("
    r"(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:.]+)\]?",
    re.IGNORECASE,
)


_new = tuple.__new__  # a NamedTuple in half the time of its own constructor


class AuthenticationResult(NamedTuple):
    """One result of one method, as some receiver wrote it."""

    # lower case; None: the field holds no result, or says "none": nothing was checked
    method: str | None
    result: str | None  # lower case
    reason: str | None = None
    # ptype.property -> value, in order; names in lower case
    properties: tuple[tuple[str, str], ...] = ()
    comment: str | None = None  # the comments behind the result, joined
    authserv_id: str | None = None  # lower case; None: the field names no writer
    instance: int | None = None  # ARC i=
    field: Field | None = None
    span: Span = Span(0, 0)
    inside: bool | None = None  # whether one of our own servers wrote it; None: not known
    defects: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of a property such as "header.d"."""
        return next((value for key, value in self.properties if key == name), None)

    @property
    def client_address(self) -> str | None:
        """The client address the receiver says it judged, where it says one."""
        text = " ".join([self.comment or "", *(f"{key}={value}" for key, value in self.properties)])
        match = _ADDRESS.search(text)
        return match[1] if match else None


class ResultHead(NamedTuple):
    """What of a result is shown where nobody's word is believed; as in
    AuthenticationResult."""

    method: str | None
    result: str | None
    authserv_id: str | None
    field: Field | None


def authentication_results(message: Message) -> tuple[AuthenticationResult, ...]:
    """All results that a message's fields tell, in the order of the fields; of a field
    that is cut short none, for its last words may be others, or a comment's."""
    return tuple(
        result
        for field in message.among(RESULTS)
        for result in ((cut_short(field),) if message.is_cut(field) else read_results(field))
    )


def cut_short(field: Field) -> AuthenticationResult:
    """What a field tells that a limit cuts short: nothing."""
    return AuthenticationResult(None, None, field=field, span=field.span, defects=("cut_short",))


def read_results(field: Field) -> tuple[AuthenticationResult, ...]:
    """The results of one field; where nothing can be read, one without method and
    result. Never raises."""
    value, offset, defects = value_of(field)
    if usual := _usual(value, offset, defects, field):
        return usual
    signs, broken = tokens(value)
    defects += broken
    parts = segments(signs)
    authserv_id, instance = _head(parts, defects)
    pairs = [
        (pair, index) for index, part in enumerate(parts) for pair in read_pairs(part, defects)
    ]
    groups = _groups(pairs, defects)
    told = tuple(defects[:MAX_DEFECTS])
    shared = AuthenticationResult(
        None,
        None,
        authserv_id=authserv_id,
        instance=instance,
        field=field,
        span=field.span,
        defects=told,
    )
    if not groups:
        nothing = any(words(part) == ["none"] for part in parts)
        return (
            shared._replace(
                result="none" if nothing else None,
                defects=told if nothing else (*told, "unreadable"),
            ),
        )
    return tuple(_result(group, shared, offset) for group in groups)


def head_of(result: AuthenticationResult) -> ResultHead:
    """The head of a result."""
    return ResultHead(result.method, result.result, result.authserv_id, result.field)


def read_heads(field: Field) -> tuple[ResultHead, ...]:
    """The heads of what `read_results` gives, without what stands behind them."""
    value, _, _ = value_of(field)
    head, segments_found = _usual_segments(value)
    heads = []
    for segment in segments_found:
        method, result, pieces = segment.group(1, 2, 3)
        if (method := method.lower()) in _NO_METHODS or _ANOTHER.search(pieces.lower()):
            break
        name = head[2].lower() if head else None
        heads.append(_new(ResultHead, (method, result.lower(), name, field)))
    if heads and len(heads) == len(segments_found):
        return tuple(heads)
    return tuple(map(head_of, read_results(field)))


def _usual_segments(value: str) -> tuple[re.Match[str] | None, list[re.Match[str]]]:
    """The head of a value of the usual form, or of that without an authserv-id, and its
    results as `usual_segments` gives them; none for any other value."""
    if not is_usual(value):
        return None, []
    head = _HEAD.match(value)
    found = usual_segments(value, head.end() if head else 0)
    if not found or (head is None and found[0][1] == "i"):
        return None, []
    return head, found


def _usual(
    value: str, offset: int | None, defects: list[str], field: Field
) -> tuple[AuthenticationResult, ...]:
    """The results of a value of the usual form; () for any other."""
    head, found = _usual_segments(value)
    name = head[2].lower() if head else None
    instance = int(head[1]) if head and head[1] else None
    told = tuple(defects) if head else (*defects, "no_authserv_id")
    results = []
    for segment in found:
        method, result, pieces = segment.group(1, 2, 3)
        read = (_remembered if len(pieces) <= REMEMBERED else _read_pieces)(pieces)
        if (method := method.lower()) in _NO_METHODS or read is None:
            return ()
        reason, properties, comments = read
        span = field.span
        if offset is not None:
            span = _new(Span, (offset + segment.start(1), offset + segment.end(3)))
        values = (method, result.lower(), reason, properties, comments, name)
        results.append(_new(AuthenticationResult, (*values, instance, field, span, None, told)))
    return tuple(results)


def _read_pieces(text: str) -> tuple[str | None, tuple[tuple[str, str], ...], str | None] | None:
    """The reason, the properties and the comments in what stands behind a result; None
    where another result begins there."""
    reason, properties, comments = None, [], []
    for name, value, quoted, comment in PIECE.findall(text) if text else ():
        if not name:
            comments.append(" ".join(comment.split()))
        elif (key := name.lower()) in METHODS:
            return None
        elif key != "reason":
            properties.append((key, value or quoted))
        elif reason is None:
            reason = value or quoted
    return reason, tuple(properties), "; ".join(comments) or None


# a field of an ARC set repeats what another says
_remembered = lru_cache(maxsize=1_024)(_read_pieces)


def value_of(field: Field) -> tuple[str, int | None, list[str]]:
    """The value, where it starts in the message (None: its letters are not the
    message's bytes), and how its form was broken before it is read."""
    if field.repaired is not None:
        return field.repaired, None, []
    name, _, raw = field.raw.partition(b":")
    if raw.lstrip().startswith(b"=?"):
        # some gateways encode the whole field, against RFC 2047 section 5
        return decode_words(field.value), None, ["encoded_words"]
    return raw.decode("latin-1"), field.span.start + len(name) + 1, []


def _head(parts: list[list[Token]], defects: list[str]) -> tuple[str | None, int | None]:
    """Takes the instance and the authserv-id with its version off the front (RFC 8601
    section 2.2: [CFWS] authserv-id [CFWS version])."""
    instance = None
    front = words(parts[0])
    if front[:2] == ["i", "="] and len(front) == 3 and front[2].isdecimal():
        instance = int(front[2][:6])
        parts.pop(0)
        front = words(parts[0]) if parts else []
    if not front or front[1:2] == ["="] or front[0] == "=":
        defects.append("no_authserv_id")
        return None, instance
    kept = parts[0]
    first = next(index for index, token in enumerate(kept) if token.kind == "word")
    parts[0] = _after_version(kept[first + 1 :])
    return plain(kept[first].text).lower(), instance


def _after_version(rest: list[Token]) -> list[Token]:
    """What follows the comments and the version number behind an authserv-id."""
    for place, token in enumerate(rest):
        is_named = place + 1 < len(rest) and rest[place + 1].kind == "="
        number = token.text.isdigit() and not is_named
        if not number and token.kind != "comment":
            return rest[place:]
    return []


def _is_method(pair: Pair, first: bool) -> bool:
    """The first pair of a segment opens a result; a later one only where its name is a
    known method (a semicolon was forgotten)."""
    name = pair.name.partition("/")[0].lower()
    if name in _NO_METHODS or not (first or name in METHODS):
        return False
    return bool(_METHOD.fullmatch(pair.name) and _RESULT.fullmatch(pair.value))


def _groups(pairs: list[tuple[Pair, int]], defects: list[str]) -> list[list[Pair]]:
    """The pairs by result: each group opens with its method. Pairs before a method
    belong to the one that follows in Yahoo's old form."""
    groups: list[list[Pair]] = []
    early: list[Pair] = []
    segment = -1
    for pair, index in pairs:
        if _is_method(pair, first=index != segment):
            if index == segment and groups:
                defects.append("no_semicolon")
            groups.append([pair, *early])
            early, segment = [], index
        elif segment == index:
            groups[-1].append(pair)
        else:
            early.append(pair)
    if early and groups:
        defects.append("property_after_semicolon")
        groups[-1].extend(early)
    return groups


def _result(
    group: list[Pair], shared: AuthenticationResult, offset: int | None
) -> AuthenticationResult:
    head, *rest = group
    method = head.name.partition("/")[0].lower()
    told = [(pair.name.lower(), plain(pair.value)) for pair in rest]
    reasons = [value for name, value in told if name == "reason"]
    properties = [one for one in told if one[0] != "reason"] if reasons else told
    comments = [" ".join(plain(text).split()) for pair in group for text in pair.comments]
    span = shared.span
    if offset is not None:
        first, last = min([pair.start for pair in group]), max([pair.stop for pair in group])
        span = Span(offset + first, offset + last)
    result = head.value.lower()
    return AuthenticationResult(
        method,
        result,
        reasons[0] if reasons else None,
        tuple(properties),
        "; ".join(comments) or None,
        shared.authserv_id,
        shared.instance,
        shared.field,
        span,
        None,
        shared.defects,
    )
