"""Measures everything that docs/reference/campaigns.md says, and writes the page.

    python -m benchmarks.campaigns [LARGEST]

LARGEST bounds the planted campaigns (20,000), the rotated ones too (500). The cost
table is measured apart (benchmarks.campaigns.cost) and kept in cost.md beside this
file, as the reading of pairs is in reading.md and labelled.tsv, what one message can do
in carried.md, what rotation leaves in rotated.md, and kits and reports in kits.md."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from benchmarks.campaigns.distinctive import LEAST, held_apart, signature_rows
from benchmarks.campaigns.families import agreement_rows
from benchmarks.campaigns.genuine import genuine_rows
from benchmarks.campaigns.heap import told
from benchmarks.campaigns.labelled import labelled_rows
from benchmarks.campaigns.real import HEADERS, heap_rows, platform_rows
from benchmarks.campaigns.recall import SIZES, decoys, planted_rows, real_heap
from docs.prose import wrapped
from firsthop.campaign.background import shipped
from firsthop.campaign.explain.campaign import SIGNED
from firsthop.campaign.features import FAMILIES
from firsthop.campaign.signature.signatures import ELSEWHERE
from firsthop.campaign.similarity.parameters import ClusteringParameters

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reference" / "campaigns.md"
_PLANTED = (
    "| planted | recall | purity | clusters | operation: recall | operation: purity | chance "
    "links | raised |"
)
_REAL = (
    "| background | views | level | clusters | largest | chance: heap | chance: month | pairs: "
    "precision | the same, bodies of one mailbox as one | pairs: recall | groups of 3 or more "
    "found |"
)
_LABELLED = (
    "| pairs drawn | background | level | of one hand and together | not of one hand and "
    "together | of one hand and apart | precision | recall |"
)
_SIGNATURES = (
    "| messages | elements | found by | campaigns | later part: mean | median | by size | ≥ .85 | "
    "false positives, rest of the heap | of these tied | on genuine mail held apart |"
)

_KNOWN = (
    "## Real phishing and spam\n\n"
    "Pairs are those of the messages whose body is known (TRUTH_campaigns.tsv), a group for each "
    "body. Several bodies answer to one mailbox; those count as one hand in the second "
    "precision.\n\n"
)

_GENUINE = (
    "### Genuine mail as a heap\n\n"
    "With the shipped background alone. Colleagues and threads hang together; pairs of different "
    "authors are what should not.\n\n"
)
_OF_GENUINE = (
    "| heap | messages | campaigns | largest | pairs in campaigns | of different authors |"
)

_AGREEMENT = (
    "### Agreement on these corpora\n\n"
    "Pairs of one body and random pairs of the real phishing and spam. Pairs of one body are of "
    "one wave, which changes little; what a disagreement weighs is counted on pairs of one hand "
    "that were read (one hand; the settings are of the run in which they were set).\n\n"
)

_SIGNED = (
    f"## Signatures\n\nSought for the {SIGNED} largest campaigns of a heap; "
    f"`signature_sought` in `campaigns.json` tells a campaign that was left out from one "
    "without a signature.\n"
    f"The rest of the heap that a signature is tried on is a sample of at most {ELSEWHERE:,} "
    f"messages, the same for every campaign. What is found there was read: most of it is "
    "of the same hand, in a campaign of its own (one text, one link, one account). Tied: of "
    "these finds those in a campaign of which one message is linked to one of this campaign as "
    "the messages of an operation are; too few are for the two to be joined.\n"
    "A signature is up to 60 elements, of each view the weightiest and a quarter of the second, "
    "and up to ten pairs of elements that each find a message by themselves "
    "(`signature/pairs.py`). "
    "Elements and pairs are chosen and the threshold is set on the earlier part alone: an "
    "element counts by the smaller of its shares in that part's two halves. What is missed of "
    "the later part changed text, link and sender together, or keeps only what mail of other "
    "campaigns or of one platform has, too. How elements are weighed and paired was chosen on "
    f"the campaigns of {LEAST} messages and more; nothing was on the smaller ones.\n\n"
)


def main() -> None:
    """Measures and writes."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else max(SIZES)
    everything = list(told())
    sizes = (
        len(real_heap(everything)),
        len(decoys(everything)),
        shipped().messages,
        len(held_apart(everything)),
    )
    parts = (
        _head(*sizes),
        "## Planted campaigns\n\n" + _table(_PLANTED, planted_rows(everything, largest)),
        (HERE / "rotated.md").read_text(encoding="utf-8").strip(),
        "## Planted campaigns, headers only\n\nNo text, no Subject, no links.\n\n"
        + _table(
            _PLANTED,
            planted_rows(everything, min(largest, 2_000), ClusteringParameters(views=HEADERS)),
        ),
        _KNOWN + _table(_REAL, heap_rows(everything)),
        _GENUINE + _table(_OF_GENUINE, genuine_rows(everything)),
        "### Platforms\n\n"
        + _table(
            "| platform | mails | campaigns | largest | share | author domains in it |",
            platform_rows(everything),
        ),
        (HERE / "reading.md").read_text(encoding="utf-8").strip()
        + "\n\n"
        + _table(_LABELLED, labelled_rows(everything)),
        (HERE / "carried.md").read_text(encoding="utf-8").strip(),
        (HERE / "kits.md").read_text(encoding="utf-8").strip(),
        _SIGNED + _table(_SIGNATURES, signature_rows(everything)),
        (HERE / "cost.md").read_text(encoding="utf-8").strip(),
        "## Features\n\n" + _families(),
        _AGREEMENT
        + _table(
            "| family | one body | k of n | one hand | k of n | random | k of n | set: agree | "
            "set: chance |",
            agreement_rows(everything),
        ),
    )
    PAGE.write_text(wrapped("\n\n".join(parts) + "\n"), encoding="utf-8")


def _table(head: str, rows: Iterable[str]) -> str:
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join((head, rule, *rows))


def _head(real: int, bait: int, shipped_messages: int, held: int) -> str:
    return (
        "# Campaigns: what gathering finds, and what it misses\n\n"
        "Written by `python -m benchmarks.campaigns`. Recall is the share of a planted "
        "campaign that came back in one cluster, purity the share of that cluster "
        "that is its own, both on the level of a campaign unless said otherwise. Chance "
        "links: the links that survive when whole views are shuffled between "
        "mails, for each link of the heap (the greater of two shuffles). Raised: bits by "
        "which the thresholds had to be raised to keep chance under 1 %.\n\n"
        f"The heap: {real:,} real phishing and spam mails, {bait} decoys (genuine mail of "
        f"the forged provider and program, multiplied with its rare values "
        "renamed, and spam made to forge the same domain), and the planted campaign: a "
        "botnet through one abused relay, two waves 13 days apart, another client "
        f"address, author and recipients in every message. Background: the shipped statistic "
        f"({shipped_messages:,} messages), genuine list mail, and genuine mail of "
        f"provider and program that is not among the decoys. Signatures are tried on "
        f"{held:,} genuine mails that are in no background."
    )


def _families() -> str:
    rows = (
        f"| {f.view} | `{f.name}` | {f.explanation} | {f.reliability:g} | "
        f"{'' if f.agree is None else f'{f.agree:g}'} | {f.chance:g} | "
        f"{'yes' if f.structural else ''} "
        f"| {f'{f.against:.1f}' if f.against else ''} |"
        for f in FAMILIES.values()
    )
    return _table(
        "| view | family | what it is | reliability | agree, same body | agree, random | "
        "structural | bits against |",
        rows,
    )


if __name__ == "__main__":
    main()
