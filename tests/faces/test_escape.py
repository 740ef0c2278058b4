"""Nothing of a mail steers the terminal."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firsthop.faces.cli.escape import LONGEST, clean
from firsthop.faces.cli.screen import Screen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("Città 🍕 日本", "Città 🍕 日本"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("a\r\nb\tc\x00", "a\\x0d\\x0ab\\x09c\\x00"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("a\u200bb\ufeff\u00ad", "a\\u200bb\\ufeff\\xad"),
        ("a\u2028b", "a\\u2028b"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 4 + "…"),
    ],
)
def test_what_steers_is_shown(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_one_printable_line_whatever_comes(text: str) -> None:
    assert not [c for c in clean(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def test_an_endless_value_is_cut_and_says_so() -> None:
    assert clean("x" * 1_000_000) == "x" * LONGEST + "… (1,000,000 characters; --json shows all)"


class Terminal(io.StringIO):
    """A stream that says a person watches it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "text",
    ["[bold red]x[/bold red]", "[link=https://example.com]x[/link]", ":bomb:", "[/]", "\\[x]"],
)
def test_markup_in_a_mail_is_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("sys.stdout", Terminal())
    screen = Screen()
    screen.line(text)
    screen.labelled(text, (text, "red"))
    written = screen._console.file
    assert isinstance(written, Terminal)
    lines = written.getvalue().splitlines()
    assert lines[0] == text
    assert lines[1].count(text) == 2
    assert "\x1b[31m" in lines[1]


def test_no_color_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for option, variable in ((True, None), (False, "1")):
        if variable:
            monkeypatch.setenv("NO_COLOR", variable)
        terminal = Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        Screen(option).line(("x", "red"))
        assert "31" not in terminal.getvalue()
