"""The public API: `__all__` names all of it, each name is there, and whoever follows
the annotations from the four functions meets public types."""

from __future__ import annotations

import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import firsthop
from docs.api_page import EXAMPLE
from firsthop.errors import FirsthopError
from firsthop.system.cached_property import cached_property
from tests.children import ROOT, run_python

FUNCTIONS = ("read", "trace", "examine", "investigate", "publish")
# Types that a program meets only when it takes a result apart: they are typed and
# described where they stand, and are no promise of `firsthop` itself.
DEEPER = {
    "firsthop.evidence.authentication.arc.sets": {"ArcSet", "Chain"},
    "firsthop.evidence.authentication.arc.verify": {"ChainStatus"},
    "firsthop.evidence.authentication.dkim.body": {"BodyHash"},
    "firsthop.evidence.authentication.dkim.coverage": {"Coverage"},
    "firsthop.evidence.authentication.dkim.signature": {"Signature"},
    "firsthop.evidence.authentication.dkim.verify": {"DkimOutcome", "Signatures"},
    "firsthop.evidence.authentication.dmarc.evaluate": {"Alignment", "Authenticated"},
    "firsthop.evidence.authentication.dmarc.organization": {"Rules"},
    "firsthop.evidence.authentication.dmarc.record": {"DmarcRecord"},
    "firsthop.evidence.authentication.results": {"ResultHead"},
    "firsthop.evidence.authentication.spf.run": {"TraceStep"},
    "firsthop.evidence.markup": {"Form", "Markup"},
    "firsthop.evidence.tag_list": {"Tags"},
    "firsthop.evidence.dns.store": {"DnsView", "Missing", "Question"},
    "firsthop.evidence.path.receiver": {"Receiver"},
    "firsthop.evidence.path.receiver_table": {"ReceiverField", "ResultsPlace", "TextPattern"},
    "firsthop.system.expression": {"Expression"},
    "firsthop.evidence.providers.provider": {"FieldSeen", "Presence", "ProviderMatch"},
    "firsthop.campaign.causes.contacts": {"ContactCounts"},
    "firsthop.campaign.causes.outside": {"OutsideCounts", "PlaceCounts"},
    "firsthop.campaign.explain.names": {"CampaignName", "Part"},
    "firsthop.campaign.explain.senders": {"AuthorDomain", "Senders"},
    "firsthop.campaign.first_hops.bursts": {"Burst"},
    "firsthop.campaign.first_hops.tally": {"MailerFindings", "Tally"},
    "firsthop.campaign.signature.pairs": {"Pair"},
    "firsthop.campaign.examples": {"Example", "HeaderLine", "Rung"},
    "firsthop.evidence.path.adjacency": {"Adjacency"},
    "firsthop.judgement.hypotheses.icd203": {"Likelihood"},
    "firsthop.judgement.hypotheses.weighed": {
        "Confidence",
        "Fit",
        "Wanted",
        "WeighedAnswer",
        "WeighedFinding",
    },
    "firsthop.evidence.providers.provider_table": {
        "Fact",
        "Host",
        "IdShape",
        "OwnField",
        "Period",
        "Range",
    },
}


def test_all_names_every_member_and_every_name_is_there() -> None:
    missing = [name for name in firsthop.__all__ if not hasattr(firsthop, name)]
    assert missing == [], "named in __all__, and nowhere to be found"
    members = {
        name
        for name, value in vars(firsthop).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert members | {"__version__"} == set(firsthop.__all__)
    assert len(set(firsthop.__all__)) == len(firsthop.__all__)
    assert set(firsthop.__all__) <= set(dir(firsthop))


@pytest.mark.parametrize("name", sorted(set(firsthop.__all__) - {"__version__"}))
def test_a_public_name_is_itself_and_says_what_it_is(name: str) -> None:
    value = getattr(firsthop, name)
    assert value.__name__ == name
    assert value.__module__ == firsthop._HOME[name]
    assert len(inspect.getdoc(value) or "") > 10
    assert name in vars(firsthop), "loaded once, and kept"


def test_what_is_not_there_is_said_like_anywhere_else() -> None:
    with pytest.raises(AttributeError, match="module 'firsthop' has no attribute 'nothing'"):
        firsthop.nothing  # type: ignore[attr-defined] # noqa: B018


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_typed_throughout(name: str) -> None:
    signature = inspect.signature(getattr(firsthop, name))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        assert parameter.annotation not in (inspect.Parameter.empty, "Any")


def annotations_of(what: Any) -> dict[str, Any]:
    """The resolved annotations of a function or class; names that only a type checker
    imports are public types."""
    space = vars(sys.modules[what.__module__])
    public = {name: getattr(firsthop, name) for name in firsthop.__all__}
    return typing.get_type_hints(what, {**public, **space})


def returned_by(member: object) -> Callable[..., Any] | None:
    """The function behind a property or method."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, (cached_property, functools.cached_property)):
        return member.func
    member = getattr(member, "__func__", member)
    return member if inspect.isfunction(member) else None


def leads_to(what: Any) -> Iterator[Any]:
    """The annotations of a function; of a class, those of its public fields, and what
    its public properties and methods return."""
    if not inspect.isclass(what):
        yield from annotations_of(what).values()
        return
    yield from (kind for name, kind in annotations_of(what).items() if name[0] != "_")
    for name, member in vars(what).items():
        if name[0] != "_" and (function := returned_by(member)):
            yield annotations_of(function).get("return")


def reached() -> set[type]:
    """All classes of the package that annotations lead to."""
    waiting: list[Any] = [getattr(firsthop, name) for name in FUNCTIONS]
    known: set[Any] = set()
    while waiting:
        what = waiting.pop()
        waiting += typing.get_args(what)
        what = typing.get_origin(what) or what
        if not str(getattr(what, "__module__", "")).startswith("firsthop") or what in known:
            continue
        known.add(what)
        if inspect.isclass(what) or inspect.isfunction(what):
            waiting += leads_to(what)
    return {what for what in known if inspect.isclass(what)}


def test_every_type_that_annotations_lead_to_is_public() -> None:
    found = {(one.__module__, one.__name__) for one in reached()}
    public = {(firsthop._HOME[name], name) for name in firsthop._HOME}
    deeper = {(module, name) for module, names in DEEPER.items() for name in names}
    assert sorted(found - public - deeper) == [], (
        "these types are reached from the API: add them to firsthop/__init__.py (three "
        "places), or to DEEPER here"
    )
    assert sorted(deeper - found) == [], "DEEPER names what is reached no more"
    assert len(found & public) > 30


def test_the_errors_are_public() -> None:
    waiting, tree = [FirsthopError], set()
    while waiting:
        tree.add(one := waiting.pop())
        waiting += one.__subclasses__()
    mine = {one.__name__ for one in tree if one.__module__.startswith("firsthop")}
    assert mine <= set(firsthop.__all__)


def test_the_import_loads_nothing_of_the_program() -> None:
    code = (
        "import sys; sys.path.insert(0, '.'); before = set(sys.modules); import firsthop; "
        "print(*set(sys.modules) - before); "
        "firsthop.Message; print(*{'duckdb', 'firsthop.judgement'} & set(sys.modules))"
    )
    assert run_python("-S", "-c", code).stdout == "firsthop\n\n"


def test_the_version_is_the_package_s() -> None:
    from importlib.metadata import version

    assert firsthop.__version__ == version("firsthop")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_reference_shows_a_function_at_work(name: str) -> None:
    """An example with its output, which tests/test_documentation.py holds against what
    it prints."""
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    example = EXAMPLE.search(section)
    assert example, f"docs/reference/api.md: no example of {name} with its output"
    assert f"{name}(" in example["code"]
    assert example["output"].strip()
