# SPDX-License-Identifier: GPL-2.0
"""KUnit's verdict, by the kernel's own parser, against the suites we expect.

The parser stands in the kernel source (tools/testing/kunit).  It believes a
log as far as it goes; here a suite of the file `suites` that is missing,
skipped, crashed, failed or has fewer passed cases than stated is a failure.
"""

import importlib
import inspect
import io
import re
import sys
from dataclasses import dataclass

import tree

SUITES = tree.HERE / "suites"
SOURCES = (tree.LINUX, tree.BUILD / "cport")
TIMESTAMP = re.compile(r"^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?")


FAILED_CHECK = re.compile(r"EXPECTATION FAILED|ASSERTION FAILED")
EVIDENCE_LINES = 4
MOST_EVIDENCE = 24


@dataclass
class Report:
    """Counts over all suites, the failures, and the parser's own account."""
    passed: int
    failed: int
    failures: list[str]
    account: str
    evidence: list[str]

    def summary(self) -> str:
        """One line: cases passed and failed."""
        return f"{self.passed} passed, {self.failed} failed"


def expected(runner: str) -> dict[str, int]:
    """Suites and their least number of cases, for x86, domu or ppc."""
    found = {}
    for number, line in enumerate(SUITES.read_text().splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 3 or not words[2].isdigit():
            raise tree.Missing(f"{tree.shown(SUITES)}:{number}: not RUNNER SUITE CASES")
        if words[0] == runner:
            found[words[1]] = int(words[2])
    if not found:
        raise tree.Missing(f"{tree.shown(SUITES)} names no suite for {runner}")
    return found


def _parser():
    for source in SOURCES:
        folder = source / "tools/testing/kunit"
        if (folder / "kunit_parser.py").is_file():
            sys.dont_write_bytecode = True
            sys.path.append(str(folder))
            try:
                return importlib.import_module("kunit_parser"), importlib.import_module(
                    "kunit_printer")
            finally:
                sys.path.remove(str(folder))
    raise tree.Missing("no tools/testing/kunit/kunit_parser.py in build/linux: unpack the source first")


def lines_of(log: str) -> list[str]:
    """The KTAP part of a console log, without the kernel's time stamps.

    Suites that are loaded as modules have no header of the whole: it is added,
    for the parser takes the first one's indentation for the margin otherwise.
    """
    lines = [TIMESTAMP.sub("", line) for line in log.replace("\r", "").splitlines()]
    start = next((number for number, line in enumerate(lines)
                  if re.match(r"\s*KTAP version 1$", line)), None)
    if start is None:
        return []
    return (["KTAP version 1"] if lines[start].startswith(" ") else []) + lines[start:]


def parse(log: str):
    """The parser's Test tree of a log, and what it printed."""
    parser, printer = _parser()
    account = io.StringIO()
    own = printer.Printer(account)
    if "printer" in inspect.signature(parser.parse_run_tests).parameters:
        return parser.parse_run_tests(lines_of(log), own), account
    parser.stdout = own
    return parser.parse_run_tests(lines_of(log)), account


def evidence(log: str) -> list[str]:
    """The failed expectations of a log with their values, as far as they fit."""
    lines = lines_of(log)
    found: list[str] = []
    for number, line in enumerate(lines):
        if FAILED_CHECK.search(line):
            found += [text.strip() for text in lines[number:number + EVIDENCE_LINES]]
    return found[:MOST_EVIDENCE]


def judge(log: str, suites: dict[str, int]) -> Report:
    """Compare a console log with the suites it must contain."""
    root, account = parse(log)
    parser, _ = _parser()
    failures = []
    seen = {}
    for suite in root.subtests:
        seen[suite.name] = suite
        counts = suite.counts
        if suite.status not in (parser.TestStatus.SUCCESS, parser.TestStatus.SKIPPED):
            cases = [case.name or "(unnamed)" for case in suite.subtests if not case.ok_status()]
            failures.append(f"suite {suite.name or '(unnamed)'}: "
                            f"{suite.status.name.lower()} {', '.join(cases)}".rstrip())
        elif counts.errors:
            failures.append(f"suite {suite.name}: its log is damaged")
    for name, least in suites.items():
        if name not in seen:
            failures.append(f"suite {name}: missing")
        elif seen[name].status == parser.TestStatus.SKIPPED:
            failures.append(f"suite {name}: skipped")
        elif seen[name].status == parser.TestStatus.SUCCESS and seen[name].counts.passed < least:
            failures.append(f"suite {name}: {seen[name].counts.passed} of at least {least} cases passed")
    counts = root.counts
    failed = counts.failed + counts.crashed
    return Report(counts.passed, max(failed, len(failures)), failures, account.getvalue(),
                  evidence(log))


def into(found, side: str, log: str, suites: dict[str, int]) -> Report:
    """Judge a log and put the outcome into a verdict.Verdict, as step "kunit-cases".

    A kernel's complaint that KTAP carries is KUnit's to judge; others stay.
    """
    report = judge(log, suites)
    found.kunit = report
    for failure in report.failures:
        found.fail(f"{side}: {failure}")
    return report
