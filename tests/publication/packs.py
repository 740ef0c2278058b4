"""A case to pack, of mail in files whose names are meant to break something."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from benchmarks.campaigns.planted import Plan, write
from firsthop.investigation.investigate import investigate
from tests.children import CompletedProcess, run

NAMES = [
    b"a.eml",
    b"A.EML",
    b"-rf.eml",
    b"..eml",
    b"con.eml",
    b"line\nfeed.eml",
    b"back\\slash.eml",
    b"..\\..\\up.eml",
    b"\xff.eml",
    b"C:.eml",
    b"x" * 200 + b".eml",
    b"deep/er/mail.eml",
    "perché.eml".encode(),
    "\u202eexe.eml".encode(),
    b"$(touch pwned).eml",
]


def write_mail(folder: Path) -> None:
    """One message in a file of each name."""
    for number, name in enumerate(NAMES):
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(next(iter(write(Plan(f"mail-{number}", 1, kind=number % 2), 1))))


def write_case(folder: Path) -> Path:
    """The case of such mail, beside it."""
    write_mail(folder / "mail")
    investigate([folder / "mail"], folder / "case")
    return folder / "case"


def unpacked(pack: Path, where: Path) -> Path:
    """The folder in a pack."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(where)
    return where / "evidence-pack"


def sums_hold(folder: Path) -> CompletedProcess[str]:
    """What `sha256sum -c` says of an unpacked folder."""
    return run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder)
