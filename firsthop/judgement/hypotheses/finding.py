"""What is weighed: counts that the program took of a case, and what the analyst states.
Nothing else enters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many bear a mark; 0 of 0: it is not known."""

    k: int = 0
    n: int = 0
    grade: str = "F6"  # of the source, in the Admiralty code
    stated_by: str | None = None  # the analyst's source; None: the program counted it

    @property
    def known(self) -> bool:
        """Whether anything was counted or stated."""
        return self.n > 0


UNKNOWN = Count()


@dataclass(frozen=True, slots=True)
class Findings:
    """The counts of a case, by the key of the finding."""

    counts: Mapping[str, Count]
    messages: int  # that were looked at
    # whether the mail was collected by the domain of its authors: a concentration on
    # that domain is then the collector's doing and weighs nothing
    keyed_on_domain: bool = False
    # by question and answer, where the case file says other ones than the tables
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, key: str) -> Count:
        """The count of a finding; unknown where there is none."""
        return self.counts.get(key, UNKNOWN)

    def without(self, key: str) -> Findings:
        """The same as if that finding had never been made."""
        left = {name: count for name, count in self.counts.items() if name != key}
        return Findings(left, self.messages, self.keyed_on_domain, self.priors)
