"""What memory the bulk path takes."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.speed.fresh import run
from benchmarks.speed.parts import BATCH

COPIES = (1, 8)  # of the mailbox that the memory is measured on


def peak(mailbox: Path) -> dict[str, float]:
    """Peak memory in MB of reading a mailbox, message by message, into batches that are
    let go of."""
    from firsthop.evidence.bulk.read import read_batch  # noqa: PLC0415
    from firsthop.mail.sources import RawMail, read_sources  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    mails = (mail for mail in read_sources([mailbox]) if isinstance(mail, RawMail))
    count = 0
    while batch := list(islice(mails, BATCH)):
        count += len(read_batch(batch, OwnServers()).messages["hops"])
    return {"messages": count, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _write_mailbox(path: Path, mails: Sequence[bytes], copies: int) -> None:
    with path.open("wb") as out:
        for _ in range(copies):
            for data in mails:
                body = data.partition(b"\n")[2] if data.startswith(b"From ") else data
                out.write(
                    b"From a@b.example Sat May 17 21:59:37 2014\n"
                    + body.replace(b"\nFrom ", b"\n>From ").rstrip(b"\n")
                    + b"\n\n"
                )


def memory(folder: Path, mails: Sequence[bytes]) -> Iterator[tuple[int, dict[str, float]]]:
    """The peak for each number of copies."""
    for copies in COPIES:
        mailbox = folder / "heap.mbox"
        _write_mailbox(mailbox, mails, copies)
        yield copies, run(folder, "peak", str(mailbox))
        mailbox.unlink()


def memory_table(memory: list[tuple[int, dict[str, float]]]) -> list[str]:
    """The table of peaks."""
    rows = [
        f"| {copies} | {found['messages']:,.0f} | {found['peak']:.0f} |" for copies, found in memory
    ]
    return [
        "## Memory",
        "",
        (
            f"Peak of a process that reads a mailbox of both parts message by message, in "
            f"batches of {BATCH} that it lets go of."
        ),
        "",
        "| copies | messages | MB |",
        "|---:|---:|---:|",
        *rows,
        "",
    ]
