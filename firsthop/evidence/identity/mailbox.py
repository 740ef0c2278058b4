"""One address as mail really writes it: local part, domain, what is odd about its form.

RFC 5322 sections 3.4.1 and 4.4. Undone here: encoded words in an address (RFC 2047
section 5 forbids them and mail has them), comments, obsolete routes, white space,
`mailto:`, quotes around the whole. Domains come out in one form that can be compared:
lower case, A-labels (RFC 5890), no trailing dot, no control characters; the address
keeps what was written. Nothing here says that an address exists. Linear in the text,
and never raises."""

from __future__ import annotations

import re
import unicodedata

from firsthop.mail.encoded_words import decode_words
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

MAX_LABEL = 63  # characters of a label that are looked at as Unicode (RFC 1035 section 2.3.4)

_QUOTED_LOCAL = compiled(r'("(?:[^"\\]++|\\.)*+") ?@(.*)', re.DOTALL)
_QUOTED = compiled(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
# or an escaped character outside of one: no comment begins at that, and none is looked
# for from there to the end of the text
_COMMENT = compiled(r"(\\.)|\((?:[^()\\]++|\\.)*+\)", re.DOTALL)
_ROUTE = compiled(r"((?:@[^@:<>\s]*+\s?)++):")
_SPACE = compiled(r"\s")
_CONTROLS = compiled(r"[\x00-\x1f\x7f-\x9f]")
# What ends a domain: no domain holds one of these (Microsoft 365 reads `x@survey,net`
# as "survey").
_END = compiled(r'[\s,;:<>()"]')
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")  # of other scripts (RFC 3490 section 3.1)


class Mailbox(NamedTuple):
    """One mailbox of an address field."""

    display_name: str | None
    address: str | None  # bare, as written
    local_part: str | None
    domain: str | None  # in its comparable form


class Spec(NamedTuple):
    """One address, read."""

    address: str | None
    local_part: str | None  # None: there is no "@"
    domain: str | None
    remarks: tuple[str, ...] = ()  # words of the reference, e.g. "obsolete_route:bank.it"


def read_spec(written: str) -> Spec:
    """The address in `written`: what stands between angle brackets, or a bare one."""
    remarks: list[str] = []
    text = _closed_up(_unwrapped(written, remarks), remarks)
    quoted = _QUOTED_LOCAL.fullmatch(text)
    local, at, domain = (quoted[1], "@", quoted[2]) if quoted else text.rpartition("@")
    if not at:
        return Spec(text or None, None, None, tuple(remarks))
    bare = _domain_part(domain)
    if bare != domain:
        remarks.append("specials_in_address")
    return Spec(f"{local}@{bare}", local, comparable(bare) or None, tuple(remarks))


def _unwrapped(written: str, remarks: list[str]) -> str:
    """`written` without what is no part of the address; what was undone is named in
    `remarks`."""
    text = written.strip(" \t<>")
    if "=?" in text and (decoded := decode_words(text)) != text:
        remarks.append("encoded_address")
        text = decoded.strip(" \t\r\n<>")
    if "(" in text and not text.startswith('"'):
        text = _COMMENT.sub(r"\1", text).strip()
    if text[:7].lower() == "mailto:":
        remarks.append("mailto")
        text = text[7:].strip()
    if text[:1] == "@" and (route := _ROUTE.match(text)) and "@" in text[route.end() :]:
        hosts = (comparable(host.strip(" ,")) for host in route[1].split("@"))
        remarks += [f"obsolete_route:{host}" for host in hosts if host]
        text = text[route.end() :].strip()
    inner = _QUOTED.fullmatch(text)
    if inner or (len(text) > 2 and text[0] == text[-1] == "'"):
        remarks.append("quoted_address")
        text = (inner[1] if inner else text[1:-1]).strip()
    return text


def _closed_up(text: str, remarks: list[str]) -> str:
    """`text` without the white space around "@" and "."; a quoted local part stays."""
    if text.startswith('"') or not _SPACE.search(text):
        return text
    remarks.append("white_space_in_address")
    closed = " ".join(text.split())
    for mark in "@.":
        closed = closed.replace(f" {mark}", mark).replace(f"{mark} ", mark)
    return closed


def _domain_part(text: str) -> str:
    text = text.strip()
    if text.startswith("[") and "]" in text:
        return text[: text.index("]") + 1]
    end = _END.search(text)
    return text[: end.start()] if end else text


def comparable(domain: str) -> str:
    """A domain in the form to compare: two ways of writing one domain give one text."""
    plain = domain.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain.translate(_DOTS)).lower()
        plain = ".".join(map(_a_label, plain.split(".")))
    if not plain.isprintable():
        plain = _CONTROLS.sub("", plain)
    return plain.strip().rstrip(".")


def _a_label(label: str) -> str:
    if label.isascii() or len(label) > MAX_LABEL:
        return label
    try:
        return "xn--" + label.encode("punycode").decode("ascii")
    except UnicodeError:
        return label
