"""Settings and case file, from the options and from the files they name. SettingsError
names file and key of a mistake.

    own = ["mx.example.it", "192.0.2.0/24", "microsoft365"]
    authserv_ids = ["mx.example.it"]
    assume = true
    time_zone = "Europe/Rome"
    tlp = "AMBER"
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from firsthop.case.inputs import case_files
from firsthop.case_file import CaseFile, read_case_file, time_zone, tlp
from firsthop.errors import SettingsError
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.path.receiver import RECEIVERS
from firsthop.evidence.path.receiving import belonging
from firsthop.settings import OwnServers, Settings, own_servers
from firsthop.system.given_file import shown
from firsthop.system.given_toml import read_given_toml

_KEYS = {"own", "authserv_ids", "assume", "time_zone", "tlp"}


def settings_of(file: Path | None, own: Sequence[str], assume: bool = True) -> Settings:
    """The settings: the options, and what the settings file says beside them."""
    table = read_given_toml(file) if file else {}
    for key in table.keys() - _KEYS:
        raise SettingsError(
            f"{file}: unknown key {shown(key)}; known are {', '.join(sorted(_KEYS))}"
        )
    assume = assume and _yes_or_no(table, "assume", file)
    named, ids = [*_texts(table, "own", file), *own], _texts(table, "authserv_ids", file)
    servers = own_servers(named, ids, RECEIVERS, assume)
    for name in servers.names:
        if (
            name.startswith(".")
            and "." in name[1:]
            and registrable_domain(f"x{name}") == f"x{name}"
        ):
            raise SettingsError(f"own server {name!r}: every host below {name} is not yours")
    return Settings(servers, time_zone(table, str(file)), tlp(table, str(file)))


def tell_belonging(own: OwnServers) -> None:
    """Says on standard error what else belongs to a receiver of which one host was
    named."""
    for receiver in belonging(own):
        sys.stderr.write(
            f"--own names a server of {receiver.name}: its other hosts and inner addresses "
            f"count too, as with --own {receiver.key}\n"
        )


def case_file_of(file: Path | None, paths: Sequence[str]) -> tuple[CaseFile, Path | None]:
    """The case file's content and place: the one that is named, or the one that lies
    with the mail."""
    if file is None:
        beside = case_files(paths)
        if len(beside) > 1:
            raise SettingsError(
                f"{' and '.join(map(str, beside))}: several case files, name one with --case"
            )
        file = beside[0] if beside else None
    return (CaseFile() if file is None else read_case_file(read_given_toml(file), str(file))), file


def _texts(table: dict[str, Any], key: str, file: Path | None) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SettingsError(f"{file}: {key} must be a list of texts")
    return value


def _yes_or_no(table: dict[str, Any], key: str, file: Path | None) -> bool:
    value = table.get(key, True)
    if not isinstance(value, bool):
        raise SettingsError(f"{file}: {key} must be true or false")
    return value
