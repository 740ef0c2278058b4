"""Lists of structs that are held column by column: who writes columns needs no object
for each struct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, overload

Struct = dict[str, Any]


class StructLists(Sequence[list[Struct]]):
    """So many lists, of these lengths; `columns` has the values of all their structs by
    name, one behind the other. The structs are made when somebody asks for a list."""

    def __init__(self, lengths: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        self.lengths, self.columns = lengths, columns

    @cached_property
    def _made(self) -> list[list[Struct]]:
        rows = zip(*self.columns.values(), strict=True)
        structs = (dict(zip(self.columns, row, strict=True)) for row in rows)
        return [list(islice(structs, length)) for length in self.lengths]

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[list[Struct]]:
        return iter(self._made)

    @overload
    def __getitem__(self, place: int) -> list[Struct]: ...
    @overload
    def __getitem__(self, place: slice) -> list[list[Struct]]: ...
    def __getitem__(self, place: int | slice) -> list[Struct] | list[list[Struct]]:
        return self._made[place]
