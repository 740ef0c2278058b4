"""The CPU time of `investigate` by phase, in several states of the source by turns:
what a change costs or saves, on a machine that does other things too.

    python -m benchmarks.trees TREE [TREE ...]     TREE: a folder with a `firsthop` and
    a `benchmarks`, such as a `git worktree`; about 30 s a tree and round

phishing_pot and spamassassin_corpus in one process; microseconds a message, of each
phase the median of the rounds. Whether all trees made the same case, byte for byte, is
told by the exit code: 1 where they did not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import median

from benchmarks.campaigns.cost import HEAD, PHASES
from benchmarks.corpora import messages

PARTS = frozenset(("phishing_pot", "spamassassin_corpus"))
ROUNDS = 3
_MEASURED = """
import json, sys
from pathlib import Path
from benchmarks.campaigns.cost import Clock
from firsthop.investigation.investigate import investigate

clock = Clock()
count = investigate([sys.argv[1]], Path(sys.argv[2]), progress=clock).messages
clock.begin("")
print(json.dumps({name: spent / count * 1e6 for name, spent in clock.times.items()}))
"""


def main() -> int:
    """Prints the table; 1 where the trees made different cases."""
    trees = sys.argv[1:]
    spent: dict[str, list[Mapping[str, float]]] = {tree: [] for tree in trees}
    cases = set()
    with tempfile.TemporaryDirectory() as folder:
        mail = Path(folder) / "mail"
        write(mail)
        for turn in range(ROUNDS):
            for tree in trees:
                case = Path(folder) / f"case-{turn}-{trees.index(tree)}"
                spent[tree].append(measured(tree, mail, case))
                cases.add(digest(case))
    head = HEAD.replace("messages", "tree").partition(" correlation")[0]
    print(head, "|" + "---|" * (head.count("|") - 1), sep="\n")
    for tree, rounds in spent.items():
        print(row(tree, rounds))
    return 0 if len(cases) == 1 else 1


def write(folder: Path) -> None:
    """The messages, each as a file of its own."""
    folder.mkdir()
    for number, one in enumerate(one for one in messages() if one.source in PARTS):
        (folder / f"{number:05}.eml").write_bytes(one.data)


def measured(tree: str, mail: Path, case: Path) -> dict[str, float]:
    """Microseconds a message by phase, in a process that imports `tree`."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _MEASURED, mail, case],
        env=os.environ | {"PYTHONPATH": str(Path(tree).resolve())},
        capture_output=True,
        text=True,
        check=True,
    )
    spent: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return spent


def digest(case: Path) -> str:
    """One digest of all files of a case."""
    files = sorted(path for path in case.rglob("*") if path.is_file())
    told = [f"{path.relative_to(case)} {sha256(path.read_bytes()).digest()!r}" for path in files]
    return sha256("\n".join(told).encode()).hexdigest()


def row(tree: str, rounds: Sequence[Mapping[str, float]]) -> str:
    """A line of the table."""
    phases = [median(one[name] for one in rounds) for name in PHASES]
    every = median(sum(one[name] for name in PHASES) for one in rounds)
    cells = " | ".join(f"{spent:.0f}" for spent in (*phases, every))
    return f"| {Path(tree).resolve().name} | {cells} |"


if __name__ == "__main__":
    raise SystemExit(main())
