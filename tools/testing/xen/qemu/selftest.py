# SPDX-License-Identifier: GPL-2.0
"""The harness tested without a guest: verdicts on canned logs, and the rest
of what must not go wrong silently.

Every function check_* of the modules below is one test; it raises
AssertionError with a text to fail, and fails too if it takes longer than
LIMIT_S.  The logs are in testdata.
"""

import signal
import traceback

import check_dom0
import check_fault
import check_files
import check_jobs
import check_ktap
import check_probe
import check_processes
import check_stages
import check_verdict
import check_words
import check_xencomm

MODULES = (check_verdict, check_ktap, check_stages, check_processes, check_files,
           check_probe, check_dom0, check_words, check_fault, check_jobs, check_xencomm)
LIMIT_S = 60


def _too_long(_number: int, _frame) -> None:
    raise AssertionError(f"no end after {LIMIT_S} s")


def main() -> int:
    """Run all checks; the last line is `N passed, N failed`."""
    passed = failed = 0
    signal.signal(signal.SIGALRM, _too_long)
    for module in MODULES:
        for name, check in vars(module).items():
            if not name.startswith("check_") or not callable(check):
                continue
            signal.alarm(LIMIT_S)
            try:
                check()
                passed += 1
            except Exception:  # A check that breaks has failed; the rest still run.
                failed += 1
                print(f"FAIL {module.__name__}.{name}: {check.__doc__}")
                traceback.print_exc()
            finally:
                signal.alarm(0)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
