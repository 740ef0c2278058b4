"""Country and network of addresses: from MaxMind DB files of every common form, from
the registries, and nothing where nothing is told."""

from __future__ import annotations

import ipaddress
import struct
from pathlib import Path

import pytest

from firsthop.errors import SettingsError
from firsthop.evidence.host.places import Gazetteer, Place, open_gazetteer

pytest.importorskip("maxminddb")
BUILT = 1_400_000_000  # 2014-05-13


class Short(int):
    """Of 16 bits."""


class Long(int):
    """Of 64 bits."""


def encoded(value: object) -> bytes:
    """A value of the data section (MaxMind DB 2.0): type in the upper three bits, size
    in the lower five."""
    if isinstance(value, str):
        data = value.encode()
        return _control(2, len(data)) + data
    if isinstance(value, dict):
        return _control(7, len(value)) + b"".join(
            encoded(key) + encoded(one) for key, one in value.items()
        )
    if isinstance(value, list):
        return bytes((len(value), 11 - 7)) + b"".join(map(encoded, value))
    assert isinstance(value, int)
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if isinstance(value, Long):
        return bytes((len(data), 9 - 7)) + data
    return _control(5 if isinstance(value, Short) else 6, len(data)) + data


def _control(kind: int, size: int) -> bytes:
    assert size < 285
    return bytes((kind << 5 | size,)) if size < 29 else bytes((kind << 5 | 29, size - 29))


def write_mmdb(path: Path, networks: dict[str, object], version: int = 4) -> Path:
    """A small file: one tree of 24-bit records."""
    tree: list[list[int]] = [[-1, -1]]
    data, places = b"", {}
    for text, record in networks.items():
        network = ipaddress.ip_network(text)
        bits = format(int(network.network_address), f"0{network.max_prefixlen}b")[
            : network.prefixlen
        ]
        node = 0
        for bit in bits[:-1]:
            if tree[node][int(bit)] < 0:
                tree.append([-1, -1])
                tree[node][int(bit)] = len(tree) - 1
            node = tree[node][int(bit)]
        places[node, int(bits[-1])] = len(data)
        data += encoded(record)
    count = len(tree)
    rows = [
        [
            places[n, b] + count + 16 if (n, b) in places else count if to < 0 else to
            for b, to in enumerate(row)
        ]
        for n, row in enumerate(tree)
    ]
    body = b"".join(struct.pack(">I", one)[1:] for row in rows for one in row)
    about = {
        "node_count": count,
        "record_size": Short(24),
        "ip_version": Short(version),
        "database_type": "Test",
        "languages": [],
        "description": {},
    }
    about |= {
        "binary_format_major_version": Short(2),
        "binary_format_minor_version": Short(0),
        "build_epoch": Long(BUILT),
    }
    path.write_bytes(body + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encoded(about))
    return path


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"country": {"iso_code": "IL"}}, ("IL", None, None)),
        ({"registered_country": {"iso_code": "KR"}}, ("KR", None, None)),
        ({"country_code": "KZ"}, ("KZ", None, None)),
        ({"country": "JP", "asn": "AS7506", "as_name": "GMO"}, ("JP", 7506, "GMO")),
        (
            {"autonomous_system_number": 1680, "autonomous_system_organization": "Cellcom"},
            (None, 1680, "Cellcom"),
        ),
        ({}, (None, None, None)),
        ("text", None),
        ({"country": 7, "asn": {"a": "b"}, "name": 3}, (None, None, None)),
    ],
)
def test_every_common_form(
    tmp_path: Path, record: object, expected: tuple[str | None, int | None, str | None] | None
) -> None:
    gazetteer = open_gazetteer([str(write_mmdb(tmp_path / "x.mmdb", {"85.65.0.0/16": record}))])
    found = gazetteer.place("85.65.59.147")
    assert found == (
        Place() if expected is None else Place(expected[0], "85.65.0.0/16", *expected[1:])
    )
    assert (
        gazetteer.place("9.9.9.9")
        == gazetteer.place("2001:db8::1")
        == gazetteer.place("nonsense")
        == Place()
    )
    assert (gazetteer.sources[0].name, gazetteer.sources[0].date) == ("x.mmdb", "2014-05-13")


def test_of_each_part_the_first_answer_counts(tmp_path: Path) -> None:
    country = write_mmdb(tmp_path / "country.mmdb", {"85.65.0.0/16": {"country_code": "IL"}})
    network = write_mmdb(
        tmp_path / "asn.mmdb",
        {"85.65.59.0/24": {"country_code": "XX", "autonomous_system_number": 1680}},
    )
    assert open_gazetteer([str(country), str(network)]).place("85.65.59.147") == Place(
        "IL", "85.65.0.0/16", 1680, None
    )


def test_the_registries() -> None:
    pytest.importorskip("iptocc")
    gazetteer = open_gazetteer(["rir"])
    assert gazetteer.place("8.8.8.8").country == "US"
    assert (
        gazetteer.place("10.0.0.1") == gazetteer.place("nonsense") == gazetteer.place("") == Place()
    )
    assert gazetteer.sources[0].name.startswith("iptocc ")


def test_no_source_knows_nothing() -> None:
    assert not Gazetteer()
    assert Gazetteer().place("8.8.8.8") == Place()


def test_what_is_no_file_of_places(tmp_path: Path) -> None:
    (tmp_path / "x.mmdb").write_bytes(b"no such thing")
    for name, told in {
        "x.mmdb": "no MaxMind DB file",
        "none.mmdb": "No such file",
        "": "no regular file",
    }.items():
        with pytest.raises(SettingsError, match=told):
            open_gazetteer([str(tmp_path / name)])
