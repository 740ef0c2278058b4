"""A quick NamedTuple is what `typing.NamedTuple` makes, but for how long it takes."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from firsthop.evidence.received.hop import Hop
from firsthop.mail.message import Defect, Field, Span
from firsthop.system import named_tuple
from firsthop.system.named_tuple import NamedTuple


class Quick(NamedTuple):
    """Something."""

    first: int
    second: str = "b"
    third: tuple[str, ...] = ()

    @property
    def both(self) -> str:
        return f"{self.first}{self.second}"

    @classmethod
    def of(cls, first: int) -> Quick:
        return cls(first, third=("c",))


class Slow(typing.NamedTuple):
    first: int
    second: str = "b"
    third: tuple[str, ...] = ()


def test_it_has_what_that_of_typing_has() -> None:
    lacking = set(dir(Slow)) - set(dir(Quick)) - {"__orig_bases__"}
    assert lacking == set()
    for name in ("_fields", "_field_defaults", "__match_args__", "__slots__", "__bases__"):
        assert getattr(Quick, name) == getattr(Slow, name)
    assert Quick.__doc__ == "Something."
    assert typing.get_type_hints(Quick) == typing.get_type_hints(Slow)
    assert Quick.__new__.__qualname__ == "Quick.__new__"


@pytest.mark.parametrize("values", [(1,), (1, "x"), (1, "x", ("y",))])
def test_its_values_are_the_same(values: tuple[typing.Any, ...]) -> None:
    quick, slow = Quick(*values), Slow(*values)
    assert tuple(quick) == tuple(slow)
    assert hash(quick) == hash(slow)
    assert repr(quick) == repr(slow).replace("Slow", "Quick")
    assert quick._asdict() == slow._asdict()
    assert tuple(quick._replace(second="z")) == tuple(slow._replace(second="z"))
    assert Quick._make(quick) == quick
    assert (quick.first, quick.both) == (slow.first, f"{slow.first}{slow.second}")


def test_it_has_methods_and_is_copied_and_pickled() -> None:
    assert Quick.of(first=3) == (3, "b", ("c",))
    for one in (Quick(1), Defect("a", "b", Span(0, 1)), Field("A", b"A:\n", Span(0, 3))):
        again = pickle.loads(pickle.dumps(one))
        assert (again, type(again), copy.copy(one)) == (one, type(one), one)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Quick\.__new__\(\) missing 1 required positional"):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="has 3 fields, not 1"):
        Quick._make([1])
    with pytest.raises(ValueError, match="Quick has no field fourth"):
        Quick(1)._replace(fourth=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="without a default behind one with a default"):
        type("Wrong", (NamedTuple,), {"__annotations__": {"a": "int", "b": "int"}, "a": 1})


def test_constructors_of_as_many_fields_share_their_code() -> None:
    made = named_tuple._code(len(Hop._fields)).co_code
    assert Hop.__new__.__code__.co_code == made
