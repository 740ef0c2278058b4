"""The constant parts of values that vary: tokens of Message-IDs, of fields that number
things, of envelope senders and paths of links, the accounts of sending services, and
the hosts below which a label is drawn at random.

A token is worth nothing by itself: that several messages carry it is found when they
are compared, and every token is one more try for chance, which the heap's own chance
rate counts (clustering/chance.py). Tokens that programs write for everybody (words,
dates, plain hexadecimal) are left out; so are placeholders of collectors and what names
the recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.links import Link, parent_of
from firsthop.campaign.features.record import LONGEST, Feature, feature, new_feature
from firsthop.evidence.facts import MessageFacts
from firsthop.evidence.identity.identities import mailboxes
from firsthop.evidence.sender_part import SenderPart
from firsthop.mail.message import Field

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_DIGIT = re.compile(r"[0-9]")
_LEAST = 6  # characters of a token
_LONGEST = 40
_LEAST_OF_ACCOUNT = 3  # characters: SparkPost's customer 1 is a service of its own
_ID_TOKENS = 4
_FIELD_TOKENS = 6
_ENVELOPE_TOKENS = 3
_ENVELOPE_PAIRS = 4
_URL_TOKENS = 8
_URL_PAGES = 8
_MAX_PARENTS = 6
_NUMBERS = re.compile(r"(?<![A-Za-z0-9])(\d{2,5})(?=([-.=+_](\d{2,5})(?![A-Za-z0-9])))")
_PARTS = re.compile(r"[^\s:;,|<>=]+")
_MOST_OF_PATH = 200  # characters that are read
_LONG_PART = 20  # characters of a part of a path from which on it is made of several
_NUMBER_IN_PART = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
_SCRIPT = re.compile(r"\.(?:php\d?|html?|aspx?|jsp|cgi|pl)$", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d{6,12}")
_WORDS = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*")  # JavaMail, ClangBuiltLinux


def constant_features(
    facts: MessageFacts, part: SenderPart, links: Iterable[Link], names: HeaderNames
) -> list[Feature]:
    """The features, each in the view of its family."""
    return (
        _id_tokens(facts, part)
        + _field_tokens(part, names)
        + _envelope_tokens(facts, part)
        + _accounts(facts)
        + _client_parent(part)
        + link_constants(links)
    )


def telling(token: str) -> bool:
    """Whether a token is long and mixed enough to be somebody's constant: small and
    capital letters or letters and digits, and no number in hexadecimal."""
    if not _LEAST <= len(token) <= _LONGEST:
        return False
    if token.isascii():
        lower, upper = token != token.upper(), token != token.lower()
        digits = _DIGIT.search(token) is not None
    else:
        lower, upper = any(map(str.islower, token)), any(map(str.isupper, token))
        digits = any(map(str.isdigit, token))
    if lower and upper:
        return digits or _WORDS.fullmatch(token) is None
    return digits and (lower or upper) and bool(token.lower().strip("0123456789abcdef"))


def _numbering(token: str) -> bool:
    """Whether a token names an account: mixed, or a number that is no date."""
    if token.isdigit():
        return _LEAST <= len(token) <= _LONGEST and not _DATE.fullmatch(token)
    return telling(token)


def _kept(family: str, values: Iterable[str], most: int, field: Field | None) -> list[Feature]:
    kept = list(dict.fromkeys(values))[:most]
    name, span = (field.name, field.span) if field else ("body", None)
    return [new_feature((family, value[:LONGEST], name, span)) for value in kept]


def _id_tokens(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    value, field = facts.message_id.value or "", facts.message_id.field
    if part.minted or not value:
        return []
    tokens = _TOKEN.findall(value.rpartition("@")[0][:200])
    if len(tokens) < 2:
        return []  # its ends are features of their own
    return _kept("id_token", filter(telling, tokens), _ID_TOKENS, field)


def _field_tokens(part: SenderPart, names: HeaderNames) -> list[Feature]:
    found: list[Feature] = []
    for place in names.numbering:
        if len(found) < _FIELD_TOKENS:
            field = part.fields[place]
            parts = _PARTS.findall(field.value[:300])
            values = (f"{field.key} {one}" for one in parts if _is_number_of(one))
            found += _kept("field_token", values, _FIELD_TOKENS - len(found), field)
    return found


def _is_number_of(part: str) -> bool:
    if "@" in part or "?" in part or len(part) < _LEAST or len(part) > 2 * _LONGEST:
        return False
    return "-" in part or "#" in part or _numbering(part)


def _envelope_tokens(facts: MessageFacts, part: SenderPart) -> list[Feature]:
    """Of a return path that varies; what stands in To too names the recipient."""
    field = facts.message.first("return-path")
    if field is None or part.forwarded or part.lists:
        return []
    boxes = mailboxes(field.value)
    local = (boxes[0].local_part or "") if boxes else ""
    to = facts.message.first("to")
    recipient = to.value.lower() if to else ""
    tokens = [t for t in _TOKEN.findall(local[:200]) if t.lower() not in recipient]
    if len(_TOKEN.findall(local)) < 2:
        return []
    pairs = (
        f"{one[1]}{one[2]}" for one in _NUMBERS.finditer(local[:200]) if _is_pair(one, recipient)
    )
    return [
        *_kept("envelope_token", filter(_numbering, tokens), _ENVELOPE_TOKENS, field),
        *_kept("envelope_token", pairs, _ENVELOPE_PAIRS, field),
    ]


def _is_pair(numbers: re.Match[str], recipient: str) -> bool:
    """Short numbers side by side, each too short to tell: the account and the list of a
    mailing system."""
    one, other = numbers[1], numbers[3]
    enough = max(len(one), len(other)) < _LEAST <= len(one) + len(other)
    return enough and one not in recipient and other not in recipient


def _accounts(facts: MessageFacts) -> list[Feature]:
    return [
        one
        for told in facts.service_accounts
        if told.account and len(told.account) >= _LEAST_OF_ACCOUNT
        for one in feature("service_account", f"{told.service} {told.account}", told.field)
    ]


def _client_parent(part: SenderPart) -> list[Feature]:
    """What the reverse name of the client keeps below a first label that is drawn."""
    step = part.handover
    name = (step.hop.client_name if step else None) or ""
    return feature("client_parent", parent_of(name), step.field if step else None)


def link_constants(links: Iterable[Link]) -> list[Feature]:
    """What stays in links whose hosts and paths vary."""
    parents: dict[str, None] = {}
    tokens: dict[str, None] = {}
    pages: dict[str, None] = {}
    for (_, _, of_all_customers, parent, projects), path, *_ in links:
        if parent is not None:
            parents[parent] = None
        tokens.update(dict.fromkeys(projects))
        for part in path[:_MOST_OF_PATH].split("/"):
            if len(part) < _LEAST:
                continue
            if part.isalnum():
                tokens.update(dict.fromkeys(_part_tokens(part)))
            # the names that a kit gives its pages and scripts; those of a service or a
            # well-known site are all its customers'
            elif not of_all_customers and len(part) <= _LONGEST and _SCRIPT.search(part):
                pages[part] = None
    return [
        *_kept("url_parent", parents, _MAX_PARENTS, None),
        *_kept("url_token", tokens, _URL_TOKENS, None),
        *_kept("url_page", pages, _URL_PAGES, None),
    ]


def _part_tokens(part: str) -> Iterator[str]:
    """What is nobody's word in a part of a path: a mixed token or a number, and those
    inside a long token."""
    if len(part) <= _LONGEST and _numbering(part):
        yield part
    if len(part) >= _LONG_PART and not part.isdigit():
        yield from (one for one in _NUMBER_IN_PART.findall(part) if not _DATE.fullmatch(one))
