"""How many messages a CPU-second: the bulk path with the native kernel and without,
beside the standard library's header parser and two mail parsers, in one run.

    python -m benchmarks.speed            writes docs/reference/speed.md; needs the
    `benchmarks` extra for the other parsers; its last part is benchmarks/start.py

Each figure is the median of interleaved rounds, each in a fresh process and in another
order of messages, in CPU time, files in memory beforehand.
Cold: the first messages of the process. Steady: messages it has not seen, after all the
      rest of the corpora. Nothing is ever read twice.
"""

from __future__ import annotations

import json
import marshal
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.corpora import messages
from benchmarks.start import table as start_table
from docs.prose import wrapped

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "speed.md"
PARTS = {"pp": "phishing_pot", "sa": "spamassassin_corpus"}
ROUNDS = 5
BATCH = 256
STATES = ("cold", "steady")
COPIES = (1, 8)  # of the mailbox that the memory is measured on
Mails = list[bytes]
# Stalwart's mail-parser (Rust), headers alone: it could not be built here when the page
# was written. In an earlier run it read so many times the messages of fast-mail-parser
# 0.10: 25,260 to 7,054 and 60,958 to 33,679 a CPU-second.
STALWART = {"pp": 25_260 / 7_054, "sa": 60_958 / 33_679}


def _batches(mails: Mails) -> Iterator[Any]:
    from firsthop.mail.message import Source  # noqa: PLC0415 - a round loads what it measures and nothing else
    from firsthop.mail.sources.raw import RawMail  # noqa: PLC0415

    source = Source("", "eml", 0, "")
    for start in range(0, len(mails), BATCH):
        yield [RawMail(source, data) for data in mails[start : start + BATCH]]


def _native(mails: Mails) -> None:
    from firsthop.evidence.bulk.native.read import read_natively  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in _batches(mails):
        if read_natively(batch, OwnServers()) is None:
            sys.exit("no native kernel: python kernel/build.py")


def _lists(mails: Mails) -> None:
    from firsthop.evidence.bulk.native.read import read_natively  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in _batches(mails):
        read = read_natively(batch, OwnServers())
        if read is None or not read.messages or not read.hops:
            sys.exit("no native kernel: python kernel/build.py")


def _firsthop(mails: Mails) -> None:
    from firsthop.evidence.bulk.read import read_in_python  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for batch in _batches(mails):
        read_in_python(batch, OwnServers())


def _open(mails: Mails) -> None:
    """Their files, whose names stand in place of them."""
    for name in mails:
        with open(name, "rb") as file:  # noqa: PTH123 - as little as can be between the clock and the system
            file.read()


def _objects(mails: Mails) -> None:
    from firsthop.evidence.facts import establish  # noqa: PLC0415
    from firsthop.mail.header import read_message  # noqa: PLC0415
    from firsthop.mail.message import Source  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    for data in mails:
        establish(read_message(data, Source("", "eml", 0, "")), OwnServers())


def _stdlib(mails: Mails) -> None:
    from email.parser import BytesHeaderParser  # noqa: PLC0415

    parser = BytesHeaderParser()
    for data in mails:
        parser.parsebytes(data)


def _mail_parser(mails: Mails) -> None:
    import mailparser  # noqa: PLC0415

    for data in mails:
        mailparser.parse_from_bytes(data)


def _fast_mail_parser(mails: Mails) -> None:
    import fast_mail_parser  # noqa: PLC0415

    for data in mails:
        try:
            fast_mail_parser.parse_email(data)
        except fast_mail_parser.ParseError:
            continue  # it refuses some; they cost it what they cost


# what a row is called, the package it needs, and the work
TOOLS: dict[str, tuple[str, str | None, Callable[[Mails], None]]] = {
    "native": ("firsthop, batch, native kernel: the full row of facts", None, _native),
    "lists": ("the same, and every value as a Python object", None, _lists),
    "firsthop": ("firsthop, batch, in Python: the full row of facts", None, _firsthop),
    "objects": ("firsthop, objects (`read_message` and `establish`)", None, _objects),
    "stdlib": ("`BytesHeaderParser` of the standard library, parse only", None, _stdlib),
    "mail-parser": ("mail-parser", "mail-parser", _mail_parser),
    "fast-mail-parser": (
        "fast-mail-parser (Rust; splits no Received line)",
        "fast-mail-parser",
        _fast_mail_parser,
    ),
    "open": ("`open().read()` of the files, nothing else", None, _open),
}
OWN = ("native", "lists", "firsthop", "objects")  # what learns while it reads


def _rate(work: Callable[[Mails], None], mails: Mails) -> float:
    start = time.process_time()
    work(mails)
    return len(mails) / (time.process_time() - start)


def measure(tool: str, part: str, chance: int, folder: Path) -> dict[str, float]:
    """One round in this process: the first half of a part cold, the second half after
    all the rest."""
    mails: Mails = marshal.loads((folder / part).read_bytes())
    if tool == "open":
        mails = [bytes(folder / f"{part}.files" / str(number)) for number in range(len(mails))]
    random.Random(chance).shuffle(mails)
    half = len(mails) // 2
    work = TOOLS[tool][2]
    if tool != "open":
        work([b"From: a@b\n\n"])  # what is imported when it is first needed
    found = {"cold": _rate(work, mails[:half])}
    if tool in OWN:
        work(marshal.loads((folder / f"{part}.rest").read_bytes()))
    return found | {"steady": _rate(work, mails[half:])}


def steps(part: str, chance: int, folder: Path) -> dict[str, float]:
    """Microseconds a message that the steps of the bulk path take, one after the other,
    on messages not seen before."""
    from firsthop.evidence.bulk import read as batch  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    mails: Mails = marshal.loads((folder / part).read_bytes())
    random.Random(chance).shuffle(mails)
    _firsthop(marshal.loads((folder / f"{part}.rest").read_bytes()) + mails[: len(mails) // 2])
    found: dict[str, float] = dict.fromkeys(STEPS, 0.0)
    mails = mails[len(mails) // 2 :]
    for start in range(0, len(mails), BATCH):
        with batch.no_garbage():
            _steps(batch, mails[start : start + BATCH], OwnServers(), found)
    return {name: seconds / len(mails) * 1e6 for name, seconds in found.items()}


def native_steps(part: str, chance: int, folder: Path) -> dict[str, float]:
    """The same with the native kernel, and which share of the lines it hands over."""
    from firsthop.evidence.bulk.native import library  # noqa: PLC0415
    from firsthop.evidence.bulk.native import read as native  # noqa: PLC0415
    from firsthop.settings import OwnServers  # noqa: PLC0415

    mails: Mails = marshal.loads((folder / part).read_bytes())
    random.Random(chance).shuffle(mails)
    _native(marshal.loads((folder / f"{part}.rest").read_bytes()) + mails[: len(mails) // 2])
    found: dict[str, float] = dict.fromkeys((*NATIVE_STEPS, "lines"), 0.0)
    mails = mails[len(mails) // 2 :]
    places = {"read": library.Kernel, "answer": native, "finish": library.NativeBatch}
    for name, place in places.items():
        setattr(place, name, _timed(getattr(place, name), name, found))
    lines = 0
    for batch in _batches(mails):
        read = native.read_natively(batch, OwnServers())
        if read is None:
            sys.exit("no native kernel: python kernel/build.py")
        found["lines"] += sum(n for why, n in read.handed_over.items() if why.startswith("line"))
        lines += len(read.tables[1]["message"])
    return {
        name: value / lines if name == "lines" else value / len(mails) * 1e6
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


def _run(*arguments: str) -> dict[str, float]:
    """One measurement in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _installed(package: str | None) -> str | None:
    """The version of what a row needs; None where it is missing."""
    try:
        return version(package) if package else platform.python_version()
    except PackageNotFoundError:
        return None


def _write_parts(folder: Path) -> dict[str, Mails]:
    """The parts and the rest of the corpora as files that a fresh process reads at
    once."""
    labelled = [(one.source, one.data) for one in messages()]
    parts = {}
    for part, source in PARTS.items():
        parts[part] = [data for of, data in labelled if of == source]
        (folder / part).write_bytes(marshal.dumps(parts[part]))
        (folder / f"{part}.files").mkdir()
        for number, data in enumerate(parts[part]):
            (folder / f"{part}.files" / str(number)).write_bytes(data)
        (folder / f"{part}.rest").write_bytes(
            marshal.dumps([data for of, data in labelled if of != source])
        )
    return parts


def _rounds(folder: Path) -> Iterator[tuple[str, str, dict[str, float]]]:
    for chance in range(ROUNDS):
        for part in PARTS:
            for tool, (_, package, _) in TOOLS.items():
                if _installed(package):
                    yield tool, part, _run("measure", tool, part, str(chance), str(folder))


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


def _memory(folder: Path, mails: Sequence[bytes]) -> Iterator[tuple[int, dict[str, float]]]:
    for copies in COPIES:
        mailbox = folder / "heap.mbox"
        _write_mailbox(mailbox, mails, copies)
        yield copies, _run("peak", str(mailbox))
        mailbox.unlink()


def page() -> str:
    """The reference page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = _write_parts(folder)
        rates: dict[tuple[str, str, str], list[float]] = {}
        for tool, part, found in _rounds(folder):
            for state, rate in found.items():
                rates.setdefault((tool, part, state), []).append(rate)
        middle = {key: median(values) for key, values in rates.items()}
        taken = {
            part: _medians([_run("steps", part, str(chance), str(folder)) for chance in range(3)])
            for part in PARTS
        }
        native = {
            part: _medians(
                [_run("native-steps", part, str(chance), str(folder)) for chance in range(3)]
            )
            for part in PARTS
        }
        memory = list(_memory(folder, [data for part in PARTS for data in parts[part]]))
    return "\n".join(
        [
            *_intro(parts),
            *_rate_table(middle),
            *_ratios(middle),
            *_step_table(taken),
            *_native_step_table(native),
            *_memory_table(memory),
            *start_table(),
        ]
    )


def _medians(found: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: median(one[name] for one in found) for name in found[0]}


def _intro(parts: dict[str, Mails]) -> list[str]:
    sizes = "; ".join(
        (
            f"{part}: {PARTS[part]}, {len(mails):,} messages of "
            f"{sum(map(len, mails)) / len(mails) / 1000:.1f} KB"
        )
        for part, mails in parts.items()
    )
    return [
        "# Speed",
        "",
        (
            "Written by `python -m benchmarks.speed`. Messages a CPU-second of one process, "
            "bytes in memory beforehand;"
        ),
        (
            f"the median of {ROUNDS} interleaved rounds, each in a fresh process and in another "
            f"order. {sizes}."
        ),
        "",
        (
            "Cold: the first half of a part in a process that has read nothing. Steady: the "
            "other half, after all the rest of the corpora and the first half."
        ),
        (
            "No message is read twice; what the process keeps between messages (forms of lines, "
            "host names, addresses, days) is bounded."
        ),
        "",
    ]


def _rate_table(middle: dict[tuple[str, str, str], float]) -> list[str]:
    rows = []
    for tool, (title, package, _) in TOOLS.items():
        installed = _installed(package)
        name = f"{title} {installed}" if package and installed else title
        cells = [
            f"{middle[tool, part, state]:,.0f}" if installed else "not installed"
            for part in PARTS
            for state in STATES
        ]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return [
        f"Python {platform.python_version()}.",
        "",
        "| | pp cold | pp steady | sa cold | sa steady |",
        "|---|---:|---:|---:|---:|",
        *rows,
        "",
    ]


def _ratios(middle: dict[tuple[str, str, str], float]) -> list[str]:
    """The full row of facts in times the speed of others."""
    if ("fast-mail-parser", "pp", "steady") in middle:
        for part, times in STALWART.items():
            for state in STATES:
                rate = middle["fast-mail-parser", part, state] * times
                middle["stalwart", part, state] = rate
    others = {
        "mail-parser": "mail-parser",
        "stdlib": "the standard library",
        "fast-mail-parser": "fast-mail-parser",
        "stalwart": "Stalwart's mail-parser, headers alone (recorded: so many times the speed of "
        f"fast-mail-parser as in an earlier run, {STALWART['pp']:.2f} and {STALWART['sa']:.2f})",
        "open": "`open().read()`",
    }
    lines = []
    for mine, title in (("native", "the native kernel"), ("firsthop", "Python")):
        lines += [f"The full row of facts by {title}, in times the speed", ""]
        lines += [
            f"- of {title_of}: {_times(middle, mine, other)}"
            for other, title_of in others.items()
            if (other, "pp", "steady") in middle
        ]
        lines.append("")
    return lines


def _times(middle: dict[tuple[str, str, str], float], mine: str, other: str) -> str:
    return ", ".join(
        f"{middle[mine, part, state] / middle[other, part, state]:.2g} ({part} {state})"
        for part in PARTS
        for state in STATES
    )


NATIVE_STEPS = {
    "read": "the kernel reads",
    "answer": "Python answers what it hands over",
    "finish": "the kernel lays the columns out",
}
STEPS = {
    "headers": "header block, its fields' names and places",
    "unfolding": "values of the Received fields",
    "lines": "Received lines: clauses, dialect, hop, time",
    "identities": "Message-ID, From, Subject, Date, mailer, boundary; the row",
    "columns": "columns, with what queue ids decode to",
}


def _step_table(taken: dict[str, dict[str, float]]) -> list[str]:
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


def _native_step_table(taken: dict[str, dict[str, float]]) -> list[str]:
    rows = [
        f"| {says} | " + " | ".join(f"{taken[part][step]:.1f}" for part in PARTS) + " |"
        for step, says in NATIVE_STEPS.items()
    ]
    shares = [f"{taken[part]['lines']:.1%} of the lines of {part}" for part in PARTS]
    return [
        f"The same with the native kernel. It hands over {' and '.join(shares)}.",
        "",
        "| | pp | sa |",
        "|---|---:|---:|",
        *rows,
        "",
    ]


def _memory_table(memory: list[tuple[int, dict[str, float]]]) -> list[str]:
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


def main(arguments: Sequence[str]) -> None:
    """Without arguments the whole page; with arguments one measurement, as a line of
    JSON."""
    match arguments:
        case ["measure", tool, part, chance, folder]:
            print(json.dumps(measure(tool, part, int(chance), Path(folder))))
        case ["steps", part, chance, folder]:
            print(json.dumps(steps(part, int(chance), Path(folder))))
        case ["native-steps", part, chance, folder]:
            print(json.dumps(native_steps(part, int(chance), Path(folder))))
        case ["peak", mailbox]:
            print(json.dumps(peak(Path(mailbox))))
        case _:
            PAGE.write_text(wrapped(page()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
