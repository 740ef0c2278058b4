"""Country and network of an address, from data that the operator names: the registries'
assignments ("rir") or files in the MaxMind DB format.

A country is where an address is registered or held to be, by data of a certain day:
addresses change hands, and a relay is not its user. So every source says its date, and
no verdict rests on it.
Sources:    iptocc (extra `places`): country of the registry's assignment, taken from
            the registries' delegation files; MaxMind DB file format specification 2.0.
Raises:     SettingsError for a file that is none, and where a library is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, NamedTuple

from firsthop.errors import SettingsError
from firsthop.system.given_file import demand_regular, shown

REGISTRIES = "rir"
_ASN = re.compile(r"[0-9]{1,10}")  # RFC 6793: 32 bits


class Place(NamedTuple):
    """What is known of an address; None where no source tells."""

    country: str | None = None  # ISO 3166-1 alpha-2
    network: str | None = None  # CIDR, as the source has it
    asn: int | None = None
    organisation: str | None = None  # that announces the network


class PlaceData(NamedTuple):
    """Data on the countries and networks of addresses."""

    name: str
    date: str | None  # YYYY-MM-DD; None: it does not say


class PlaceSource(NamedTuple):
    """One body of data."""

    name: str  # file name, or name and release of the package
    date: str | None  # YYYY-MM-DD; None: it does not say
    look_up: Callable[[str], Place]


class Gazetteer:
    """Several sources; of each part the first answer counts."""

    def __init__(self, sources: Sequence[PlaceSource] = ()) -> None:
        self.sources = tuple(sources)

    def __bool__(self) -> bool:
        return bool(self.sources)

    @property
    def data(self) -> tuple[PlaceData, ...]:
        """What the sources are."""
        return tuple(PlaceData(source.name, source.date) for source in self.sources)

    def place(self, address: str) -> Place:
        """What the sources know of an address in its usual text form."""
        places = [source.look_up(address) for source in self.sources]
        return (
            Place(
                *(
                    next((part for part in parts if part is not None), None)
                    for parts in zip(*places, strict=True)
                )
            )
            if places
            else Place()
        )


def open_gazetteer(names: Sequence[str]) -> Gazetteer:
    """The sources of these names: "rir", or paths of MaxMind DB files."""
    return Gazetteer([_registries() if name == REGISTRIES else _file(name) for name in names])


def _registries() -> PlaceSource:
    try:
        from iptocc import country_code  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            f"{REGISTRIES}: the registries' data are not installed: pip install 'firsthop[places]'"
        ) from error
    return PlaceSource(
        f"iptocc {version('iptocc')}", None, lambda address: Place(country_code(address))
    )


def _file(path: str) -> PlaceSource:
    try:
        import maxminddb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            f"{path}: files of places need a library: pip install 'firsthop[places]'"
        ) from error
    demand_regular(path)
    try:
        reader = maxminddb.open_database(path)
        built = datetime.fromtimestamp(reader.metadata().build_epoch, UTC).date().isoformat()
        ipv6 = reader.metadata().ip_version == 6
    except Exception as error:  # hostile bytes: TypeError, OverflowError and others come through
        raise SettingsError(
            f"{path}: no MaxMind DB file: {getattr(error, 'strerror', None) or shown(error)}"
        ) from error

    def look_up(address: str) -> Place:
        if ":" in address and not ipv6:
            return Place()
        try:
            record, length = reader.get_with_prefix_len(address)
        except Exception:  # noqa: BLE001 - as above: nothing is known of the address
            return Place()
        return _read(record, address, length) if isinstance(record, dict) else Place()

    return PlaceSource(path.replace("\\", "/").rpartition("/")[2], built, look_up)


def _read(record: dict[str, Any], address: str, length: int) -> Place:
    """The forms of MaxMind, DB-IP, ip-location-db and IPinfo."""
    from ipaddress import ip_network  # noqa: PLC0415 - only here

    country = (
        record.get("country_code") or record.get("country") or record.get("registered_country")
    )
    if isinstance(country, dict):
        country = country.get("iso_code")
    number = record.get("autonomous_system_number") or record.get("asn")
    digits = str(number or "").upper().removeprefix("AS")
    name = (
        record.get("autonomous_system_organization") or record.get("as_name") or record.get("name")
    )
    network = str(ip_network(f"{address}/{length}", strict=False))
    return Place(
        country if isinstance(country, str) else None,
        network,
        int(digits) if _ASN.fullmatch(digits) else None,
        name if isinstance(name, str) else None,
    )
