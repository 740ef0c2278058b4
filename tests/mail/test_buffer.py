"""A file that is read window by window gives what its bytes give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firsthop.mail import buffer
from firsthop.mail.buffer import FileBuffer

_SIZES = {"WINDOW_BYTES": 160, "_SMALL_WINDOW_BYTES": 96, "_BEFORE_BYTES": 16, "_LOOK_BYTES": 4}
_PLACE = st.integers(0, 2_000)
_ASKED = ("part", "find", "open", "search")
_WANTED = re.compile(rb"ab+c")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from((b"a", b"b", b"abc", b"\n" * 50, b"x" * 90)), max_size=60).map(
        b"".join
    ),
    st.lists(
        st.tuples(st.sampled_from(("part", "find", "open", "search")), _PLACE, _PLACE), max_size=12
    ),
)
def test_windows_do_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, asked: list[tuple[str, int, int]]
) -> None:
    for name, size in _SIZES.items():
        monkeypatch.setattr(buffer, name, size)
    path = tmp_path / "x"
    path.write_bytes(data)
    with path.open("rb", buffering=0) as file:
        read = FileBuffer(file)
        for what, one, other in asked:
            if what == "part":
                assert read[one:other] == data[one:other]
            elif what == "find":
                assert read.find(b"bca", one, other) == data.find(b"bca", one, other)
            elif what == "open":
                assert read.find(b"bca", one) == data.find(b"bca", one)
            else:
                match = _WANTED.search(data, one, other)
                assert read.search(_WANTED, one, other) == (match and match.span())


def test_a_look_from_afar_leaves_the_window(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(3 * buffer.WINDOW_BYTES))
    with path.open("rb", buffering=0) as file:
        read = FileBuffer(file)
        assert read[:9] == bytes(9)
        path.write_bytes(b"x" * 3 * buffer.WINDOW_BYTES)
        far = 2 * buffer.WINDOW_BYTES
        assert (read[far : far + 4], read[:9]) == (b"xxxx", bytes(9))  # not read again
