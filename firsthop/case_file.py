"""The case file: what the operator says about a case, and what a publication asserts
without showing it.

An asserted claim is a claim of its source. It is never an observation and is marked
wherever it appears.

    title = { it = "...", en = "..." }      author = "..."       organisation = "..."
    tlp = "CLEAR"                           time_zone = "Europe/Rome"
    published = 2014-05-30
    [claimed_provider]                      name = "Libero", domains = ["libero.it"]
    [[asserted]]                            key (one of ASSERTED), value, source
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firsthop.errors import SettingsError
from firsthop.settings import TLP, Audience, Settings

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
    "tlp",
    "time_zone",
    "published",
    "claimed_provider",
    "asserted",
}


@dataclass(frozen=True, slots=True)
class Asserted:
    """One claim of a source."""

    key: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the case file says."""

    title: str | dict[str, str] | None = None  # in all languages, or by language
    author: str | None = None
    organisation: str | None = None
    tlp: str | None = None
    time_zone: str | None = None  # IANA name
    published: str | None = None  # YYYY-MM-DD
    provider: str | None = None
    provider_domains: tuple[str, ...] = ()
    asserted: tuple[Asserted, ...] = ()

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
    for key in table:
        if key not in _KEYS:
            raise SettingsError(
                f"{where}: unknown key {key!r}; known are {', '.join(sorted(_KEYS))}"
            )
    title = table.get("title")
    provider = table.get("claimed_provider", {})
    if not isinstance(provider, dict):
        raise SettingsError(f"{where}: claimed_provider must be a table with name and domains")
    return CaseFile(
        title if isinstance(title, str) else _words(title, f"{where}: title"),
        _text(table, "author", where),
        _text(table, "organisation", where),
        tlp(table, where),
        time_zone(table, where),
        _day(table.get("published"), where),
        _text(provider, "name", f"{where}: claimed_provider"),
        tuple(str(domain).lower() for domain in provider.get("domains", ())),
        tuple(_asserted(entry, where) for entry in table.get("asserted", ())),
    )


def _text(table: dict[str, Any], key: str, where: str) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str):
        return value
    raise SettingsError(f"{where}: {key} must be a text")


def _words(title: Any, where: str) -> dict[str, str] | None:
    if title is None:
        return None
    if not isinstance(title, dict) or not all(isinstance(v, str) for v in title.values()):
        raise SettingsError(f"{where} must be a text, or one text a language")
    return dict(title)


def tlp(table: dict[str, Any], where: str) -> str | None:
    """The TLP marking in a table of settings or of a case, if there is one.
    SettingsError for one that is none."""
    value = table.get("tlp")
    if "tlp" in table and value not in TLP:
        raise SettingsError(f"{where}: tlp must be one of {', '.join(TLP)}")
    return value


def time_zone(table: dict[str, Any], where: str) -> str | None:
    """The time zone in such a table, if there is one. SettingsError for one that is
    none."""
    if "time_zone" not in table:
        return None
    name = table["time_zone"]
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise SettingsError(f"{where}: time_zone {name!r} is no IANA time zone") from error


def _day(value: Any, where: str) -> str | None:
    if value is None:
        return None
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[
            :10
        ]
    except ValueError as error:
        raise SettingsError(f"{where}: published must be a date, YYYY-MM-DD") from error


def _asserted(entry: Any, where: str) -> Asserted:
    if not isinstance(entry, dict) or entry.keys() != {"key", "value", "source"}:
        raise SettingsError(f"{where}: an asserted claim needs exactly key, value and source")
    if entry["key"] not in ASSERTED:
        raise SettingsError(
            f"{where}: asserted key {entry['key']!r} is unknown; known are {', '.join(ASSERTED)}"
        )
    value = entry["value"]
    return Asserted(
        entry["key"],
        {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value),
        str(entry["source"]),
    )
