# SPDX-License-Identifier: GPL-2.0
"""Checks of the comparison of xencomm-info with Xen's own tools.

The good answers are of a real run, shortened; each bad one is they with one thing wrong.
"""

import dom0_xencomm
import tree
import xencomm_judge
from verdict import Verdict

_BUFFER = (tree.HERE / "testdata/dom0-xencomm.txt").read_text()
# The second scheme answers like the first.
GOOD = _BUFFER + _BUFFER.split("BEGIN any\n")[0].replace("buffer", "mlock")


def _steps(text: str) -> dict[str, bool]:
    found = Verdict()
    xencomm_judge.judge(found, text)
    return {name: step.ok for name, step in found.steps["dom0"].items()}


def _fails(old: str, new: str, *names: str) -> None:
    """Exactly these steps fail when the first such text is another."""
    assert old in GOOD, f"the canned answers have no {old!r}"
    steps = _steps(GOOD.replace(old, new, 1))
    bad = {name for name, ok in steps.items() if not ok}
    assert bad == {f"xencomm-{name}" for name in names}, f"{old!r}: {bad} failed, not {names}"


def check_good_answers() -> None:
    """All comparisons are made, and hold; nothing else is expected of the run."""
    steps = _steps(GOOD)
    assert set(steps) == set(xencomm_judge.STEPS), steps
    assert all(steps.values()), steps
    assert set(dom0_xencomm.STEPS).isdisjoint(steps)


def check_each_field_counts() -> None:
    """A field that differs, or is missing, fails its comparison."""
    for key in xencomm_judge.SAME:
        _fails(f"{key}=", f"{key}=9", "buffer-info")
        _fails(f"{key}=", f"x{key}=", "buffer-info")
    _fails("version.virt_start=0xf", "version.virt_start=0xe", "buffer-info")
    _fails("physinfo.virt_caps=pv ", "physinfo.virt_caps=", "buffer-info")
    _fails("physinfo.virt_caps=pv ", "physinfo.virt_caps=pv directio ", "buffer-info")
    _fails("physinfo.free_mib=", "physinfo.free_mib=9", "buffer-info")


def check_each_domain_counts() -> None:
    """So does a domain's memory, vcpus, state or time, a domain more or less."""
    _fails("domains.0.mib=", "domains.0.mib=9", "buffer-list")
    _fails("domains.1.vcpus=", "domains.1.vcpus=9", "buffer-list")
    _fails("domains.1.state=--p", "domains.1.state=-bp", "buffer-list")
    _fails("domains.0.cpu_time=", "domains.0.cpu_time=9", "buffer-list")
    _fails("domains.count=2", "domains.count=3", "buffer-list")
    _fails("domains.0.mib=", "domains.1.mib=", "buffer-info", "buffer-list", "buffer-dmesg")


def check_each_line_of_the_console_counts() -> None:
    """So does a line that is another, missing, or not in what Xen's tools say later."""
    _fails("console.2=", "console.2=x", "buffer-dmesg")
    _fails("console.1=", "xconsole.1=", "buffer-dmesg")
    _fails("console.6=", "console.6=x", "buffer-dmesg")


def check_statuses_count() -> None:
    """A command that failed has answered nothing; refusals have their statuses."""
    _fails("END buffer 0", "END buffer 1", "buffer-info", "buffer-list", "buffer-dmesg")
    _fails("END xl-info-buffer-before 0", "END xl-info-buffer-before 1", "buffer-info")
    _fails("END buffer-memlist 3", "END buffer-memlist 1", "buffer-memlist")
    _fails("does not have it\nEND buffer-memlist", "is silent\nEND buffer-memlist", "buffer-memlist")
    _fails("END page 1", "END page 0", "absent")
    _fails("END usage 2", "END usage 1", "absent")
    _fails("tool.scheme=buffer\ntool.abi=x86\nversion.major=4\nversion.minor=17\nversion.extra=.7\n"
           "version.version=4.17.7\n", "version.version=4.17.7\n", "buffer-info")


def check_a_torn_answer_is_none() -> None:
    """An answer without its end, and a log without any."""
    _fails("END xl-list-buffer-after 0", "", "buffer-list")
    assert not any(_steps("").values())
