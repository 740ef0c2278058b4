"""The set of files of a case that may go out at a TLP level: rendered anew from
redacted objects, searched, and only then written.

Never:      writes anything where the search finds anything, overwrites a folder that
            holds something, or leaves half a set: the files are written beside the
            target and take its place at once.
Raises:     CaseError for a case that cannot be published, a target that is not free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from firsthop import __version__
from firsthop.campaign.explain.campaign import CampaignInFull, Campaigns
from firsthop.campaign.first_hops.by_place import ByPlace
from firsthop.campaign.investigation import Investigation, assemble
from firsthop.case.arguments import arguments_of
from firsthop.case.custody import Custody, in_custody
from firsthop.case.file_digest import digests_of
from firsthop.case.secret import case_key
from firsthop.errors import SettingsError
from firsthop.investigation.examples import chosen, examples, telling_member
from firsthop.investigation.investigate import FORMATS
from firsthop.investigation.kept import Kept, read_kept
from firsthop.publication.bulletin.bulletin import bulletin
from firsthop.publication.formats.hops_csv import HOPS_CSV, hops_csv
from firsthop.publication.formats.pdf import LACKING, demand_library, pdf
from firsthop.publication.json.campaigns import CAMPAIGNS, campaign_text, read_campaigns
from firsthop.publication.json.explanations import read_method
from firsthop.publication.json.hypotheses import HYPOTHESES, hypotheses_object
from firsthop.publication.json.message import json_text, json_texts
from firsthop.publication.redaction.case_facts import sources_of
from firsthop.publication.redaction.defang import defanged
from firsthop.publication.redaction.known import Known, known_of
from firsthop.publication.redaction.levels import LEVELS
from firsthop.publication.redaction.pseudonyms import Pseudonyms
from firsthop.publication.redaction.publication import Redacted, redacted
from firsthop.publication.redaction.scan.lookup import Lookup
from firsthop.publication.redaction.scan.pdf import readers_installed
from firsthop.publication.redaction.scan.scan import Find, scan_file
from firsthop.publication.redaction.vocabulary import shared_words
from firsthop.publication.redaction.withholding import values_of_finds
from firsthop.publication.words import LANGUAGES
from firsthop.system.new_folder import demand_free, write_new_folder
from firsthop.system.progress import SILENT, Progress

PUBLICATION = "publication.json"
CAUSES_LEFT_OUT = (
    "the causes: they were weighed with data on places or with victims' contacts, of which this "
    "case kept no counts: `firsthop investigate` with its mail and these data keeps them"
)
SUMS = "SHA256SUMS"


# times that values with a find are withheld and the files made and searched again
ROUNDS = 3


class Publication(NamedTuple):
    """What came of a publication: either files or finds."""

    tlp: str
    files: tuple[str, ...]  # that were written
    finds: tuple[Find, ...]  # that stopped it
    left_out: tuple[str, ...]  # what the case's own bulletin has beside them, and why
    withheld: int = 0  # values that are left out because the search finds something in them


def publish(
    case: Path,
    out: Path,
    *,
    tlp: str | None = None,
    pages: bool = False,
    progress: Progress = SILENT,
    time: str | None = None,
) -> Publication:
    """Writes what may go out of the folder `case` at a TLP level into the new folder
    `out`: the bulletin in all languages and formats, the campaigns, a manifest with
    digests. Without `tlp`, at the level that the case asks for. `pages` adds the
    bulletins as PDF (extra: pdf; SettingsError without it).

    A value in which something is found is left out everywhere, and what is made without
    it is searched again, ROUNDS times at most. Nothing is written where a file still
    holds something that must not go out: `finds` then names file, line and kind. The
    journal of the case notes either, with `time`, before
    anything goes out. CaseError where `out` is not free, `case` was written by a
    version that kept less, or its journal cannot be written."""
    demand_free(out)
    with in_custody(case) as custody:
        ready, finds = _searched(case, tlp, progress, pages=pages)
        if finds:
            _note(custody, ready, f"nothing was written: {len(finds)} finds", None, time)
        else:
            write_new_folder(out, ready.files, lambda: _note(custody, ready, "written", out, time))
    return Publication(
        ready.tlp,
        () if finds else tuple(sorted(ready.files)),
        finds,
        ready.left_out,
        ready.withheld,
    )


def _searched(
    case: Path, tlp: str | None, progress: Progress, *, pages: bool
) -> tuple[Prepared, tuple[Find, ...]]:
    """The files without the values in which something was found, and what is still
    found in them."""
    opened = _opened(case, tlp, progress, pages=pages)
    ready = _prepared(opened, None, progress)
    finds = scan(ready.files, ready.lookup, progress)
    for _ in range(ROUNDS):
        more = values_of_finds(ready.files, finds, ready.given, ready.lookup)
        if not more:
            break
        ready = _prepared(opened, ready.hidden | more, progress)
        finds = scan(ready.files, ready.lookup, progress)
    return ready, finds


def _note(
    custody: Custody, ready: Prepared, result: str, out: Path | None, time: str | None
) -> None:
    """Note a publication in the journal of the case."""
    files = digests_of(ready.files)
    went = custody.went_out(out, files, tlp=ready.tlp, scan="nothing found") if out else None
    custody.note(
        "publish", arguments_of(tlp=ready.tlp, pdf=ready.pages), result, out=went, time=time
    )


class Prepared(NamedTuple):
    """The files of a publication before they are searched, and what searches them."""

    tlp: str
    files: dict[str, bytes]
    lookup: Lookup
    left_out: tuple[str, ...]
    pages: bool = False  # the bulletins as PDF are among them
    withheld: int = 0  # values that are left out because something is found in them
    given: frozenset[str] = frozenset()  # values that the files are made of
    hidden: frozenset[str] = frozenset()  # those that are left out


def prepare(
    case: Path, tlp: str | None = None, progress: Progress = SILENT, *, pages: bool = False
) -> Prepared:
    """The files of a case at a TLP level, redacted; nothing is written but the key of
    the case's pseudonyms, where it has none."""
    return _prepared(_opened(case, tlp, progress, pages=pages), None, progress)


class _Opened(NamedTuple):
    """A case and what it must not tell at a level."""

    known: Known
    investigation: Investigation
    clusters: list[CampaignInFull]
    left_out: tuple[str, ...]
    key: bytes
    pages: bool


def _opened(case: Path, tlp: str | None, progress: Progress, *, pages: bool) -> _Opened:
    if pages:
        _demand_libraries()
    kept = read_kept(case)
    level = LEVELS.get(tlp or kept.audience.tlp)
    if level is None:
        raise SettingsError(f"{tlp!r} is no TLP level: {', '.join(LEVELS)}")
    progress.begin("redacting")
    known = known_of(sources_of(case, kept.own, kept.roots), level, shared_words())
    return _Opened(known, *_read(case, kept), case_key(case), pages)


def _prepared(opened: _Opened, hidden: frozenset[str] | None, progress: Progress) -> Prepared:
    """The files without some values; None: without those in which a search of the
    values finds something."""
    progress.begin("redacting")
    may_go = redacted(
        opened.investigation, opened.clusters, opened.known, Pseudonyms(opened.key), hidden
    )
    tlp = opened.known.level.tlp
    files = dict(_files(may_go, pages=opened.pages))
    files[PUBLICATION] = _manifest(tlp, may_go.left_out, files)
    files[SUMS] = _sums(files)
    return Prepared(
        tlp,
        files,
        may_go.lookup,
        opened.left_out,
        opened.pages,
        may_go.left_out,
        may_go.given,
        may_go.withheld,
    )


def scan(files: dict[str, bytes], lookup: Lookup, progress: Progress = SILENT) -> tuple[Find, ...]:
    """Everything in some files that must not go out."""
    progress.begin("searching", len(files))
    finds: list[Find] = []
    for name, data in files.items():
        finds += scan_file(name, data, lookup)
        progress.step(name, len(data))
    return tuple(finds)


def _read(case: Path, kept: Kept) -> tuple[Investigation, list[CampaignInFull], tuple[str, ...]]:
    """The case as it was investigated, and what of it cannot be made again."""
    clusters = read_campaigns(case)
    campaigns = Campaigns(tuple(one.campaign for one in clusters), read_method(case))
    investigation = assemble(
        kept.summaries, kept.skipped, kept.case_file, kept.audience, campaigns, kept.outside
    )
    by_place = ByPlace(kept.summaries)
    telling = {
        one.campaign.id: message
        for one in clusters
        if one.campaign.level == "campaign"
        and (message := telling_member(one.members, by_place)) is not None
    }
    some = chosen(investigation, telling)
    investigation = replace(investigation, examples=examples(case, some, kept.summaries, kept.own))
    if _weighed(investigation) == (case / HYPOTHESES).read_bytes():
        return investigation, clusters, ()
    return replace(investigation, hypotheses=()), clusters, (CAUSES_LEFT_OUT,)


def _weighed(investigation: Investigation) -> bytes:
    return json_text(hypotheses_object(investigation.hypotheses)).encode()


def _demand_libraries() -> None:
    """SettingsError where a PDF could not be made, or not be searched afterwards."""
    demand_library()
    if not readers_installed():
        raise SettingsError(LACKING)


def _files(may_go: Redacted, *, pages: bool) -> Iterator[tuple[str, bytes]]:
    """Every file that may go out, and none other does."""
    document = defanged(bulletin(may_go.investigation))
    for language in LANGUAGES:
        for ending, write in FORMATS:
            yield f"bulletin.{language}.{ending}", write(document, language, __version__).encode()
        if pages:
            yield f"bulletin.{language}.pdf", pdf(document, language, __version__)
    yield HOPS_CSV, hops_csv(may_go.investigation).encode()
    yield HYPOTHESES, _weighed(may_go.investigation)
    yield CAMPAIGNS, "".join(json_texts(map(campaign_text, may_go.clusters))).encode()


def _manifest(tlp: str, withheld: int, files: dict[str, bytes]) -> bytes:
    return json_text(
        {
            "tlp": tlp,
            "withheld": withheld,
            "tool": "firsthop",
            "version": __version__,
            "files": [
                {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()}
                for name, data in sorted(files.items())
            ],
        }
    ).encode()


def _sums(files: dict[str, bytes]) -> bytes:
    """For `sha256sum --check`."""
    lines = (f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "".join(lines).encode()
