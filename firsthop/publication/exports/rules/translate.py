"""From a feature to the condition that a filter can be asked: for each family what it
means in the fields of a message, or why no filter can know it.

A condition holds in every message that has the feature. Some hold in others too, which
is told in `wider`: a filter sees all Received lines where a feature means the one
nearest the origin. Counts of a rule are those of the features.
Source:     campaign/features, the other way.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.relation import RELATIONS
from firsthop.publication.exports.rules import patterns
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

CUT = 200  # characters of a value that are kept (campaign/features/record.py)
_MAILER_CUT = 80  # of the family mailer
_END = r'[]) >;,"]'  # what may follow a host in a field
_MAILER = ("x-mailer", "user-agent")

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


def _field(
    names: tuple[str, ...], regex: str | None, *, caseless: bool = True, decoded: bool = False
) -> FieldMatches | None:
    return None if regex is None else FieldMatches(names, Pattern(regex, caseless), decoded)


def _around(before: str, value: str, after: str) -> str | None:
    core = patterns.literal(value)
    return None if core is None else f"{before}{core}{after}"


def _helo(value: str) -> Condition | None:
    return _field(("received",), _around(r"(^from|helo|ehlo)[ =]+\[?", value, _END))


def _helo_domain(value: str) -> Condition | None:
    before = r"(^from|helo|ehlo)[ =]+\[?([^ ()]*\.)?"
    return _field(("received",), _around(before, value, _END))


def _client_address(value: str) -> Condition | None:
    return _field(("received",), _around(r"(\[|\(|[ :])", value, _END))


def _client_network(value: str) -> Condition | None:
    rest = r"\.[0-9]{1,3}" if "." in value else ":[0-9a-f:]+"
    return _field(("received",), _around(r"(\[|\(|[ :])", value, rest + _END))


def _relay(value: str) -> Condition | None:
    return _field(("received",), _around("(^| )by ", value, "[ ;()]"))


def _relay_domain(value: str) -> Condition | None:
    return _field(("received",), _around(r"(^| )by ([^ ()]*\.)?", value, "[ ;()]"))


def _dkim_key(value: str) -> Condition | None:
    domain, _, selector = value.partition(" ")
    tags = [("d", domain), ("s", selector)] if selector else [("d", domain)]
    conditions = tuple(
        FieldMatches(("dkim-signature",), Pattern(f"(^|;) *{tag} *= *{core} *(;|$)", True))
        for tag, one in tags
        if (core := patterns.literal(one)) is not None
    )
    return _all(conditions) if len(conditions) == len(tags) else None


def _id_domain(value: str) -> Condition | None:
    return _field(("message-id",), _around("@", value, r"\.?( *>|$)"))


def _mailer(value: str) -> Condition | None:
    core = patterns.digits_masked(value)
    if core is None:
        return None
    end = "" if len(value) >= _MAILER_CUT else " *$"
    return _field(_MAILER, f"^ *{core}{end}", caseless=False, decoded=not value.isascii())


def _id_shape(value: str) -> Condition | None:
    shape, _, relation = value.rpartition(" @")
    if relation == "~":  # a pattern of its classes alone would find digits for letters too
        return None
    core = patterns.shaped(shape, "@" if relation != "none" else " *>")
    if core is None:
        return None
    conditions: list[Condition] = [
        FieldMatches(("message-id",), Pattern(f"^ *<? *{core}")),
        *_ID_HOST.get(relation, ()),
    ]
    return _all(tuple(conditions))


_ID_HOST: dict[str, tuple[Condition, ...]] = {
    "author": (Compared(Value.ID_HOST, Value.AUTHOR_DOMAIN),),
    "helo": (Compared(Value.ID_HOST, Value.HELO),),
    "other": (FieldMatches(("message-id",), Pattern(r"@[^@]*\.")),),
    "dotless": (FieldMatches(("message-id",), Pattern(r"@[^@.]+( *>|$)")),),
}


def _id_repetition(value: str) -> Condition | None:
    core = patterns.repeating(value)
    if core is None:
        return None
    return FieldMatches(("message-id",), Pattern(f"^ *<? *{core}", caseless=True, repeats=True))


def _id_pattern(value: str) -> Condition | None:
    core = patterns.long_tokens_masked(value)
    if core is None:
        return None
    regex = f"^ *<? *{core}(@| *>|$)"
    return FieldMatches(("message-id",), Pattern(regex, caseless=True, repeats="\\" in value))


def _id_affix(value: str) -> Condition | None:
    if value.endswith("*"):
        regex = _around("^ *<? *", value[:-1], "")
    else:
        regex = _around("", value[1:], "(@| *>|$)")
    return _field(("message-id",), regex, caseless=False)


_BOUNDARY = '[Bb][Oo][Uu][Nn][Dd][Aa][Rr][Yy] *= *"?'
_BOUNDARY_END = '("|;| |$)'


def _boundary_shape(value: str) -> Condition | None:
    core = patterns.shaped(value, _BOUNDARY_END)
    regex = None if core is None else f"{_BOUNDARY}{core}"
    return _field(("content-type",), regex, caseless=False)


def _boundary_affix(value: str) -> Condition | None:
    if value.endswith("*"):
        regex = _around(_BOUNDARY, value[:-1], "")
    else:
        regex = _around(f'{_BOUNDARY}[^";]*', value[1:], _BOUNDARY_END)
    return _field(("content-type",), regex, caseless=False)


def _toolmark(value: str) -> Condition | None:
    mailer, id_shape, boundary = [*value.split(" | "), "", ""][:3]
    if value.count(" | ") != 2:
        return None
    conditions = [
        FieldAbsent(_MAILER) if mailer == "none" else _mailer(mailer),
        _id_shape(id_shape),
        *(() if boundary == "none" else (_boundary_shape(boundary),)),
    ]
    kept = tuple(one for one in conditions if one is not None)
    return _all(kept) if len(kept) == len(conditions) else None


def _zone(value: str) -> Condition | None:
    minutes = int(value)
    sign = r"\+" if minutes >= 0 else "-"
    hours, rest = divmod(abs(minutes), 60)
    zone = f"{sign}{hours:02d}{rest:02d}"
    if not minutes:
        zone = r"([+-]0000|GMT|UT|UTC|Z)"
    return _field(("date",), f" {zone}( |$)", caseless=False)


def _charset(value: str) -> Condition | None:
    return _field(("content-type",), _around('charset *= *"?', value, '("|;| |$)'))


def _address_in(*names: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        return _field(names, _around('(^|[< ,:;("])', value, "($|[]> ,;)])"))

    return translate


def _domain_in(*names: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        return _field(names, _around("@", value, "($|[]> ,;)])"))

    return translate


def _words_in(name: str, end: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        core = patterns.worded(value)
        regex = None if core is None else f"^[^A-Za-z0-9]*{core}{end}"
        return _field((name,), regex, decoded=True)

    return translate


def _local_shape(value: str) -> Condition | None:
    core = patterns.shaped(value, "@")
    regex = None if core is None else f'(^|[< "]){core}'
    return _field(("from",), regex, caseless=False)


def _passage(value: str) -> Condition | None:
    """Remains of markup in a text are read by each engine in its own way."""
    core = None if "<" in value or ">" in value else patterns.spaced(value)
    return None if core is None else TextMatches(Pattern(core, caseless=True))


def _short_text(value: str) -> Condition | None:
    core = patterns.worded(value)
    return None if core is None else TextMatches(Pattern(core, caseless=True))


def _link(before: str, after: str) -> Callable[[str], Condition | None]:
    def translate(value: str) -> Condition | None:
        # what a template forgot to fill in is read by each engine in its own way
        regex = None if re.search(r"[\[\]{}<>]", value) else _around(before, value, after)
        return None if regex is None else LinkMatches(Pattern(regex, caseless=True))

    return translate


_HOST_END = "([.]?(:[0-9]+)?([/?#]|$))"
_SCHEME = r"^https?://([^/?#]*@)?"


def _url_path(value: str) -> Condition | None:
    host, _, path = value.partition("/")
    if not path:
        return None
    regex = _around(_SCHEME, host, "(:[0-9]+)?")
    rest = patterns.literal(f"/{path}")
    return LinkMatches(Pattern(f"{regex}{rest}", True)) if regex and rest else None


def _unsubscribe(value: str) -> Condition | None:
    before = r"https?://([^/?#>]*[.@])?"
    return _field(("list-unsubscribe",), _around(before, value, "[:/?#>]"))


def _extra_field(value: str) -> Condition | None:
    return FieldPresent((value,)) if _is_field_name(value) else None


def _id_token(value: str) -> Condition | None:
    return _field(("message-id",), _whole(value), caseless=False)


def _envelope_token(value: str) -> Condition | None:
    return _field(("return-path",), _whole(value), caseless=False)


def _whole(token: str) -> str | None:
    return _around("(^|[^A-Za-z0-9])", token, "([^A-Za-z0-9]|$)")


def _field_token(value: str) -> Condition | None:
    name, _, part = value.partition(" ")
    if not part or not _is_field_name(name):
        return None
    return _field((name,), _around("(^|[ :;,|<>=])", part, "([ :;,|<>=]|$)"), caseless=False)


def _client_parent(value: str) -> Condition | None:
    """The network of an address, or a host that more labels stand before."""
    return _field(("received",), _around(r"[ (][^ ()]*[.]", value, _END))


def _url_parent(value: str) -> Condition | None:
    core = patterns.literal(value)
    if core is None:
        return None
    regex = f"{_SCHEME}([^/?#@]*[.]{core}|{core}[.][0-9]{{1,3}}){_HOST_END}"
    return LinkMatches(Pattern(regex, caseless=True))


def _url_token(value: str) -> Condition | None:
    """A number may stand inside of a part, or in the host."""
    if value.isdigit():
        regex = _around("[^0-9]", value, "([^0-9]|$)")
    else:
        regex = _around(r"^https?://[^?#]*/", value, "([/?#]|$)")
    return None if regex is None else LinkMatches(Pattern(regex, caseless=True))


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


def _all(conditions: tuple[Condition, ...]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AllOf(conditions)


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
    "mailer": _mailer,
    "id_shape": _id_shape,
    "id_repetition": _id_repetition,
    "id_pattern": _id_pattern,
    "id_affix": _id_affix,
    "boundary_shape": _boundary_shape,
    "boundary_affix": _boundary_affix,
    "toolmark": _toolmark,
    "extra_field": _extra_field,
    "zone": _zone,
    "charset": _charset,
    "author_domain": _domain_in("from"),
    "author_address": _address_in("from"),
    "display_name": _words_in("from", "[^A-Za-z0-9]"),
    "local_shape": _local_shape,
    "reply_address": _address_in("reply-to"),
    "subject_template": _words_in("subject", "[^A-Za-z0-9]*$"),
    "passage": _passage,
    "short_text": _short_text,
    "url_domain": _link(f"{_SCHEME}([^/?#@]*[.])?", _HOST_END),
    "url_host": _link(_SCHEME, _HOST_END),
    "url_path": _url_path,
    "unsubscribe_domain": _unsubscribe,
    "id_token": _id_token,
    "field_token": _field_token,
    "envelope_token": _envelope_token,
    "client_parent": _client_parent,
    "url_parent": _url_parent,
    "url_token": _url_token,
    "url_page": _url_token,
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
