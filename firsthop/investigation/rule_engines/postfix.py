"""Postfix's header_checks in `postmap -h`, which cuts a message into its headers and
asks the table each, as the server does.

A table answers a header with the first line that it meets. What a rule finds is
therefore asked of its lines alone, once the whole table has answered anything.
Needs:      Debian's postfix and postfix-pcre (3.7). No server is started, no socket
            opened; a configuration of its own.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from firsthop.errors import EngineError
from firsthop.publication.exports.postfix.writer import HEADER_CHECKS
from firsthop.system.program import installed, run_program

_SECONDS = 60.0


def run(folder: Path, messages: Sequence[bytes], work: Path) -> list[frozenset[str]]:
    """The rules that each message meets."""
    text = (folder / HEADER_CHECKS).read_text(encoding="utf-8")
    _configuration(work)
    whole = _table(work, "whole", text)
    _answers(whole, b"Subject: none\n\n", work)  # refuses a table, though there be no mail
    each = {name: _table(work, str(n), lines) for n, (name, lines) in enumerate(_rules(text))}
    return [_met(whole, each, one.replace(b"\r\n", b"\n"), work) for one in messages]


def _configuration(work: Path) -> None:
    """Dated back: Postfix waits two seconds for one that was written just now, lest
    somebody still writes."""
    path = work / "main.cf"
    path.write_text("compatibility_level = 3.6\n", encoding="utf-8")
    os.utime(path, (0, 0))


def _table(work: Path, name: str, text: str) -> Path:
    path = work / f"{name}.pcre"
    path.write_text(text, encoding="utf-8")
    return path


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """The names of the rules, each with its lines."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            lines[line.rpartition(" ")[2]].append(line)
    return ((name, "\n".join(some) + "\n") for name, some in lines.items())


def _met(whole: Path, each: dict[str, Path], message: bytes, work: Path) -> frozenset[str]:
    if not _answers(whole, message, work):
        return frozenset()
    return frozenset(name for name, table in each.items() if _answers(table, message, work))


def _answers(table: Path, message: bytes, work: Path) -> bool:
    """Whether a table has a line for one of the headers of a message."""
    postmap = installed("postmap", "postfix postfix-pcre")
    ended = run_program(
        (postmap, "-c", work, "-hq", "-", f"pcre:{table}"),
        seconds=_SECONDS,
        cwd=work,
        given=message,
    )
    if ended.errors.strip():  # a bad pattern is no more than a warning there
        raise EngineError(f"Postfix refuses the table: {ended.errors.splitlines()[0][:300]}")
    return bool(ended.output)
