"""The crate's own tests, and a build that leaves no warning."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.children import run
from tests.evidence.bulk.cargo import CRATE, builds


@pytest.mark.slow
@pytest.mark.skipif(not builds(), reason="there is no cargo that builds the crate")
def test_the_crate_passes_its_tests(tmp_path: Path) -> None:
    done = run(
        ["cargo", "test", "--locked", "--offline", "--target-dir", str(tmp_path), "--lib"],
        cwd=CRATE,
        env={**os.environ, "RUSTFLAGS": "-D warnings"},
        seconds=300,
    )
    assert done.returncode == 0, done.stderr[-2_000:] + done.stdout[-2_000:]
    assert "test result: ok" in done.stdout


def test_the_crate_depends_on_nothing() -> None:
    lock = (CRATE / "Cargo.lock").read_text(encoding="utf-8")
    assert lock.count("[[package]]") == 1


def test_unsafe_code_stands_at_the_boundary_alone() -> None:
    holding = [
        file.name
        for file in sorted((CRATE / "src").rglob("*.rs"))
        if "unsafe " in file.read_text(encoding="utf-8")
    ]
    assert holding == ["ffi.rs", "memory.rs"]
