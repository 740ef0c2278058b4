"""Lines for a pipe are folded as rich folds them, without it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from firsthop.faces.cli.escape import clean
from firsthop.faces.cli.folding import folded, is_narrow
from firsthop.faces.cli.screen import Screen
from tests.children import run_python

SIGNS = "ab  .─✓▶…éЖ–'"
WIDE = "a 漢ﾊ😀e\u0301\u1100\u0600\u3000"
CONSOLE = Console(file=io.StringIO(), width=100)


@given(st.text(SIGNS, max_size=120), st.integers(5, 40))
@example("   leading", 5)
@example("   ", 5)
@example("", 5)
@example("a" * 11, 5)
@example("ab " + "c" * 10 + "  d", 5)
def test_it_folds_as_rich(text: str, width: int) -> None:
    assert folded(text, width) == by_rich(text, width)


@given(st.text(WIDE, max_size=120) | st.text(max_size=60).map(clean), st.integers(5, 40))
@example("漢" * 9, 5)
@example("a 漢漢漢  漢", 5)
@example("\u0301" * 3 + "漢", 5)
@example("漢漢\u3000\u3000漢", 5)
def test_wide_signs_fold_as_in_rich(text: str, width: int) -> None:
    assert folded(text, width) == by_rich(text, width)


def by_rich(text: str, width: int) -> list[str]:
    lines = Text(text).wrap(CONSOLE, width, overflow="fold") or [Text()]
    return [line.plain.rstrip() for line in lines]


@pytest.mark.parametrize(
    "sign", ["漢", "e\u0301", "\u00ad", "\u200b", "😀", "\u1100", "ﾊ", "\u0600"]
)
def test_of_a_sign_that_may_be_wide_rich_is_asked(sign: str) -> None:
    assert is_narrow("✓ trusted, ── perché")
    assert not is_narrow(f"a{sign}b")


def test_every_narrow_sign_is_one_column_in_rich() -> None:
    signs = [chr(code) for code in range(0x20, 0x11000) if is_narrow(chr(code))]
    assert len(signs) > 500
    assert [
        sign for sign in signs if sign >= " " and sign != "\x7f" and Text(sign).cell_len != 1
    ] == []


def test_wide_and_narrow_lines_fold_at_the_same_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr("sys.stdout", file)
    for variable in ("FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(variable, raising=False)
    screen = Screen().narrowed(40)
    screen.labelled("label", "word " * 12)
    screen.labelled("label", "word " * 11 + "漢")
    narrow, wide = file.getvalue().splitlines()[:3], file.getvalue().splitlines()[3:]
    assert [line.replace("漢", "word") for line in wide] == narrow


def test_a_mail_is_traced_into_a_pipe_without_rich(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"From: a@example.org\nSubject: perch\xc3\xa9\n\nx\n")
    code = (
        "import sys\nfrom firsthop.faces.cli import cli\n"
        "try: cli.main(['trace', sys.argv[1]])\nexcept SystemExit: pass\n"
        "print({'rich', 'duckdb', 'cryptography', 'tempfile', 'zipfile'} & set(sys.modules))"
    )
    shown = run_python("-c", code, tmp_path / "a.eml").stdout
    assert "a@example.org" in shown
    assert shown.splitlines()[-1] == "set()"
