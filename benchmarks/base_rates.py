"""Counts, on the corpora, how often each check's mark is seen where its hypothesis
holds and where it fails; writes judgement/rates/base_rates.toml.

    python -m benchmarks.base_rates

`holds` and `fails` are [k, n]; `corpus` is a key of publication/words (corpus.*), which
says what was counted. Nothing here is judged: the strengths are computed from these
counts where they are used."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.corpora import Labelled, messages
from firsthop.campaign.first_hops.postfix_spool import NEAR, WITHIN, SpoolId, spool_id
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.identity.author import Author
from firsthop.evidence.identity.mailbox import Mailbox
from firsthop.evidence.path.adjacency import Adjacency, meeting
from firsthop.evidence.path.claimed import BROKEN, TRANSFERS, seconds_between
from firsthop.evidence.path.path import Step
from firsthop.evidence.providers.provider import PROVIDERS, Provider, provider_of
from firsthop.evidence.received.hop import Hop
from firsthop.evidence.received.shape import broken_parts, stands_in_for_address
from firsthop.judgement.checks.address_plausible import implausible
from firsthop.judgement.checks.author_domain_without_dot import without_dot
from firsthop.judgement.checks.display_name_address import shows_another
from firsthop.judgement.checks.empty_writer import empty_lines
from firsthop.judgement.checks.header_block_gap import below_author_fields
from firsthop.judgement.checks.helo_is_message_id_domain import equal_names
from firsthop.judgement.checks.hops_meet import MEET
from firsthop.judgement.checks.left_provider import POOLED, of_provider
from firsthop.judgement.checks.provider_fields import answer, seen_fields
from firsthop.judgement.checks.queue_id_time import agrees
from firsthop.judgement.checks.reply_to_elsewhere import elsewhere
from firsthop.judgement.checks.single_html_part import only_html
from firsthop.judgement.checks.subject_is_local_part import equal
from firsthop.judgement.checks.submission_elsewhere import elsewhere as logged_in_elsewhere
from firsthop.judgement.checks.time_order import fits
from firsthop.settings import OwnServers

TABLE = Path(__file__).parents[1] / "firsthop" / "judgement" / "rates" / "base_rates.toml"
# not the suites and bounces: their lines are anonymised
REAL = ("spamassassin_corpus", "phishing_pot", "lists_", "special_", "foff_milter")
REPLACED = "pot"  # the domain that a collection of phishing put in place of its recipients
MIN_OWN = 20  # messages of a provider's own authors, below which only the pooled count is used
Count = tuple[int, int]
Row = tuple[str, str, str, Count, Count]  # check, mark, corpus, holds, fails


def main() -> None:
    """Counts and writes the table."""
    facts = [
        (labelled, establish(labelled.message(), OwnServers()))
        for labelled in messages()
        if labelled.source.startswith(REAL)
    ]
    rows = [
        *_identities(facts),
        *_providers(facts),
        *_queue_ids(facts),
        *_pairs(facts),
        *_lines(facts),
        *_blocks(facts),
        *_spools(facts),
    ]
    TABLE.write_text(_toml(rows), encoding="utf-8")
    for check, mark, _, holds, fails in rows:
        print(f"{check} {mark}: holds {holds[0]} of {holds[1]}, fails {fails[0]} of {fails[1]}")


def _count(answers: Iterable[bool | None]) -> Count:
    told = [answer for answer in answers if answer is not None]
    return sum(told), len(told)


def _other(count: Count) -> Count:
    return count[1] - count[0], count[1]


def _identities(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    """Marks of what a message claims to be: ham (holds) against spam and phish (fails);
    for HELO and Message-ID it is the other way round."""
    ham, bad = (
        [f for labelled, f in facts if (labelled.label == "ham") is wanted]
        for wanted in (True, False)
    )
    yield (
        "helo_is_message_id_domain",
        "equal",
        "spam_ham",
        _count(map(equal_names, bad)),
        _count(map(equal_names, ham)),
    )
    yield (
        "reply_to_elsewhere",
        "elsewhere",
        "ham_spam",
        _count(map(elsewhere, ham)),
        _count(map(elsewhere, bad)),
    )
    yield (
        "subject_is_local_part",
        "equal",
        "ham_spam",
        _count(map(equal, ham)),
        _count(map(equal, bad)),
    )
    yield (
        "display_name_address",
        "another",
        "ham_spam",
        *(
            _count(bool(shows_another(f)) if f.author else None for f in which)
            for which in (ham, bad)
        ),
    )
    yield (
        "single_html_part",
        "only",
        "ham_spam",
        *(_count(map(only_html, which)) for which in (ham, bad)),
    )
    yield (
        "empty_writer",
        "empty",
        "ham_spam",
        *(
            _count(bool(empty_lines(f)) if f.path.steps else None for f in which)
            for which in (ham, bad)
        ),
    )
    yield (
        "author_domain_without_dot",
        "without",
        "ham_spam",
        *(
            _count(None if _is_replaced(f) else without_dot(f) for f in which)
            for which in (ham, bad)
        ),
    )


def _is_replaced(facts: MessageFacts) -> bool:
    """Whether the corpus put its own address (phishing@pot) in the author's place."""
    return facts.author is not None and facts.author.domain == REPLACED


def _providers(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    """Holds: ham of each provider's authors; fails: the other ham, its author replaced
    by one of the provider, as a forger who sends from elsewhere does."""
    ham = [f for labelled, f in facts if labelled.label == "ham"]
    strangers = [
        f for f in ham if f.author and f.author.domain and provider_of(f.author.domain) is None
    ]
    pooled: dict[str, list[Count]] = defaultdict(list)
    for key, provider in PROVIDERS.items():
        domain = provider.domains[0].words[0]
        own = [
            f
            for f in ham
            if f.author and f.author.domain and provider_of(f.author.domain) is provider
        ]
        spoofs = [
            replace(f, authorship=_of_domain(f.authorship, f.author, domain))
            for f in strangers
            if f.author and provider.covers(f.instant)
        ]
        for mark in ("left", "missed"):
            genuine, forged = (
                _count(_says(f, provider, mark) for f in which) for which in (own, spoofs)
            )
            pooled[mark] += [genuine, forged]
            if genuine[1] >= MIN_OWN and forged[1] >= MIN_OWN:
                yield "left_provider", f"{key}.{mark}", "providers", genuine, forged
        for told in ("present", "absent") if len(own) >= MIN_OWN else ():
            genuine, forged = (
                _count(None if (a := answer(seen_fields(f))) is None else a == told for f in which)
                for which in (own, spoofs)
            )
            if genuine[1] >= MIN_OWN:
                pooled[told] += [genuine, forged]
    for mark in ("left", "missed"):
        yield (
            "left_provider",
            f"{POOLED}.{mark}",
            "providers",
            _sum(pooled[mark][0::2]),
            _sum(pooled[mark][1::2]),
        )
    for told in ("present", "absent"):
        yield (
            "provider_fields",
            told,
            "providers",
            _sum(pooled[told][0::2]),
            _sum(pooled[told][1::2]),
        )
    bad = [f for labelled, f in facts if labelled.label != "ham"]
    yield (
        "submission_elsewhere",
        "elsewhere",
        "ham_spam",
        _count(map(logged_in_elsewhere, ham)),
        _count(map(logged_in_elsewhere, bad)),
    )


def _of_domain(authorship: Author, author: Mailbox, domain: str) -> Author:
    """The same author, in another domain."""
    return replace(authorship, judged=author._replace(domain=domain))


def _says(facts: MessageFacts, provider: Provider, mark: str) -> bool | None:
    finding = of_provider(facts, provider, provider.domains[0].words[0])
    if finding.message_key in ("provider.no_path", "provider.other_time"):
        return None
    return finding.message_key.startswith(f"provider.{mark}")


def _sum(counts: list[Count]) -> Count:
    return sum(k for k, _ in counts), sum(n for _, n in counts)


def _queue_ids(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    """Where it fails: the same ids, each beside the stamp of another line of the same
    server software."""
    hops = [step.hop for _, f in facts for step in f.path.steps if agrees(step.hop) is not None]
    timed = [
        hop for hop in hops if (d := hop.queue_id_decoded) and d.instant is not None and hop.stamp
    ]
    by_mta: dict[str | None, list[Hop]] = defaultdict(list)
    for hop in timed:
        by_mta[hop.mta].append(hop)
    chance = random.Random(1)
    shuffled = [hop._replace(stamp=chance.choice(by_mta[hop.mta]).stamp) for hop in timed]
    right, wrong = _count(agrees(hop) for hop in timed), _count(agrees(hop) for hop in shuffled)
    corpus = "queue_ids"
    yield "queue_id_time", "agrees", corpus, right, wrong
    yield "queue_id_time", "differs", corpus, _other(right), _other(wrong)


def _pairs(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    """Where it fails: the upper line of each pair above a line drawn from another
    message, as a clumsy forger inserts it."""
    pairs = [
        pair for labelled, f in facts if labelled.label == "ham" for pair in f.path.claimed_pairs
    ]
    chance, lower = random.Random(1), [step for _, step in pairs]
    foreign = [(upper, chance.choice(lower)) for upper, _ in pairs]
    corpus = "pairs"
    marks: tuple[tuple[str, tuple[Adjacency, ...]], ...] = (
        ("meets", MEET),
        *((str(mark), (mark,)) for mark in BROKEN),
    )
    for name, wanted in marks:
        yield (
            "hops_meet",
            name,
            corpus,
            *(_count(_meets(*pair, wanted) for pair in which) for which in (pairs, foreign)),
        )
    genuine, inserted = (_count(_in_order(*pair) for pair in which) for which in (pairs, foreign))
    yield "time_order", "fits", corpus, genuine, inserted
    yield "time_order", "breaks", corpus, _other(genuine), _other(inserted)


def _meets(upper: Step, lower: Step, wanted: tuple[Adjacency, ...]) -> bool | None:
    if upper.hop.kind not in TRANSFERS or lower.hop.kind not in TRANSFERS:
        return None
    how = meeting(upper.hop, lower.hop)
    return how in wanted if how in MEET + BROKEN else None


def _in_order(upper: Step, lower: Step) -> bool | None:
    seconds = seconds_between(upper, lower)
    return None if seconds is None else fits(seconds)


def _lines(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    ham = [step.hop for labelled, f in facts if labelled.label == "ham" for step in f.path.steps]
    bad = [step.hop for labelled, f in facts if labelled.label != "ham" for step in f.path.steps]
    keeps, others = (
        _count(None if (parts := broken_parts(hop)) is None else not parts for hop in which)
        for which in (ham, bad)
    )
    corpus = "lines"
    yield "line_shape", "keeps", corpus, keeps, others
    yield "line_shape", "breaks", corpus, _other(keeps), _other(others)
    yield (
        "line_shape",
        "date_for_address",
        corpus,
        *(_count(stands_in_for_address(hop) is not None for hop in which) for which in (ham, bad)),
    )
    chance = random.Random(1)
    invented = [
        hop._replace(
            client_address=".".join(str(chance.randrange(256)) for _ in range(4)), client_name=None
        )
        for hop in ham
        if hop.client_address
    ]
    real = [
        hop
        for labelled, f in facts
        if labelled.label == "ham" and labelled.source != "foff_milter"
        for step in f.path.steps
        for hop in (step.hop,)
    ]
    fine, random_ones = (
        _count(None if (why := implausible(hop)) is None else not why for hop in which)
        for which in (real, invented)
    )
    corpus = "addresses"
    yield "address_plausible", "plausible", corpus, fine, random_ones
    yield "address_plausible", "implausible", corpus, _other(fine), _other(random_ones)


def _blocks(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    together = {
        ham: _count(
            None if (below := below_author_fields(f)) is None else not below
            for labelled, f in facts
            if (labelled.label == "ham") is ham
        )
        for ham in (True, False)
    }
    yield "header_block_gap", "together", "ham_spam", together[True], together[False]
    yield "header_block_gap", "gap", "ham_spam", _other(together[True]), _other(together[False])


def _spools(facts: list[tuple[Labelled, MessageFacts]]) -> Iterator[Row]:
    """Holds: hosts with two ids within hours that have a near pair; fails: pairs of ids
    of different hosts."""
    found = {
        spool
        for _, f in facts
        for step in f.path.steps
        if (spool := spool_id(step.hop)) and "." in spool.by
    }
    hosts: dict[str, list[SpoolId]] = defaultdict(list)
    for spool in sorted(found, key=lambda s: (s.instant, s.queue_id)):
        hosts[spool.by].append(spool)
    holds = _count(_near_pair(spools) for spools in hosts.values())
    chance, everything = random.Random(1), sorted(found)
    pairs = ((chance.choice(everything), chance.choice(everything)) for _ in range(200_000))
    fails = _count(abs(a.inode - b.inode) <= NEAR for a, b in pairs if a.by != b.by)
    yield "one_spool", "near", "spools", holds, fails


def _near_pair(spools: list[SpoolId]) -> bool | None:
    near = [
        abs(a.inode - b.inode) <= NEAR
        for i, a in enumerate(spools)
        for b in spools[i + 1 :]
        if 30 <= b.instant - a.instant <= WITHIN
    ]
    return any(near) if near else None


def _toml(rows: list[Row]) -> str:
    text = (
        "# Written by `python -m benchmarks.base_rates` from the corpora: do not edit. [k, n]: "
        "seen k times of n.\n"
    )
    for check, mark, corpus, holds, fails in rows:
        text += (
            f'\n[{check}."{mark}"]\ncorpus = "{corpus}"\nholds = [{holds[0]}, {holds[1]}]\nfails '
            f"= [{fails[0]}, {fails[1]}]\n"
        )
    return text


if __name__ == "__main__":
    main()
