"""`examine` gives each verdict with findings, counts and bytes; `explain` says what the
checks are."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from firsthop.judgement.checks import CHECKS

Run = Callable[..., Result]


def test_the_example_as_text(run: Run, example: str) -> None:
    shown = run("examine", "-v", example)
    assert (shown.exit_code, shown.stderr) == (0, "")
    first = " ".join(shown.stdout.split("also seen")[0].split())
    assert "vouched for judged at 2014-05-17 SPF not checkable: no hand-over" in first
    assert "sender insufficient evidence" in first
    assert "mailer contradicted" in first
    assert "asserted by the source, not shown" in first
    assert (
        "Message-ID at 223-282: message_id = 6b2daac63ab3e8955fa9b2ddd3a1b768@7cho-me.com" in first
    )
    assert "likelihood ratio" in first
    assert " of " in first
    assert "not counted: it carries no weight by itself" in first


def test_the_example_as_json(run: Run, example: str) -> None:
    told = [json.loads(line) for line in run("examine", "--json", example).stdout.splitlines()]
    assert [verdict["answer"] for verdict in told[0]["verdicts"]] == [
        "insufficient",
        "contradicted",
    ]
    assert {"check", "outcome", "strength", "says", "fields"} == told[0]["findings"][0].keys()


def test_explain_lists_every_check_under_its_question(run: Run) -> None:
    shown = run("explain").stdout
    blocks = {block.partition(":")[0]: block for block in shown.split("\n\n")}
    assert list(blocks) == list(dict.fromkeys(check.question for check in CHECKS))
    assert [
        check.name for check in CHECKS if f"\n  {check.name} " not in blocks[check.question]
    ] == []


@pytest.mark.parametrize(
    ("check", "line"),
    [
        ("header_block_gap", " of "),
        ("left_provider", "libero.missed: "),
        ("mailer_message_id", "Windows Live Mail: meets.message_id: 19 of 19, else "),
        ("mailer_boundary", ": lacks.boundary_shape: "),
        ("mailer_looks_like", "SendGrid: looks: "),
        (
            "authentication",
            "not counted: its findings are shown, and carry no weight by themselves",
        ),
    ],
)
def test_explain_shows_the_counts(run: Run, check: str, line: str) -> None:
    assert line in run("explain", check).stdout


def test_the_counts_as_json(run: Run) -> None:
    told = json.loads(run("explain", "mailer_order", "--json").stdout)["base_rates"]
    assert {" ".join(rate) for rate in told} == {
        "program mark corpus holds fails likelihood_ratio bits"
    }
    assert {rate["mark"] for rate in told} == {"lacks.order", "meets.order"}
    assert json.loads(run("explain", "authentication", "--json").stdout)["base_rates"] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_explain_says_why_and_when_it_is_wrong(run: Run, check: object) -> None:
    name = check.name  # type: ignore[attr-defined]
    shown = run("explain", name)
    assert shown.exit_code == 0
    assert all(label in shown.stdout for label in ("looks for", "why", "wrong when", "source"))
    told = json.loads(run("explain", name, "--json").stdout)
    assert told["check"] == name
    assert all(told[key] for key in ("question", "looks_for", "why", "false_positives", "source"))
