# SPDX-License-Identifier: GPL-2.0
"""Whether xencomm-info says what Xen's own tools say.

The answers are those of guest/xencomm.sh.  Every field that both tools print must be equal;
what changes by itself (free memory, times, the console) must lie between what Xen's tools
said before and after.
"""

import re
from dataclasses import dataclass

from verdict import Step, Verdict

SCHEMES = ("buffer", "mlock")
STEPS = tuple(f"xencomm-{name}" for scheme in SCHEMES
              for name in (f"{scheme}-info", f"{scheme}-list", f"{scheme}-dmesg",
                           f"{scheme}-memlist")) + ("xencomm-absent",)

BEGIN = re.compile(r"BEGIN (\S+)$")
END = re.compile(r"END (\S+) (\d+)$")
FIELD = re.compile(r"([a-z0-9_.-]+)=(.*)$")
ESCAPE = re.compile(r"\\(\\|x[0-9a-f]{2})")

# Our key, xl info's.
SAME = {
    "version.major": "xen_major", "version.minor": "xen_minor", "version.extra": "xen_extra",
    "version.version": "xen_version", "version.capabilities": "xen_caps",
    "version.pagesize": "xen_pagesize", "version.changeset": "xen_changeset",
    "version.commandline": "xen_commandline", "version.compiler": "cc_compiler",
    "version.compile_by": "cc_compile_by", "version.compile_domain": "cc_compile_domain",
    "version.compile_date": "cc_compile_date", "version.build_id": "build_id",
    "physinfo.nr_cpus": "nr_cpus", "physinfo.max_cpu_id": "max_cpu_id",
    "physinfo.nr_nodes": "nr_nodes", "physinfo.cores_per_socket": "cores_per_socket",
    "physinfo.threads_per_core": "threads_per_core", "physinfo.cpu_mhz": "cpu_mhz",
    "physinfo.hw_caps": "hw_caps", "physinfo.total_mib": "total_memory",
    "physinfo.outstanding_pages": "outstanding_claims", "physinfo.scheduler": "xen_scheduler",
}
# Not cap names of their own: xl says which kinds of guest the devices may be given to.
XL_ONLY_CAPS = {"hvm_directio", "pv_directio"}


@dataclass
class Answer:
    """What a command printed."""
    lines: list[str]
    status: int

    @property
    def fields(self) -> dict[str, str]:
        """Lines key=value of our tool; a key that is there twice is a mistake."""
        found: dict[str, str] = {}
        for line in self.lines:
            if match := FIELD.match(line):
                if match.group(1) in found:
                    raise Differs(f"{match.group(1)} is there twice")
                found[match.group(1)] = match.group(2)
        return found

    @property
    def columns(self) -> dict[str, str]:
        """Lines "key : value" of xl info."""
        return {key.strip(): value.strip() for key, _, value in
                (line.partition(":") for line in self.lines)}


class Differs(Exception):
    """What is wrong with an answer."""


def answers(text: str) -> dict[str, Answer]:
    """All complete answers of a log."""
    found: dict[str, Answer] = {}
    name, lines = "", []
    for line in text.replace("\r", "").splitlines():
        if match := BEGIN.match(line):
            name, lines = match.group(1), []
        elif (match := END.match(line)) and match.group(1) == name:
            found[name] = Answer(lines, int(match.group(2)))
            name = ""
        else:
            lines.append(line)
    return found


def _equal(what: str, ours: str | None, theirs: str | None) -> None:
    if ours is None or theirs is None or ours != theirs:
        raise Differs(f"{what}: {ours!r}, xl has {theirs!r}")


def _between(what: str, ours: float, before: float, after: float) -> None:
    low, high = min(before, after), max(before, after)
    if not low <= ours <= high:
        raise Differs(f"{what}: {ours}, xl had {before} and then {after}")


def compare_info(before: Answer, ours: Answer, after: Answer) -> str:
    """Versions and the machine; returns figures."""
    mine, theirs, later = ours.fields, before.columns, after.columns
    for key, name in SAME.items():
        value = mine.get(key)
        _equal(key, value.strip() if value is not None else None, theirs.get(name))
    _equal("virt_start", f"virt_start={mine.get('version.virt_start')}",
           theirs.get("platform_params"))
    caps = set(mine["physinfo.virt_caps"].split())
    _equal("virt_caps", " ".join(sorted(caps - {"directio"})),
           " ".join(sorted(set(theirs["virt_caps"].split()) - XL_ONLY_CAPS)))
    if ("directio" in caps) != bool(XL_ONLY_CAPS & set(theirs["virt_caps"].split())):
        raise Differs("virt_caps: directio is only in one of both")
    _between("free_mib", int(mine["physinfo.free_mib"]), int(theirs["free_memory"]),
             int(later["free_memory"]))
    return f"fields={len(SAME) + 3}"


def _rows(listing: Answer) -> dict[str, list[str]]:
    """xl list by domain number: memory, vcpus, state, seconds."""
    return {words[1]: words[2:] for words in (line.split() for line in listing.lines[1:])
            if len(words) == 6}


def compare_list(before: Answer, ours: Answer, after: Answer) -> str:
    """Domains; returns figures."""
    mine, first, last = ours.fields, _rows(before), _rows(after)
    if len(first) < 2:
        raise Differs(f"xl lists {len(first)} domains, two were expected")
    _equal("domains.count", mine.get("domains.count"), str(len(first)))
    for number, (memory, vcpus, state, seconds) in first.items():
        key = f"domains.{number}"
        _equal(f"{key}.mib", mine.get(f"{key}.mib"), memory)
        _equal(f"{key}.vcpus", mine.get(f"{key}.vcpus"), vcpus)
        _equal(f"{key}.state", mine.get(f"{key}.state"), state)
        # xl rounds to a tenth.
        _between(f"{key}.cpu_time", int(mine[f"{key}.cpu_time"]) / 1e9, float(seconds) - 0.05,
                 float(last[number][3]) + 0.05)
    return f"domains={len(first)}"


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda m: "\\" if m[1] == "\\" else chr(int(m[1][1:], 16)), text)


def compare_dmesg(before: Answer, ours: Answer, after: Answer) -> str:
    """The console ring: it begins with what was there and goes no further than later."""
    mine = ours.fields
    lines = [_unescaped(mine[f"console.{n}"])
             for n in range(1, sum(key.startswith("console.") for key in mine))]
    # A ring that is full loses its first lines.
    first, last = before.lines, after.lines
    if not first:
        raise Differs("xl dmesg printed nothing")
    if lines[:len(first)] != first:
        wrong = next((n for n, pair in enumerate(zip(lines, first)) if pair[0] != pair[1]),
                     min(len(lines), len(first)))
        raise Differs(f"line {wrong + 1} of {len(first)}: {lines[wrong:wrong + 1]}, "
                      f"xl has {first[wrong:wrong + 1]}")
    if last[:len(lines)] != lines:
        raise Differs("it has lines that xl does not have afterwards")
    return f"lines={len(lines)} bytes={mine['console.bytes']}"


def compare_memlist(ours: Answer, listing: Answer) -> str:
    """The frames of the paused domU: none, where Xen has no such call any more."""
    if ours.status == 3:
        if not any("does not have it" in line for line in ours.lines):
            raise Differs(f"status 3 without a reason: {ours.lines}")
        return "refused=yes"
    if ours.status:
        raise Differs(f"status {ours.status}: {ours.lines[-1:]}")
    mine = ours.fields
    number = mine["memlist.domain"]
    pages = listing.fields[f"domains.{number}.total_pages"]
    _equal("frames", mine["memlist.frames"], pages)
    return f"frames={pages}"


def _absent(found: dict[str, Answer]) -> str:
    """What cannot be answered is refused in the way that the manual says."""
    for name, status, word in (("page", 1, "No such file"), ("no-domain", 1, "No such process"),
                               ("usage", 2, "no scheme")):
        answer = found[name]
        if answer.status != status or not any(word in line for line in answer.lines):
            raise Differs(f"{name}: status {answer.status}, {answer.lines[-1:]}")
    _equal("any: scheme", found["any"].fields.get("tool.scheme"), "buffer")
    return "refusals=3"


def _good(found: dict[str, Answer], *names: str) -> list[Answer]:
    for name in names:
        if found[name].status:
            raise Differs(f"{name}: status {found[name].status}, {found[name].lines[-1:]}")
    return [found[name] for name in names]


def judge(verdict: Verdict, text: str) -> None:
    """Add a step of dom0 for each comparison."""
    found = answers(text)
    steps = verdict.steps.setdefault("dom0", {})

    def attempt(name: str, compare) -> None:
        try:
            steps[f"xencomm-{name}"] = Step(True, compare())
        except Differs as reason:
            steps[f"xencomm-{name}"] = Step(False, str(reason))
        except (KeyError, ValueError, IndexError) as reason:
            steps[f"xencomm-{name}"] = Step(False, f"no answer to compare: {reason!r}")

    for scheme in SCHEMES:
        for kind, compare in (("info", compare_info), ("list", compare_list),
                              ("dmesg", compare_dmesg)):
            attempt(f"{scheme}-{kind}", lambda kind=kind, compare=compare, scheme=scheme: compare(
                *_good(found, f"xl-{kind}-{scheme}-before", scheme, f"xl-{kind}-{scheme}-after")))
        attempt(f"{scheme}-memlist", lambda scheme=scheme: compare_memlist(
            found[f"{scheme}-memlist"], found[scheme]))
    attempt("absent", lambda: _absent(found))
