"""Limits have names; a refusal tells name and value. Each limit's effect is tested
beside its container."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from docs import samples
from docs.containers import MESSAGE, SEPARATOR, multipart
from firsthop.mail import limits
from firsthop.mail.limits import Allowance, Limits
from firsthop.mail.sources import RawMail, Skipped, read_bytes


def test_a_refusal_names_its_limit_and_value() -> None:
    assert Limits(max_ratio=7).refusal("max_ratio") == "over the limit max_ratio = 7"


def test_small_members_are_no_bombs() -> None:
    allowance = Allowance(Limits(ratio_floor=1000, max_ratio=10))
    assert allowance.count_bytes(1000, 1000, packed=1) is None
    assert allowance.count_bytes(1, 1001, packed=1) == "over the limit max_ratio = 10"
    assert allowance.count_bytes(1, 1001, packed=200) is None


def test_the_allowance_is_one_for_all_depths() -> None:
    allowance = Allowance(Limits(max_total_bytes=10, max_members=1))
    assert allowance.count_bytes(6, 6, None) is None
    assert allowance.count_bytes(6, 6, None) == "over the limit max_total_bytes = 10"
    assert allowance.count_member() is None
    assert allowance.count_member() == "over the limit max_members = 1"


def found(data: bytes, limits: Limits) -> tuple[int, list[str]]:
    """How many messages there are, and what is refused."""
    read = list(read_bytes(data, "x", limits))
    return (
        sum(isinstance(one, RawMail) for one in read),
        [one.reason for one in read if isinstance(one, Skipped)],
    )


def test_a_small_file_that_fans_out_has_a_small_budget() -> None:
    data = MESSAGE
    for _ in range(3):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for number in range(8):
                archive.writestr(str(number), data)
        data = file.getvalue()
    limits = Limits(members_floor=100, bytes_per_member=len(data) // 50)
    count, refused = found(data, limits)
    assert 50 < count < 100
    assert set(refused) == {limits.refusal("bytes_per_member")}


def test_entries_that_lie_over_each_other_are_unpacked_once() -> None:
    data = samples.zipped("x", MESSAGE)
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], bytearray(data[-22:])
    struct.pack_into("<HHI", end, 8, 50, 50, 50 * len(entry))
    assert found(data[:at] + entry * 50 + end, Limits()) == (
        1,
        ["entries that lie over others in the zip, not read: 49"],
    )


def test_unpacked_bytes_are_counted_over_all_members() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(str(number), MESSAGE + bytes(100_000))
    limits = Limits(ratio_floor=200_000, max_ratio=100)
    count, refused = found(file.getvalue(), limits)
    assert count < 9
    assert set(refused) <= {limits.refusal("max_ratio"), "binary: neither mail nor text"}
    assert limits.refusal("max_ratio") in refused


def test_messages_inside_one_message_are_counted() -> None:
    inner = b"Content-Type: message/rfc822\r\n\r\n" + multipart(
        *[b"Content-Type: message/rfc822\r\n\r\n" + MESSAGE] * 5
    )
    inner = inner.replace(b"=_o", b"=_i")
    limits = Limits(max_enclosed=12)
    report = multipart(*[inner] * 4)
    count, refused = found(report, limits)
    assert count == 1 + 12
    assert refused == [f"{limits.refusal('max_enclosed')}; what comes after was not read"]
    box = (SEPARATOR + report + b"\r\n") * 2
    assert found(box, limits)[0] == 2 * count


def test_the_time_of_one_input_is_counted() -> None:
    count, refused = found((SEPARATOR + MESSAGE + b"\r\n") * 50, Limits(seconds_floor=-1))
    assert count == 1
    assert refused == ["over the limit seconds_floor = -1; what comes after was not read"]


def test_time_by_the_clock_on_the_wall_alone_refuses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter((0.0, 1.0, 100.0))  # started, resumed, paused
    monkeypatch.setattr(limits, "perf_counter", lambda: next(seconds))
    allowance = Allowance(Limits())
    allowance.resume()
    allowance.pause()
    assert allowance.over_time() is None  # a busy machine: of the processor it took little
    monkeypatch.setattr(allowance, "_seconds", 100.0)
    assert allowance.over_time() == Limits().refusal("seconds_floor")
