"""Takes the mail of a case in: every message is read, examined and kept once, and a run
that was killed is resumed where it was.

Each STRIDE messages everything is brought to the disk and a checkpoint is set. The next
run of the same kind reads its input again, compares it with what was noted, and
examines only what comes after the checkpoint; where the input differs before it,
everything is read anew."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import chain
from typing import Generic, Protocol, TypeVar

from firsthop.campaign.archive import Archive
from firsthop.campaign.first_hops.summaries import Summaries
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.first_hops.summary_lines import read_summary, summary_line
from firsthop.case.checkpoint import Checkpoint
from firsthop.case.dns_answers import answers_text, read_answers_text
from firsthop.case.folder import CaseFolder
from firsthop.case.journal import tool_version
from firsthop.case.lines import NumberedLines
from firsthop.case.manifest import Input, Manifest, key_of, manifest_line
from firsthop.case.parquet.columns import TABLES
from firsthop.case.parquet.files import EvidenceFiles
from firsthop.case.parquet.summaries import SUMMARIES
from firsthop.case_file import CaseFile
from firsthop.errors import LeftoverError
from firsthop.evidence.dns.store import Answer, DnsStore
from firsthop.investigation.held import Stays, held_summaries
from firsthop.investigation.message import ProcessedChunk, ProcessedMessage
from firsthop.investigation.union import unite
from firsthop.mail.read import headless
from firsthop.mail.sources.raw import MailPlace, Skipped
from firsthop.settings import Settings
from firsthop.system.packed import Chosen
from firsthop.system.progress import Progress
from firsthop.system.workers import Workers

STRIDE = 8_192  # messages; so many are examined again at most after a kill
FEW = 512  # messages for which no worker is worth its start
CHUNK = 64  # inputs that are read, examined and kept at a time, or
CHUNK_BYTES = 4 << 20
_DNS_USED = "dns.jsonl"
Mail = TypeVar("Mail", bound=MailPlace)  # that is to be examined, or came back examined
Mail_contra = TypeVar("Mail_contra", bound=MailPlace, contravariant=True)
Chunk = Sequence[Mail | Skipped]


class Processor(Protocol[Mail_contra]):
    """Gives what is kept of some inputs."""

    def __call__(self, inputs: Sequence[Mail_contra | Skipped], /) -> ProcessedChunk:
        """What is kept of the inputs, in order."""

    @property
    def can_be_sent(self) -> bool:
        """Whether other processes may do it."""


class Elsewhere(Protocol[Mail]):
    """Who examines messages where there is no processor of ours."""

    def map(self, chunks: Iterator[Chunk[Mail]]) -> Iterator[tuple[Chunk[Mail], ProcessedChunk]]:
        """Each chunk with what is kept of it, in order."""


class Ingest(Generic[Mail]):
    """Fills the evidence files and the manifest of a case, and its archive."""

    def __init__(
        self,
        case: CaseFolder,
        archive: Archive,
        processor: Processor[Mail],
        progress: Progress,
        stays: Stays,
        jobs: int = 1,
        elsewhere: Elsewhere[Mail] | None = None,
    ) -> None:
        self._case, self._archive, self._processor, self._progress, self._jobs = (
            case,
            archive,
            processor,
            progress,
            jobs,
        )
        self._stays, self._elsewhere = stays, elsewhere
        self.added = 0  # messages that the case did not hold
        # in the order of reading, as their lines, too
        self._lines: NumberedLines
        self._summaries = Summaries(folder=case.aside("summaries").parent)
        # of all messages of the case, in their order
        self.summaries: Sequence[MessageSummary] = self._summaries
        self._order: Sequence[int] = ()  # of the summaries
        self.skipped: list[Skipped] = []  # what of this run's inputs could not be read
        self.used: set[Answer] = set()  # DNS answers that were looked at

    def run(self, inputs: Iterator[Mail | Skipped]) -> None:
        """Reads, examines and keeps all inputs, and puts what stays of the case beside
        them. LeftoverError where a killed run had read others."""
        inputs = self._new(inputs)
        self._archive.rewind(self._case.checkpoint.archived)
        if self._archive.held != self._case.checkpoint.archived:
            raise LeftoverError(
                f"{self._case.path}: what the killed run left is not whole; everything is "
                f"read anew next time"
            )
        with (
            self._case.manifest() as manifest,
            self._case.evidence() as evidence,
            self._case.summaries() as lines,
        ):
            self._lines = lines
            try:
                self._summaries.extend(map(read_summary, lines.former()))
            except (ValueError, TypeError) as error:
                raise LeftoverError(
                    f"{self._case.path}: what the killed run left is damaged; everything is "
                    f"read anew next time"
                ) from error
            self.used.update(_former_answers(self._case))
            self._replay(manifest, inputs)
            # closed at once whatever ends it, and its workers with it
            with closing(self._examined(_chunks(inputs, evidence.messages))) as examined:
                for chunk, processed in examined:
                    self._keep_chunk(manifest, evidence, chunk, processed)
                    if processed.evidence.messages and evidence.messages % STRIDE == 0:
                        self._checkpoint(manifest, evidence)
            self._archive.flush()
            if evidence.messages >= STRIDE:
                self._checkpoint(manifest, evidence)
            manifest.to_disk()
            self._unite(evidence)

    def inputs(self) -> Iterator[Input]:
        """All inputs of the case, in order. They are read from its manifest each time,
        for they are many."""
        return self._case.listed_inputs()

    def summary_lines(self) -> Iterator[str]:
        """The lines of the summaries of all messages of the case, in their order."""
        return self._lines.numbered(self._order)

    def _new(self, inputs: Iterator[Mail | Skipped]) -> Iterator[Mail | Skipped]:
        """The inputs without the messages of which everything is known: the case holds
        them, or they were given twice."""
        known = self._stays.examined()
        warned = self._stays.without_header()
        for one in inputs:
            if not isinstance(one, Skipped):
                if (key := key_of(manifest_line(one))) in known:
                    if (uri := one.source.uri) in warned:
                        warned.remove(uri)
                        self.skipped.append(headless(uri))
                    self._progress.step(size=one.size)
                    continue
                known.add(key)
            yield one

    def _unite(self, evidence: EvidenceFiles) -> None:
        """Everything of the case in its order."""
        stays = self._stays
        union = unite(self._case.staged_inputs(), stays.messages, stays.skips)
        stays.refuse_lost(union.inputs())
        self.added = self._case.list_inputs(union.inputs()).messages - stays.held_messages
        files = [f"{table.name}.parquet" for table in TABLES] if stays.messages else []
        evidence.arrange(union.places, {name: self._case.sealed(name) for name in files})
        if stays.messages:
            for one in held_summaries(self._case.sealed(SUMMARIES)):
                self._summarized(one)
        self._order = union.order
        if not union.in_turn:
            self.summaries = Chosen(self._summaries, union.order)

    def _examined(
        self, chunks: Iterator[Chunk[Mail]]
    ) -> Generator[tuple[Chunk[Mail], ProcessedChunk], None, None]:
        """Each chunk with what is kept of it: the first ones made here, where there are
        many more by workers."""
        if self._elsewhere:
            yield from self._elsewhere.map(chunks)
            return
        few = FEW if self._jobs > 1 and self._processor.can_be_sent else None
        inputs = 0
        for chunk in chunks:
            yield chunk, self._processor(chunk)
            inputs += len(chunk)
            if few is not None and inputs >= few:
                break
        if (first := next(chunks, None)) is not None:
            with Workers(self._processor, self._jobs) as workers:
                yield from workers.map(chain((first,), chunks))

    def _keep_chunk(
        self,
        manifest: Manifest,
        evidence: EvidenceFiles,
        chunk: Chunk[Mail],
        processed: ProcessedChunk,
    ) -> None:
        for one, kept in zip(chunk, processed.kept, strict=True):
            manifest.add(one)
            if isinstance(kept, Skipped):
                self.skipped.append(kept)
            else:
                self._keep_one(manifest, kept)
                self._progress.step(kept.summary.uri, kept.size)
        self._archive.add_records(processed.archived)
        evidence.add_records(processed.evidence)

    def _keep_one(self, manifest: Manifest, processed: ProcessedMessage) -> None:
        if processed.warning:
            manifest.add(processed.warning)
            self.skipped.append(processed.warning)
        self._summarized(processed.summary)
        self.used.update(processed.used)

    def _summarized(self, summary: MessageSummary) -> None:
        self._summaries.append(summary)
        self._lines.add(summary_line(summary))

    def _replay(self, manifest: Manifest, inputs: Iterator[Mail | Skipped]) -> None:
        """Passes over the inputs that the killed run took in."""
        while not manifest.whole:
            one = next(inputs, None)
            if one is None or not manifest.repeats(one):
                raise LeftoverError(
                    f"{self._case.path}: the input is not what the killed run had read; it "
                    f"is read anew next time"
                )
            if isinstance(one, Skipped):
                self.skipped.append(one)
            elif manifest.repeats(warning := headless(one.source.uri)):
                self.skipped.append(warning)
            self._progress.step(size=0 if isinstance(one, Skipped) else one.size)

    def _checkpoint(self, manifest: Manifest, evidence: EvidenceFiles) -> None:
        """A checkpoint: first all that it counts, then the checkpoint itself."""
        self._archive.flush()
        evidence.to_disk()
        self._case.aside(_DNS_USED).write_text(answers_text(self.used), encoding="utf-8")
        self._case.keep(
            Checkpoint(
                evidence.messages, self._archive.held, manifest.to_disk(), self._lines.to_disk()
            )
        )


def _chunks(inputs: Iterator[Mail | Skipped], messages: int) -> Iterator[Chunk[Mail]]:
    """The inputs in chunks of CHUNK inputs or CHUNK_BYTES, none of them across a
    checkpoint; `messages` were kept before."""
    chunk: list[Mail | Skipped] = []
    size = 0
    for one in inputs:
        chunk.append(one)
        if not isinstance(one, Skipped):
            messages += 1
            size += one.size
        full = len(chunk) >= CHUNK or size >= CHUNK_BYTES
        if full or (not isinstance(one, Skipped) and messages % STRIDE == 0):
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _former_answers(case: CaseFolder) -> tuple[Answer, ...]:
    """The DNS answers that the killed run had used."""
    path = case.aside(_DNS_USED)
    return (
        read_answers_text(path.read_bytes(), str(path))
        if case.checkpoint.messages and path.is_file()
        else ()
    )


def run_digest(settings: Settings, case_file: CaseFile, store: DnsStore) -> str:
    """What is asked of a run, as a digest: a checkpoint is resumed only by a run that
    was asked the same."""
    own = settings.own
    asked = (
        tool_version(),
        sorted(own.names),
        [str(network) for network in own.networks],
        sorted(own.authserv_ids),
        sorted(own.receivers),
        own.assume,
        repr(case_file),
        type(store).__name__,
        answers_text(answer for of_question in store.answers.values() for answer in of_question),
        sorted((zone.origin, zone.as_of, zone.source) for zone in store.zones),
    )
    return sha256(repr(asked).encode("utf-8", "backslashreplace")).hexdigest()
