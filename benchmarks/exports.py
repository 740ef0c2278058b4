"""Exported rules in the engines that they were written for: `python -m
benchmarks.exports [--large N] [OUT]`.

For the wave of 2014 rebuilt as mails, a planted campaign and three campaigns of the
corpora: how many members each rule finds in its engine, how many it was measured to
find, and how much genuine mail it meets. With `--large N` also the time to export a
planted campaign of N mails. Needs the engines (`.ci/engines/*`). OUT is the page that
is written, docs/reference/exports-tried.md by default.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import messages
from docs.prose import wrapped
from firsthop import investigate
from firsthop.errors import EngineError
from firsthop.investigation.export import export, open_source
from firsthop.investigation.rule_engines.engines import ENGINES, engine_called
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.source import ExportSource
from tests.exports.heaps import Planted, investigated, planted, wave_of_2014

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "exports-tried.md"
HAM = 400
# a member of each of three campaigns of phishing_pot, and what they are
REAL = {
    "phishing_pot, one mail resent": "sample-1853.eml",
    "phishing_pot, a Perl script": "sample-5186.eml",
    "phishing_pot, a bulk sender": "sample-1632.eml",
}
KINDS = ("block_any", "block_structural", "hunt_any")
SAYS = """Written by `python -m benchmarks.exports`. Each cell: members of the campaign that the
engine found / that the rule was measured to find, and behind it the genuine mail that the engine
met. A dash: the engine has no such rule, because what it can be asked is too weak (its export says
so). The genuine mail is {ham} messages of the corpora that no campaign was learned beside."""


class Heap(NamedTuple):
    """A campaign with the mail that it is tried on."""

    name: str
    source: ExportSource
    members: Sequence[bytes]


def main() -> None:
    """Writes the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("out", type=Path, nargs="?", default=PAGE)
    wanted = parser.parse_args()
    every = list(messages())
    genuine = [one.data for one in every if one.label == "ham"]
    ham = genuine[:: max(1, len(genuine) // HAM)][:HAM]
    parts = ["# Exported rules, tried", "", SAYS.format(ham=len(ham)), ""]
    with tempfile.TemporaryDirectory() as work:
        heaps = list(_heaps(Path(work), [(one.path, one.data) for one in every]))
        for heap in heaps:
            parts += [f"## {heap.name}: {len(heap.members)} messages", ""]
            parts += ["| engine | " + " | ".join(KINDS) + " | seconds |", "|---|---|---|---|---:|"]
            parts += [_row(heap, engine, ham, Path(work)) for engine in ENGINES]
            parts.append("")
        if wanted.large:
            parts += _large(wanted.large, Path(work))
    wanted.out.write_text(wrapped("\n".join(parts)), encoding="utf-8")


def _heaps(work: Path, corpus: Sequence[tuple[str, bytes]]) -> Iterator[Heap]:
    for name, heap in (("The wave of 2014", wave_of_2014()), ("A planted kit", planted())):
        yield _known(name, heap, work / name.replace(" ", "-"))
    mail = work / "phishing_pot"
    mail.mkdir()
    for path, data in corpus:
        if path.startswith("phishing_pot/"):
            (mail / path.rpartition("/")[2]).write_bytes(data)
    result = investigate([mail], work / "phishing")
    assert result.investigation.campaigns is not None
    for name, member in REAL.items():
        campaign = _campaign_with(work / "phishing", member)
        source = open_source(work / "phishing", campaign, "RED").source
        yield Heap(name, source, [data for _, data in source.originals()])


def _known(name: str, heap: Planted, folder: Path) -> Heap:
    folder.mkdir()
    case = investigated(folder, heap)
    source = open_source(case.folder, case.campaign, "RED").source
    return Heap(name, source, heap.members)


def _campaign_with(case: Path, file: str) -> str:
    from firsthop.publication.json.campaigns import read_campaigns  # noqa: PLC0415 - once

    return next(
        one.campaign.id
        for one in read_campaigns(case)
        if one.campaign.level == "campaign" and any(m.uri.endswith(file) for m in one.members)
    )


def _row(heap: Heap, engine: str, ham: Sequence[bytes], work: Path) -> str:
    exported = EXPORTERS[engine].write(heap.source)
    assert exported.rules is not None
    rules = {one.name.split("_", 3)[3]: one for one in exported.rules.rules}
    folder = Path(tempfile.mkdtemp(dir=work))
    for name, data in exported.files.items():
        (folder / name).write_bytes(data)
    begun = time.perf_counter()
    try:
        met = engine_called(engine)(folder, [*heap.members, *ham], Path(tempfile.mkdtemp(dir=work)))
    except EngineError as error:
        return f"| {engine} | not run: {error} | | | |"
    taken = time.perf_counter() - begun
    cells = []
    for kind in KINDS:
        rule = rules.get(kind)
        if rule is None:
            cells.append("–")
            continue
        hit = [rule.name in names for names in met]
        own = sum(hit[: len(heap.members)])
        cells.append(f"{own} / {rule.measured.found[0]}, {sum(hit[len(heap.members) :])}")
    return f"| {engine} | " + " | ".join(cells) + f" | {taken:.1f} |"


def _large(n: int, work: Path) -> Iterator[str]:
    case = investigated(work / "large", planted(n))
    begun = time.process_time()
    result = export(case.folder, case.campaign, work / "exported")
    taken = time.process_time() - begun
    size = sum(one.stat().st_size for one in (work / "exported").rglob("*") if one.is_file())
    yield f"## A planted campaign of {n:,} messages"
    yield ""
    yield (
        f"`firsthop export --all`: {taken:.0f} s of CPU, {len(result.files)} files, "
        f"{size / 1e6:.1f} MB, {len(result.finds)} finds of the search for leaks."
    )
    yield ""


if __name__ == "__main__":
    main()
