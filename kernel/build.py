"""Builds the native kernel with cargo.

    python kernel/build.py        puts it beside the sources, where an editable install
                                  looks for it

Fetches nothing: the crate has no dependencies. Imports nothing of firsthop: it runs
before that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

CRATE = Path(__file__).resolve().parent
PLACE = "firsthop/evidence/bulk/native"  # where firsthop looks for it
SWITCH = "FIRSTHOP_KERNEL"  # "off" in the environment: none is built, and none is used
NAME = "firsthop_kernel.native"  # what firsthop looks for (system/kernel_library.py)
_OF_CARGO = {"win32": "firsthop_kernel.dll", "darwin": "libfirsthop_kernel.dylib"}


class Built(NamedTuple):
    """What came of it."""

    library: Path | None
    reason: str  # in one line, why there is none; "" where there is one


def build(target: Path | None = None) -> Built:
    """The library, or why there is none. Never raises for what cargo says."""
    cargo = shutil.which("cargo")
    if os.environ.get(SWITCH) == "off":
        return Built(None, f"{SWITCH} is off")
    if cargo is None:
        return Built(None, "there is no cargo")
    into = target or Path(os.environ.get("CARGO_TARGET_DIR") or CRATE / "target")
    command = [cargo, "build", "--release", "--locked", "--offline", "--target-dir", str(into)]
    done = subprocess.run(
        [*command, "--manifest-path", str(CRATE / "Cargo.toml")],
        check=False,
        capture_output=True,
        text=True,
    )
    library = into / "release" / _OF_CARGO.get(sys.platform, "libfirsthop_kernel.so")
    if done.returncode == 0 and library.is_file():
        return Built(library, "")
    return Built(None, (done.stderr.strip().splitlines() or ["cargo made no library"])[-1])


def put_into_tree(built: Built) -> None:
    """Puts the library beside the sources; an older one goes in any case."""
    place = CRATE.parent / PLACE / NAME
    place.unlink(missing_ok=True)
    if built.library is not None:
        shutil.copy2(built.library, place)


def main() -> None:
    """Builds into the tree."""
    built = build()
    put_into_tree(built)
    if built.library is None:
        sys.exit(f"no native kernel: {built.reason}")


if __name__ == "__main__":
    main()
