"""From a feature to the condition that a filter can be asked: for each family what it
means in the fields of a message, or why no filter can know it.

A condition holds in every message that has the feature. Some hold in others too, which
is told in `wider`: a filter sees all Received lines where a feature means the one
nearest the origin. Counts of a rule are those of the features.
Source:     campaign/features, the other way.
"""

from __future__ import annotations

from collections.abc import Callable

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.relation import RELATIONS
from firsthop.publication.exports.rules import of_links, of_programs, patterns
from firsthop.publication.exports.rules.conditions import (
    Compared,
    Condition,
    FieldMatches,
    FieldPresent,
    Pattern,
    Value,
)
from firsthop.publication.exports.rules.pieces import all_of, around, field_matches, whole

CUT = 200  # characters of a value that are kept (campaign/features/record.py)
_END = r'[]) >;,"]'  # what may follow a host in a field
NO_DIGEST = "only a digest of it is kept, and an engine would have to make the same digest"
NO_PARTS = "filters see no list of the parts of a message in one form"
NO_PATH = "it takes the path of the message to know: which line is the first, who logged in"
NO_MARKUP = "filters are asked about the text and the links of HTML, and not about its markup"
NO_USER = "each engine reads what stands before the host of a link in its own way"
NO_ACCOUNT = "it is decoded from several fields, as the service writes them"
NO_PATTERN = "its value cannot be written as a pattern"
PUBLISHED = "it is said by a publication, and no message shows it"


class Untranslatable(str):  # noqa: SLOT000 - a reason is a text
    """Why no filter can be asked about a feature."""


def condition_of(family: str, value: str) -> Condition | Untranslatable:
    """The condition that a feature is, or why there is none."""
    if (reason := _NO_FILTER.get(family)) is not None:
        return Untranslatable(reason)
    if family == "relation" and value not in _RELATIONS:
        return Untranslatable(_NO_RELATION.get(value, NO_PATH))
    if len(value) >= CUT and family not in _PREFIXES:
        return Untranslatable(NO_PATTERN)
    return _BY_FAMILY[family](value) or Untranslatable(NO_PATTERN)


def reason_of_family(family: str) -> str | None:
    """Why no filter can be asked about any value of a family; None where one can."""
    return _NO_FILTER.get(family)


def untranslated() -> tuple[str, ...]:
    """The families about which nobody has said whether a filter can be asked: none."""
    return tuple(name for name in FAMILIES if name not in _BY_FAMILY and name not in _NO_FILTER)


def _helo(value: str) -> Condition | None:
    return field_matches(("received",), around(r"(^from|helo|ehlo)[ =]+\[?", value, _END))


def _helo_domain(value: str) -> Condition | None:
    before = r"(^from|helo|ehlo)[ =]+\[?([^ ()]*\.)?"
    return field_matches(("received",), around(before, value, _END))


def _client_address(value: str) -> Condition | None:
    return field_matches(("received",), around(r"(\[|\(|[ :])", value, _END))


def _client_network(value: str) -> Condition | None:
    rest = r"\.[0-9]{1,3}" if "." in value else ":[0-9a-f:]+"
    return field_matches(("received",), around(r"(\[|\(|[ :])", value, rest + _END))


def _relay(value: str) -> Condition | None:
    return field_matches(("received",), around("(^| )by ", value, "[ ;()]"))


def _relay_domain(value: str) -> Condition | None:
    return field_matches(("received",), around(r"(^| )by ([^ ()]*\.)?", value, "[ ;()]"))


def _dkim_key(value: str) -> Condition | None:
    domain, _, selector = value.partition(" ")
    tags = [("d", domain), ("s", selector)] if selector else [("d", domain)]
    conditions = tuple(
        FieldMatches(("dkim-signature",), Pattern(f"(^|;) *{tag} *= *{core} *(;|$)", True))
        for tag, one in tags
        if (core := patterns.literal(one)) is not None
    )
    return all_of(conditions) if len(conditions) == len(tags) else None


def _id_domain(value: str) -> Condition | None:
    return field_matches(("message-id",), around("@", value, r"\.?( *>|$)"))


def _address_in(*names: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        return field_matches(names, around('(^|[< ,:;("])', value, "($|[]> ,;)])"))

    return translate


def _domain_in(*names: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        return field_matches(names, around("@", value, "($|[]> ,;)])"))

    return translate


def _words_in(name: str, end: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        core = patterns.worded(value)
        regex = None if core is None else f"^[^A-Za-z0-9]*{core}{end}"
        return field_matches((name,), regex, decoded=True)

    return translate


def _local_shape(value: str) -> Condition | None:
    core = patterns.shaped(value, "@")
    regex = None if core is None else f'(^|[< "]){core}'
    return field_matches(("from",), regex, caseless=False)


def _unsubscribe(value: str) -> Condition | None:
    before = r"https?://([^/?#>]*[.@])?"
    return field_matches(("list-unsubscribe",), around(before, value, "[:/?#>]"))


def _extra_field(value: str) -> Condition | None:
    return FieldPresent((value,)) if _is_field_name(value) else None


def _envelope_token(value: str) -> Condition | None:
    return field_matches(("return-path",), whole(value), caseless=False)


def _field_token(value: str) -> Condition | None:
    name, _, part = value.partition(" ")
    if not part or not _is_field_name(name):
        return None
    return field_matches((name,), around("(^|[ :;,|<>=])", part, "([ :;,|<>=]|$)"), caseless=False)


def _client_parent(value: str) -> Condition | None:
    """The network of an address, or a host that more labels stand before."""
    return field_matches(("received",), around(r"[ (][^ ()]*[.]", value, _END))


def _is_field_name(value: str) -> bool:
    """RFC 5322 section 3.6.8, ftext; at most what every engine takes."""
    return value.isascii() and all(c.isalnum() or c in "-_" for c in value) and len(value) <= 100


def _relation(value: str) -> Condition | None:
    return _RELATIONS.get(value)


_NO_RELATION = {RELATIONS["link_names_user"]: NO_USER}
_RELATIONS: dict[str, Condition] = {
    RELATIONS["subject_is_author"]: Compared(Value.SUBJECT, Value.AUTHOR_LOCAL_PART),
    RELATIONS["subject_is_recipient"]: Compared(Value.SUBJECT, Value.RECIPIENT_LOCAL_PART),
    RELATIONS["name_is_author"]: Compared(Value.DISPLAY_NAME, Value.AUTHOR_LOCAL_PART),
    RELATIONS["helo_is_author"]: Compared(Value.HELO, Value.AUTHOR_DOMAIN, True, True),
    RELATIONS["author_is_recipient"]: Compared(Value.AUTHOR, Value.RECIPIENT),
    RELATIONS["reply_is_not_author"]: Compared(
        Value.REPLY_DOMAIN, Value.AUTHOR_DOMAIN, False, True
    ),
    RELATIONS["id_is_helo"]: Compared(Value.ID_HOST, Value.HELO),
    RELATIONS["id_is_author"]: Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN),
    RELATIONS["author_has_no_domain"]: FieldMatches(
        ("from",), Pattern("@[^@. <>,;]+([ >,;)]|$)", caseless=True)
    ),
}
_PREFIXES = frozenset({"passage", "url_path"})  # a cut value is still found
_BY_FAMILY: dict[str, Callable[[str], Condition | None]] = {
    "client_address": _client_address,
    "client_network": _client_network,
    "helo": _helo,
    "helo_domain": _helo_domain,
    "envelope_domain": _domain_in("return-path"),
    "dkim_key": _dkim_key,
    "relay": _relay,
    "relay_domain": _relay_domain,
    "first_address": _client_address,
    "first_helo": _helo,
    "id_domain": _id_domain,
    "mailer": of_programs.mailer,
    "id_shape": of_programs.id_shape,
    "id_repetition": of_programs.id_repetition,
    "id_pattern": of_programs.id_pattern,
    "id_affix": of_programs.id_affix,
    "boundary_shape": of_programs.boundary_shape,
    "boundary_affix": of_programs.boundary_affix,
    "toolmark": of_programs.toolmark,
    "extra_field": _extra_field,
    "zone": of_programs.zone,
    "charset": of_programs.charset,
    "author_domain": _domain_in("from"),
    "author_address": _address_in("from"),
    "display_name": _words_in("from", "[^A-Za-z0-9]"),
    "local_shape": _local_shape,
    "reply_address": _address_in("reply-to"),
    "subject_template": _words_in("subject", "[^A-Za-z0-9]*$"),
    "passage": of_links.passage,
    "short_text": of_links.short_text,
    "url_domain": of_links.link_with(f"{of_links.SCHEME}([^/?#@]*[.])?", of_links.HOST_END),
    "url_host": of_links.link_with(of_links.SCHEME, of_links.HOST_END),
    "url_path": of_links.url_path,
    "unsubscribe_domain": _unsubscribe,
    "id_token": of_programs.id_token,
    "field_token": _field_token,
    "envelope_token": _envelope_token,
    "client_parent": _client_parent,
    "url_parent": of_links.url_parent,
    "url_token": of_links.url_token,
    "url_page": of_links.url_token,
    "relation": _relation,
}
_NO_FILTER = {
    "field_order": NO_DIGEST,
    "extra_fields": NO_DIGEST,
    "html_skeleton": NO_DIGEST,
    "kit_names": NO_DIGEST,
    "kit_colours": NO_DIGEST,
    "kit_form": NO_MARKUP,
    "kit_comment": NO_MARKUP,
    "kit_title": NO_MARKUP,
    "attachment": NO_DIGEST,
    "structure": NO_PARTS,
    "attachment_name": NO_PARTS,
    "url_shape": "the names of a link's parameters stand in no fixed order in a filter",
    "service_account": NO_ACCOUNT,
    "url_only": "a filter looks for one link, and not at all of them",
    "author_account": "the author's address says the same",
    "asserted": PUBLISHED,
}
