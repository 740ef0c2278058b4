"""The main job, from reported mail to a bulletin, in the order in which an analyst works: read, establish, judge, gather, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from firsthop import __version__
from firsthop.campaign.archive import Archive
from firsthop.campaign.background import Background
from firsthop.campaign.engine import open_engine
from firsthop.campaign.heap import Heap, gather_heap
from firsthop.campaign.investigation import Investigation, gather
from firsthop.campaign.record import ARCHIVE, Campaigns, TableCorrelator, about, background_of, gathered_of, taken_up, told_of
from firsthop.campaign.report import campaigns_json
from firsthop.campaign.store import Store
from firsthop.case.checkpoint import LeftoverError
from firsthop.case.dns_answers import DNS_ANSWERS, answers_text, case_answers, joined
from firsthop.case.folder import CaseFolder
from firsthop.case.inputs import mail_inputs
from firsthop.evidence.dns import DnsStore
from firsthop.evidence.places import open_gazetteer
from firsthop.intake import Intake, run_digest
from firsthop.judgement.brief import Brief
from firsthop.mail.sources import STANDARD_INPUT
from firsthop.mail.sources.raw import Skipped
from firsthop.publication.bulletin import bulletin
from firsthop.publication.contract import json_text, json_texts
from firsthop.publication.document import Document
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.summary import summary
from firsthop.publication.words import LANGUAGES
from firsthop.settings import Settings
from firsthop.taken import Taker
from firsthop.watch import NOBODY, Watch

CAMPAIGNS = "campaigns.json"
GATHERING = "gathering.json"
EMBEDDED = "duckdb"
FORMATS: tuple[tuple[str, Callable[[Document, str, str], str]], ...] = (("md", markdown), ("html", html))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an investigation left behind."""

    found: Investigation
    files: tuple[str, ...]  # names in the case folder

    @property
    def messages(self) -> int:
        """How many messages were read."""
        return len(self.found.trails)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What could not be read."""
        return self.found.skipped

    def lines(self, language: str) -> list[str]:
        """The summary for a terminal."""
        return summary(self.found, language, self.files)


def investigate(  # noqa: PLR0913 - each is one thing that an operator may say
    paths: Sequence[Path | str],
    out: Path,
    *,
    settings: Settings | None = None,
    brief: Brief | None = None,
    case_file: Path | None = None,
    stdin: BinaryIO | None = None,
    watch: Watch = NOBODY,
    time: str | None = None,
    store: DnsStore | None = None,
    backgrounds: Sequence[Path] = (),
    engine: str = EMBEDDED,
    jobs: int = 1,
    places: Sequence[str] = (),
) -> Outcome:
    """Reads `paths` and writes the case folder `out`: facts, campaigns, bulletins, manifest, journal. CaseError where `out` is not free for it.

    Without `settings` those of the case file hold; `case_file` lies among the paths and is no mail; `watch` is told how far the run is;
    `time` is noted in the journal. `backgrounds` are archives of other mail, beside the shipped statistic. `engine` counts and compares the heap:
    "duckdb", embedded, or "sc://HOST:PORT", a Spark Connect server; the result is the same.
    `jobs` processes read and examine a heap that is not small; the calling program must then be importable without running (multiprocessing, spawn).
    `places` name data on the countries and networks of addresses ("rir", MaxMind DB files).
    `store` is the DNS evidence beside what the case already holds; the answers that were used are kept in the case.
    """
    brief = brief or Brief()
    settings = settings or Settings(time_zone=brief.time_zone, tlp=brief.tlp)
    brief = replace(brief, time_zone=settings.time_zone, tlp=settings.tlp)
    store, background, gazetteer = store or DnsStore(), background_of(backgrounds), open_gazetteer(places)
    with CaseFolder.open(out, run_digest(settings, brief, store)) as case:
        former = case_answers(out)

        def taken_in() -> tuple[Intake, Campaigns]:
            watch.begin("reading")
            taker = Taker(settings.own, brief, joined(store, former))
            with Archive.open(case.subfolder(ARCHIVE)) as archive:
                intake = Intake(case, archive, taker, watch, jobs)
                intake.take(mail_inputs(paths, [out, *([case_file] if case_file else [])], stdin))
                heap = _gathered(archive, out / ARCHIVE, background, engine, watch)
            told: list[dict[str, Any]] = []
            case.write_pieces(CAMPAIGNS, json_texts(_noting(campaigns_json(heap, intake.trails, gazetteer, watch), told)))
            return intake, Campaigns(told, about(heap, gazetteer))

        try:
            intake, campaigns = taken_in()
        except LeftoverError:
            case.start_anew()
            if STANDARD_INPUT in map(str, paths):
                raise
            intake, campaigns = taken_in()
        watch.begin("publishing")
        found = gather(intake.trails, intake.skipped, brief, campaigns)
        case.write_text(GATHERING, json_text(campaigns.about))
        _publish(found, case)
        if known := answers_text([*former, *intake.used]):
            case.write_text(DNS_ANSWERS, known)
        case.seal("investigate", time)
        return Outcome(found, tuple(case.files))


def _noting(clusters: Iterable[dict[str, Any]], told: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The clusters as they come; what publications tell of each is noted."""
    for one in clusters:
        told.append(told_of(one))
        yield one


def _gathered(archive: Archive, former: Path, background: Background, engine: str, watch: Watch) -> Heap:
    """The gathered heap of a case's mail, kept in its archive; where mail has come to a case, its campaigns keep their ids."""
    known, merges = taken_up(archive, former)
    with open_engine(archive.folder, None if engine == EMBEDDED else engine) as opened:
        watch.begin("taking up")
        store = Store()
        archive.fill(store)
        heap = gather_heap(store, background, known=known, correlator=TableCorrelator(opened, archive, known), watch=watch)
    watch.begin("keeping")
    archive.record(gathered_of(heap, merges))
    archive.settle()
    return heap


def _publish(found: Investigation, case: CaseFolder) -> None:
    document = bulletin(found)
    for language in LANGUAGES:
        for ending, write in FORMATS:
            case.write_text(f"bulletin.{language}.{ending}", write(document, language, __version__))
