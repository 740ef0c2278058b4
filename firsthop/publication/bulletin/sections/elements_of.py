"""What tells one campaign apart: a table of its elements, the strongest first, each
with how many of its messages and of other messages bear it, and what they find
together."""

from __future__ import annotations

from collections.abc import Iterator

from firsthop.campaign.background import PERSONAL
from firsthop.campaign.explain.campaign import Campaign
from firsthop.campaign.explain.shared import is_shared
from firsthop.campaign.features.relation import RELATIONS
from firsthop.campaign.signature.atoms import Atom
from firsthop.campaign.signature.bitsets import Key
from firsthop.campaign.signature.pairs import Pair
from firsthop.campaign.signature.signature import Rate, Signature
from firsthop.evidence.host.names import registrable_domain
from firsthop.evidence.identity.shared_hosts import is_placeholder
from firsthop.publication.bulletin.document import (
    Block,
    Joined,
    Listed,
    Paragraph,
    Quoted,
    Table,
    Value,
    Word,
)
from firsthop.publication.bulletin.names import shown_value
from firsthop.publication.bulletin.sections.counts import sentences

MOST_ELEMENTS = 6
MOST_SHARED = 4
MOST_PAIRS = 3
_HOST_OF = {"relay_domain": "relay", "helo_domain": "helo", "url_domain": "url_host"}
_COLUMNS = ("element", "value", "inside", "outside", "upper")
_RELATION_KEYS = {value: key for key, value in RELATIONS.items()}


def elements_of(signature: Signature | None) -> Iterator[Block]:
    """The blocks on a campaign's signature."""
    atoms = [a for a in signature.telling if a.family not in PERSONAL] if signature else []
    telling = [atom for atom in atoms if not is_shared(atom.family, atom.value)]
    telling = [atom for atom in telling if not any(_implies(one, atom) for one in telling)]
    if telling:
        rows = tuple(map(_row, telling[:MOST_ELEMENTS]))
        yield Table(tuple(f"column.{column}" for column in _COLUMNS), rows)
    else:
        yield Paragraph("campaigns.no_signature")
    if told := [*_shared(atoms), *(_found(signature) if signature else ())]:
        yield sentences(*told)


def rule_of(signature: Signature) -> tuple[tuple[str, str], ...]:
    """The fewest elements that tell a campaign apart, if they may be told and are not
    only what everybody shares."""
    return _told(signature.conjunction)


def pairs_of(signature: Signature) -> list[Pair]:
    """The pairs of elements that find a message by themselves, as far as they may be
    told."""
    return [pair for pair in signature.pairs if _told(pair)]


def _told(together: tuple[Key, ...]) -> tuple[Key, ...]:
    """Elements that stand together; none where a person is among them, or only what
    everybody shares."""
    if any(family in PERSONAL for family, _ in together):
        return ()
    return () if all(is_shared(*pair) for pair in together) else together


def lacks_background(campaign: Campaign) -> bool:
    """Whether other mail is too little to claim few false positives."""
    signature = campaign.signature()
    return signature is not None and not signature.enough


def _implies(host: Atom, domain: Atom) -> bool:
    """Whether an element is only the domain of a host that tells as much."""
    return (
        _HOST_OF.get(domain.family) == host.family
        and registrable_domain(host.value) == domain.value
        and (host.covered, host.background) == (domain.covered, domain.background)
    )


def _row(atom: Atom) -> tuple[Value, ...]:
    return (
        Word(f"family.{atom.family}"),
        _value(atom.family, atom.value),
        _share(*atom.covered),
        _share(*atom.background),
        Word("campaigns.percent", {"n": f"{100 * atom.upper:.2f}"}),
    )


def _share(k: int, n: int) -> Word:
    return Word("campaigns.share", {"k": str(k), "n": str(n)})


def _value(family: str, value: str) -> Value:
    """A value as it stands in the mail; a relation in words."""
    if family == "relation":
        return Word(f"relation.{_RELATION_KEYS[value]}")
    return Quoted(shown_value(family, value))


def _shared(atoms: list[Atom]) -> Iterator[Word]:
    """What it uses and everybody else does too; a collector's own marks are nothing
    that it uses."""
    values = dict.fromkeys(
        atom.value
        for atom in atoms
        if is_shared(atom.family, atom.value) and not is_placeholder(atom.value)
    )
    if values:
        told = Listed(tuple(map(Quoted, list(values)[:MOST_SHARED])))
        yield Word("campaigns.shared", {"values": told})


def _found(signature: Signature) -> Iterator[Word]:
    """How many of the later part, and of other mail, the elements find (nothing where
    the campaign is too small for a later part); then the pairs of them, or where there
    are none, the fewest that stand together."""
    k, n = signature.tested
    if n:
        yield Word("campaigns.tested", _tested(k, n, signature.false_positives))
    if pairs := pairs_of(signature):
        yield from _pairs(pairs)
    elif rule := rule_of(signature):
        count = {"n": str(len(rule))}
        yield Word("campaigns.conjunction", {**count, "elements": _elements(rule)})
        k, n = signature.conjunction_tested
        if n:
            tested = _tested(k, n, signature.conjunction_false_positives)
            yield Word("campaigns.conjunction_tested", {**count, **tested})


def _pairs(pairs: list[Pair]) -> Iterator[Word]:
    """The first of the pairs of elements that find a message by themselves."""
    both = Joined(tuple(map(_elements, pairs[:MOST_PAIRS])), "; ")
    yield Word("campaigns.pairs", {"n": str(len(pairs)), "pairs": both})
    if (more := len(pairs) - MOST_PAIRS) > 0:
        yield Word("campaigns.cut", {"n": str(more)})


def _elements(together: tuple[Key, ...]) -> Listed:
    return Listed(
        tuple(
            Word("campaigns.pair", {"family": Word(f"family.{f}"), "value": _value(f, v)})
            for f, v in together
        )
    )


def _tested(k: int, n: int, false: Rate) -> dict[str, Value]:
    """What is found of the later part and of other mail."""
    return {
        "later": Word("campaigns.later", {"n": str(k), "total": str(n)}),
        "others": Word("campaigns.other_mail", {"n": str(false.k), "total": str(false.n)}),
        "upper": f"{100 * false.upper:.2f}",
    }
