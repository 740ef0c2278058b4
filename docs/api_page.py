"""Runs the examples of reference/api.md and lists the public types.

An example is a `python` block with a `text` block behind it: the first runs in a
namespace of its own, in a folder that holds the repository's examples, and what it
prints becomes the second."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import firsthop

SECONDS = 300  # for all examples together
EXAMPLE = re.compile(
    r"^```python\n(?P<code>.*?)^```\n\n```text\n(?P<output>.*?)^```\n", re.MULTILINE | re.DOTALL
)
TYPES = re.compile(r"<!-- types -->\n.*?<!-- /types -->\n", re.DOTALL)
FUNCTIONS = ("read", "trace", "examine", "investigate", "publish")
RUN = """
import contextlib, io, json, sys
def main():
    shown = []
    for code in json.load(sys.stdin):
        with contextlib.redirect_stdout(io.StringIO()) as output:
            exec(compile(code, "api.md", "exec"), {"__name__": "example"})
        shown.append(output.getvalue())
    json.dump(shown, sys.stdout)
main()
"""


def api_page(text: str, folder: Path, root: Path) -> str:
    """The page with what its examples print in `folder` and the list of types."""
    outputs = iter(_outputs([match["code"] for match in EXAMPLE.finditer(text)], folder, root))
    text = EXAMPLE.sub(
        lambda match: f"```python\n{match['code']}```\n\n```text\n{next(outputs)}```\n", text
    )
    return TYPES.sub(lambda _: f"<!-- types -->\n{_types()}<!-- /types -->\n", text)


def _outputs(codes: list[str], folder: Path, root: Path) -> list[str]:
    ran = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", RUN],
        input=json.dumps(codes),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    if ran.returncode:
        raise RuntimeError(f"an example of api.md fails: {ran.stderr}")
    outputs: list[str] = json.loads(ran.stdout)
    return outputs


def _types() -> str:
    rows = ["| name | what it is | stands in |", "|---|---|---|"]
    for name in firsthop.__all__:
        if name in FUNCTIONS or name == "__version__":
            continue
        kind = getattr(firsthop, name)
        said = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
        sentence = said.partition(". ")[0].rstrip(".").replace("|", "\\|")
        rows.append(f"| `{name}` | {sentence} | `{kind.__module__}` |")
    return "\n".join([*rows, ""])
