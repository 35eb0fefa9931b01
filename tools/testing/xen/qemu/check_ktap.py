# SPDX-License-Identifier: GPL-2.0
"""Checks of ktap.py, which lean on the kernel's parser being there."""

import ktap
import tree

DATA = tree.HERE / "testdata"
SUITES = {"xen_core_frame": 3, "xen_pv_flags": 2}


def _judge(name: str, change=lambda text: text, suites=None) -> ktap.Report:
    return ktap.judge(change((DATA / name).read_text()), suites or SUITES)


def _expect(report: ktap.Report, *words: str) -> None:
    assert report.failures and report.failed, f"nothing failed: {report}"
    for word in words:
        assert any(word in failure for failure in report.failures), f"{word!r} not in {report.failures}"


def check_good() -> None:
    """Suites loaded as modules, with parameters and other messages between."""
    report = _judge("kunit-good.log")
    assert not report.failures and not report.failed, report
    assert report.passed == 5, report.summary()


def check_good_built_in() -> None:
    """Built-in suites, with the header of the whole."""
    report = _judge("kunit-builtin.log")
    assert not report.failures and report.passed == 5, report


def check_missing_suite() -> None:
    """A suite that never ran is a failure although all others passed."""
    _expect(_judge("kunit-good.log", suites=SUITES | {"xen_core_batch": 1}), "xen_core_batch: missing")


def check_crash() -> None:
    """A guest that died in a case: the suite crashed, the later one is missing."""
    _expect(_judge("kunit-crash.log"), "xen_pv_flags: test_crashed")
    _expect(_judge("kunit-crash.log", suites=SUITES | {"xen_pv_batch": 1}), "xen_pv_batch: missing")


def check_lost_tail() -> None:
    """A log that ends within a suite is a failure."""
    _expect(_judge("kunit-good.log", lambda text: text[:text.index("ok 2 pending")]), "xen_pv_flags")


def check_zero_cases() -> None:
    """A suite without cases is a failure."""
    _expect(_judge("kunit-zero.log"), "xen_core_frame: no_tests")


def check_skipped_suite() -> None:
    """A suite whose cases were all skipped is a failure if it was expected."""
    _expect(_judge("kunit-skipped.log"), "xen_pv_flags: skipped")
    assert not _judge("kunit-skipped.log", suites={"xen_core_frame": 3}).failures


def check_failed_case() -> None:
    """A failed case fails its suite and is named, with the values it saw."""
    report = _judge("kunit-failed.log")
    _expect(report, "xen_pv_flags: failure", "pending_event_is_delivered")
    assert any("EXPECTATION FAILED" in line for line in report.evidence)


def check_too_few_cases() -> None:
    """Fewer cases than stated are a failure."""
    _expect(_judge("kunit-good.log", suites={"xen_core_frame": 4}), "3 of at least 4")


def check_no_ktap() -> None:
    """A log without any KTAP is a failure."""
    _expect(ktap.judge("", SUITES), "missing")
    _expect(ktap.judge("[    1.0] reboot: Power down\n", SUITES), "missing")


def check_suites_file() -> None:
    """Every runner has suites, each at least one case."""
    for runner in ("x86", "domu", "ppc"):
        assert all(least > 0 for least in ktap.expected(runner).values()), runner
    try:
        ktap.expected("nobody")
    except tree.Missing:
        return
    raise AssertionError("a runner without suites was accepted")
