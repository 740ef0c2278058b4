"""The rules of one engine for one campaign: two strengths, two forms, each measured
with what this engine can be asked, and what it cannot be asked told beside.

    block   narrow enough that mail may be refused: `cover.BLOCK`
    hunt    wider, to look at what it finds: `cover.HUNT`
    any / structural: with addresses, hosts and domains, or without, so that it
            survives their rotation

A condition that an engine cannot express is not taken out of a rule, which would make
the rule find more mail: the rule is learned anew from what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from firsthop.campaign.features.families import FAMILIES
from firsthop.campaign.signature import cover as covers
from firsthop.campaign.signature.bitsets import Key
from firsthop.campaign.signature.cover import Cover, Together, any_elements, cover
from firsthop.publication.exports.never import why_never
from firsthop.publication.exports.rules.conditions import Condition
from firsthop.publication.exports.rules.translate import Untranslatable, condition_of
from firsthop.publication.exports.source import ExportSource

BLOCK, HUNT = "block", "hunt"
_KINDS = ((BLOCK, "any"), (BLOCK, "structural"), (HUNT, "any"))

Express = Callable[[Condition], str | None]
"""Why an engine cannot be asked a condition; None where it can."""
ExpressKey = Callable[[Key], str | None]
"""Why an engine cannot be asked an element of that family and value, whatever its
condition; None where it can."""


class Element(NamedTuple):
    """One element of a clause."""

    family: str
    value: str
    condition: Condition


class Rule(NamedTuple):
    """One rule: a message has to meet every element of one of the clauses."""

    name: str  # letters, digits and underscores: firsthop_ca_3181081fb47e_block_any
    campaign: str
    strength: str
    form: str
    clauses: tuple[tuple[Element, ...], ...]
    measured: Cover


class LeftOut(NamedTuple):
    """An element of the campaign's signature that no rule of the engine can use."""

    family: str
    value: str
    reason: str


class NoRule(NamedTuple):
    """A rule that was not made."""

    strength: str
    form: str
    reason: str


class RuleSet(NamedTuple):
    """The rules of an engine for a campaign."""

    rules: tuple[Rule, ...]
    none: tuple[NoRule, ...]
    left_out: tuple[LeftOut, ...]


TOO_WEAK = (
    "nothing that this engine can be asked tells the campaign's mail from other mail narrowly "
    "enough to refuse it"
)
NOTHING = "nothing that this engine can be asked tells the campaign's mail from other mail"


def rules_for(
    source: ExportSource,
    express: Express,
    together: Together = any_elements,
    express_key: ExpressKey = lambda _: None,
) -> RuleSet:
    """The rules of an engine that is asked what `express` and `express_key` allow, and
    in one clause only what it can be asked `together`."""

    @cache
    def why_not(key: Key) -> str | None:
        condition = condition_of(*key)
        if isinstance(condition, Untranslatable):
            return condition
        return express_key(key) or express(condition)

    demands = {BLOCK: covers.BLOCK._replace(copied=copied_from(source)), HUNT: covers.HUNT}
    rules: list[Rule] = []
    none: list[NoRule] = []
    for strength, form in _KINDS:
        measured = cover(
            source.members,
            source.other,
            _usable(form, why_not),
            demands[strength]._replace(together=together),
        )
        if measured is None:
            none.append(NoRule(strength, form, TOO_WEAK if strength == BLOCK else NOTHING))
        else:
            rules.append(_rule(source, strength, form, measured))
    return RuleSet(tuple(rules), tuple(none), _left_out(source, why_not))


_CLAIMED = frozenset("author_domain author_address display_name local_shape".split())
_HOSTS_TOLD = frozenset("envelope_domain id_domain dkim_key".split())


def copied_from(source: ExportSource) -> covers.Copied:
    """Whether whoever imitates somebody may have copied an element from that one's own
    mail: what is said of the author, and hosts that no list may hold. With such alone a
    rule would refuse the genuine mail, too."""

    @cache
    def copied(key: Key) -> bool:
        family, value = key
        if family in _HOSTS_TOLD:
            return why_never(source, "envelope_domain", value.partition(" ")[0]) is not None
        return family in _CLAIMED

    return copied


def _usable(form: str, why_not: Callable[[Key], str | None]) -> Callable[[Key], bool]:
    """Whether an element has that form, and the engine can be asked it."""

    def usable(key: Key) -> bool:
        return (form == "any" or FAMILIES[key[0]].structural) and why_not(key) is None

    return usable


def _rule(source: ExportSource, strength: str, form: str, measured: Cover) -> Rule:
    campaign = source.campaign.id
    return Rule(
        f"firsthop_{campaign.replace('-', '_')}_{strength}_{form}",
        campaign,
        strength,
        form,
        tuple(tuple(map(_element, one.elements)) for one in measured.clauses),
        measured,
    )


def _element(key: Key) -> Element:
    condition = condition_of(*key)
    assert not isinstance(condition, Untranslatable)  # noqa: S101 - `why_not` let it pass
    return Element(*key, condition)


def _left_out(source: ExportSource, why_not: Callable[[Key], str | None]) -> tuple[LeftOut, ...]:
    """The elements of the signatures that the engine cannot be asked."""
    keys = dict.fromkeys(
        (atom.family, atom.value) for one in source.campaign.signatures for atom in one.atoms
    )
    return tuple(
        LeftOut(*key, reason) for key in keys if (reason := why_not(key)) is not None
    ) + tuple(LeftOut(*key, HIDDEN) for key in source.hidden)


HIDDEN = "the TLP level does not show it"
