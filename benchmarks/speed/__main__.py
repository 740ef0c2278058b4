"""Writes docs/reference/speed.md; with arguments one measurement, for a process of its
own."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed.memory import memory, memory_table, peak
from benchmarks.speed.parts import PARTS, Mails, write_parts
from benchmarks.speed.rates import ROUNDS, measure, rate_table, rates, ratios
from benchmarks.speed.stages import ENGINES, stage_table, stages
from benchmarks.speed.steps import native_step_table, native_steps, step_table, steps, taken
from benchmarks.start import table as start_table
from docs.prose import wrapped

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "speed.md"


def page() -> str:
    """The reference page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = write_parts(folder)
        middle = rates(folder)
        python, native = taken(folder, "steps"), taken(folder, "native-steps")
        staged = {what: taken(folder, what) for what in ENGINES}
        peaks = list(memory(folder, [data for part in PARTS for data in parts[part]]))
    return "\n".join(
        [
            *_intro(parts),
            *rate_table(middle),
            *ratios(middle),
            *step_table(python),
            *native_step_table(native),
            *stage_table(staged),
            *memory_table(peaks),
            *start_table(),
        ]
    )


def _intro(parts: dict[str, Mails]) -> list[str]:
    sizes = "; ".join(
        (
            f"{part}: {PARTS[part]}, {len(mails):,} messages of "
            f"{sum(map(len, mails)) / len(mails) / 1000:.1f} KB"
        )
        for part, mails in parts.items()
    )
    return [
        "# Speed",
        "",
        (
            "Written by `python -m benchmarks.speed`. Messages a CPU-second of one process, "
            "bytes in memory beforehand;"
        ),
        (
            f"the median of {ROUNDS} interleaved rounds, each in a fresh process and in another "
            f"order. {sizes}."
        ),
        "",
        (
            "Cold: the first half of a part in a process that has read no mail and finds what "
            "earlier ones kept: bytecode, expressions, what the tables' examples teach the "
            "kernel. Steady: the other half, after all the rest of the corpora and the first "
            "half."
        ),
        (
            "No message is read twice; what the process keeps between messages (forms of lines, "
            "host names, addresses, days) is bounded."
        ),
        "",
    ]


def main(arguments: Sequence[str]) -> None:
    """Without arguments the whole page; with arguments one measurement, as a line of
    JSON."""
    match arguments:
        case ["measure", tool, part, chance, folder]:
            print(json.dumps(measure(tool, part, int(chance), Path(folder))))
        case ["steps", part, chance, folder]:
            print(json.dumps(steps(part, int(chance), Path(folder))))
        case ["native-steps", part, chance, folder]:
            print(json.dumps(native_steps(part, int(chance), Path(folder))))
        case ["stages" | "python-stages" as what, part, chance, folder]:
            found = stages(part, int(chance), Path(folder), kernel=what == "stages")
            print(json.dumps(found))
        case ["peak", mailbox]:
            print(json.dumps(peak(Path(mailbox))))
        case _:
            PAGE.write_text(wrapped(page()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
