"""The heap that the tests of archive and engines share: invented, skewed as real heaps
are, the same at every run."""

from __future__ import annotations

import random
from math import log2

from firsthop.campaign.engine import Engine, Row, family_rows
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.features.record import Feature, MessageFeatures, feature_rows
from firsthop.mail.message import Span

DAY = 86_400
START = 1_400_000_000
OWN = (
    "client_address",
    "helo",
    "relay",
    "mailer",
    "id_shape",
    "field_order",
    "author_domain",
    "subject_template",
    "url_host",
    "url_shape",
    "passage",
)
COMMON = ("zone", "charset", "structure", "mailer")


def heap(messages: int, seed: int = 1) -> list[MessageFeatures]:
    """Messages of campaigns whose sizes fall off, with values of their own, of their
    campaign and of half the world; some without a time."""
    dice = random.Random(seed)
    return [_message(number, int(dice.paretovariate(0.7)) % 40, dice) for number in range(messages)]


def _message(number: int, campaign: int, dice: random.Random) -> MessageFeatures:
    features = [
        Feature(
            family,
            f"{family} {campaign}" if dice.random() < 0.8 else f"{family} own {number}",
            "X",
            Span(1, 9),
        )
        for family in OWN
    ]
    features += [Feature(family, f"{family} {dice.randrange(4)}") for family in COMMON]
    features += [
        Feature("url_host", f"shared host {dice.randrange(30)}", "body")
        for _ in range(dice.randrange(6))
    ]
    if campaign % 7 == 1:
        features += [
            Feature("asserted", "x_mailer = Ω 'X' (source)"),
            Feature("asserted", "author_domain = example.org (source)"),
        ]
    once = tuple({(f.family, f.value): f for f in features}.values())
    instant = None if number % 17 == 3 else START + campaign * 20 * DAY + dice.randrange(60) * DAY
    domain = f"domain{dice.randrange(9)}.example" if dice.random() < 0.3 else None
    return MessageFeatures(
        f"{number:064x}",
        f"heap/{number}.eml",
        0,
        f"<{number}@x>",
        instant,
        "hop 1",
        120,
        domain,
        once,
    )


def give(engine: Engine, mail: list[MessageFeatures], *, late: int = 0) -> None:
    """Put a heap into an engine; the last `late` messages arrived for a second
    gathering."""
    engine.put("family", family_rows())
    engine.put(
        "message",
        [
            (one.id, one.instant, one.authenticated_domain, 2 if n >= len(mail) - late else 1)
            for n, one in enumerate(mail)
        ],
    )
    engine.put("feature", [(row[0], row[2], row[4]) for one in mail for row in feature_rows(one)])


def weigh(engine: Engine) -> list[Row]:
    """Simple weights, put into the engine: hash, p, bits."""
    ((messages, *_),) = engine.run("heap_count")
    found: list[Row] = []
    for hashed, family, _, campaigns, _, _, outside, *_ in engine.run("value_stats"):
        p = 0.2 if family == "asserted" else max(min(campaigns / messages, outside), 0.5 / messages)
        found.append((hashed, p, min(16.0, -log2(p)) * FAMILIES[family].reliability))
    engine.put("weight", found)
    return found


def test_the_heap_is_skewed_and_repeats() -> None:
    assert heap(50) == heap(50)
    assert sum(one.instant is None for one in heap(200)) == 12
