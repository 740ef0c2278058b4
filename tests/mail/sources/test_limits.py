"""Limits have names; a refusal tells name and value. Each limit's effect is tested
beside its container."""

from __future__ import annotations

from firsthop.mail.limits import Allowance, Limits


def test_a_refusal_names_its_limit_and_value() -> None:
    assert Limits(max_ratio=7).refusal("max_ratio") == "over the limit max_ratio = 7"


def test_small_members_are_no_bombs() -> None:
    allowance = Allowance(Limits(ratio_floor=1000, max_ratio=10))
    assert allowance.count_bytes(1000, 1000, packed=1) is None
    assert allowance.count_bytes(1, 1001, packed=1) == "over the limit max_ratio = 10"
    assert allowance.count_bytes(1, 1001, packed=200) is None


def test_the_allowance_is_one_for_all_depths() -> None:
    allowance = Allowance(Limits(max_total_bytes=10, max_members=1))
    assert allowance.count_bytes(6, 6, None) is None
    assert allowance.count_bytes(6, 6, None) == "over the limit max_total_bytes = 10"
    assert allowance.count_member() is None
    assert allowance.count_member() == "over the limit max_members = 1"
