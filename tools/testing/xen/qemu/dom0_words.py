# SPDX-License-Identifier: GPL-2.0
"""What dom0's kernel may say of Xen in a run that is good, and why; all else is a complaint.

The console does not say how grave a message is.  So every line of the port ("xen: …"), of
Linux's drivers for Xen ("xen:balloon: …") and of Linux about a page-table entry that the port
did not enter is one, unless it stands in a list below.  A new message that every run has gets
a line there; one that a test provokes on purpose gets one with the condition under which it
does.  Runs in which refhv makes a call fail want such lines, and are not judged by this.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dom0_case import Case

# A line that another one was torn into has the words somewhere in it.
OF_XEN = re.compile(r"\b(xen(?::\w+)?: .*|xen_glue_\w+: \d+ callbacks suppressed|"
                    r"hash-mmu: (?:mm: Hashing failure|    trap=).*)")
# What the harness and its steps write themselves, and the command line, are not the kernel's.
OTHERS = re.compile(r"RESULT |COUNTER |STAGE |ommand line: ")


@dataclass(frozen=True)
class Told:
    """A message that is wanted: how it begins, why it is there, and in which runs."""
    words: str
    why: str
    when: Callable[[Case], bool] = lambda case: True


def _has_window(case: Case) -> bool:
    """Whether the steps "window" run: see dom0_judge.steps_of."""
    return not (case.quirks or case.genuine or case.domu)


ALLOWED = (
    Told(r"xen: domain \d+ on Xen/PPC, ", "what the kernel found at boot"),
    Told(r"xen: linear map in pages of ", "what the kernel chose at boot"),
    Told(r"xen: window for frames of other domains at 0x", "what the hypervisor announces"),
    Told(r"xen: grant table: frames \d", "how large it became"),
    Told(r"xen:events: Using \d-level ABI", "Linux, at boot"),
    Told(r"xen:grant_table: Grant tables using version ", "Linux, at boot"),
    Told(r"xen:balloon: Initialising balloon driver", "Linux, at boot"),
    Told(r"xen:xen_evtchn: Event-channel device installed", "Linux, at boot"),
    Told(r"xen: (workload|twin)(32)?\[\d+\]: hypercall ",
         "steps make calls that are not passed on: bad-calls, xencomm-hostile, privcmd, twins"),
    Told(r"xen: xencomm-info\[\d+\]: hypercall 17, ", "the tool asks which xen_version ops there are"),
    Told(r"xen_glue_user_refused: \d+ callbacks suppressed", "there are thousands of such calls"),
    Told(r"xen: cpu \d+: upcall pending ", "the answer to VIRQ_DEBUG, which refhv raises at its ticks",
         lambda case: case.race == "event"),
    # The step foreign has a frame mapped that is nobody's, among good ones, and lets write() read it.
    Told(r"xen: page table: no foreign frame is mapped at address ", "step foreign",
         lambda case: case.domu),
    # The step window writes to a grant that may only be read; its 32-bit twin does so as well.
    Told(r"xen: page table: a foreign frame may only be read, address ", "step window", _has_window),
    Told(r"xen_glue_hpt_odd: \d+ callbacks suppressed", "step window, so often", _has_window),
    # What Linux says of the same pages.
    Told(r"hash-mmu: (mm: Hashing failure .* current=workload(32)?$|    trap=)",
         "steps foreign and window", lambda case: case.domu or _has_window(case)),
)


def complaints(case: Case, text: str) -> list[str]:
    """The messages of a run that no good run of its case has, in their order."""
    allowed = re.compile("|".join(told.words for told in ALLOWED if told.when(case)))
    lines = (line for line in text.replace("\r", "").splitlines() if not OTHERS.search(line))
    said = (found.group(1) for line in lines if (found := OF_XEN.search(line)))
    return list(dict.fromkeys(message for message in said if not allowed.match(message)))
