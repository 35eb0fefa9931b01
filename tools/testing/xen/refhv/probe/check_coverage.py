#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""check_coverage.py [--selftest]: every row of the contract has a fact, or a reason why not.

Reads coverage.txt, the expected files beside it and the two documents, and fails on a
section without a row, a row without fact and reason, and a fact that nobody prints.
"""

import fnmatch
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE.parents[4] / "Documentation/xen"
# Prefix of a section in coverage.txt, its document, and sections that state nothing.
SOURCES = {
    "": ("abi-ppc.rst", {"The Xen/PPC contract"}),
    "p2m: ": ("p2m-rma.rst", {"The p2m table in the real-mode area", "What changes", "The table"}),
}


def sections(text: str) -> list[str]:
    """The headings of a reStructuredText document: a line with its underline."""
    lines = text.splitlines()
    return [title for title, under in zip(lines, lines[1:])
            if title[:1].isalnum() and re.fullmatch(r"(=+|-+)", under) and len(under) >= len(title)]


def rows(text: str) -> list[tuple[int, list[str]]]:
    """Number and cells of each row."""
    return [(number, [cell.strip() for cell in line.split("|")])
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip() and not line.startswith("#")]


def facts(expected: str) -> set[str]:
    """The names of the facts in expected files."""
    return set(re.findall(r"^([a-z][^\s:\[]*)(?:\[[^\]]*\])?:", expected, re.MULTILINE))


def judge(coverage: str, known: set[str], headings: list[str]) -> list[str]:
    """What is wrong, one line each."""
    wrong = []
    seen = set()
    for number, cells in rows(coverage):
        where = f"coverage.txt:{number}"
        if len(cells) != 3 or not all(cells):
            wrong.append(f"{where}: not SECTION | what it says | facts or - reason")
            continue
        section, _, covered = cells
        seen.add(section)
        if section not in headings:
            wrong.append(f"{where}: no section is called {section}")
        if covered.startswith("-"):
            if len(covered.split()) < 3:
                wrong.append(f"{where}: that is no reason")
            continue
        for pattern in re.split(r",\s*", covered):
            if not fnmatch.filter(known, pattern):
                wrong.append(f"{where}: no expected file has {pattern}")
    wrong += [f"coverage.txt: no row for section {heading}" for heading in headings
              if heading not in seen]
    return wrong


def real() -> tuple[list[str], int]:
    """Judge the real files: what is wrong, and the number of rows."""
    coverage = (HERE / "coverage.txt").read_text()
    known = facts("\n".join(path.read_text() for path in sorted((HERE / "expected").glob("*.txt"))))
    headings = []
    for prefix, (document, silent) in SOURCES.items():
        headings += [prefix + title for title in sections((DOCUMENTS / document).read_text())
                     if title not in silent]
    return judge(coverage, known, headings), len(rows(coverage))


def selftest() -> None:
    """The checker sees each thing that it is there for; AssertionError if not."""
    headings = sections("Top\n===\n\nSub one\n-------\n\nno\n-\ntext --\n")
    assert headings == ["Top", "Sub one"], headings
    known = facts("# x\na.b: 1\na.c[start=of]: yes\na.c[start=flat]: 2: 3\n")
    assert known == {"a.b", "a.c"}, known
    good = "Top | all | a.b, a.*\nSub one | x | - no way to see it\n"
    assert not judge(good, known, headings), judge(good, known, headings)
    for bad, word in ((good + "Top | y |\n", "not SECTION"), (good + "Top | y | a.d\n", "a.d"),
                      (good + "Top | y | a.b, c.*\n", "c.*"), (good + "Top | y | -\n", "no reason"),
                      (good + "Up | y | a.b\n", "called Up"), ("Top | all | a.b\n", "Sub one"),
                      ("", "Top")):
        assert any(word in line for line in judge(bad, known, headings)), (bad, word)


def main() -> int:
    """Judge; the last line is `N passed, N failed`, counted in rows."""
    selftest()
    if sys.argv[1:] == ["--selftest"]:
        print("1 passed, 0 failed")
        return 0
    wrong, count = real()
    for line in wrong:
        print(line)
    print(f"{count - min(len(wrong), count)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
