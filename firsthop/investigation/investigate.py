"""The main job, from reported mail to a bulletin, in the order in which an analyst
works: read, establish, judge, gather, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from firsthop import __version__
from firsthop.campaign.archive import Archive
from firsthop.campaign.background import Background
from firsthop.campaign.clustering.clustering import Clustering, cluster_messages
from firsthop.campaign.clustering.record import (
    ARCHIVE,
    Campaigns,
    TableCorrelator,
    about,
    background_of,
    previous_clusters,
    to_record,
    told_of,
)
from firsthop.campaign.engine import open_engine
from firsthop.campaign.explain.report import campaigns_json
from firsthop.campaign.investigation import Investigation, gather
from firsthop.campaign.similarity.store import Store
from firsthop.case.checkpoint import LeftoverError
from firsthop.case.dns_answers import DNS_ANSWERS, answers_text, case_answers, joined
from firsthop.case.folder import CaseFolder
from firsthop.case.inputs import mail_inputs
from firsthop.case_file import CaseFile
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.host.places import open_gazetteer
from firsthop.investigation.ingest import Ingest, run_digest
from firsthop.investigation.message import MessageProcessor
from firsthop.mail.sources import STANDARD_INPUT
from firsthop.mail.sources.raw import Skipped
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import Document
from firsthop.publication.bulletin.summary import summary
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.json.message import json_text, json_texts
from firsthop.publication.words import LANGUAGES
from firsthop.settings import Settings
from firsthop.system.progress import SILENT, Progress

CAMPAIGNS = "campaigns.json"
GATHERING = "gathering.json"
EMBEDDED = "duckdb"
FORMATS: tuple[tuple[str, Callable[[Document, str, str], str]], ...] = (
    ("md", markdown),
    ("html", html),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an investigation left behind."""

    found: Investigation
    files: tuple[str, ...]  # names in the case folder

    @property
    def messages(self) -> int:
        """How many messages were read."""
        return len(self.found.summaries)

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
    case_file: CaseFile | None = None,
    case_file_path: Path | None = None,
    stdin: BinaryIO | None = None,
    progress: Progress = SILENT,
    time: str | None = None,
    store: DnsStore | None = None,
    backgrounds: Sequence[Path] = (),
    engine: str = EMBEDDED,
    jobs: int = 1,
    places: Sequence[str] = (),
    passwords: Sequence[str] = (),
) -> Outcome:
    """Reads `paths` and writes the case folder `out`: facts, campaigns, bulletins,
    manifest, journal. CaseError where `out` is not free for it.

    Without `settings` those of the case file hold; `case_file_path` lies among the
    paths and is no mail; `progress` is told how far the run is; `time` is noted in the
    journal. `backgrounds` are archives of other mail, beside the shipped statistic.
    `engine` counts and compares the heap: "duckdb", embedded, or "sc://HOST:PORT", a
    Spark Connect server; the result is the same. `jobs` processes read and examine a
    heap that is not small; the calling program must then be importable without running
    (multiprocessing, spawn). `places` name data on the countries and networks of
    addresses ("rir", MaxMind DB files). `passwords` open encrypted archives. `store` is
    the DNS evidence beside what the case already holds; the answers that were used are
    kept in the case."""
    case_file = case_file or CaseFile()
    settings = settings or Settings(time_zone=case_file.time_zone, tlp=case_file.tlp)
    case_file = replace(case_file, time_zone=settings.time_zone, tlp=settings.tlp)
    store, background, gazetteer = (
        store or DnsStore(),
        background_of(backgrounds),
        open_gazetteer(places),
    )
    with CaseFolder.open(out, run_digest(settings, case_file, store)) as case:
        former = case_answers(out)

        def taken_in() -> tuple[Ingest, Campaigns]:
            progress.begin("reading")
            processor = MessageProcessor(settings.own, case_file, joined(store, former))
            with Archive.open(case.subfolder(ARCHIVE)) as archive:
                intake = Ingest(case, archive, processor, progress, jobs)
                beside = [out, *([case_file_path] if case_file_path else [])]
                intake.take(mail_inputs(paths, beside, stdin, passwords=passwords))
                heap = _gathered(archive, out / ARCHIVE, background, engine, progress)
            told: list[dict[str, Any]] = []
            case.write_pieces(
                CAMPAIGNS,
                json_texts(
                    _noting(campaigns_json(heap, intake.summaries, gazetteer, progress), told)
                ),
            )
            return intake, Campaigns(told, about(heap, gazetteer))

        try:
            intake, campaigns = taken_in()
        except LeftoverError:
            case.start_anew()
            if STANDARD_INPUT in map(str, paths):
                raise
            intake, campaigns = taken_in()
        progress.begin("publishing")
        found = gather(intake.summaries, intake.skipped, case_file, campaigns)
        case.write_text(GATHERING, json_text(campaigns.about))
        _publish(found, case)
        if known := answers_text([*former, *intake.used]):
            case.write_text(DNS_ANSWERS, known)
        case.seal("investigate", time)
        return Outcome(found, tuple(case.files))


def _noting(
    clusters: Iterable[dict[str, Any]], told: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The clusters as they come; what publications tell of each is noted."""
    for one in clusters:
        told.append(told_of(one))
        yield one


def _gathered(
    archive: Archive, former: Path, background: Background, engine: str, progress: Progress
) -> Clustering:
    """The gathered heap of a case's mail, kept in its archive; where mail has come to a
    case, its campaigns keep their ids."""
    known, merges = previous_clusters(archive, former)
    with open_engine(archive.folder, None if engine == EMBEDDED else engine) as opened:
        progress.begin("taking up")
        store = Store()
        archive.fill(store)
        heap = cluster_messages(
            store,
            background,
            known=known,
            correlator=TableCorrelator(opened, archive, known),
            progress=progress,
        )
    progress.begin("keeping")
    archive.record(to_record(heap, merges))
    archive.settle()
    return heap


def _publish(found: Investigation, case: CaseFolder) -> None:
    document = bulletin(found)
    for language in LANGUAGES:
        for ending, write in FORMATS:
            case.write_text(f"bulletin.{language}.{ending}", write(document, language, __version__))
