"""The main job, from reported mail to a bulletin, in the order in which an analyst
works: read, establish, judge, find campaigns, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from dataclasses import replace as with_more
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from firsthop import __version__
from firsthop.campaign.archive import ARCHIVE, Archive
from firsthop.campaign.background import Background
from firsthop.campaign.causes.contacts import ContactCounts, compare
from firsthop.campaign.causes.outside import OutsideCounts
from firsthop.campaign.clustering.clustering import Clustering
from firsthop.campaign.explain.campaign import Campaign, Campaigns, describe
from firsthop.campaign.explain.method import method_summary
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.first_hops.summary import MessageSummary, repeats
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case.arguments import Arguments, arguments_of
from firsthop.case.dns_answers import DNS_ANSWERS, answers_text, case_answers, merged
from firsthop.case.folder import CaseFolder
from firsthop.case.inputs import mail_inputs
from firsthop.case.journal import Replaced
from firsthop.case.manifest import skipped_of
from firsthop.case.originals import ORIGINALS, originals, originals_text, read_originals
from firsthop.case.parquet.summaries import SUMMARIES, write_summaries
from firsthop.case.settings_file import SETTINGS, inherited, settings_of_case
from firsthop.case_file import CaseFile, audience_of
from firsthop.errors import LeftoverError, SettingsError
from firsthop.evidence.bulk.engine import PYTHON, engine
from firsthop.evidence.dns.store import DnsStore
from firsthop.evidence.host.places import Gazetteer, open_gazetteer
from firsthop.investigation.clustering import EMBEDDED, background_of, cluster_archive
from firsthop.investigation.contacts.victims import Contacts, pairs_of, read_victims
from firsthop.investigation.examples import FILE, Telling, chosen, examples, telling_member
from firsthop.investigation.held import Held, Stays, held_inputs, replaced
from firsthop.investigation.ingest import Ingest, run_digest
from firsthop.investigation.message import MessageProcessor
from firsthop.investigation.no_mail import demand_mail
from firsthop.investigation.outside import outside_counts, uncovered
from firsthop.investigation.spark.read import SparkHeap
from firsthop.investigation.spark.rows import AlreadyRead, ReadMail
from firsthop.investigation.spark.source import demand_possible, folders_of, spark_sources
from firsthop.investigation.spark.there import asked
from firsthop.investigation.spark.workers import SparkWorkers
from firsthop.mail.sources import STANDARD_INPUT
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.bulletin.document import Document
from firsthop.publication.bulletin.summary import summary
from firsthop.publication.formats.hops_csv import HOPS_CSV, hops_csv
from firsthop.publication.formats.html import html
from firsthop.publication.formats.markdown import markdown
from firsthop.publication.formats.pdf import demand_library, pdf
from firsthop.publication.json.campaigns import CAMPAIGNS, campaign_text
from firsthop.publication.json.explanations import GATHERING, method_object
from firsthop.publication.json.hypotheses import HYPOTHESES, hypotheses_object
from firsthop.publication.json.message import json_text, json_texts
from firsthop.publication.json.outside import OUTSIDE, outside_text, read_outside
from firsthop.publication.words import LANGUAGES
from firsthop.settings import Settings
from firsthop.system.garbage import seldom_collected
from firsthop.system.progress import SILENT, Progress
from firsthop.system.spooled import SpooledTexts

FORMATS: tuple[tuple[str, Callable[[Document, str, str], str]], ...] = (
    ("md", markdown),
    ("html", html),
)


@dataclass(frozen=True, slots=True)
class InvestigationResult:
    """What an investigation left behind."""

    investigation: Investigation
    files: tuple[str, ...]  # names in the case folder
    skipped: tuple[Skipped, ...]  # what of the given inputs could not be read
    added: int  # messages that the case did not hold before
    replaced: Replaced | None  # what of the case went on purpose
    unchanged: bool  # nothing was new: the case is as it was
    entries: int  # of the journal

    @property
    def messages(self) -> int:
        """How many messages the case holds."""
        return len(self.investigation.summaries)

    @property
    def uncovered(self) -> tuple[str, ...]:
        """What the counts with data that the case does not hold leave out."""
        told = self.investigation
        return uncovered(told.outside, told.summaries, told.case_file)

    def lines(self, language: str) -> list[str]:
        """The summary for a terminal."""
        return summary(self.investigation, language, self.files)


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
    replace: bool = False,
    pages: bool = False,
    contacts: Sequence[str] = (),
    send_mail: bool = False,
) -> InvestigationResult:
    """Reads `paths` and writes the case folder `out`: facts, campaigns, bulletins,
    manifest, journal. CaseError where `out` is not free for it, or is no longer as its
    journal says; NoMailError where no message is in `paths`: nothing is written then.

    What a case in `out` holds stays, from its own facts, and the new mail comes to it;
    the same mail gives the same bytes in whatever steps and order it came. CaseError
    names what would go: messages that were established with other settings and are not
    among `paths`. With `replace` the mail of the case goes first, and the journal says
    so. Without `case_file` that of the case stays.

    The time zone and the TLP of the settings, where they have any, go before those of
    the case file; `case_file_path` lies among the paths and is no mail; `progress`
    hears how far the run is; `time` is noted in the journal. `backgrounds` are archives
    of other mail, beside the shipped statistic. `engine` counts and compares the heap:
    "duckdb", embedded, or "sc://HOST:PORT", a Spark Connect server; the result is the
    same. Paths "spark:TABLE" and "spark:FOLDER" are read on that server, and their
    bytes stay there; with `send_mail` the mail here is sent to it and examined there.
    `jobs` processes read and examine a heap that is not small; the calling
    program must then be importable without running (multiprocessing, spawn). `places`
    name data on the countries and networks of addresses ("rir", MaxMind DB files).
    `passwords` open encrypted archives. `pages` adds the bulletins as PDF (extra: pdf).
    `contacts` name what victims handed over, as ADDRESS=PATH (address books, sent
    mail); the mail is then read a second time, and only counts enter the case.
    `store` is the DNS evidence beside what the case already holds; the answers that
    were used are kept in the case."""
    settings, store = settings or Settings(), store or DnsStore()
    if pages:
        demand_library()
    there = spark_sources(paths)
    demand_possible(there, engine, store, send_mail=send_mail, compared=bool(contacts))
    background, gazetteer = background_of(backgrounds), open_gazetteer(places)
    victims = victims_of(contacts, paths)
    no_mail = (out, *([case_file_path] if case_file_path else []))
    given = [] if there else [demand_mail(_mail(paths, no_mail, stdin, passwords), paths, progress)]
    run = run_digest(settings, case_file or CaseFile(), store) + ("-replace" if replace else "")
    with seldom_collected(), CaseFolder.open(out, run) as case:
        before = held_inputs(out, case.last.inputs.manifest if case.last else None)
        if before.settings and not replace:
            case_file = case_file or before.settings.read(out / SETTINGS)
        settings = inherited(settings, None if replace else before.settings)
        case_file = case_file or CaseFile()
        told = settings_of_case(settings, case_file, store)
        former, former_counts = case_answers(out), read_outside(out)
        processor = MessageProcessor(settings.own, case_file, merged(store, former))
        reading = asked(processor, passwords)
        heap = SparkHeap(engine, there, reading) if there else None
        work = _Work(
            tuple(paths),
            no_mail,
            stdin,
            tuple(passwords),
            given,
            heap,
            SparkWorkers(engine, reading) if send_mail else None,
            processor,
            jobs,
            background,
            gazetteer,
            engine,
            progress,
            Stays(out, Held() if replace else before, told, folders_of(there) or paths),
        )
        ingest, campaigns, telling = _find_campaigns(case, work)
        progress.begin("publishing")
        investigation = assemble(
            ingest.summaries,
            (skipped_of(one) for one in ingest.inputs() if one.skipped),
            case_file,
            audience_of(settings, case_file),
            campaigns,
            outside_counts(
                OutsideCounts() if replace else former_counts,
                ingest.summaries,
                case_file,
                gazetteer,
                partial(_compared, victims, work, ingest.summaries, settings) if victims else None,
            ),
        )
        some = chosen(investigation, telling)
        shown = examples(case.staged(FILE).parent, some, ingest.summaries, settings.own)
        investigation = with_more(investigation, examples=shown)
        _publish(investigation, case, pages=pages)
        if investigation.outside:
            case.write_text(OUTSIDE, outside_text(investigation.outside))
        if answers := answers_text([*former, *ingest.used]):
            case.write_text(DNS_ANSWERS, answers)
        if not (ingest.added or work.stays.differing or told.gives_answers):
            told = told.with_answers_of(before.settings)
        case.write_text(SETTINGS, told.text())
        known = [] if replace else read_originals(out)
        lying = originals(ingest.inputs(), () if heap else paths, known, heap.files if heap else ())
        case.write_text(ORIGINALS, originals_text(lying))
        gone = replaced(before, ingest.inputs()) if replace else None
        arguments = _arguments(
            paths, case_file_path, passwords, replace, pages, backgrounds, places, contacts
        )
        entry = case.seal("investigate", time, gone, arguments)
        return InvestigationResult(
            investigation,
            tuple(case.files),
            tuple(ingest.skipped),
            ingest.added,
            gone,
            case.unchanged,
            entry.sequence,
        )


def _arguments(
    paths: Sequence[Path | str],
    case_file_path: Path | None,
    passwords: Sequence[str],
    replace: bool,
    pages: bool,
    backgrounds: Sequence[Path],
    places: Sequence[str],
    contacts: Sequence[str],
) -> Arguments:
    """What the journal keeps of a call, beside the settings, whose file it names: of
    passwords and contacts how many, and nothing that does not bear on the result. Which
    engine read is told where it was not Python alone."""
    return arguments_of(
        paths=tuple(map(str, paths)),
        case_file=None if case_file_path is None else str(case_file_path),
        passwords=len(passwords),
        replace=replace,
        pdf=pages,
        background=tuple(map(str, backgrounds)),
        places=tuple(places),
        contacts=len(contacts),
        engine=None if engine() == PYTHON else engine(),
    )


def victims_of(contacts: Sequence[str], paths: Sequence[Path | str]) -> Contacts:
    """The contacts that victims handed over. SettingsError with standard input, which
    cannot be read a second time."""
    if contacts and STANDARD_INPUT in map(str, paths):
        raise SettingsError("--contacts: the mail is read twice, and standard input comes once")
    return read_victims(contacts)


def _compared(
    victims: Contacts, work: _Work, summaries: Sequence[MessageSummary], settings: Settings
) -> ContactCounts:
    """The recipients of the mail against the victims' contacts; what an author's own
    provider vouches for may be the author's own."""
    own = {(one.uri, one.offset) for one in summaries if ("sender", "authorised") in one.answers}
    return compare(victims, pairs_of(work.inputs(), settings.own, own))


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be read and clustered, and by what."""

    paths: tuple[Path | str, ...]
    no_mail: tuple[Path, ...]
    stdin: BinaryIO | None
    passwords: tuple[str, ...]
    begun: list[Iterator[RawMail | Skipped]]  # the inputs, of which the first mail was looked at
    heap: SparkHeap | None  # in the place of the inputs
    elsewhere: SparkWorkers | None
    processor: MessageProcessor
    jobs: int
    background: Background
    gazetteer: Gazetteer
    engine: str
    progress: Progress
    stays: Stays

    def inputs(self) -> Iterator[RawMail | Skipped]:
        """The mail, from its beginning."""
        if self.begun:
            return self.begun.pop()
        return _mail(self.paths, self.no_mail, self.stdin, self.passwords)


def _mail(
    paths: Sequence[Path | str],
    no_mail: Sequence[Path],
    stdin: BinaryIO | None,
    passwords: Sequence[str],
) -> Iterator[RawMail | Skipped]:
    return mail_inputs(paths, no_mail, stdin, passwords=passwords)


def _find_campaigns(case: CaseFolder, work: _Work) -> tuple[Ingest[Any], Campaigns, Telling]:
    """The mail in the case, its campaigns, and the messages that show them; the
    clustering is held no longer than it is described."""
    ingest, clustering = _read_and_cluster_resuming(case, work)
    return ingest, *_write_campaigns(case, clustering, ingest.summaries, work)


def _read_and_cluster_resuming(case: CaseFolder, work: _Work) -> tuple[Ingest[Any], Clustering]:
    """Resumes a run that was killed; where what it left does not fit, everything is
    read anew. LeftoverError where that cannot be: standard input comes once."""
    try:
        return _read_and_cluster(case, work)
    except LeftoverError:
        case.start_anew()
        if STANDARD_INPUT in map(str, work.paths):
            raise
        return _read_and_cluster(case, work)


def _read_and_cluster(case: CaseFolder, work: _Work) -> tuple[Ingest[Any], Clustering]:
    work.progress.begin("reading")
    with ExitStack() as stack:
        with ExitStack() as sources:
            taken = sources.enter_context(Archive.open(case.aside(ARCHIVE), repeats=True))
            ingest = _ingested(case, taken, work)
            archive = stack.enter_context(Archive.open(case.new_subfolder(ARCHIVE)))
            held = [case.path / ARCHIVE] if work.stays.messages else []
            archive.arrange([taken, *(sources.enter_context(Archive.read(one)) for one in held)])
        archive.add_occurrences((o.uri, o.offset, o.sha256) for o in repeats(ingest.summaries))
        clustering = cluster_archive(archive, work.background, work.engine, work.progress)
    write_summaries(case.staged(SUMMARIES), ingest.summary_lines())
    return ingest, clustering


def _ingested(case: CaseFolder, taken: Archive, work: _Work) -> Ingest[Any]:
    """The mail, read here or where it lies."""
    if work.heap is not None:
        there: Ingest[ReadMail] = Ingest(case, taken, AlreadyRead(), work.progress, work.stays)
        there.run(demand_mail(work.heap.inputs(), work.paths, work.progress))
        return there
    here = Ingest(case, taken, work.processor, work.progress, work.stays, work.jobs, work.elsewhere)
    here.run(work.inputs())
    return here


def _write_campaigns(
    case: CaseFolder, clustering: Clustering, summaries: Sequence[MessageSummary], work: _Work
) -> tuple[Campaigns, Telling]:
    """Writes the clusters, and keeps of each what publications need. They are described
    one at a time, and not in their order."""
    kept: dict[int, Campaign] = {}
    telling: dict[str, MessageSummary] = {}
    by_place = ByPlace(summaries)
    texts = SpooledTexts(case.aside(CAMPAIGNS).parent)
    for place, full in describe(clustering, by_place, work.gazetteer, work.progress):
        kept[place] = full.campaign
        texts.put(place, campaign_text(full))
        if full.campaign.level == "campaign" and (one := telling_member(full.members, by_place)):
            telling[full.campaign.id] = one
    case.write_pieces(CAMPAIGNS, json_texts(texts))
    method = method_summary(clustering, work.gazetteer)
    case.write_text(GATHERING, json_text(method_object(method)))
    return Campaigns(tuple(kept[place] for place in sorted(kept)), method), telling


def _publish(investigation: Investigation, case: CaseFolder, *, pages: bool) -> None:
    case.write_text(HYPOTHESES, json_text(hypotheses_object(investigation.hypotheses)))
    document = bulletin(investigation)
    for language in LANGUAGES:
        for ending, write in FORMATS:
            case.write_text(f"bulletin.{language}.{ending}", write(document, language, __version__))
        if pages:
            case.write_bytes(f"bulletin.{language}.pdf", pdf(document, language, __version__))
    case.write_text(HOPS_CSV, hops_csv(investigation))
