"""The rules of an export, read back from its `report.json`: what each is meant to find.

Raises:     SettingsError for a folder that holds no export, or none of that format.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from firsthop.campaign.signature.bitsets import Key, Values
from firsthop.errors import SettingsError
from firsthop.publication.exports.report import REPORT
from firsthop.system.given_file import json_of, read_given

MAX_REPORT_BYTES = 64 << 20


class MeantRule(NamedTuple):
    """A rule by its name, and the features that it is meant to find."""

    name: str
    strength: str
    clauses: tuple[tuple[Key, ...], ...]

    def meets(self, values: Values) -> bool:
        """Whether a message with these features is meant."""
        return any(all(key in values for key in clause) for clause in self.clauses)


def meant_rules(folder: Path, name: str) -> tuple[MeantRule, ...]:
    """The rules of a format in the folder of an export."""
    try:
        report = json_of(read_given(folder / REPORT, MAX_REPORT_BYTES))
        found = [one for one in report["formats"] if one["format"] == name]
        if len(found) != 1 or found[0]["rules"] is None:
            raise SettingsError(f"{folder}: this export holds no rules of the format {name}")
        return tuple(
            MeantRule(one["name"], one["strength"], _clauses(one["measured"]["clauses"]))
            for one in found[0]["rules"]["rules"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{folder}: no export as `firsthop export` writes it") from error


def _clauses(tables: list[dict[str, list[dict[str, str]]]]) -> tuple[tuple[Key, ...], ...]:
    return tuple(
        tuple((element["family"], element["value"]) for element in table["elements"])
        for table in tables
    )
