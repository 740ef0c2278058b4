"""Reads SPF records (RFC 7208 sections 4.5, 5, 6 and 12): terms in order, or why the
record is a permanent error. Pure, no look-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
# RFC 7208 section 4.6.4
LOOKING_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
_MACRO = r"%(?:\{[slodiphcrtvSLODIPHCRTV]\d{0,3}[rR]?[-.+,/_=]*\}|%|_|-)"
MACRO_STRING = compiled(rf"(?:{_MACRO}|[!-$&-~])*")
_TOP_LABEL = r"\.(?!\d+\.?$)(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]{0,61}[A-Za-z0-9])\.?"
DOMAIN_SPEC = compiled(
    rf"(?:{_MACRO}|[!-$&-~])*?(?:{_TOP_LABEL}|%\{{[slodiphvSLODIPHV]\d{{0,3}}[rR]?[-.+,/_=]*\}})"
)
_NO_EXPLANATION = compiled(r"%\{[crtCRT]")
_MODIFIER = compiled(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_DIRECTIVE = compiled(
    r"([-+~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?=$|[:/])(:[^/]*(?:/(?!/?\d+"
    r"(?://\d+)?$)[^/]*)*)?(/.*)?",
    re.IGNORECASE | re.DOTALL,
)
_CIDR = compiled(r"(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?")


class Term(NamedTuple):
    """A mechanism with its qualifier."""

    text: str  # as written
    qualifier: str
    mechanism: str
    domain: str = ""  # domain-spec, macros not expanded; "": the current domain
    network: IPv4Network | IPv6Network | None = None  # of ip4 and ip6
    bits4: int = 32
    bits6: int = 128


class SpfRecord(NamedTuple):
    """A record, read."""

    text: str
    terms: tuple[Term, ...] = ()
    redirect: str | None = None
    explanation: str | None = None
    error: str | None = None  # why the record as a whole is a permanent error


class _BadTermError(ValueError):
    """The text is no term of RFC 7208 section 12."""


def is_spf(record: str) -> bool:
    """Whether a TXT record is an SPF record (RFC 7208 section 4.5)."""
    return record[:6].lower() == "v=spf1" and record[6:7] in ("", " ")


def read_spf(records: Iterable[str]) -> SpfRecord | None:
    """The SPF record among the TXT records of a name; None where there is none, an
    error where there are several."""
    ours = [record for record in records if is_spf(record)]
    if not ours:
        return None
    if len(ours) > 1:
        return SpfRecord(ours[0], error="several SPF records")
    return _read(ours[0])


def _read(text: str) -> SpfRecord:
    modifiers: dict[str, str] = {}
    try:
        terms = [
            read_term(word)
            for word in text[6:].split(" ")
            if word and not _read_modifier(word, modifiers)
        ]
    except _BadTermError as error:
        return SpfRecord(text, error=str(error))
    return SpfRecord(text, tuple(terms), modifiers.get("redirect"), modifiers.get("exp"))


def _read_modifier(word: str, modifiers: dict[str, str]) -> bool:
    """Notes a modifier (RFC 7208 section 6); unknown ones are ignored, redirect= and
    exp= must not be repeated."""
    match = _MODIFIER.fullmatch(word)
    if match is None:
        return False
    name, value = match[1].lower(), match[2]
    if name in ("redirect", "exp"):
        if name in modifiers or not _is_domain_spec(value):
            raise _BadTermError(f"bad modifier {word!r}")
        modifiers[name] = value
    elif not MACRO_STRING.fullmatch(value):
        raise _BadTermError(f"bad modifier {word!r}")
    return True


def _is_domain_spec(text: str) -> bool:
    return bool(DOMAIN_SPEC.fullmatch(text)) and not _NO_EXPLANATION.search(text)


def read_term(word: str) -> Term:
    """A mechanism as RFC 7208 section 5 writes it. Raises where it is none."""
    match = _DIRECTIVE.fullmatch(word)
    if match is None:
        raise _BadTermError(f"unknown mechanism {word!r}")
    mechanism = match[2].lower()
    term = Term(word, match[1] or "+", mechanism)
    if mechanism in ("ip4", "ip6"):
        return term._replace(network=_network(mechanism, word.partition(":")[2]))
    domain, cidr = (match[3] or "")[1:], match[4] or ""
    if match[3] is not None and not _is_domain_spec(domain):
        raise _BadTermError(f"bad domain in {word!r}")
    if (mechanism == "all" and match[3] is not None) or (
        mechanism in ("include", "exists") and match[3] is None
    ):
        raise _BadTermError(f"bad domain in {word!r}")
    if cidr and mechanism not in ("a", "mx"):
        raise _BadTermError(f"a prefix length in {word!r}")
    return _with_cidr(term._replace(domain=domain), cidr)


def _with_cidr(term: Term, cidr: str) -> Term:
    match = _CIDR.fullmatch(cidr)
    bits4, bits6 = (int(match[1] or 32), int(match[2] or 128)) if match else (99, 999)
    if bits4 > 32 or bits6 > 128:
        raise _BadTermError(f"bad prefix length in {term.text!r}")
    return term._replace(bits4=bits4, bits6=bits6)


def _network(mechanism: str, text: str) -> IPv4Network | IPv6Network:
    """RFC 7208 section 5.6; host bits may be set."""
    _, slash, length = text.partition("/")
    if slash and not re.fullmatch(r"0|[1-9]\d{0,2}", length):
        raise _BadTermError(f"bad prefix length in {text!r}")
    try:
        network = ip_network(text, strict=False)
    except ValueError as error:
        raise _BadTermError(f"no network: {text!r}") from error
    if network.version != int(mechanism[2]) or "%" in text:
        raise _BadTermError(f"no {mechanism} network: {text!r}")
    return network
