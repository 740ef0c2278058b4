"""Counts every mark of the mailer tables on the corpora; writes
judgement/rates/mailer_rates.toml and docs/reference/mailers.md.

    python -m benchmarks.mailers

holds   legitimate mail that names the program (for Windows Live Mail: the genuine of
        TRUTH_wlm.tsv)
fails   for Windows Live Mail the forged of TRUTH_wlm.tsv. For every other program spam
        and phishing that names it: some of that was truly written by it, so the count
        understates how often forged mail lacks a mark and overstates how often it meets
        one. Where fewer than OWN such messages show a mark, the spam and phishing of
        all programs is counted for the mark of that name.
looks   holds: mail of the program (it names it, or is known by another field); fails:
        mail of any kind that names another program.

Figures with "two halves" judge each message by counts from the other half of the
corpora (by the SHA-256 of the message).
"""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import Labelled, messages, root, truth
from docs.prose import wrapped
from firsthop.case_file import CaseFile
from firsthop.evidence.facts import MessageFacts, establish
from firsthop.evidence.mailers.mailer import PROFILES, Profile, claimed_profile
from firsthop.evidence.mailers.marks import VIEWS
from firsthop.evidence.mailers.traces import Traces
from firsthop.judgement.checks import (
    mailer_boundary,
    mailer_fields,
    mailer_looks_like,
    mailer_message_id,
    mailer_order,
)
from firsthop.judgement.checks.mailer_looks_like import resembles
from firsthop.judgement.finding import BaseRate
from firsthop.judgement.mailer_bounds import bounded
from firsthop.judgement.mailer_views import LEAST, weigh
from firsthop.judgement.rates.mailer_rates import Rates
from firsthop.judgement.verdicts.mailer import (
    CAP,
    CONSISTENT,
    CONTRADICTED,
    REBUILT,
    answer_of,
    total,
)
from firsthop.settings import OwnServers

HERE = Path(__file__).parents[1]
TABLE = HERE / "firsthop" / "judgement" / "rates" / "mailer_rates.toml"
PAGE = HERE / "docs" / "reference" / "mailers.md"
REAL = (
    "spamassassin_corpus",
    "phishing_pot",
    "lists_",
    "special_",
    "foff_milter",
    "spam_archive",
)  # not suites and bounces: their headers are invented or cut
# a shape that several programs share is theirs
FAMILY = {"php_mailers": re.compile(r"^Roundcube|^PHPMailer (?:\[version )?[1-5]\.")}
OWN = 10  # spam and phishing that names a program: below that the pool of all programs is counted
CHECKS = (
    mailer_message_id.CHECK,
    mailer_boundary.CHECK,
    mailer_fields.CHECK,
    mailer_order.CHECK,
    mailer_looks_like.CHECK,
)
Answers = Iterable[tuple[str, bool]]  # mark, seen


class Seen(NamedTuple):
    """One message of the corpora with what it names."""

    labelled: Labelled
    facts: MessageFacts
    traces: Traces
    profile: Profile | None
    side: str  # genuine | forged | spam | other

    @property
    def half(self) -> int:
        """0 or 1, by the message's own bytes."""
        return hashlib.sha256(self.labelled.data).digest()[0] & 1


def main() -> None:
    """Counts, writes, and prints the figures."""
    everything = list(read_all())
    real = [seen for seen in everything if seen.labelled.source.startswith(REAL)]
    rates = count(real)
    TABLE.write_text(toml(rates), encoding="utf-8")
    halves = [count([s for s in real if s.half != half]) for half in (0, 1)]
    figures = list(report(everything, rates, halves))
    PAGE.write_text(wrapped(page(rates, figures, survivors(real))), encoding="utf-8")
    print("\n".join(figures))
    print(
        f"time of the five checks: {speed(everything):.0f} µs a message, mean of all "
        f"{len(everything)} messages"
    )


def read_all() -> Iterator[Seen]:
    """Every message with its side: what the corpora's labels say of its claim."""
    wlm = truth("TRUTH_wlm.tsv")
    for labelled in messages():
        seen = _read(labelled)
        yield seen._replace(side=_side(labelled, seen.profile, wlm))


def _seen(path: Path) -> Seen:
    return _read(Labelled(path.name, "hard", "wave-2014", path.read_bytes()))


def _read(labelled: Labelled) -> Seen:
    facts = establish(labelled.message(), OwnServers())
    mailer = facts.mailer.value or ""
    return Seen(
        labelled, facts, facts.mailer_traces, claimed_profile(mailer) if mailer else None, "other"
    )


def _side(labelled: Labelled, profile: Profile | None, wlm: dict[str, str]) -> str:
    if labelled.source == "special_wlm":
        return wlm[labelled.path.rsplit("/", 1)[-1]]
    if profile and profile.key == "windows_live_mail":
        return "other"  # only labelled ones are counted
    return {"ham": "genuine", "spam": "spam", "phish": "spam"}.get(labelled.label, "other")


def marks_of(seen: Seen, profile: Profile) -> Iterator[tuple[str, bool]]:
    """lacks.MARK and meets.VIEW of a message, left out where it lacks a mark that a
    relay is known to have rewritten."""
    for view in VIEWS:
        reading = profile.read(view, seen.traces)
        if reading and not (reading.lacking and profile.spoilt(view, seen.traces)):
            yield from ((f"lacks.{mark}", True) for mark in reading.lacking)
            yield from ((f"lacks.{mark}", False) for mark in reading.met)
            yield f"meets.{view}", not reading.lacking


def count(real: list[Seen]) -> Rates:
    """The rates of every program on these messages."""
    # program or "*", side, mark -> k, n
    tally: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for seen in real:
        if seen.profile and seen.side != "other":
            for mark, is_so in marks_of(seen, seen.profile):
                for program in (seen.profile.key, "*"):
                    tally[program, seen.side, mark][0] += is_so
                    tally[program, seen.side, mark][1] += 1
    return {**dict(_named(tally)), **dict(_looks(real))}


def _named(
    tally: dict[tuple[str, str, str], list[int]],
) -> Iterator[tuple[tuple[str, str], BaseRate]]:
    for (program, side, mark), (k, n) in sorted(tally.items()):
        if side != "genuine" or program == "*":
            continue
        if program == "windows_live_mail":
            corpus, fails = "wlm", tally.get((program, "forged", mark))
        else:
            corpus, fails = "mailer_spam", tally.get((program, "spam", mark))
            if fails is None or fails[1] < OWN:
                corpus, fails = "mailer_spam_pooled", tally.get(("*", "spam", mark))
        if fails and fails[1] >= OWN:
            yield (program, mark), BaseRate(corpus, (k, n), (fails[0], fails[1]))


def _looks(real: list[Seen]) -> Iterator[tuple[tuple[str, str], BaseRate]]:
    for profile in PROFILES.values():
        own: list[bool] = []
        others: list[bool] = []
        for seen in real:
            side = _is_of(profile, seen)
            if side is not None:
                (own if side else others).append(resembles(profile, seen.traces))
        if own:
            yield (
                (profile.key, "looks"),
                BaseRate("mailer_looks", (sum(own), len(own)), (sum(others), len(others))),
            )


def _is_of(profile: Profile, seen: Seen) -> bool | None:
    """Whether a message is the program's own by something else than its marks; None
    where that is not known, or its id was rewritten."""
    if profile.known_by and any(
        profile.known_by[1].search(f.value) for f in seen.facts.message.all(profile.known_by[0])
    ):
        return None if seen.profile and seen.profile is not profile else True
    if seen.profile is None:
        return False if profile.names_itself and not seen.traces.mailer else None
    if seen.profile is profile or (
        profile.key in FAMILY and FAMILY[profile.key].search(seen.traces.mailer)
    ):
        rewritten = profile.spoilt("message_id", seen.traces) and not resembles(
            profile, seen.traces
        )
        return True if seen.labelled.label == "ham" and not rewritten else None
    return None if profile.family and profile.family == seen.profile.family else False


def judged(seen: Seen, rates: Rates) -> str:
    """The answer to the message's claim by these rates; "" where it names no program
    that is known."""
    if seen.profile is None:
        return ""
    return answer_of(bits_of(seen, seen.profile, rates))


def bits_of(seen: Seen, profile: Profile, rates: Rates) -> float:
    """The bits for or against the program a message names."""
    weighed = {f"mailer_{view}": weigh(profile, view, seen.traces, rates) for view in VIEWS}
    unexplained = any(w.alone for w in weighed.values() if w)
    return total({check: w.strength for check, w in weighed.items() if w}, unexplained)


Judge = Callable[[Seen], str]


def report(everything: list[Seen], rates: Rates, halves: list[Rates]) -> Iterator[str]:
    """The figures, in sample and by the other half's counts."""
    judges: dict[str, Judge] = {
        "all counts": lambda s: judged(s, rates),
        "two halves": lambda s: judged(s, halves[s.half]),
    }
    for name, judge in judges.items():
        answers = {id(seen): judge(seen) for seen in everything}
        for group in ("genuine", "forged"):
            which = Counter(
                answers[id(s)]
                for s in everything
                if s.labelled.source == "special_wlm" and s.side == group
            )
            yield f"{name}: TRUTH_wlm {group}: {_told(which)}"
        for label in ("ham", "spam", "phish"):
            which = Counter(
                answers[id(s)]
                for s in everything
                if s.labelled.label == label and s.labelled.source != "special_wlm" and s.profile
            )
            yield f"{name}: {label} that names a known program: {_told(which)}"
        wrong = [
            s for s in everything if s.labelled.label == "ham" and answers[id(s)] == "contradicted"
        ]
        yield (
            f"{name}: legitimate mail contradicted: {len(wrong)} of "
            f"{sum(s.labelled.label == 'ham' for s in everything)}"
        )
        yield from (
            f"    {s.labelled.path}: {s.traces.mailer[:60]} {s.traces.message_id}" for s in wrong
        )
    yield from (
        f"{path.name}: {judged(_seen(path), rates)}"
        for path in sorted(root().glob("wave-2014/*.hdr.eml"))
    )
    yield from thresholds(everything, halves)


def thresholds(everything: list[Seen], halves: list[Rates]) -> Iterator[str]:
    """What other thresholds would do, by the other half's counts."""
    for limit in (-2.0, -3.0, -4.0, -5.0, -6.0, -7.0):
        caught: Counter[str] = Counter()
        for seen in everything:
            if seen.profile:
                caught[
                    seen.side if seen.labelled.source == "special_wlm" else seen.labelled.label
                ] += bits_of(seen, seen.profile, halves[seen.half]) <= limit
        yield f"threshold {limit:+.0f} bits: " + ", ".join(
            f"{name} {caught[name]}" for name in ("ham", "genuine", "forged", "spam", "phish")
        )


def _told(which: Counter[str]) -> str:
    return (
        ", ".join(
            f"{which[answer]} {answer}" for answer in ("consistent", "inconclusive", "contradicted")
        )
        + f" of {which.total()}"
    )


def survivors(real: list[Seen]) -> dict[tuple[str, str], list[int]]:
    """Marks lacking in genuine mail that came through a list and that did not: k, n via
    lists, k, n direct."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for seen in real:
        if seen.profile and seen.side == "genuine":
            at = (
                0
                if {"list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere"}
                & seen.traces.fields.keys()
                else 2
            )
            for mark, is_so in marks_of(seen, seen.profile):
                if mark.startswith("lacks."):
                    found[seen.profile.key, mark][at] += is_so
                    found[seen.profile.key, mark][at + 1] += 1
    return found


def speed(everything: list[Seen]) -> float:
    """Microseconds a message for the five checks."""
    start = time.process_time()
    for seen in everything:
        for check in CHECKS:
            check.look(seen.facts, CaseFile())
    return (time.process_time() - start) / len(everything) * 1e6


def toml(rates: Rates) -> str:
    """The table that the program reads."""
    text = (
        "# Written by `python -m benchmarks.mailers` from the corpora: do not edit. [k, n]: seen "
        "k times of n.\n"
    )
    for (program, mark), rate in sorted(rates.items()):
        text += (
            f'\n[{program}."{mark}"]\ncorpus = "{rate.corpus}"\nholds = [{rate.holds[0]}, '
            f"{rate.holds[1]}]\nfails = [{rate.fails[0]}, {rate.fails[1]}]\n"
        )
    return text


def page(rates: Rates, figures: list[str], lists: dict[tuple[str, str], list[int]]) -> str:
    """The reference page."""
    parts = [
        "# Mail clients: every mark and its counts",
        INTRODUCTION.format(
            contradicted=CONTRADICTED,
            consistent=CONSISTENT,
            own=OWN,
            least=LEAST,
            cap=CAP,
            rebuilt=REBUILT,
            general=1 / mailer_looks_like.GENERAL,
            at_least=mailer_looks_like.AT_LEAST,
            at_most=mailer_looks_like.AT_MOST,
        ),
        "## Figures",
        "```text",
    ]
    parts[-1] += "\n" + "\n".join(figures) + "\n```"
    for profile in PROFILES.values():
        parts.append(f"## {profile.name}\n\n`{profile.key}` · {profile.period} · {profile.source}")
        rows = [
            _row(profile.key, mark, rate, lists)
            for (program, mark), rate in sorted(rates.items())
            if program == profile.key
        ]
        head = (
            "| mark | own mail | other | counted on | bits | own, via lists | own, direct |\n| "
            "--- | --- | --- | --- | --- | --- | --- |\n"
        )
        parts.append(
            head + "\n".join(rows)
            if rows
            else "Not counted: the corpora hold no mail of it. Its marks carry no weight."
        )
    return "\n\n".join(parts) + "\n"


def _row(key: str, mark: str, rate: BaseRate, lists: dict[tuple[str, str], list[int]]) -> str:
    listed, n_listed, direct, n_direct = lists.get((key, mark), [0, 0, 0, 0])
    both = f"{listed}/{n_listed} | {direct}/{n_direct}" if n_listed or n_direct else " | "
    bits = bounded(rate).bits if mark == "looks" else rate.bits
    return (
        f"| {mark} | {rate.holds[0]}/{rate.holds[1]} | {rate.fails[0]}/{rate.fails[1]} | "
        f"{rate.corpus} | {bits:+.1f} | {both} |"
    )


INTRODUCTION = """\
Written by `python -m benchmarks.mailers`; the marks themselves are in
`firsthop/evidence/mailers/*.toml`.

- `lacks.MARK`: the mark is not met. `meets.VIEW`: every readable mark of a view
  (Message-ID, boundary, fields, order) is met. `looks`: Message-ID and boundary have
  the shape, whatever the message names.
- *own mail* is legitimate mail that names the program. *other* is, for Windows Live
  Mail, forged mail labelled by hand (`wlm`); else spam and phishing that names the
  program (`mailer_spam`): some of it was truly written by it, so it understates how
  often forged mail lacks a mark. Where fewer than {own} such messages show a mark, spam
  and phishing of all programs is counted for the mark of that name
  (`mailer_spam_pooled`). For `looks` *other* is mail of any kind that names another
  program, but none of its family (programs that share the code that makes ids); where
  the program always writes its name, mail that names none is *other* as well.
- *bits* is log2 of (k + 1/2) / (n + 1) in the program's own mail over the same in the
  other; for `looks` it is bounded, see below.

Marks of one view are not independent: a view weighs as much as its strongest mark. The
Message-ID weighs at most {cap:.0f} bits, the other three views together at most
{rebuilt:.0f}: a gateway that writes a header anew changes all three, so they are one
witness, and it cannot contradict alone. At {contradicted:+.0f} bits or less a message
is *contradicted*, at {consistent:+.0f} or more *consistent*, else *inconclusive*. A
mark that was read in fewer than {least} messages of its program weighs nothing where it
is lacking, and with fewer than 16 the Message-ID cannot contradict alone: that is what
the halves in the formula do. Message-IDs, boundaries and orders that a relay or a list
is known to write (`firsthop/evidence/mailers/rewriting/rewriters.toml`) are left out of
the counts and of the verdicts where they do not meet the program's marks. So are ids
that the message itself shows to be a server's: the host right of the @ wrote a Received
line, the line nearest the origin was written by the same organisation (and the host is
not the author's own domain), or the id holds a queue id of the path; ids of mail that a
news server took (its fields, or the host's name); ids of the program behind a token
that a gateway put before them. Where a program keeps an id that a draft or a file
brings along (`kept`), an id older than Date says nothing.

A Message-ID of another form is one witness, and users, files, servers and gateways give
ids. It contradicts beside a second view (boundary or fields) that contradicts by 1 bit
or more, or by itself where nobody else gives the id (`own_id`: Windows Live Mail); else
the finding is silent, and nothing else makes the message consistent.

The threshold: the contradiction of Windows Live Mail by its Message-ID alone (0 of 19
genuine, 25 of 25 forged) weighs 5.3 bits, the least that has to carry a verdict. *two
halves* below judges every message by counts from messages of the other half. The
patterns themselves were written with all of the corpora in view, so shapes that no
corpus holds are the risk that these figures do not show; the limits above are there for
it.

## How "looks like" is bounded

The statement names programs whose Message-ID, host in the Message-ID and boundary the
message has. It is said only where

- the host right of the @ is the program's or service's own (`hosts`), the author's
  (From, Reply-To, Sender, X-Original-From), the HELO or name of the first hop's client,
  or a machine's (no dot, an address, a local zone). Where an excerpt shows neither an
  author nor a path, it cannot be asked;
- the form is none that libraries of others make as well (`general`: UUIDs of version 4,
  digits alone), and a time inside it is that of Date;
- fewer than 1 in {general:.0f} messages of *other* have it;
- its bits are {at_least:.0f} or more. They are the least that the counts show: log2 of
  the lower 95 % bound of the one rate over the upper 95 % bound of the other (Wilson's
  interval, one-sided; 3/n where nothing was seen in n). 0 of 2,150 is thus 1 in 717,
  never certainty.

At most {at_most} programs are named, those at their own host first. It is never one
tool for sure and never a sign of forgery: it carries no weight in any verdict."""


if __name__ == "__main__":
    main()
