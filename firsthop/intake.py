"""Takes the mail of a case in: every message is read, examined and kept once, and a run that was killed is gone on with where it was.

Each STRIDE messages everything is brought to the disk and a checkpoint is set. The next run of the same kind reads its input again, compares it with what
was noted, and examines only what comes after the checkpoint; where the input differs before it, everything is read anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from firsthop.campaign.archive import Archive
from firsthop.campaign.features import features_of
from firsthop.campaign.trail import Trail, trail
from firsthop.campaign.trail_lines import read_trail, trail_line
from firsthop.case.checkpoint import Checkpoint
from firsthop.case.dns_answers import NotedStore, answers_text, read_answers_text
from firsthop.case.evidence_files import EvidenceFiles
from firsthop.case.folder import CaseFolder
from firsthop.case.journal import tool_version
from firsthop.case.lines import Lines
from firsthop.case.manifest import Manifest
from firsthop.errors import CaseError
from firsthop.evidence.authentication.check import with_authentication
from firsthop.evidence.dns import Answer, DnsStore
from firsthop.evidence.facts import establish
from firsthop.judgement.brief import Brief
from firsthop.judgement.examine import examine
from firsthop.mail.read import headless, read_mail, without_header
from firsthop.mail.sources.raw import RawMail, Skipped
from firsthop.settings import Settings
from firsthop.watch import Watch

STRIDE = 8_192  # messages; so many are examined again at most after a kill
_DNS_USED = "dns.jsonl"


class InputChangedError(CaseError):
    """The input is not what the killed run read."""


class Intake:
    """Fills the evidence files and the manifest of a case, and its archive."""

    def __init__(self, case: CaseFolder, archive: Archive, settings: Settings, brief: Brief, dns: NotedStore, watch: Watch) -> None:
        self._case, self._archive, self._dns, self._watch = case, archive, dns, watch
        self._own, self._brief = settings.own, brief
        self._kept = 0  # trails that are safe
        self.trails: list[Trail] = []  # in the order of the input
        self.skipped: list[Skipped] = []

    def take(self, inputs: Iterator[RawMail | Skipped]) -> None:
        """Takes all inputs in. InputChangedError where a killed run had read others."""
        self._archive.rewind(self._case.checkpoint.archived)
        with self._case.manifest() as manifest, self._case.evidence() as evidence, self._case.trails() as lines:
            self.trails += map(read_trail, lines.former())
            self._kept = len(self.trails)
            self._dns.used.update(_former_answers(self._case))
            for one in inputs:
                if not manifest.whole:
                    self._repeat(manifest, one)
                else:
                    self._take_one(manifest, evidence, one)
                    if evidence.messages % STRIDE == 0 and isinstance(one, RawMail):
                        self._keep(manifest, evidence, lines)
            if not manifest.whole:
                raise InputChangedError(f"{self._case.path}: the input holds less than the killed run had read; it is read anew next time")
            self._archive.flush()
            if evidence.messages >= STRIDE:
                self._keep(manifest, evidence, lines)

    def _take_one(self, manifest: Manifest, evidence: EvidenceFiles, one: RawMail | Skipped) -> None:
        manifest.add(one)
        if isinstance(one, Skipped):
            self.skipped.append(one)
            return
        message = read_mail(one)
        if told := without_header(message):
            manifest.add(told)
            self.skipped.append(told)
        facts = with_authentication(establish(message, self._own), self._own, self._dns)
        examination = examine(facts, self._brief)
        evidence.add(examination)
        self._archive.add(features_of(facts, self._brief))
        self.trails.append(trail(examination))
        self._watch.step(one.source.uri)

    def _repeat(self, manifest: Manifest, one: RawMail | Skipped) -> None:
        """Passes over an input that the killed run took in."""
        if not manifest.repeats(one):
            raise InputChangedError(f"{self._case.path}: the input is not what the killed run had read; it is read anew next time")
        if isinstance(one, Skipped):
            self.skipped.append(one)
        elif manifest.repeats(told := headless(one.source.uri)):
            self.skipped.append(told)
        self._watch.step()

    def _keep(self, manifest: Manifest, evidence: EvidenceFiles, lines: Lines) -> None:
        """A checkpoint: first all that it counts, then the checkpoint itself."""
        self._archive.flush()
        evidence.to_disk()
        for one in self.trails[self._kept :]:
            lines.add(trail_line(one))
        self._kept = len(self.trails)
        self._case.aside(_DNS_USED).write_text(answers_text(self._dns.used), encoding="utf-8")
        self._case.keep(Checkpoint(evidence.messages, self._archive.held, manifest.to_disk(), lines.to_disk()))


def _former_answers(case: CaseFolder) -> tuple[Answer, ...]:
    """The DNS answers that the killed run had used."""
    path = case.aside(_DNS_USED)
    return read_answers_text(path.read_bytes(), str(path)) if case.checkpoint.messages and path.is_file() else ()


def run_digest(settings: Settings, brief: Brief, store: DnsStore) -> str:
    """What is asked of a run, as a digest: one that was asked anything else does not go on with its checkpoint."""
    own = settings.own
    asked = (
        tool_version(),
        sorted(own.names),
        [str(network) for network in own.networks],
        sorted(own.authserv_ids),
        repr(brief),
        type(store).__name__,
        answers_text(answer for found in store.answers.values() for answer in found),
        sorted((zone.origin, zone.as_of, zone.source) for zone in store.zones),
    )
    return sha256(repr(asked).encode("utf-8", "backslashreplace")).hexdigest()
