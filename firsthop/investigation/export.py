"""One campaign of a case in the formats of other programs: redacted, searched for what
must not go out, and only then written.

Never:      writes anything where the search finds anything, overwrites a folder that
            holds something, or sends anything.
Raises:     CaseError for a case without the campaign, or one that cannot be published;
            SettingsError for a format or level that there is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.explain.archived_mail import mail_of
from firsthop.campaign.explain.campaign import CampaignInFull, Campaigns
from firsthop.campaign.explain.case import current_name
from firsthop.campaign.features.record import MessageFeatures
from firsthop.campaign.first_hops.summary import MessageSummary
from firsthop.campaign.investigation import assemble
from firsthop.campaign.signature.bitsets import Key, Values
from firsthop.campaign.signature.cover import OtherMail
from firsthop.case.arguments import Arguments, arguments_of
from firsthop.case.custody import Custody, in_custody
from firsthop.case.event import WentOut
from firsthop.case.file_digest import digests_of
from firsthop.case.inputs import mail_inputs
from firsthop.case.secret import case_key
from firsthop.errors import CaseError, SettingsError
from firsthop.investigation.clustering import background_of
from firsthop.investigation.kept import Kept, read_kept
from firsthop.mail.sources.raw import RawMail
from firsthop.publication.exports.exporter import Exported
from firsthop.publication.exports.exporters import EXPORTERS
from firsthop.publication.exports.report import REPORT, report_text
from firsthop.publication.exports.source import ExportSource
from firsthop.publication.json.campaigns import read_campaigns
from firsthop.publication.json.explanations import read_method
from firsthop.publication.redaction.campaigns import value_of
from firsthop.publication.redaction.case_facts import sources_of
from firsthop.publication.redaction.known import known_of
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.pseudonyms import Pseudonyms
from firsthop.publication.redaction.publication import redacted
from firsthop.publication.redaction.redactor import Redactor
from firsthop.publication.redaction.scan.lookup import Lookup
from firsthop.publication.redaction.scan.scan import Find, scan_file
from firsthop.publication.redaction.vocabulary import shared_words
from firsthop.system.new_folder import demand_free, write_new_folder
from firsthop.system.progress import SILENT, Progress


class ExportResult(NamedTuple):
    """What came of an export: either files or finds."""

    campaign: str
    tlp: str
    files: tuple[str, ...]
    finds: tuple[Find, ...]  # that stopped it
    formats: dict[str, Exported]


class _Opened(NamedTuple):
    source: ExportSource
    lookup: Lookup


def export(
    case: Path,
    campaign: str,
    out: Path,
    *,
    formats: Sequence[str] = (),
    tlp: str | None = None,
    backgrounds: Sequence[Path] = (),
    progress: Progress = SILENT,
    time: str | None = None,
) -> ExportResult:
    """Writes a campaign of the folder `case` into the new folder `out`: a folder a
    format, and `report.json` with what was measured and what could not be said. Without
    `formats` all; without `tlp` at the level that the case asks for.

    `campaign` may be any operation, campaign or wave, by today's or a former id.
    `backgrounds` are archives of other mail, to measure false finds against, beside the
    shipped statistic and the case's other mail. The journal of the case notes what goes
    out, or that it was stopped, with `time`, before anything does."""
    demand_free(out)
    chosen = _chosen(formats)
    with in_custody(case) as custody:
        opened = open_source(case, campaign, tlp, backgrounds, progress)
        files, written = _written(opened.source, chosen, progress)
        finds = _search(files, opened, progress)
        name, level = opened.source.campaign.id, opened.source.tlp
        said = arguments_of(campaign=name, formats=tuple(formats), tlp=level)
        if finds:
            custody.note("export", said, f"nothing was written: {len(finds)} finds", time=time)
        else:
            going = custody.went_out(out, digests_of(files), tlp=level, scan="nothing found")
            write_new_folder(out, files, lambda: _note(custody, said, going, time))
    return ExportResult(name, level, () if finds else tuple(sorted(files)), finds, written)


def _note(custody: Custody, said: Arguments, going: WentOut, time: str | None) -> None:
    custody.note("export", said, "written", out=going, time=time)


def _written(
    source: ExportSource, chosen: Sequence[str], progress: Progress
) -> tuple[dict[str, bytes], dict[str, Exported]]:
    """The files of the formats with the report on them, by their paths."""
    written = {}
    progress.begin("exporting", len(chosen))
    for name in chosen:
        written[name] = EXPORTERS[name].write(source)
        progress.step(name)
    files = {
        f"{name}/{path}": data for name, one in written.items() for path, data in one.files.items()
    }
    files[REPORT] = report_text(source.campaign.id, source.tlp, written, EXPORTERS).encode()
    return files, written


def _search(files: Mapping[str, bytes], opened: _Opened, progress: Progress) -> tuple[Find, ...]:
    """Everything in the files that must not go out."""
    progress.begin("searching", len(files))
    by = opened.source.redactor
    contact = opened.source.investigation.case_file.contact  # the publisher's to show
    shown = [*by.shown_ids, *([contact] if contact else [])]
    lookup = opened.lookup.allowing(by.pseudonyms.given, shown)
    return tuple(f for name, data in files.items() for f in scan_file(name, data, lookup))


def _chosen(formats: Sequence[str]) -> tuple[str, ...]:
    for one in formats:
        if one not in EXPORTERS:
            raise SettingsError(f"{one!r} is no format: {', '.join(EXPORTERS)}")
    return tuple(name for name in EXPORTERS if not formats or name in formats)


def open_source(
    case: Path,
    campaign: str,
    tlp: str | None = None,
    backgrounds: Sequence[Path] = (),
    progress: Progress = SILENT,
) -> _Opened:
    """A campaign as it may go out at a level, and the search for what may not."""
    kept = read_kept(case)
    level = LEVELS.get(tlp or kept.audience.tlp)
    if level is None:
        raise SettingsError(f"{tlp!r} is no TLP level: {', '.join(LEVELS)}")
    progress.begin("redacting")
    clusters = read_campaigns(case)
    wanted = _wanted(case, campaign, clusters)
    known = known_of(sources_of(case, kept.own, kept.roots), level, shared_words())
    method = read_method(case)
    investigation = assemble(
        kept.summaries,
        kept.skipped,
        kept.case_file,
        kept.audience,
        Campaigns(tuple(one.campaign for one in clusters), method),
        kept.outside,
    )
    pseudonyms = Pseudonyms(case_key(case))
    may_go = redacted(investigation, clusters, known, pseudonyms)
    by = Redactor(known, pseudonyms)
    full = next(one for one in may_go.clusters if one.campaign.id == wanted.campaign.id)
    numbers = {(one.uri, one.offset): n for n, one in enumerate(kept.summaries)}
    places = [
        numbers[place] for one in wanted.members if (place := (one.uri, one.offset)) in numbers
    ]
    learned = mail_of(case, wanted.campaign.id, _whole(wanted, clusters))
    source = ExportSource(
        may_go.investigation,
        full,
        tuple(may_go.investigation.summaries[n] for n in places),
        tuple(_shown(one, by) for one in learned.members),
        OtherMail(tuple(_shown(one, by) for one in learned.other), background_of(backgrounds)),
        _hidden(wanted, by),
        kept.own,
        by,
        lambda: _originals(kept, places),
        _places_of(learned.members, [kept.summaries[n] for n in places]),
    )
    return _Opened(source, may_go.lookup)


def _wanted(case: Path, name: str, clusters: Sequence[CampaignInFull]) -> CampaignInFull:
    for called in (name, current_name(case, name)):
        for one in clusters:
            if one.campaign.id == called:
                return one
    raise CaseError(f"{case} has no operation, campaign or wave {name}")


def _whole(wanted: CampaignInFull, clusters: Sequence[CampaignInFull]) -> str:
    """The id of the campaign that a wave is part of, or the id itself: what lies beside
    a campaign in its operation may be genuine mail of those who are imitated."""
    if wanted.campaign.level != "wave":
        return wanted.campaign.id
    parents = {one.campaign.id: one.campaign.parent for one in clusters}
    return parents.get(wanted.campaign.id) or wanted.campaign.id


def _places_of(
    members: Sequence[MessageFeatures], summaries: Sequence[MessageSummary]
) -> tuple[int | None, ...]:
    by_place = {(one.uri, one.offset): place for place, one in enumerate(summaries)}
    return tuple(by_place.get((one.uri, one.offset)) for one in members)


def _shown(one: MessageFeatures, by: Redactor) -> Values:
    """The values of a message that the level shows as they are."""
    return frozenset(
        (f.family, f.value) for f in one.features if value_of(f.family, f.value, by) == f.value
    )


def _hidden(wanted: CampaignInFull, by: Redactor) -> tuple[Key, ...]:
    """What the signatures have and the level does not show, as families alone."""
    return tuple(
        dict.fromkeys(
            (atom.family, "")
            for one in wanted.campaign.signatures
            for atom in one.atoms
            if value_of(atom.family, atom.value, by) != atom.value
        )
    )


def _originals(kept: Kept, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """The bytes of the campaign's messages that still lie where they were read, and are
    what they were, each with its place among the campaign's summaries."""
    wanted = {
        (kept.summaries[n].uri, kept.summaries[n].offset, kept.summaries[n].sha256): place
        for place, n in enumerate(places)
    }
    files = dict.fromkeys(uri.partition("!/")[0] for uri, _, _ in wanted)
    for raw in mail_inputs([file for file in files if Path(file).is_file()]):
        if not isinstance(raw, RawMail):
            continue
        key = (raw.source.uri, raw.source.offset, raw.source.sha256)
        if (place := wanted.get(key)) is not None:
            yield place, raw.data
