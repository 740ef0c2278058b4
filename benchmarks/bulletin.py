"""What a bulletin costs in each form, and what may go out of a case: CPU time, peak
memory and size, for cases of growing size.

    python -m benchmarks.bulletin --cases FOLDER [--copies N] [MESSAGES ...]
        writes docs/reference/bulletin-cost.md; a case in FOLDER is not made anew;
        default: 7 1000 30000, which takes a quarter of an hour of CPU time

The case of 7 is the mail of the example of 2014, without its case file. The others are
the corpora's real messages, every one that an even choice meets; where there are more
messages than that, each copy has other client addresses and Message-IDs. With --copies
the forms are measured besides for what the largest case keeps of its messages, N times
over. Every figure is of a process of its own."""

from __future__ import annotations

import argparse
import multiprocessing
import re
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.corpora import messages
from firsthop import __version__
from firsthop.campaign.explain.campaign import Campaigns
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.investigation.investigate import FORMATS, investigate
from firsthop.investigation.kept import read_kept
from firsthop.investigation.publish import prepare, scan
from firsthop.mail.header import find_block
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.formats.pdf import pdf
from firsthop.publication.json.campaigns import read_campaigns
from firsthop.publication.json.explanations import read_method
from firsthop.publication.words import LANGUAGES
from firsthop.system.workers import usable_cpus

EXAMPLE = Path(__file__).parents[1] / "examples" / "libero-2014"
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "bulletin-cost.md"
SIZES = (7, 1_000, 30_000)
_ADDRESS = re.compile(rb"(?<![\d.])(\d{1,3}\.\d{1,3})\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ID = re.compile(rb"(?im)^(message-id:\s*<)")


class Cost(NamedTuple):
    """What one thing cost."""

    what: str
    seconds: float  # CPU
    peak: int  # MiB
    size: int  # bytes
    note: str = ""


def main() -> None:
    """Makes the cases, measures each, writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--copies", type=int, default=0)
    given = parser.parse_args()
    cases = {size: case_of(size, given.cases) for size in given.sizes}
    costs = {f"{size:,} messages": list(measured(case)) for size, case in cases.items()}
    if given.copies:
        largest = cases[max(cases)]
        held = given.copies * len(read_kept(largest).summaries)
        costs[f"{held:,} messages, the forms alone"] = list(forms(largest, given.copies))
    for what, several in costs.items():
        for one in several:
            print(what, *one)
    PAGE.write_text(page(costs), encoding="utf-8")


def case_of(size: int, folder: Path) -> Path:
    """The case of so many messages."""
    case = folder / str(size)
    if not case.exists():
        with TemporaryDirectory() as made:
            mail = EXAMPLE if size == 7 else heap(size, Path(made))
            investigate([mail], case, jobs=usable_cpus())
    return case


def heap(size: int, folder: Path) -> Path:
    """So many messages of the corpora, each once before any comes again."""
    every = [one.data for one in messages()]
    step = max(len(every) / size, 1.0)
    for number in range(size):
        place = int(number * step)
        data = again(every[place % len(every)], place // len(every))
        (folder / f"{number:06}.eml").write_bytes(data)
    return folder


def again(data: bytes, copy: int) -> bytes:
    """A copy of a message with other addresses of hosts and another Message-ID."""
    if not copy:
        return data
    end = find_block(data).body
    head = _ADDRESS.sub(
        lambda m: b"%s.%d.%s" % (m[1], (int(m[2]) + 61 * copy) % 256, m[3]), data[:end]
    )
    return _ID.sub(rb"\g<1>%dcopy-" % copy, head) + data[end:]


def measured(case: Path) -> Iterator[Cost]:
    """Each form of the bulletin, and what goes out."""
    yield from forms(case)
    for pages in (False, True):
        yield apart(_published, case, pages)


def forms(case: Path, copies: int = 1) -> Iterator[Cost]:
    """Each form of the bulletin."""
    every: list[tuple[str, Callable[..., str | bytes]]] = [*FORMATS, ("pdf", pdf)]
    for language in LANGUAGES:
        for ending, write in every:
            yield apart(_form, case, copies, language, ending, write)


def apart(work: Callable[..., Cost], *told: object) -> Cost:
    """Work in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, told)


def _form(
    case: Path, copies: int, language: str, ending: str, write: Callable[..., str | bytes]
) -> Cost:
    document = bulletin(_investigation(case, copies))
    before = time.process_time()
    made = write(document, language, __version__)
    spent = time.process_time() - before
    size = len(made if isinstance(made, bytes) else made.encode())
    note = f"{_pages(made)} pages" if isinstance(made, bytes) else ""
    return Cost(f"`bulletin.{language}.{ending}`", spent, _peak(), size, note)


def _published(case: Path, pages: bool) -> Cost:
    before = time.process_time()
    ready = prepare(case, "CLEAR", pages=pages)
    made = time.process_time() - before
    finds = scan(ready.files, ready.lookup)
    spent = time.process_time() - before
    note = f"search {spent - made:.1f} s of it; {len(finds)} finds"
    name = f"`firsthop publish --tlp CLEAR{' --pdf' if pages else ''}`"
    return Cost(name, spent, _peak(), sum(map(len, ready.files.values())), note)


def _investigation(case: Path, copies: int = 1) -> Investigation:
    kept = read_kept(case)
    summaries = [
        one._replace(uri=f"{one.uri}#{copy}") for copy in range(copies) for one in kept.summaries
    ]
    campaigns = Campaigns(tuple(one.campaign for one in read_campaigns(case)), read_method(case))
    return assemble(summaries, kept.skipped, kept.case_file, kept.audience, campaigns, kept.outside)


def _pages(made: bytes) -> int:
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - only here

    with PdfDocument(made) as document:
        return len(document)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def page(costs: dict[str, list[Cost]]) -> str:
    """The page of the documentation."""
    lines = [
        "# What a bulletin costs",
        "",
        "CPU seconds, peak memory of the process (the case loaded) and size of each form of",
        "the bulletin, and of `firsthop publish`, which redacts the case, makes all files anew",
        "and searches each. Written by `python -m benchmarks.bulletin`, which says what the",
        "heaps are.",
    ]
    for what, several in costs.items():
        lines += [
            "",
            f"## {what}",
            "",
            "| what | CPU seconds | peak memory, MiB | size, KiB | |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| {one.what} | {one.seconds:.1f} | {one.peak:,} | {one.size / 1024:,.0f} "
            f"| {one.note} |"
            for one in several
        ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
