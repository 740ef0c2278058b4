"""Writes compound files of version 3, as Outlook items and old Office documents are
([MS-CFB]): small streams in the mini stream, large ones in sectors of their own."""

from __future__ import annotations

import struct

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # sector numbers (section 2.1)


def compound_file(streams: dict[tuple[str, ...], bytes]) -> bytes:
    """A compound file of version 3 with these streams, in storages one deep."""
    mini, minifat, placed = _mini_streams(streams)
    large = {path: data for path, data in streams.items() if len(data) >= 4096}
    sectors: list[bytes] = []
    fat: list[int] = []
    for path, data in large.items():
        placed[path] = _chain(sectors, fat, data)
    ministream = _chain(sectors, fat, mini) if mini else END
    minifat_start = _chain(sectors, fat, minifat) if mini else END
    directory = _chain(sectors, fat, _directory(streams, placed, ministream, len(mini)))
    fat_sectors = -(-(len(fat) + 1 + len(fat) // 120) // 128)
    first = len(fat)
    fat += [FAT] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat)
    table += b"\xff" * (fat_sectors * 512 - len(table))
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        bytes(16),
        *(0x3E, 3, 0xFFFE, 9, 6),
        bytes(6),
        *(0, fat_sectors, directory, 0, 4096, minifat_start),
        *(-(-len(minifat) // 512), END, 0, first),
    )
    more = [first + n if n < fat_sectors else FREE for n in range(1, 109)]
    return header + struct.pack("<108I", *more) + b"".join(sectors) + table


def _mini_streams(
    streams: dict[tuple[str, ...], bytes],
) -> tuple[bytes, bytes, dict[tuple[str, ...], int]]:
    """The small streams together, the table of their sectors, and where each begins."""
    mini = b""
    minifat: list[int] = []
    placed: dict[tuple[str, ...], int] = {}
    for path, data in streams.items():
        if not data or len(data) >= 4096:
            continue
        count = -(-len(data) // 64)
        placed[path] = len(minifat)
        minifat += [*range(len(minifat) + 1, len(minifat) + count), END]
        mini += data + bytes(-len(data) % 64)
    return mini, struct.pack(f"<{len(minifat)}I", *minifat), placed


def _chain(sectors: list[bytes], fat: list[int], data: bytes) -> int:
    """Appends the data in sectors of 512 bytes; gives the first."""
    start, count = len(fat), max(-(-len(data) // 512), 1)
    data += b"\xff" * (count * 512 - len(data))
    sectors += [data[at : at + 512] for at in range(0, len(data), 512)]
    fat += [*range(start + 1, start + count), END]
    return start


def _directory(
    streams: dict[tuple[str, ...], bytes],
    placed: dict[tuple[str, ...], int],
    ministream: int,
    size: int,
) -> bytes:
    """The directory: the siblings of each storage hang to the right of each other, in
    the order of their names."""
    names = sorted({path[0] for path in streams}, key=_order)
    entries: list[bytes] = [b""]
    top = _siblings(entries, (), names, streams, placed)
    entries[0] = _entry("Root Entry", 5, FREE, top, ministream, size)
    return b"".join(entries) + bytes(-len(entries) % 4 * 128)


def _siblings(
    entries: list[bytes],
    above: tuple[str, ...],
    names: list[str],
    streams: dict[tuple[str, ...], bytes],
    placed: dict[tuple[str, ...], int],
) -> int:
    first = len(entries)
    entries += [b""] * len(names)
    for number, name in enumerate(names):
        path = (*above, name)
        right = first + number + 1 if number + 1 < len(names) else FREE
        if path in streams:
            data = streams[path]
            entry = _entry(name, 2, right, FREE, placed.get(path, END), len(data))
        else:
            below = sorted({p[1] for p in streams if p[0] == name and len(p) > 1}, key=_order)
            child = _siblings(entries, path, below, streams, placed)
            entry = _entry(name, 1, right, child, 0, 0)
        entries[first + number] = entry
    return first


def _order(name: str) -> tuple[int, str]:
    return len(name), name.upper()


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    fields = (encoded, len(encoded), kind, 1, FREE, right, child)
    return struct.pack("<64sHBBIII", *fields) + bytes(36) + struct.pack("<IQ", start, size)
