"""Results fields that a client may have written into.

A server writes what it judged: a HELO, a reverse-path, the identity of a signature.
They are the client's to choose, a quoted local part may hold any sign (RFC 5321 section
4.1.2), and not every writer quotes or escapes what it prints (RFC 8601 section 2.2).
Such a word can end a comment or a result and begin another one. So no pass is believed
of a field that holds a word of the client's that can do so, in which a comment ends
within quotes, or which contradicts itself: a DMARC failure of a domain beside what
passes for the same domain (RFC 7489 section 3.1.1), or two different DMARC results. Of
the results fields of the corpora none does any of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from firsthop.evidence.authentication.results import AuthenticationResult, value_of
from firsthop.evidence.authentication.tokens import tokens
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.path.path import Path
from firsthop.mail.message import Message
from firsthop.system.kept_expressions import compiled

_PARTS = compiled(r"[\s();]")  # what parts a pair `name=value` from what stands before it
_SPELLING = compiled(r'[\s"\\]+')  # signs in which two ways of writing a word differ
_PAIR = compiled(r"\\.", re.DOTALL)  # RFC 5322 section 3.2.1
_IDENTITY = compiled(rb"(?:\A[^:]*+:|;)\s*+i\s*+=([^;]*+)")
_ESCAPED = compiled(r"=([0-9A-Fa-f]{2})")  # RFC 6376 section 2.11
_DOMAINS = {
    "dkim": ("header.d", "header.i"),
    "spf": ("smtp.mailfrom", "envelope-from", "domain"),
}


def clients_words(message: Message, path: Path) -> tuple[str, ...]:
    """The words of the client's that can begin a pair of their own in a results field
    that prints them as they are; mostly none. In the spelling of `spoilt`."""
    words = [
        local if _can_begin_a_pair(local := one.rpartition("@")[0]) else one
        for one in _words(message, path)
        if _can_begin_a_pair(one)
    ]
    return tuple(dict.fromkeys(map(_spelled, words)))


def _can_begin_a_pair(word: str) -> bool:
    return "=" in word and _PARTS.search(word) is not None


def _words(message: Message, path: Path) -> Iterator[str]:
    if path.handover:
        hop = path.handover.hop
        said = (hop.helo, hop.reverse_path, hop.ident, hop.auth_identity, hop.forward_path)
        yield from (one.strip("<>") for one in said if one)
    for field in message.all("return-path"):
        yield field.value.strip("<> ")
    for field in message.all("from"):
        yield from (box.address or "" for box in mailboxes(field.value))
    for field in message.all("dkim-signature"):
        found = _IDENTITY.search(field.raw)
        text = found[1].decode("latin-1") if found else ""
        yield _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text).strip()


def _spelled(text: str) -> str:
    return _SPELLING.sub("", text).casefold()


def spoilt(results: Sequence[AuthenticationResult], words: Sequence[str]) -> bool:
    """Whether a client may have written some of these, which are all that one field
    tells; `words` are the client's."""
    field = results[0].field
    if field is not None:
        if b'"' in field.raw and _ends_within_quotes(value_of(field)[0]):
            return True
        text = _spelled(field.value) if words else ""
        if any(word in text for word in words):
            return True
    return _contradicts_itself(results)


def _ends_within_quotes(value: str) -> bool:
    """Whether a comment does: each by itself, for a client that ends one begins
    another."""
    comments = (value[one.start : one.stop] for one in tokens(value)[0] if one.kind == "comment")
    return any(_PAIR.sub("", text).count('"') % 2 for text in comments)


def _contradicts_itself(results: Iterable[AuthenticationResult]) -> bool:
    judged = [one for one in results if one.method == "dmarc"]
    if not judged:
        return False
    domains = {_domain(one.get("header.from") or "") for one in judged}
    if len({one.result for one in judged}) > 1 and len(domains) < len(judged):
        return True
    failed = {_domain(one.get("header.from") or "") for one in judged if one.result == "fail"}
    failed.discard("")
    return any(
        one.result == "pass" and _domain(one.get(name) or "") in failed
        for one in (results if failed else ())
        for name in _DOMAINS.get(one.method or "", ())
    )


def _domain(text: str) -> str:
    """The domain of an address, or one alone."""
    return text.rpartition("@")[2].strip('<>". ').lower()
