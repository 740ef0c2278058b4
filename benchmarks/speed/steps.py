"""Where the time of the bulk path goes, step by step."""

from __future__ import annotations

import marshal
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.speed.fresh import medians, run
from benchmarks.speed.parts import BATCH, PARTS, Mails, batches
from benchmarks.speed.tools import in_python, native

ROUNDS = 3
Taken = dict[str, dict[str, float]]  # by part and step


def steps(part: str, chance: int, folder: Path) -> dict[str, float]:
    """Microseconds a message that the steps of the bulk path take, one after the other,
    on messages not seen before."""
    from firsthop.evidence.bulk import read as batch  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    mails: Mails = marshal.loads((folder / part).read_bytes())
    random.Random(chance).shuffle(mails)
    in_python(marshal.loads((folder / f"{part}.rest").read_bytes()) + mails[: len(mails) // 2])
    found: dict[str, float] = dict.fromkeys(STEPS, 0.0)
    mails = mails[len(mails) // 2 :]
    for start in range(0, len(mails), BATCH):
        with batch.no_garbage():
            _steps(batch, mails[start : start + BATCH], OwnServers(), found)
    return {name: seconds / len(mails) * 1e6 for name, seconds in found.items()}


def native_steps(part: str, chance: int, folder: Path) -> dict[str, float]:
    """The same with the native kernel, and which shares of the lines it hands over
    or asks the form of."""
    from firsthop.evidence.bulk.native import library  # noqa: PLC0415
    from firsthop.evidence.bulk.native import read as reading  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    mails: Mails = marshal.loads((folder / part).read_bytes())
    random.Random(chance).shuffle(mails)
    native(marshal.loads((folder / f"{part}.rest").read_bytes()) + mails[: len(mails) // 2])
    found: dict[str, float] = dict.fromkeys((*NATIVE_STEPS, *SHARES), 0.0)
    mails = mails[len(mails) // 2 :]
    places = {"read": library.Kernel, "answer": reading, "finish": library.NativeBatch}
    for name, place in places.items():
        setattr(place, name, _timed(getattr(place, name), name, found))
    lines = 0
    for batch in batches(mails):
        read = reading.read_natively(batch, OwnServers())
        if read is None:
            sys.exit("no native kernel: python kernel/build.py")
        found["lines"] += sum(n for why, n in read.handed_over.items() if why.startswith("line"))
        found["forms"] += read.handed_over.get("form", 0)
        lines += len(read.tables[1]["message"])
    return {
        name: value / lines if name in SHARES else value / len(mails) * 1e6
        for name, value in found.items()
    }


def _timed(work: Callable[..., Any], name: str, found: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return work(*given, **named)
        finally:
            found[name] += time.process_time() - start

    return timed


def _steps(batch: Any, mails: Mails, own: Any, found: dict[str, float]) -> None:
    from firsthop.mail.message import Source  # noqa: PLC0415
    from firsthop.mail.sources.raw import RawMail  # noqa: PLC0415

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        result = work()
        found[name] += time.process_time() - start
        return result

    source = Source("", "eml", 0, "")
    read = timed(
        "headers",
        lambda: [
            (RawMail(source, data), header) for data in mails if (header := batch.read_header(data))
        ],
    )
    values = timed("unfolding", lambda: [header.received() for _, header in read])
    paths = timed(
        "lines", lambda: [[batch.read_hop(value) for value in of_message] for of_message in values]
    )
    rows = batch.Rows()
    timed(
        "identities",
        lambda: [
            batch.add_header(rows, mail, header, path, own)
            for (mail, header), path in zip(read, paths, strict=True)
        ],
    )
    timed("columns", lambda: (rows.messages(), rows.hops()))


SHARES = ("lines", "forms")
NATIVE_STEPS = {
    "read": "the kernel reads",
    "answer": "Python answers what it hands over and asks",
    "finish": "the kernel lays the columns out",
}
STEPS = {
    "headers": "header block, its fields' names and places",
    "unfolding": "values of the Received fields",
    "lines": "Received lines: clauses, dialect, hop, time",
    "identities": "Message-ID, From, Subject, Date, mailer, boundary; the row",
    "columns": "columns, with what queue ids decode to",
}


def step_table(taken: Taken) -> list[str]:
    """The table of the Python path."""
    rows = [
        f"| {says} | " + " | ".join(f"{taken[part][step]:.0f}" for part in PARTS) + " |"
        for step, says in STEPS.items()
    ]
    return [
        "## Where the time goes",
        "",
        "Microseconds a message, steady, in Python.",
        "",
        "| | pp | sa |",
        "|---|---:|---:|",
        *rows,
        "",
    ]


def native_step_table(taken: Taken) -> list[str]:
    """The table of the native kernel."""
    rows = [
        f"| {says} | " + " | ".join(f"{taken[part][step]:.1f}" for part in PARTS) + " |"
        for step, says in NATIVE_STEPS.items()
    ]
    shares = [f"{taken[part]['lines']:.1%} of the lines of {part}" for part in PARTS]
    forms = [f"{taken[part]['forms']:.1%}" for part in PARTS]
    return [
        f"The same with the native kernel. It hands over {' and '.join(shares)}, and reads",
        f"{' and '.join(forms)} when it has asked what their clauses say.",
        "",
        "| | pp | sa |",
        "|---|---:|---:|",
        *rows,
        "",
    ]


def taken(folder: Path, what: str) -> Taken:
    """The medians of some rounds, of `steps` or of `native-steps`."""
    return {
        part: medians(
            [run(folder, what, part, str(chance), str(folder)) for chance in range(ROUNDS)]
        )
        for part in PARTS
    }
