"""What the facts of a case were established with, `settings.json`: the version, the own
servers, the case file, the DNS answers that were given. Who adds mail to the case reads
it: facts that were established alike stand beside each other.

Form:       {"version","own","case_file","dns","time_zone","tlp"}; `case_file` has the
            keys of a case.toml, `dns` says whether the DNS was asked, and the digest of
            what was given.
Never:      holds a path, or an answer: those that were used are in `dns.jsonl`.
Raises:     CaseError for a file that is none of ours.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from firsthop.case.dns_answers import answers_text
from firsthop.case.journal import tool_version
from firsthop.case_file import CaseFile, read_case_file
from firsthop.errors import CaseError, SettingsError
from firsthop.evidence.dns.store import DnsStore
from firsthop.settings import OwnServers, Settings
from firsthop.statements import priors_table, table_of

SETTINGS = "settings.json"
_NO_ANSWERS = {"asks": False, "given": None}
_JUDGED_BY = ("claimed_provider", "asserted")  # keys of a case file that facts depend on


class CaseSettings(NamedTuple):
    """The settings of a case."""

    version: str
    own: dict[str, Any]
    case_file: dict[str, Any]
    dns: dict[str, Any]
    time_zone: str | None
    tlp: str | None

    def text(self) -> str:
        """The file."""
        return json.dumps(self._asdict(), indent=1, ensure_ascii=False) + "\n"

    def differences(self, former: CaseSettings) -> list[str]:
        """In words, what facts depend on and was another in the former case. Who gives
        no DNS answers judges by those of the case."""
        judged_by = [{key: one.case_file.get(key) for key in _JUDGED_BY} for one in (self, former)]
        pairs = {
            "version": (self.version, former.version),
            "own servers": (self.own, former.own),
            "claims of the case file": (judged_by[0], judged_by[1]),
            "DNS answers": (self.dns, former.dns if self.gives_answers else self.dns),
        }
        return [name for name, (one, another) in pairs.items() if one != another]

    @property
    def gives_answers(self) -> bool:
        """Whether there are DNS answers beside those of the case."""
        return self.dns != _NO_ANSWERS

    def with_answers_of(self, former: CaseSettings | None) -> CaseSettings:
        """The same, judged by what the former case was judged by."""
        return self._replace(dns=former.dns) if former else self

    def read(self, where: Path) -> CaseFile:
        """The case file."""
        return read_case_file(self.case_file, str(where))


def settings_of_case(settings: Settings, case_file: CaseFile, store: DnsStore) -> CaseSettings:
    """The settings of a case that is established now."""
    return CaseSettings(
        tool_version(),
        _own(settings.own),
        _table(case_file),
        _dns(store),
        settings.time_zone,
        settings.tlp,
    )


def read_settings(file: Path) -> CaseSettings | None:
    """The settings of a sealed case; None where it has none: an older version did not
    keep them."""
    if not file.exists():
        return None
    try:
        told = CaseSettings(**json.loads(file.read_text(encoding="utf-8")))
        read_case_file(told.case_file, str(file))
        Settings(time_zone=told.time_zone, tlp=told.tlp)
    except (OSError, ValueError, TypeError, AttributeError, SettingsError) as error:
        raise CaseError(f"{file}: not the settings of a case") from error
    return told


def inherited(settings: Settings, former: CaseSettings | None) -> Settings:
    """The settings, with what the case was told of its readers where nothing else is
    said: a marking that it carries is never lifted by leaving it out."""
    if former is None:
        return settings
    return settings._replace(
        time_zone=settings.time_zone or former.time_zone,
        tlp=settings.tlp or former.tlp,
    )


def _own(own: OwnServers) -> dict[str, Any]:
    return {
        "names": sorted(own.names),
        "networks": [str(network) for network in own.networks],
        "authserv_ids": sorted(own.authserv_ids),
        "receivers": sorted(own.receivers),
        "assume": own.assume,
    }


def _table(case_file: CaseFile) -> dict[str, Any]:
    """The case file with the keys of a case.toml; what it does not say is left out."""
    provider = {
        "name": case_file.provider,
        "domains": list(case_file.provider_domains),
        "country": case_file.provider_country,
    }
    said = {
        "title": case_file.title,
        "author": case_file.author,
        "organisation": case_file.organisation,
        "contact": case_file.contact,
        "tlp": case_file.tlp,
        "time_zone": case_file.time_zone,
        "published": case_file.published,
        "number": case_file.number,
        "pap": case_file.pap,
        "related": list(case_file.related),
        "claimed_provider": {key: value for key, value in provider.items() if value},
        "asserted": [
            {"key": one.key, "value": one.value, "source": one.source} for one in case_file.asserted
        ],
        "collected_by": case_file.collected_by,
        "evidence_grade": case_file.evidence_grade,
        "statement": [table_of(one) for one in case_file.statements],
        "priors": priors_table(case_file.priors),
    }
    return {key: value for key, value in said.items() if value}


def _dns(store: DnsStore) -> dict[str, Any]:
    answers = answers_text(answer for several in store.answers.values() for answer in several)
    zones = sorted((zone.origin, zone.as_of, zone.source) for zone in store.zones)
    given = sha256(repr((answers, zones)).encode("utf-8", "backslashreplace")).hexdigest()
    return {
        "asks": type(store) is not DnsStore,
        "given": given if answers or zones else None,
    }
