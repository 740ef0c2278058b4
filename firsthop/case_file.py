"""The case file: what the operator says about a case, and what a publication asserts
without showing it.

An asserted claim is a claim of its source. It is never an observation and is marked
wherever it appears.

    title = { it = "...", en = "..." }      author = "..."       organisation = "..."
    tlp = "CLEAR"                           time_zone = "Europe/Rome"
    published = 2014-05-30                  number = "2014/07"
    pap = "CLEAR"                           related = ["2014/05", "https://..."]
    contact = "abuse@example.it"
    [claimed_provider]                      name = "Libero", domains = ["libero.it"],
                                            country = "IT"
    [[asserted]]                            key (one of ASSERTED), value, source

What causes are weighed by (statements, priors, how the mail was collected) is read by
statements.py.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from firsthop.errors import SettingsError
from firsthop.settings import TLP, Audience, Settings
from firsthop.statements import (
    Statement,
    collected_by,
    grade,
    read_priors,
    read_statements,
)
from firsthop.system.given_file import shown
from firsthop.system.given_line import given_line, steers
from firsthop.system.kept_expressions import compiled
from firsthop.system.named_tuple import NamedTuple

ASSERTED = {
    "x_mailer": "the X-Mailer field of the messages",
    "x_mimeole": "the X-MimeOLE field of the messages",
    "author_domain": "the domain of the author's address",
    "subject_is_local_part_of_author": (
        "whether the Subject equals the local part of the author's address"
    ),
    "first_trace": "when the first message was seen; YYYY-MM-DD HH:MM:SS, with or without zone",
}
_KEYS = {
    "title",
    "author",
    "organisation",
    "contact",
    "tlp",
    "time_zone",
    "published",
    "number",
    "pap",
    "related",
    "claimed_provider",
    "asserted",
    "collected_by",
    "evidence_grade",
    "statement",
    "priors",
}
_PROVIDER_KEYS = {"name", "domains", "country"}
MAX_CLAIMS = 100
MAX_RELATED = 20
PAP = ("RED", "AMBER", "GREEN", "CLEAR")  # MISP, Permissible Actions Protocol
_DOMAIN = compiled(r"[^\s/@:;,<>()\[\]\"']{1,253}")
_ADDRESS = compiled(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}"
)


class Asserted(NamedTuple):
    """One claim of a source."""

    key: str
    value: str
    source: str


class CaseFile(NamedTuple):
    """What the case file says."""

    title: str | dict[str, str] | None = None  # in all languages, or by language
    author: str | None = None
    organisation: str | None = None
    tlp: str | None = None
    time_zone: str | None = None  # IANA name
    published: str | None = None  # YYYY-MM-DD
    number: str | None = None  # of the bulletin, as its publisher counts
    pap: str | None = None  # one of PAP: what readers may do with it
    related: tuple[str, ...] = ()  # other bulletins
    provider: str | None = None
    provider_domains: tuple[str, ...] = ()
    asserted: tuple[Asserted, ...] = ()
    provider_country: str | None = None  # of its users; ISO 3166-1 alpha-2
    collected_by: str | None = None  # one of statements.COLLECTED_BY; None: not said
    evidence_grade: str | None = None  # Admiralty code; None: by what kind of text it is
    statements: tuple[Statement, ...] = ()
    # by question, in the order of its answers in statements.QUESTIONS
    priors: tuple[tuple[str, tuple[float, ...]], ...] = ()
    contact: str | None = None  # an address where the publisher is written to

    def claim(self, key: str) -> Asserted | None:
        """The asserted claim of that key, if any."""
        return next((claim for claim in self.asserted if claim.key == key), None)


def audience_of(settings: Settings, case_file: CaseFile) -> Audience:
    """Whom the publications of a case are for: the operator's settings go before the
    case file, and what neither says is as `Audience` has it."""
    usual = Audience()
    return Audience(
        settings.time_zone or case_file.time_zone or usual.time_zone,
        settings.tlp or case_file.tlp or usual.tlp,
    )


def read_case_file(table: dict[str, Any], where: str) -> CaseFile:
    """The case file in the content of a case.toml. SettingsError names file and key of
    a mistake."""
    _known(table, _KEYS, where)
    provider = table.get("claimed_provider", {})
    if not isinstance(provider, dict):
        raise SettingsError(f"{where}: claimed_provider must be a table with name and domains")
    _known(provider, _PROVIDER_KEYS, f"{where}: claimed_provider")
    return CaseFile(
        _title(table.get("title"), where),
        _text(table, "author", where),
        _text(table, "organisation", where),
        tlp(table, where),
        time_zone(table, where),
        _day(table.get("published"), where),
        _text(table, "number", where),
        _pap(table, where),
        _related(table.get("related", []), where),
        _text(provider, "name", f"{where}: claimed_provider"),
        _domains(provider.get("domains", []), where),
        _asserted_claims(table.get("asserted", []), where),
        _country(provider, f"{where}: claimed_provider"),
        collected_by(table, where),
        grade(table["evidence_grade"], f"{where}: evidence_grade")
        if "evidence_grade" in table
        else None,
        read_statements(table.get("statement", []), where),
        read_priors(table.get("priors", {}), where),
        _contact(table, where),
    )


def _known(table: dict[str, Any], keys: Collection[str], where: str) -> None:
    for key in table:
        if key not in keys:
            raise SettingsError(
                f"{where}: unknown key {shown(key)}; known are {', '.join(sorted(keys))}"
            )


def _country(provider: dict[str, Any], where: str) -> str | None:
    value = _text(provider, "country", where)
    if value is None or (len(value) == 2 and value.isascii() and value.isalpha()):
        return value.upper() if value else None
    raise SettingsError(f"{where}: country must be two letters, such as IT")


def _text(table: dict[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    return None if value is None else given_line(value, f"{where}: {key}")


def _title(title: Any, where: str) -> str | dict[str, str] | None:
    if title is None or isinstance(title, str):
        return None if title is None else given_line(title, f"{where}: title")
    texts = title.values() if isinstance(title, dict) else ()
    if not texts or not all(isinstance(text, str) for text in texts):
        raise SettingsError(f"{where}: title must be a text, or one text a language")
    return {
        given_line(language, f"{where}: title"): given_line(
            text, f"{where}: title in {shown(language)}"
        )
        for language, text in title.items()
    }


def _domains(domains: Any, where: str) -> tuple[str, ...]:
    if not isinstance(domains, list) or not all(isinstance(one, str) for one in domains):
        raise SettingsError(f"{where}: claimed_provider: domains must be a list of texts")
    for one in domains:
        if not _DOMAIN.fullmatch(one) or steers(one):
            raise SettingsError(f"{where}: claimed_provider: {shown(one)} is no domain")
    return tuple(one.lower() for one in domains)


def _contact(table: dict[str, Any], where: str) -> str | None:
    value = _text(table, "contact", where)
    if value is not None and not _ADDRESS.fullmatch(value):
        raise SettingsError(f"{where}: contact must be an address, such as abuse@example.it")
    return value


def _pap(table: dict[str, Any], where: str) -> str | None:
    value = table.get("pap")
    if "pap" in table and not (isinstance(value, str) and value in PAP):
        raise SettingsError(f"{where}: pap must be one of {', '.join(PAP)}")
    return value


def _related(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_RELATED:
        raise SettingsError(f"{where}: related must be a list of at most {MAX_RELATED} texts")
    return tuple(given_line(one, f"{where}: related") for one in value)


def tlp(table: dict[str, Any], where: str) -> str | None:
    """The TLP marking in a table of settings or of a case, if there is one.
    SettingsError for one that is none."""
    value = table.get("tlp")
    if "tlp" in table and not (isinstance(value, str) and value in TLP):
        raise SettingsError(f"{where}: tlp must be one of {', '.join(TLP)}")
    return value


def time_zone(table: dict[str, Any], where: str) -> str | None:
    """The time zone in such a table, if there is one. SettingsError for one that is
    none."""
    if "time_zone" not in table:
        return None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    name = table["time_zone"]
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise SettingsError(f"{where}: time_zone {shown(name)} is no IANA time zone") from error


def _day(value: Any, where: str) -> str | None:
    if value is None:
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(given_line(value, where))
    except (ValueError, SettingsError) as error:
        raise SettingsError(f"{where}: published must be a date, YYYY-MM-DD") from error
    return day.isoformat()[:10]


def _asserted_claims(claims: Any, where: str) -> tuple[Asserted, ...]:
    if not isinstance(claims, list) or len(claims) > MAX_CLAIMS:
        raise SettingsError(f"{where}: asserted must be at most {MAX_CLAIMS} tables [[asserted]]")
    return tuple(_asserted(entry, where) for entry in claims)


def _asserted(entry: Any, where: str) -> Asserted:
    if not isinstance(entry, dict) or entry.keys() != {"key", "value", "source"}:
        raise SettingsError(f"{where}: an asserted claim needs exactly key, value and source")
    key, value = entry["key"], entry["value"]
    if not isinstance(key, str) or key not in ASSERTED:
        raise SettingsError(
            f"{where}: asserted key {shown(key)} is unknown; known are {', '.join(ASSERTED)}"
        )
    return Asserted(
        key,
        given_line(_written(value), f"{where}: the value of {key}"),
        given_line(entry["source"], f"{where}: the source of {key}"),
    )


def _written(value: Any) -> Any:
    """A truth value, a date or a time as the text that it would be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, date) else value
