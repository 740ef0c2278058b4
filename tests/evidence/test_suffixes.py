"""The list read by top-level domain tells what the whole list tells."""

from __future__ import annotations

from importlib import resources

import pytest
from publicsuffixlist import PublicSuffixList

from firsthop.evidence.host.suffixes import has_listed_suffix, private_suffix, public_suffix

WHOLE = PublicSuffixList()
REGISTRIES = PublicSuffixList(only_icann=True)


def _names() -> list[str]:
    """Each rule of the list with one, two and three labels before it, and as it is."""
    text = resources.files("publicsuffixlist").joinpath("public_suffix_list.dat")
    rules = [
        line.split()[0].lstrip("!").removeprefix("*.")
        for line in text.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("//")
    ]
    return [front + rule for rule in rules[::7] for front in ("", "a.", "b.a.", "c.b.a.")]


def test_every_rule_holds_as_in_the_whole_list() -> None:
    names = _names()
    names += [name.encode("idna").decode() for name in names if not name.isascii()]
    assert len(names) > 5_000
    for name in names:
        assert private_suffix(name) == WHOLE.privatesuffix(name)
        assert public_suffix(name) == WHOLE.publicsuffix(name)
        assert public_suffix(name, registries_only=True) == REGISTRIES.publicsuffix(name)


@pytest.mark.parametrize(
    "name", ["", ".", "a..it", "localhost", "x.no-such-top", "\ud800.it", "a." * 200 + "it", ".it"]
)
def test_a_name_that_is_none_is_told_as_by_the_whole_list(name: str) -> None:
    assert private_suffix(name) == WHOLE.privatesuffix(name)
    assert public_suffix(name) == WHOLE.publicsuffix(name)


def test_a_final_dot_changes_nothing() -> None:
    for name in _names()[::5]:
        dotted = f"{name}."
        assert (private_suffix(dotted), public_suffix(dotted), has_listed_suffix(dotted)) == (
            private_suffix(name),
            public_suffix(name),
            has_listed_suffix(name),
        )
