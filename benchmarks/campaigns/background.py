"""Counts the background that ships with the package, from genuine mail of openly
licensed corpora; writes firsthop/campaign/background/.

    python -m benchmarks.campaigns.background

Only hashes of values and counts leave the corpora: no addresses, names, texts or links
(background.PERSONAL), and no value of a single message."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.campaigns.heap import Told, told
from firsthop.campaign.background import Source, count_source, pack

FOLDER = Path(__file__).parents[2] / "firsthop" / "campaign" / "background"
OPEN = {
    "spamassassin_corpus": (
        "SpamAssassin public corpus, genuine mail (compilation PDDL-1.0/CC0-1.0)"
    ),
    "foff_milter": "test mail of foff-milter, genuine commercial mail (MIT)",
    "sa_tdata": "test mail of SpamAssassin, genuine (Apache-2.0)",
}


def main() -> None:
    """Counts and writes."""
    FOLDER.mkdir(exist_ok=True)
    by_source: defaultdict[str, list[Told]] = defaultdict(list)
    for one in told():
        if one.label == "ham" and one.source in OPEN:
            by_source[one.source].append(one)
    text = (
        "# Written by `python -m benchmarks.campaigns.background`: hashes of values and counts "
        "of messages, author domains and months. No addresses.\n"
    )
    for name, says in OPEN.items():
        mail = by_source[name]
        source = count_source(
            name, f"{says}, {_span(mail)}", (m.features for m in mail), publish=True
        )
        (FOLDER / f"{name}.bin").write_bytes(pack(source))
        text += _entry(source)
        print(name, source.messages, len(source.stats))
    (FOLDER / "origin.toml").write_text(text, encoding="utf-8")


def _entry(source: Source) -> str:
    return (
        f'\n[source.{source.name}]\nsays = "{source.explanation}"\nmessages = '
        f"{source.messages}\ndomains = {source.domains}\nvalues = {len(source.stats)}\n"
    )


def _span(mail: list[Told]) -> str:
    """The months between the 2nd and 98th percentile of the messages' times."""
    times = sorted(m.features.instant for m in mail if m.features.instant is not None)
    low, high = times[len(times) // 50], times[-1 - len(times) // 50]
    return " to ".join(datetime.fromtimestamp(t, UTC).strftime("%Y-%m") for t in (low, high))


if __name__ == "__main__":
    main()
