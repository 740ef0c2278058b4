"""The manifest of a case, `inputs.jsonl`: one line for each message that was read and each input that could not be, in the order of reading.

Forms:      {"uri","container","offset","bytes","sha256","evidence","enclosed_in"} for a message, {"uri","reason"} for a skipped input.
Never:      holds anything of a message but where it stands and its digest.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any

from firsthop.mail.sources.raw import RawMail, Skipped

MANIFEST = "inputs.jsonl"


class Manifest:
    """Writes the manifest line by line and counts."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self.messages = 0
        self.skipped = 0

    def add(self, found: RawMail | Skipped) -> None:
        """Note one message, or one input that could not be read."""
        if isinstance(found, Skipped):
            self.skipped += 1
            line: dict[str, Any] = {"uri": found.uri, "reason": found.reason}
        else:
            self.messages += 1
            line = _line_of(found)
        self._file.write(json.dumps(line, ensure_ascii=True) + "\n")

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()


def _line_of(mail: RawMail) -> dict[str, Any]:
    source = mail.source
    return {
        "uri": source.uri,
        "container": source.container,
        "offset": source.offset,
        "bytes": len(mail.data),
        "sha256": source.sha256,
        "evidence": str(source.evidence),
        "enclosed_in": source.enclosed_in,
    }
