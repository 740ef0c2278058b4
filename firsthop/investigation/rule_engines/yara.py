"""YARA-X over mail, through its Python package (`pip install yara-x`, BSD)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from firsthop.errors import EngineError

MISSING = "the engine yara needs the package yara-x: pip install 'firsthop[rules]'"


def run(rules: Path, messages: Sequence[bytes], _: Path) -> list[frozenset[str]]:
    """The names of the rules in `rules`/*.yar that each message meets."""
    try:
        import yara_x  # noqa: PLC0415 - an extra
    except ImportError:
        raise EngineError(MISSING) from None
    compiler = yara_x.Compiler()
    for file in sorted(rules.glob("*.yar")):
        try:
            compiler.add_source(file.read_text(encoding="utf-8"), origin=file.name)
        except (yara_x.CompileError, UnicodeDecodeError) as error:
            first, *_rest = str(error).splitlines() or [""]
            raise EngineError(f"YARA-X refuses {file.name}: {first}") from None
    scanner = yara_x.Scanner(compiler.build())
    return [
        frozenset(rule.identifier for rule in scanner.scan(data).matching_rules)
        for data in messages
    ]
