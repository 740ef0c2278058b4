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
from collections.abc import Iterable, Sequence

from firsthop.campaign.features.header_names import HeaderNames
from firsthop.campaign.features.links import Link, parent_of
from firsthop.campaign.features.recipients import Recipients
from firsthop.campaign.features.record import LONGEST, Feature, add_feature, new_feature
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
_PART_OF_PATH = re.compile(rf"[^/]{{{_LEAST},}}")  # one long enough to tell
_MOST_OF_PATH = 200  # characters that are read
_LONG_PART = 20  # characters of a part of a path from which on it is made of several
_NUMBER_IN_PART = re.compile(r"(?<!\d)\d{6,12}(?!\d)")
_SCRIPT = re.compile(r"\.(?:php\d?|html?|aspx?|jsp|cgi|pl)$", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d{6,12}")
_WORDS = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*")  # JavaMail, ClangBuiltLinux


def constant_features(
    facts: MessageFacts, part: SenderPart, names: HeaderNames, recipients: Recipients
) -> list[Feature]:
    """The features of all but the links, each in the view of its family."""
    features: list[Feature] = []
    if not part.minted:
        _id_tokens(features, facts)
    if names.numbering:
        features += _field_tokens(part, names)
    if not (part.forwarded or part.lists):
        _envelope_tokens(features, facts, recipients.text)
    for told in facts.service_accounts:
        if told.account and len(told.account) >= _LEAST_OF_ACCOUNT:
            account = f"{told.service} {told.account}"
            add_feature(features, "service_account", account, told.field)
    step = part.handover
    if step and (name := step.hop.client_name):
        # what the reverse name of the client keeps below a first label that is drawn
        add_feature(features, "client_parent", parent_of(name), step.field)
    return features


def telling(token: str) -> bool:
    """Whether a token is long and mixed enough to be somebody's constant: small and
    capital letters or letters and digits, and no number in hexadecimal."""
    if not _LEAST <= len(token) <= _LONGEST:
        return False
    if token.isdigit():
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
    if not kept:
        return []
    name, span = (field.name, field.span) if field else ("body", None)
    return [new_feature((family, value[:LONGEST], name, span)) for value in kept]


def _id_tokens(features: list[Feature], facts: MessageFacts) -> None:
    value, _, field = facts.message_id
    tokens = _TOKEN.findall((value or "").rpartition("@")[0][:200])
    if len(tokens) >= 2:  # its ends are features of their own
        features += _kept("id_token", filter(telling, tokens), _ID_TOKENS, field)


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


def _envelope_tokens(features: list[Feature], facts: MessageFacts, recipient: str) -> None:
    """Of a return path that varies; what stands in To too names the recipient."""
    field = facts.message.first("return-path")
    if field is None:
        return
    boxes = mailboxes(field.value)
    local = (boxes[0].local_part or "") if boxes else ""
    if (local.isascii() and local.isalnum()) or len(_TOKEN.findall(local)) < 2:
        return
    tokens = [
        one
        for one in _TOKEN.findall(local[:200])
        if _numbering(one) and one.lower() not in recipient
    ]
    pairs = [
        f"{one[1]}{one[2]}" for one in _NUMBERS.finditer(local[:200]) if _is_pair(one, recipient)
    ]
    features += _kept("envelope_token", tokens, _ENVELOPE_TOKENS, field)
    features += _kept("envelope_token", pairs, _ENVELOPE_PAIRS, field)


def _is_pair(numbers: re.Match[str], recipient: str) -> bool:
    """Short numbers side by side, each too short to tell: the account and the list of a
    mailing system."""
    one, other = numbers[1], numbers[3]
    enough = max(len(one), len(other)) < _LEAST <= len(one) + len(other)
    return enough and one not in recipient and other not in recipient


def link_constants(links: Sequence[Link]) -> list[Feature]:
    """What stays in links whose hosts and paths vary."""
    if not links:
        return []
    parents: dict[str, None] = {}
    tokens: dict[str, None] = {}
    pages: dict[str, None] = {}
    for (_, _, of_all_customers, _, parent, projects), path, *_ in links:
        if parent is not None:
            parents[parent] = None
        if projects:
            tokens.update(dict.fromkeys(projects))
        for part in _PART_OF_PATH.findall(path[:_MOST_OF_PATH]):
            if part.isalnum():
                if not (part.isalpha() and part.islower()):
                    _part_tokens(tokens, part)
            # the names that a kit gives its pages and scripts; those of a service or a
            # well-known site are all its customers'
            elif (
                not of_all_customers
                and len(part) <= _LONGEST
                and "." in part
                and _SCRIPT.search(part)
            ):
                pages[part] = None
    return [
        *_kept("url_parent", parents, _MAX_PARENTS, None),
        *_kept("url_token", tokens, _URL_TOKENS, None),
        *_kept("url_page", pages, _URL_PAGES, None),
    ]


def _part_tokens(tokens: dict[str, None], part: str) -> None:
    """Adds what is nobody's word in a part of a path: a mixed token or a number, and
    those inside a long token."""
    if len(part) <= _LONGEST and _numbering(part):
        tokens[part] = None
    if len(part) >= _LONG_PART and not part.isdigit():
        for one in _NUMBER_IN_PART.findall(part):
            if not _DATE.fullmatch(one):
                tokens[one] = None
