"""What is wrong with a STIX bundle, by its real consumers: stix2-validator with the
schemas of OASIS, the library stix2, and the references within the bundle."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import stix2
from stix2validator import ValidationOptions, validate_string

# 103: an id that is no UUIDv4 is a warning; ids here come from content
_OPTIONS = {"version": "2.1", "disabled": ["103"], "strict": True}


def faults(text: str) -> list[str]:
    """All that one of them refuses."""
    return [*_validator(text), *_library(text), *_references(text)]


def _validator(text: str) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of its libraries
        try:
            result = validate_string(text, ValidationOptions(**_OPTIONS))
        except Exception as error:  # noqa: BLE001 - whatever it raises is a fault of the text
            yield f"stix2-validator: {error}"
            return
    for one in [result] if not isinstance(result, list) else result:
        yield from (str(error) for error in [*one.errors, *one.warnings])


def _library(text: str) -> Iterator[str]:
    try:
        stix2.parse(text, allow_custom=False)
    except Exception as error:  # noqa: BLE001 - whatever it raises is a fault of the text
        yield f"stix2: {error}"


def _references(text: str) -> Iterator[str]:
    try:
        objects = json.loads(text)["objects"]
    except (ValueError, KeyError, TypeError) as error:
        yield f"no bundle: {error}"
        return
    known = {one.get("id") for one in objects}
    if len(known) != len(objects):
        yield "an id stands twice"
    for one in objects:
        for reference in _referred(one):
            if reference not in known:
                yield f"{one.get('id')} refers to {reference}, which is not there"


def _referred(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key.endswith("_ref"):
                yield one
            elif key.endswith("_refs"):
                yield from one
            else:
                yield from _referred(one)
    elif isinstance(value, list):
        for one in value:
            yield from _referred(one)
