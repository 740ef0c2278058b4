"""CPU time and memory of gathering at 10,000, 100,000 and 1,000,000 messages.

    python -m benchmarks.campaigns.cost [SIZE ...]

The corpora's mail is multiplied: each copy keeps its structure, its rare values (recall.renamed) get the copy's mark, so that copies do not all link.
Reading and feature extraction are measured on the corpora themselves.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.campaigns.heap import Told, told
from benchmarks.campaigns.recall import background, renamed
from benchmarks.corpora import messages
from firsthop.campaign.assign import Assigner
from firsthop.campaign.counts import MemoryCounts
from firsthop.campaign.features import MessageFeatures, features_of
from firsthop.campaign.heap import EPOCHS
from firsthop.campaign.null import Null
from firsthop.campaign.score import Scorer
from firsthop.campaign.settings import Gathering
from firsthop.campaign.store import Store
from firsthop.campaign.weights import Epoch
from firsthop.evidence.facts import establish
from firsthop.settings import OwnServers

SIZES = (10_000, 100_000)


def main() -> None:
    """Measures each size in a process of its own."""
    if len(sys.argv) == 3 and sys.argv[1] == "one":
        _measure(int(sys.argv[2]))
        return
    _reading()
    for size in [int(a) for a in sys.argv[1:]] or SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.campaigns.cost", "one", str(size)], check=True)


def multiplied(all_told: list[Told], size: int) -> Iterator[MessageFeatures]:
    """So many messages made of the corpora's."""
    chance = random.Random(5)
    for number in range(size):
        copy, index = divmod(number, len(all_told))
        one = all_told[index].features
        yield renamed(one, f"copy{copy}", chance) if copy else one


def _reading() -> None:
    """Microseconds a message for facts and for features."""
    mail = [labelled.message() for labelled in messages()][::4]
    start = time.process_time()
    facts = [establish(one, OwnServers()) for one in mail]
    middle = time.process_time()
    for one in facts:
        features_of(one)
    stop = time.process_time()
    print(f"facts {(middle - start) / len(mail) * 1e6:.0f} us, features {(stop - middle) / len(mail) * 1e6:.0f} us a message")


def _measure(size: int) -> None:
    all_told = list(told())
    known, settings = background(all_told), Gathering()
    base = _resident()
    store, steps = Store(), [0.0]
    for one in multiplied(all_told, size):
        begun = time.process_time()
        store.add(one)
        steps[0] += time.process_time() - begun
    held, labels = _resident() - base, None
    for _ in range(EPOCHS):
        begun = time.process_time()
        epoch = Epoch(store, MemoryCounts(store, settings, labels), known, settings)
        counted = time.process_time()
        assigner = Assigner(Scorer(store, epoch))
        assigner.add_all(store.in_time(range(len(store))))
        labels = [assigner.levels[1].find(n) for n in range(len(store))]
        steps += [counted - begun, time.process_time() - counted]
    peak = _resident() - base
    begun = time.process_time()
    Null(assigner).rates()
    steps.append(time.process_time() - begun)
    each = " | ".join(f"{s / size * 1e6:.0f}" for s in steps)
    print(f"| {size:,} | {each} | {sum(steps) / size * 1e6:.0f} | {held / size:.0f} | {peak / size:.0f} |", flush=True)


def _resident() -> int:
    """The memory this process holds, in bytes (Linux)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
