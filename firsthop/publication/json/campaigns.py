"""The JSON of campaigns: `campaigns.json` of a case and the answer of `campaigns
--json`, written from the typed values and read back into them; a contract that is
extended and never broken.

Forms:      times are RFC 3339 text in UTC, or null.
Promises:   what was written is read back equal, and written again gives the same bytes.
Raises:     on reading, CaseError for a folder without campaigns, and KeyError,
            TypeError or ValueError for JSON that is no signature.
"""

from __future__ import annotations

from pathlib import Path

from firsthop.campaign.clustering.clusters import Alias
from firsthop.campaign.explain.campaign import Campaign, CampaignInFull, Member, Repeat
from firsthop.campaign.explain.origins import Country, Origin, Origins
from firsthop.campaign.explain.senders import AuthorDomain, Senders
from firsthop.campaign.explain.timeline import Host, Moment, Timeline
from firsthop.campaign.first_hops.bursts import Burst
from firsthop.campaign.schema.cluster import CLUSTER
from firsthop.campaign.schema.signature import SIGNATURE
from firsthop.campaign.signature.atoms import TOLD, Atom
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.campaign.similarity.parameters import LEVELS
from firsthop.errors import CaseError, SettingsError
from firsthop.evidence.host.places import Place
from firsthop.evidence.timestamp import days_from_civil, utc_text
from firsthop.publication.json.conforms import demand
from firsthop.publication.json.message import item_writer
from firsthop.publication.json.values import Object
from firsthop.publication.json.writer import writer
from firsthop.system.given_file import json_of, read_given

CAMPAIGNS = "campaigns.json"


campaign_object = writer(CLUSTER)
"""One cluster, a CampaignInFull, as JSON; `read_campaign` takes it back."""


campaign_text = item_writer(CLUSTER)
"""The same as text: an item of `campaigns.json`."""


signature_object = writer(SIGNATURE)
"""A signature as JSON; `read_signature` takes it back."""


def read_campaigns(case: Path) -> list[CampaignInFull]:
    """The campaigns of a case. CaseError where it holds none, or none that can be
    read."""
    try:
        table = json_of(read_given(case / CAMPAIGNS))
        return [read_campaign(one) for one in table]
    except (SettingsError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise CaseError(f"{case} is no case with campaigns: run `firsthop investigate`") from error


def read_campaign(table: Object) -> CampaignInFull:
    """The cluster that `campaign_object` wrote."""
    full = CampaignInFull(
        Campaign(
            table["id"],
            table["level"],
            table["parent"],
            _instant(table["first_seen"]),
            _instant(table["last_seen"]),
            table["size"],
            tuple(map(read_signature, table["signature"].values())),
            _read_origins(table["origins"]),
            _read_senders(table["senders"]),
        ),
        tuple(Member(**member) for member in table["members"]),
        table["signature_sought"],
        tuple(Alias(one["id"], one["into"], one["reason"]) for one in table["aliases"]),
        _read_timeline(table["timeline"]),
        tuple(Host(**_read_seen(host)) for host in table["infrastructure"]),
        tuple(Repeat(**one) for one in table.get("repeats", ())),
    )
    demand(full)
    if full.campaign.level not in LEVELS:
        raise ValueError(f"no level: {full.campaign.level}")
    return full


def read_signature(table: Object) -> Signature:
    """The signature that `signature_object` wrote."""
    signature = Signature(
        campaign=table["campaign"],
        form=table["form"],
        atoms=tuple(
            Atom(**{**a, "covered": tuple(a["covered"]), "background": tuple(a["background"])})
            for a in table["atoms"]
        ),
        threshold=table["threshold"],
        conjunction=tuple((c["family"], c["value"]) for c in table["conjunction"]),
        learned=tuple(table["learned"]),
        tested=tuple(table["tested"]),
        conjunction_tested=tuple(table["conjunction_tested"]),
        false_positives=Rate(**table["false_positives"]),
        conjunction_false_positives=Rate(**table["conjunction_false_positives"]),
        enough=table["enough"],
        pairs=tuple(
            Pair(*((one["family"], one["value"]) for one in (pair["first"], pair["second"])))
            for pair in table.get("pairs", ())
        ),
        told=table.get("told", TOLD),
    )
    demand(signature)
    return signature


def _read_timeline(table: Object) -> Timeline:
    return Timeline(
        _read_moment(table["first"]),
        _read_moment(table["last"]),
        tuple(Burst(_time(b["first"]), _time(b["last"]), b["messages"]) for b in table["bursts"]),
        tuple((_time(gap["from"]), _time(gap["to"])) for gap in table["gaps"]),
        tuple((zone["minutes"], zone["messages"]) for zone in table["zones"]),
        table["undated"],
    )


def _read_moment(table: Object | None) -> Moment | None:
    return Moment(_time(table["utc"]), table["source"]) if table else None


def _read_origins(table: Object) -> Origins:
    countries = table["countries"]
    return Origins(
        table["addresses"],
        table["messages"],
        table["inside"],
        None if countries is None else tuple(Country(**one) for one in countries),
        tuple(map(_read_origin, table["shown"])),
    )


def _read_senders(table: Object) -> Senders:
    domains = tuple(AuthorDomain(**one) for one in table["domains"])
    return Senders(**{**table, "domains": domains})


def _read_origin(table: Object) -> Origin:
    place = table["place"]
    known = {"names": tuple(table["names"]), "place": None if place is None else Place(**place)}
    return Origin(**{**_read_seen(table), **known})


def seen_object(table: Object) -> Object:
    """An object whose first and last time, seconds since 1970, become text."""
    return {
        **table,
        "first_seen": _text(table["first_seen"]),
        "last_seen": _text(table["last_seen"]),
    }


def _read_seen(table: Object) -> Object:
    """The other way."""
    return {
        **table,
        "first_seen": _instant(table["first_seen"]),
        "last_seen": _instant(table["last_seen"]),
    }


def _text(instant: int | None) -> str | None:
    return None if instant is None else utc_text(instant)


def _instant(text: str | None) -> int | None:
    return None if text is None else _time(text)


def _time(text: str) -> int:
    """The seconds since 1970 that `utc_text` wrote."""
    date, _, clock = text.removesuffix("Z").partition("T")
    year, month, day = map(int, date.split("-"))
    hour, minute, second = map(int, clock.split(":"))
    return 86_400 * days_from_civil(year, month, day) + 3_600 * hour + 60 * minute + second
