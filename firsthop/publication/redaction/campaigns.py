"""Clusters redacted: members, repeats, signatures, hosts, origins, each value by its
family.

An element that a level does not show is left out of its signature. A conjunction that
lost one is left out whole: what was measured of it is true of all its elements together
alone. So is a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil, floor

from firsthop.campaign.explain.campaign import Campaign, CampaignInFull, Member, Repeat
from firsthop.campaign.explain.origins import Origins
from firsthop.campaign.explain.timeline import Host, Moment, Timeline
from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.bitsets import Key
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.publication.redaction.redactor import Redactor

Place = tuple[str, int]  # URI and offset of a message
_NONE_TESTED = Rate(0, 0, 1.0)
_EXACT = 1_000_000  # parts of one to which numbers are published


def redacted_campaign(campaign: Campaign, by: Redactor) -> Campaign:
    """A cluster as publications speak of it."""
    return replace(
        campaign,
        signatures=tuple(
            kept for one in campaign.signatures if (kept := _signature(one, by)) is not None
        ),
        origins=_origins(campaign.origins, by),
    )


def redacted_in_full(
    full: CampaignInFull, numbers: Mapping[Place, int], by: Redactor
) -> CampaignInFull:
    """A cluster with all that a case says of it; `numbers` are those of the
    messages."""
    return full._replace(
        campaign=redacted_campaign(full.campaign, by),
        members=tuple(_member(one, numbers, by) for one in full.members),
        aliases=tuple(one._replace(reason=by.text(one.reason)) for one in full.aliases),
        timeline=_timeline(full.timeline, by),
        infrastructure=_merged(
            one._replace(value=value)
            for one in full.infrastructure
            if (value := value_of(one.family, one.value, by)) is not None
        ),
        repeats=tuple(_repeat(one, numbers, by) for one in full.repeats),
    )


def value_of(family: str, value: str, by: Redactor) -> str | None:
    """The value of a feature; None where the level does not show it."""
    return _BY_FAMILY[family](by, value)


def _member(one: Member, numbers: Mapping[Place, int], by: Redactor) -> Member:
    number = numbers.get((one.uri, one.offset), 0)
    message_id = None if one.message_id is None else by.message_id(one.message_id)
    return Member(by.place(one.uri, number), by.offset(one.offset), message_id)


def _repeat(one: Repeat, numbers: Mapping[Place, int], by: Redactor) -> Repeat:
    return Repeat(
        by.place(one.uri, numbers.get((one.uri, one.offset), 0)),
        by.offset(one.offset),
        by.place(one.of_uri, numbers.get((one.of_uri, one.of_offset), 0)),
        by.offset(one.of_offset),
    )


def _signature(one: Signature, by: Redactor) -> Signature | None:
    """None where no element is left."""
    told, others = (
        tuple(
            _atom(atom, value)
            for atom in atoms
            if (value := value_of(atom.family, atom.value, by)) is not None
        )
        for atoms in (one.telling, one.atoms[one.told :])
    )
    if not (atoms := told + others):
        return None
    one = replace(
        one,
        atoms=atoms,
        told=len(told),
        threshold=floor(one.threshold * _EXACT) / _EXACT,
        false_positives=_rate(one.false_positives),
        conjunction_false_positives=_rate(one.conjunction_false_positives),
    )
    pairs = tuple(Pair(*shown) for pair in one.pairs if (shown := _shown(pair, by)) is not None)
    if (together := _shown(one.conjunction, by)) is not None:
        return replace(one, conjunction=together, pairs=pairs)
    return replace(
        one,
        pairs=pairs,
        conjunction=(),
        conjunction_tested=(0, 0),
        conjunction_false_positives=_NONE_TESTED,
    )


def _atom(one: Atom, value: str) -> Atom:
    return one._replace(
        value=value, upper=_up(one.upper), lift=round(one.lift, 3), bits=_up(one.bits)
    )


def _rate(one: Rate) -> Rate:
    return one._replace(upper=_up(one.upper))


def _up(number: float) -> float:
    """A bound or a weight as it is published: a message that reaches a threshold
    reaches it still. Of twenty decimals nobody has a use, and read as hexadecimal they
    spell words."""
    return ceil(number * _EXACT) / _EXACT


def _shown(together: Iterable[Key], by: Redactor) -> tuple[Key, ...] | None:
    """Elements that stand together; None where the level does not show one of them."""
    pairs = [(family, value_of(family, value, by)) for family, value in together]
    shown = tuple((family, value) for family, value in pairs if value is not None)
    return shown if len(shown) == len(pairs) else None


def _origins(origins: Origins, by: Redactor) -> Origins:
    return origins._replace(
        shown=tuple(
            one._replace(names=tuple(dict.fromkeys(map(by.host, one.names))))
            for one in origins.shown
            if by.ip_address(one.address) is not None
        )
    )


def _timeline(timeline: Timeline, by: Redactor) -> Timeline:
    return timeline._replace(
        first_seen=_moment(timeline.first_seen, by), last_seen=_moment(timeline.last_seen, by)
    )


def _moment(moment: Moment | None, by: Redactor) -> Moment | None:
    return moment and moment._replace(source=by.text(moment.source))


def _merged(hosts: Iterable[Host]) -> tuple[Host, ...]:
    """Each host once: two names can have one form."""
    seen: dict[tuple[str, str], Host] = {}
    for one in hosts:
        seen.setdefault((one.family, one.value), one)
    return tuple(seen.values())


_Treatment = Callable[[Redactor, str], str | None]
_KINDS: tuple[tuple[_Treatment, str], ...] = (
    (Redactor.address, "author_address author_account reply_address"),
    (Redactor.host, "helo helo_domain envelope_domain relay relay_domain first_helo id_domain"),
    (Redactor.host, "author_domain url_domain url_host url_only unsubscribe_domain"),
    (Redactor.host, "client_parent url_parent"),
    (Redactor.ip_address, "client_address first_address"),
    (Redactor.words, "display_name subject_template passage short_text url_path attachment_name"),
    (Redactor.words, "url_token url_page kit_form kit_comment kit_title"),
    (Redactor.shape, "local_shape"),
    (Redactor.affix, "id_affix boundary_affix id_shape id_repetition boundary_shape toolmark"),
    (Redactor.affix, "id_token id_pattern field_token envelope_token service_account"),
    (Redactor.text, "client_network url_shape dkim_key mailer field_order extra_field"),
    (Redactor.text, "extra_fields zone structure charset html_skeleton attachment relation"),
    (Redactor.text, "kit_names kit_colours asserted"),
)
_BY_FAMILY = {family: redact for redact, families in _KINDS for family in families.split()}


def untreated() -> Iterator[str]:
    """The families that nobody has said how to redact: there must be none."""
    return (name for name in FAMILIES if name not in _BY_FAMILY)
