"""The lines of one hop as text: who handed over, how, under which queue id, when."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from firsthop.evidence.path.path import Step
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.timestamp import EPOCH, Stamp
from firsthop.faces.cli.screen import Part

LAST_INSTANT = 253_402_214_400  # 9999-12-31T00:00:00Z: any zone still ends within the calendar
CHECKED = {True: " (the writer checked it)", False: " (not checked)", None: ""}


def sender(hop: Hop) -> tuple[Part, ...]:
    """The client: its address and name as the writer saw them, its HELO as it
    claimed."""
    checked = "" if hop.client_name == "unknown" else CHECKED[hop.client_name_verified]
    parts = [
        f"← {hop.client_address}" if hop.client_address else "",
        f"name {hop.client_name}{checked}" if hop.client_name else "",
        f"port {hop.client_port}"
        if hop.client_port is not None and hop.client_port < 65_536
        else "",
        f"HELO {hop.helo} (claimed)" if hop.helo else "",
        f"ident {hop.ident}" if hop.ident else "",
    ]
    return _joined(parts)


def how(hop: Hop) -> tuple[Part, ...]:
    """Protocol, login, encryption, envelope."""
    login = " ".join(
        part
        for part in (
            "logged in",
            hop.auth_mechanism,
            f"as {hop.auth_identity}" if hop.auth_identity else None,
        )
        if part
    )
    parts = [
        hop.protocol or "",
        login if hop.authenticated else "",
        " ".join(part for part in (hop.tls_version or "TLS", hop.tls_cipher) if part)
        if hop.tls
        else "",
        f"envelope from <{hop.reverse_path}>" if hop.reverse_path is not None else "",
        f"for <{hop.forward_path}>" if hop.forward_path else "",
    ]
    return _joined(parts)


def queue(hop: Hop) -> tuple[Part, ...]:
    """The queue id and what it decodes to."""
    decoded = hop.queue_id_decoded
    if not hop.queue_id or decoded is None:
        return (hop.queue_id,) if hop.queue_id else ()
    if not decoded.possible:
        return (hop.queue_id, (f" = impossible for {hop.mta}", "red"))
    parts = [
        f"{_time(decoded.instant)} UTC" if decoded.instant is not None else "",
        f"{decoded.microseconds} µs" if decoded.microseconds is not None else "",
        f"inode {_number(decoded.inode)}" if decoded.inode is not None else "",
        f"pid {_number(decoded.pid)}" if decoded.pid is not None else "",
    ]
    return (hop.queue_id, " = ", ", ".join(part for part in parts if part))


def times(stamp: Stamp | None, older: Step | None, zone: ZoneInfo) -> tuple[Part, ...]:
    """UTC, the reader's local time, the zone as written, and how long after the older
    hop."""
    if stamp is None:
        return ()
    defects = f" ({', '.join(stamp.defects)})" if stamp.defects else ""
    if stamp.instant is None:
        return (f"{stamp.raw}: no instant{defects}",)
    written = " ".join(
        part for part in (stamp.offset, f"({stamp.zone_name})" if stamp.zone_name else None) if part
    )
    shown = [
        f"{_time(stamp.instant)} UTC",
        _local(stamp.instant, zone),
        f"written {written}{defects}" if written else defects.strip(),
    ]
    return (*_joined(shown), *_since(stamp.instant, older))


def _since(instant: int, older: Step | None) -> tuple[Part, ...]:
    earlier = older.hop.stamp.instant if older and older.hop.stamp else None
    if earlier is None or older is None:
        return ()
    wait = instant - earlier
    style = "red" if wait < 0 else ""
    return (
        " · ",
        (f"{_duration(abs(wait))} {'before' if wait < 0 else 'after'} hop {older.position}", style),
    )


def _duration(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    named = ((days, "d"), (hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in named if count) or "0 s"


def _time(instant: int) -> str:
    return (
        f"{EPOCH + timedelta(seconds=instant):%Y-%m-%d %H:%M:%S}"
        if 0 <= instant <= LAST_INSTANT
        else "a time beyond the calendar,"
    )


def _local(instant: int, zone: ZoneInfo) -> str:
    if not 0 <= instant <= LAST_INSTANT:
        return ""
    local = datetime.fromtimestamp(instant, zone)
    utc_day = (EPOCH + timedelta(seconds=instant)).date()
    return f"{local:%H:%M:%S %Z}{'' if local.date() == utc_day else f' ({local:%d %b})'}"


def _number(value: int) -> str:
    """A number of an invented queue id may have any length."""
    return str(value) if value < 2**63 else "beyond 64 bits"


def _joined(parts: list[str]) -> tuple[Part, ...]:
    text = " · ".join(part for part in parts if part)
    return (text,) if text else ()
