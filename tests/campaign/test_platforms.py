"""What comes with a platform is as rare as it is within the platform's own mail."""

from __future__ import annotations

from benchmarks.campaigns.in_memory import MemoryCounts
from firsthop.campaign.background import Background, count_source
from firsthop.campaign.features import MessageFeatures
from firsthop.campaign.similarity.parameters import ClusteringParameters
from firsthop.campaign.similarity.store import Store
from firsthop.campaign.similarity.weights import Epoch
from firsthop.campaign.similarity.within_platforms import FEWEST, shares_within_platforms
from tests.campaign.test_gathering import mail

GMAIL = ("id_domain", "mail.gmail.com")
ORDER = ("field_order", "From Date Subject #1")
BOX = ("reply_address", "box@example.org")


def heap(habit: int, size: int = 40) -> list[MessageFeatures]:
    """Mail through one platform, `habit` of it with one order of fields; and as much
    that came another way."""
    through = [mail(f"g{n}", GMAIL, *([ORDER, BOX] if n < habit else [])) for n in range(size)]
    return through + [mail(f"x{n}", ("id_domain", f"x{n}.example")) for n in range(size)]


def shares(
    mails: list[MessageFeatures],
    labels: list[int] | None = None,
    background: Background | None = None,
) -> dict[str, float]:
    """The shares within platforms, by family."""
    store = Store()
    store.extend(mails)
    of = {store.find(*value): value[0] for value in (GMAIL, ORDER, BOX)}
    found = shares_within_platforms(store, labels, background or Background())
    return {of[value]: share for value, share in found.items()}


def test_a_habit_of_the_platform_is_as_common_as_in_its_mail() -> None:
    assert shares(heap(10), list(range(80))) == {"field_order": 10 / 40}


def test_each_campaign_counts_once() -> None:
    one_campaign = [0] * 10 + list(range(10, 80))
    assert shares(heap(10), one_campaign) == {}  # one campaign's own order
    assert shares(heap(13), one_campaign) == {"field_order": 4 / 31}


def test_too_little_mail_shows_no_habit() -> None:
    size = FEWEST - 1
    assert shares(heap(10, size), list(range(2 * size))) == {}
    assert shares(heap(2), list(range(80))) == {}


def test_what_stands_mostly_elsewhere_is_not_the_platforms() -> None:
    elsewhere = [mail(f"y{n}", ORDER) for n in range(11)]
    assert shares([*heap(10), *elsewhere], list(range(91))) == {}


def test_before_campaigns_are_known_the_background_tells() -> None:
    background = Background((count_source("own", "own mail", heap(10)),))
    assert shares(heap(3), None, background) == {"field_order": 10 / 40}
    assert shares(heap(3), None) == {}


def test_weights_count_a_habit_as_little_as_it_tells() -> None:
    store, bits = Store(), {}
    store.extend(heap(10))
    settings = ClusteringParameters()
    for labels in (None, list(range(80))):
        counts = MemoryCounts(store, settings, labels)
        epoch = Epoch(store, counts, Background(), settings, labels)
        number = store.find(*ORDER)
        assert number is not None
        bits[labels is None] = epoch.weight[number]
    assert bits[False] < bits[True]
    assert bits[False] == round(1000 * 2 * 0.7)  # a quarter of the platform's campaigns
