# SPDX-License-Identifier: GPL-2.0
"""Checks of dom0_words.py: what the port says in a good run, and what no good run says.

Messages are those of arch/powerpc/platforms/xen and drivers/xen/core, with numbers put in.
"""

import re

import dom0_words
from check_dom0 import GOOD, _expect, _failures, _inserted
from dom0_case import Case

# One of each kind that is no good run's.
COMPLAINTS = (
    "[    1.0] xen: hypercall memory_op, populate_physmap (6): refused with -22",
    "[    1.0] xen: H_ENTER of slot 0x19f00 failed: -1",
    "[    1.0] xen: H_READ for PP0 of slot 0x10 failed: -4",
    "[    1.0] xen: page table: no frame behind address 0x2bffbc000",
    "[    1.0] xen: page table: the machine has no 16 MB in a row behind address 0x1000000",
    "[    1.0] xen: balloon: 16 MB are not in use for now: -12",
    "[    1.0] xen: balloon: 507904 KiB, not the target's 524288 (-12), until it is set again",
    "[    1.0] xen: a grant is not given back, handle 0x7: -1",
    "[    1.0] xen: no page of the window to be had, kept 0x40000: 0",
    "[    1.0] xen: no grant table, pages cannot be shared: -22",
    "[    1.0] xen: /xen reg has an odd length: 0xc; not used",
    "[    1.0] xen: cpu 1 cannot be told of an event: -22",
    "[    1.0] xen: H_SET_XDABR for 0x1000 refused (-4): no watchpoint",
    "[    1.0] xen: vcpu_op up of vcpu 1 refused (-22)",
    "[    1.0] xen: event_channel_op unmask of port 7: -22; unmasked without it",
    "xen: H_REMOVE of 4096 entries failed: -1",
    "KEY 7 abcd[    1.0] xen: sched_op poll refused (-22): an idle vcpu spins instead",
    "[    1.0] xen:events: irq 17 has no port",
    "[    1.0] xen:grant_table: WARNING: g.e. 0x8 still in use!",
    "[    1.0] xen_glue_hpt_failed: 12 callbacks suppressed",
    "[    1.0] hash-mmu: mm: Hashing failure ! EA=0x3fffb061c000 access=0xc4 current=busybox",
)
WANTED = (
    "[    1.0] xen: domain 0 on Xen/PPC, translated mode; shared_info at 0x3fff000",
    "[    1.0] xen: window for frames of other domains at 0x40000000, 65536 pages",
    "[    1.0] xen: grant table: frames 4",
    "[    1.0] xen:events: Using 2-level ABI",
    "[    1.0] xen:grant_table: Grant tables using version 1 layout",
    "[    1.0] xen:balloon: Initialising balloon driver",
    "[    1.0] xen:xen_evtchn: Event-channel device installed",
    "[    1.0] xen: workload[65]: hypercall 63, operation 0, is not passed on: -38",
    "[    1.0] xen: workload32[65]: hypercall 12, operation 11, is not passed on: -95",
    "KEY 3[    1.0] xen: twin32[95]: hypercall 63, operation 7, is not passed on: -38",
    "[    1.0] xen: xencomm-info[9]: hypercall 17, operation 9, is not passed on: -38",
    "[    1.0] xen_glue_user_refused: 2190 callbacks suppressed",
)
# Of a run with a second domain.
WITH_PEER = "[    1.0] xen: page table: no foreign frame is mapped at address 0x40000ffd000"
# Of one that maps own grants.
WITH_WINDOW = (
    "[    1.0] xen: page table: a foreign frame may only be read, address 0x40000ffd000",
    "[    1.0] xen_glue_hpt_odd: 7 callbacks suppressed",
)
# Of either.
HASHING = (
    "[    1.0] hash-mmu: mm: Hashing failure ! EA=0x3fffb061c000 access=0xc4 current=workload32",
    "[    1.0] hash-mmu:     trap=0x300 vsid=0x3fd877116 ssize=0 base psize=0 psize 0 pte=0xc0",
)
# Of one in which refhv raises VIRQ_DEBUG.
AT_TICKS = "[    1.0] xen: cpu 1: upcall pending 0, selector 0x0, 3 ports bound, 0 of them pending"


def check_port_complaints() -> None:
    """Whatever the port says that is no good run's is a failure, with its words."""
    for line in COMPLAINTS:
        words = line[line.index("x") if "hash" not in line else line.index("hash"):]
        _expect(_failures(_inserted(line)), f"dom0: complaint: {words}")


def check_port_words() -> None:
    """What every good run says is none, wherever it stands, and what steps provoke neither."""
    assert not dom0_words.complaints(Case(), GOOD)
    for line in (*WANTED, "RESULT other ok xen: this is the workload's own",
                 "OF stdout device is: /xen/console"):
        assert not dom0_words.complaints(Case(), line), line
    assert not _failures(_inserted(WANTED[-2]))


def check_port_words_by_process() -> None:
    """Calls are refused to the workload's programs on purpose, and to no other one."""
    for line in ("[    1.0] xen: busybox[65]: hypercall 63, operation 0, is not passed on: -38",
                 "[    1.0] xen: xencomm-info[9]: hypercall 35, operation 6, is not passed on: -13"):
        _expect(_failures(_inserted(line)), "is not passed on")


def check_port_words_by_case() -> None:
    """Some are wanted in some cases only."""
    window, peer, neither = Case(), Case(domu=True), Case(quirks=True)
    for wanted, lines in (((peer,), (WITH_PEER,)), ((window,), WITH_WINDOW), ((window, peer), HASHING),
                          ((Case(race="event"),), (AT_TICKS,))):
        for line in lines:
            for case in (window, peer, neither, Case(genuine=True), *wanted):
                assert bool(dom0_words.complaints(case, line)) == (case not in wanted), (case, line)


def check_port_words_are_needed() -> None:
    """Each entry of the list has a reason and a message that nothing else allows."""
    lines = (*GOOD.splitlines(), *WANTED, WITH_PEER, *WITH_WINDOW, *HASHING, AT_TICKS)
    said = [found.group(1) for line in lines if (found := dom0_words.OF_XEN.search(line))]
    cases = (Case(race="event"), Case(domu=True))
    for told in dom0_words.ALLOWED:
        others = [other for other in dom0_words.ALLOWED if other is not told]
        assert told.why and any(told.when(case) for case in cases), told
        assert any(re.match(told.words, message) and not any(
            re.match(other.words, message) for other in others) for message in said), told


def check_port_words_once() -> None:
    """The same message twice is one failure; the console's carriage returns do not matter."""
    twice = f"{COMPLAINTS[0]}\r\n[ 2.0]{COMPLAINTS[0][9:]}\r\n"
    assert len(dom0_words.complaints(Case(), twice)) == 1
