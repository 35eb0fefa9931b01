# SPDX-License-Identifier: GPL-2.0
"""Checks of scripts/xen/check: what it makes of a job's last words, and how it sums them up."""

import types

import dom0_sets
import tree

SCRIPT = tree.ROOT / "scripts/xen/check"


def _script() -> types.ModuleType:
    """The script's functions; nothing of it runs."""
    module = types.ModuleType("xen_check")
    module.__file__ = str(SCRIPT)
    exec(compile(SCRIPT.read_text(), SCRIPT, "exec"), vars(module))
    return module


def check_jobs_sums() -> None:
    """A job's last sum counts, skipped tests included; its exit status has a say."""
    tally = _script().tally
    assert tally("1 passed, 0 failed\nx\n3 passed, 2 failed\n", 1) == (3, 2, 0, "")
    assert tally("skipped: c\n26 passed, 0 failed, 2 skipped\n", 0) == (26, 0, 2, "")
    assert tally("gate x86: 15 passed, 0 failed\n", 0) == (15, 0, 0, "")
    assert tally("kunit-ppc: ok, KUnit cases: 142 passed, 0 failed, in 9.7 s, logs: x\n", 0) == (142, 0, 0, "")
    assert tally("no sum\n", 0) == (1, 0, 0, "") and tally("no sum\n", 3) == (0, 1, 0, "")
    assert tally("3 passed, 0 failed\n", 1) == (3, 1, 0, "exit status 1")
    assert tally("3 passed, 0 failed, 1 skipped\n", 1, "stopped after 9 s") == (3, 1, 1, "stopped after 9 s")


def check_jobs_that_ran_nothing() -> None:
    """No test at all is a failure; tests that this machine cannot hold are not, and not passed."""
    tally = _script().tally
    assert tally("0 passed, 0 failed\n", 0) == (0, 1, 0, "ran no test")
    assert tally("0 passed, 0 failed, 3 skipped\n", 0) == (0, 0, 3, "")
    assert tally("ppc-dom0 x: SKIPPED: no memory\n", dom0_sets.SKIPPED) == (0, 0, 1, "")
    assert _script().SKIPPED == dom0_sets.SKIPPED


def check_jobs_last_lines() -> None:
    """Skips are shown at their job and before the last line, which keeps its form."""
    script = _script()
    none, some = script.Tally(3, 1, 0, "exit status 1"), script.Tally(26, 0, 2)
    assert script.line("host", 7, none).endswith("   3 passed, 1 failed  exit status 1")
    assert script.line("sets", 7, some).endswith("  26 passed, 0 failed, 2 SKIPPED")
    assert script.closing({"host": none}) == ["3 passed, 1 failed"]
    lines = script.closing({"host": none, "sets": some, "ppc-8192": script.Tally(0, 0, 1)})
    assert lines[-1] == "29 passed, 1 failed" and len(lines) == 2, lines
    assert lines[0].split()[:2] == ["3", "SKIPPED,"] and "sets 2, ppc-8192 1" in lines[0], lines
