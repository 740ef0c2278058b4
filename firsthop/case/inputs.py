"""What of the given paths is mail: everything but the case file beside it and the case
folder that is being written.

A case file is a file called `case.toml`, given by itself or lying directly in a given
folder.
Never:      reads the content of either.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from firsthop.mail.sources import Limits, RawMail, Skipped, read_sources

CASE_FILE = "case.toml"
_LIMITS = Limits()


def case_files(paths: Iterable[str | Path]) -> list[Path]:
    """The case files that lie with the mail, in the order of the paths."""
    return [file for path in paths if (file := _case_file(os.fspath(path))) is not None]


def mail_inputs(
    paths: Sequence[str | Path],
    leave_out: Iterable[Path] = (),
    stdin: BinaryIO | None = None,
    limits: Limits = _LIMITS,
    passwords: Sequence[str] = (),
) -> Iterator[RawMail | Skipped]:
    """Every message in `paths`, in order; neither their case files nor what lies in
    `leave_out` is taken for mail. `passwords` open encrypted archives."""
    hidden = [os.path.realpath(one) for one in (*case_files(paths), *leave_out)]
    shown = [path for path in paths if not hidden or _is_shown(path, hidden)]
    prefixes = tuple(
        prefix
        for path in shown
        for one in hidden
        if (prefix := _as_walked(os.fspath(path), one)) is not None
    )
    for mail in read_sources(shown, limits, stdin, passwords):
        uri = mail.uri if isinstance(mail, Skipped) else mail.source.uri
        if not (prefixes and _lies_in(uri, prefixes)):
            yield mail


def _is_shown(path: str | Path, hidden: list[str]) -> bool:
    return os.fspath(path) == "-" or os.path.realpath(path) not in hidden


def _case_file(name: str) -> Path | None:
    """The case file that a given path is, or holds; whatever else is called so is told
    when it is read."""
    if CASE_FILE not in name and not os.path.lexists(os.path.join(name, CASE_FILE)):  # noqa: PTH118 - sooner than a path is made
        return None
    path = Path(name)
    file = path if path.name == CASE_FILE else path / CASE_FILE
    return file if os.path.lexists(file) else None


def _as_walked(folder: str, hidden: str) -> str | None:
    """How a walk of `folder` would name `hidden`; None where it lies elsewhere."""
    top = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118 - the text that the walk makes
    return os.path.join(folder, hidden[len(top) :]) if hidden.startswith(top) else None  # noqa: PTH118


def _lies_in(uri: str, prefixes: tuple[str, ...]) -> bool:
    return uri in prefixes or uri.startswith(
        tuple(prefix + end for prefix in prefixes for end in ("!/", os.sep))
    )
