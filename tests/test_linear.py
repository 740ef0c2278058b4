"""Every regular expression of the package needs a time that grows with its input and no
faster: over hostile inputs made from its own parts, from 2 kB to 2 MB.

No expression is named here: `tests/linear/collect.py` finds each call of `re` in the
source, and what each of them makes of code and tables; a new one enters by itself, and
a call that made nothing while all was loaded fails."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from math import inf
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

from benchmarks.hostile_messages import GROWTH as GROWTH_OF_A_MESSAGE
from benchmarks.hostile_messages import families
from benchmarks.hostile_messages import seconds as read
from firsthop.evidence.received.clauses import MAX_LINE
from firsthop.evidence.received.dialects import LOOK
from firsthop.evidence.received.hostile import MAX_SIGNS, SIGNS
from firsthop.evidence.received.phrases import MAX_KNOWN
from firsthop.evidence.received.plain import MAX_PLAIN
from tests.children import run_python
from tests.linear.hostile import Hostile, inputs

ROOT = Path(__file__).parents[1]
SMALL, FIRST, LAST = 2 << 10, 16 << 10, 2 << 20  # bytes
QUICK = 0.008  # seconds for FIRST: the square of its length takes thirty times as long
GROWTH = 3.0  # at most, from one size to its double
SLOWEST = 6.0  # seconds for any input
FLOOR = 0.012  # seconds that a coarse clock may make of nothing
SHARDS = 24

# How the expressions of tables are used, by the function that reads the table.
USES = {
    ("evidence/received/dialects.py", "_pattern"): ("fullmatch",),
    ("evidence/received/dialects.py", "_recogniser"): ("search",),
    ("evidence/received/dialects.py", "_dialect"): ("search",),
    ("evidence/received/dialects.py", "_asking_of"): ("match",),
    ("evidence/received/phrases.py", "_phrases"): ("fullmatch",),
    ("evidence/received/plain.py", "load"): ("fullmatch",),
    ("evidence/timestamp.py", "<module>"): ("match",),
    ("evidence/providers/provider_table.py", "hosts"): ("fullmatch",),
    ("evidence/providers/provider_table.py", "id_shapes"): ("fullmatch",),
    ("evidence/providers/provider_table.py", "_left"): ("search",),
    ("evidence/providers/provider_table.py", "own_fields"): ("search",),
    ("evidence/path/receiver_table.py", "hosts"): ("fullmatch",),
    ("evidence/path/receiver_table.py", "labels"): ("fullmatch",),
    ("evidence/path/receiver_table.py", "lines"): ("fullmatch",),
    ("evidence/path/receiver_table.py", "results_places"): ("fullmatch",),
    ("evidence/path/receiver_table.py", "receiver_fields"): ("search",),
}
FILES = {
    "evidence/received/phrases.py": ("fullmatch",),
    "evidence/received/layouts.py": ("fullmatch",),
    "evidence/received/plain.py": ("fullmatch",),
    "evidence/timestamp.py": ("match",),
    "evidence/received/behind.py": ("match", "finditer"),
}


def _few_signs(text: str) -> str:
    """A line as the careful reading takes it: unfolded, with MAX_SIGNS signs, of
    MAX_LINE characters."""
    kept, signs = [], 0
    for c in " ".join(text.split())[:MAX_LINE]:
        signs += c in SIGNS
        if c not in SIGNS or signs <= MAX_SIGNS:
            kept.append(c)
    return "".join(kept)


# Expressions that are put together of others and see no more than a named limit.
LIMITED: dict[str, Callable[[str], str]] = {
    "evidence/received/phrases.py": lambda text: text[:MAX_KNOWN],
    "evidence/received/plain.py": lambda text: text[:MAX_PLAIN],
    "evidence/received/layouts.py": _few_signs,
}
AT_THE_LIMIT = 0.15  # seconds


class Expression(NamedTuple):
    """One expression and how it is used."""

    source: str | bytes
    flags: int
    use: str
    where: str


@cache
def collected() -> dict[str, Any]:
    out = run_python("-m", "tests.linear.collect")
    assert out.returncode == 0, out.stderr
    found: dict[str, Any] = json.loads(out.stdout)
    return found


@cache
def expressions() -> tuple[Expression, ...]:
    """Each expression once for each way in which it is used."""
    named = {(p["file"], p["line"]): p["uses"] for p in collected()["places"]}
    found: dict[tuple[str | bytes, int, str], str] = {}
    for made in collected()["made"]:
        file = made["file"]
        how = (
            [_use(made["maker"])]
            if made["maker"] != "compile"
            else named.get((file, made["line"]))
            or USES.get((file, made["for"]))
            or FILES.get(file)
            or ("search", "fullmatch")
        )
        source = made["pattern"].encode("latin-1") if made["bytes"] else made["pattern"]
        for use in how:
            found.setdefault((source, made["flags"], use), f"{file}:{made['line']}")
    return tuple(Expression(*key, where) for key, where in found.items())


def _use(maker: str) -> str:
    return maker if maker in ("match", "search", "fullmatch") else "finditer"


def _limit(one: Expression) -> Callable[[str], str] | None:
    file, _, line = one.where.partition(":")
    built = not any(
        (p["file"], str(p["line"])) == (file, line) and p["uses"] for p in collected()["places"]
    )
    return LIMITED.get(file) if built else None


class TooSlowError(Exception):
    pass


@contextmanager
def at_most(limit: float) -> Iterator[None]:
    def stop(signum: int, frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def seconds(one: Expression, text: str, times: int = 1) -> float:
    """CPU seconds of one use, the least of several."""
    pattern = re.compile(one.source, one.flags)
    data = text.encode("utf-8", "replace") if isinstance(one.source, bytes) else text
    use = getattr(pattern, one.use)
    told = []
    for _ in range(times):
        start = time.process_time()
        try:
            with at_most(SLOWEST):
                if one.use == "finditer":
                    for _match in use(data):
                        pass
                else:
                    use(data)
        except TooSlowError:
            return inf
        told.append(time.process_time() - start)
    return min(told)


def growth(one: Expression, hostile: Hostile) -> str | None:
    """What is wrong with the growth from FIRST on; None: it is linear. One step may be
    another program's doing, two in a row, or one to over a second, are not."""
    size, before, steps = FIRST, seconds(one, hostile.of(FIRST), 2), 0
    if before == inf:
        return f"over {SLOWEST} s for {FIRST}"
    while size < LAST:
        size *= 2
        now = seconds(one, hostile.of(size))
        if now > GROWTH * max(before, FLOOR):
            now, before = (
                min(now, seconds(one, hostile.of(size), 3)),
                max(before, seconds(one, hostile.of(size // 2), 3)),
            )
        steps = steps + 1 if now > GROWTH * max(before, FLOOR) else 0
        if steps and (steps > 1 or now > 1 or size == LAST):
            return f"{before:.4f} s for {size // 2}, {now:.4f} s for {size}"
        if now > 1:
            return None if size > 4 * FIRST else f"{now:.4f} s for {size}"
        before = now
    return None


def faults(one: Expression) -> Iterator[str]:
    limit = _limit(one)
    slowest: tuple[float, Hostile | None] = (0.0, None)
    for hostile in inputs(one.source, one.flags):
        what = f"{one.where} {one.use} {one.source!r:.300}: {hostile!r:.200}"
        if limit:
            text = limit(hostile.of(MAX_LINE))
            if min(seconds(one, text), AT_THE_LIMIT * 9) > AT_THE_LIMIT and (
                seconds(one, text, 3) > AT_THE_LIMIT
            ):
                yield f"{what}: slow at its limit"
                return
            continue
        if seconds(one, hostile.of(SMALL)) > 1:
            yield f"{what}: over 1 s for {SMALL}"
            return
        took = seconds(one, hostile.of(FIRST))
        if took > QUICK and (told := growth(one, hostile)):
            yield f"{what}: {told}"
            return
        slowest = max(slowest, (took, hostile), key=lambda pair: pair[0])
    if slowest[1] is not None and slowest[0] <= QUICK:
        allowed = GROWTH * (LAST / FIRST) * max(slowest[0], FLOOR / 32)
        if seconds(one, slowest[1].of(LAST)) > allowed and (told := growth(one, slowest[1])):
            yield f"{one.where} {one.use} {one.source!r:.300}: {slowest[1]!r:.200}: {told}"


def test_every_call_of_re_is_seen() -> None:
    made = {(m["file"], m["line"]) for m in collected()["made"]}
    unseen = [p for p in collected()["places"] if (p["file"], p["line"]) not in made]
    assert unseen == [], "made by nothing that tests/linear/collect.py loads or asks for"
    assert len(collected()["places"]) > 200
    assert len(expressions()) > 1_000


def test_expressions_of_tables_are_among_them() -> None:
    sources = {one.source for one in expressions()}
    assert [text for text in _of_tables() if text not in sources] == []


def _of_tables() -> list[str]:
    """Every text of a table that stands under a key whose texts are expressions."""
    found = []
    for file in sorted((ROOT / "firsthop/evidence/received/dialects").glob("*.toml")):
        text = file.read_text(encoding="utf-8")
        found += re.findall(r"^pattern = '''(.+)'''$", text, re.MULTILINE)
    assert len(found) > 250
    return [text for text in found if not text.startswith("(?i)")]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_time_grows_with_the_input(shard: int) -> None:
    assert [told for one in expressions()[shard::SHARDS] for told in faults(one)] == []


@pytest.mark.parametrize(
    "source",
    [
        r"^(a+)+$",
        r"[^<>]*@",
        r"\S+@\S+ ",
        r"(?:x|xy|y)*z",
        r"\s*,\s*$",
        r"(.*);(.*):(.*)$",
        r"\((?:[^()\\]++|\\.)*+\)",
    ],
)
def test_an_expression_that_is_not_linear_is_found(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.SLOWEST", 0.5)
    assert list(faults(Expression(source, 0, "search", "here")))


def test_no_more_than_a_line_can_hold_is_looked_at_for_its_dialect() -> None:
    assert LOOK <= MAX_KNOWN


@pytest.mark.parametrize("number", range(4))
def test_a_hostile_message_costs_no_more_than_its_size(number: int) -> None:
    """A part of what `python -m benchmarks.hostile_messages` tries up to 2 MB."""
    bad = []
    for name, made in list(families())[number * 3 :: 28]:
        small, large = read(made(16 << 10)), read(made(128 << 10))
        if large > GROWTH_OF_A_MESSAGE * max(small, 0.05):
            small, large = max(small, read(made(16 << 10))), min(large, read(made(128 << 10)))
        if large > GROWTH_OF_A_MESSAGE * max(small, 0.05):
            bad.append(f"{name}: {small:.2f} s, {large:.2f} s")
    assert bad == []
