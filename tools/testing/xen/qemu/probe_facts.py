# SPDX-License-Identifier: GPL-2.0
"""Facts that a probe printed, compared with the files that say what they must be.

A line of an expected file is `name: value` or `name[axis=value|value,...]: value`; the
second form counts for the cases that it names.  Every fact that holds for a case must be
printed exactly once, and nothing else may be printed.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import tree
from probe_case import AXES, Case

FACT = re.compile(r"([a-z]\w*(?:\.[\w#?+-]+)+): ?(.*)$")
LINE = re.compile(r"([a-z]\w*(?:\.[\w#?+-]+)+)(?:\[([^\]]*)\])?: ?(.*)$")
INFO = re.compile(r"info (\S+): (.*)$")
CANARY = re.compile(r"refhv: canary: .* was written to")
UNFINISHED = "the probe did not reach its end"
VARIABLE = re.compile(r"\$\{(\w+)\}")


class Malformed(tree.Missing):
    """An expected file that says nothing clear; str() names file and line."""


@dataclass(frozen=True)
class Expectation:
    """One line of an expected file."""
    name: str
    condition: tuple[tuple[str, tuple[str, ...]], ...]
    value: str
    where: str


def parse_condition(text: str | None, where: str) -> tuple:
    """axis=value|value,... checked against the axes."""
    found = []
    for part in (text or "").split(",") if text else []:
        axis, _, values = part.partition("=")
        known = {str(value) for value in AXES.get(axis, ())}
        if not known or not set(values.split("|")) <= known:
            raise Malformed(f"{where}: no such condition: {part}")
        found.append((axis, tuple(values.split("|"))))
    return tuple(found)


def parse(text: str, file: str) -> list[Expectation]:
    """The expectations of one file."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        where = f"{file}:{number}"
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match:
            raise Malformed(f"{where}: not NAME: VALUE")
        name, condition, value = match.groups()
        found.append(Expectation(name, parse_condition(condition, where), value.rstrip(), where))
    return found


def read(folder: Path, kinds: tuple[str, ...]) -> list[Expectation]:
    """The expectations of some files of a folder together, NAME.txt each."""
    found = []
    for kind in kinds:
        path = folder / f"{kind}.txt"
        try:
            found += parse(path.read_text(), path.name)
        except FileNotFoundError:
            raise tree.Missing(f"no {tree.shown(path)}") from None
    return found


def resolve(expectations: list[Expectation], case: Case) -> dict[str, str]:
    """What a case must print; two lines for one fact are an error of the files."""
    values: dict[str, str] = {}
    for each in expectations:
        if not case.holds(dict(each.condition)):
            continue
        if each.name in values:
            raise Malformed(f"{each.where}: {each.name} is expected twice for {case.name}")
        try:
            values[each.name] = VARIABLE.sub(lambda m: case.variables[m.group(1)], each.value)
        except KeyError as error:
            raise Malformed(f"{each.where}: no variable {error}") from None
    return values


@dataclass
class Printed:
    """What a log holds: facts in order, figures, and complaints about the run itself."""
    facts: list[tuple[str, str]] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def collect(log: str) -> Printed:
    """Take a serial log apart."""
    found = Printed()
    finished = False
    for line in log.replace("\r", "").splitlines():
        if match := FACT.match(line):
            found.facts.append((match.group(1), match.group(2).rstrip()))
        elif match := INFO.match(line):
            found.figures[match.group(1)] = match.group(2)
        elif line.startswith(("unexpected trap", "probe: FAILED", "refhv: FAILED")) or \
                CANARY.match(line):
            found.failures.append(line.strip())
        elif line.startswith("probe: finished"):
            finished = True
    if not finished:
        found.failures.append(UNFINISHED)
    return found


def differences(printed: list[tuple[str, str]], expected: dict[str, str]) -> list[str]:
    """One line for each fact that is missing, wrong, unknown or there twice."""
    found = []
    seen: dict[str, str] = {}
    for name, value in printed:
        if name in seen:
            found.append(f"{name}: printed twice")
        elif name not in expected:
            found.append(f"{name}: nobody expects it; printed '{value}'")
        elif value != expected[name]:
            found.append(f"{name}: expected '{expected[name]}', printed '{value}'")
        seen[name] = value
    found += [f"{name}: not printed; expected '{value}'"
              for name, value in expected.items() if name not in seen]
    return found
