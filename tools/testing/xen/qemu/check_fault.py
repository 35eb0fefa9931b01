# SPDX-License-Identifier: GPL-2.0
"""Checks of `boot ppc-dom0-fault`: which faults there are, and how a run with one is judged."""

import dom0_judge
import ppc_fault
import refhv_report
from check_dom0 import GOOD, _expect, _inserted, _replaced
from dom0_case import Case
from fault_list import Fault, faults_of

TRACE = """refhv: trace 1 cpu 0 hcall 0x0000000000000020 0x0000000000000007 0x0000000000000000
refhv: trace 2 cpu 0 papr 0x0000000000000008 0x0000000000000000 0x0000000000000000
refhv: trace 3 cpu 0 hcall 0x000000000000000f 0x0000000012345678 0x0000000000000000
refhv: trace 4 cpu 1 hcall 0x0000000000000020 0x0000000000000004 0x0000000000000000
refhv: trace 5 cpu 1 hcall 0x000000000000001d 0x0000000000000003 0x0000000000000000
refhv: trace 6 cpu 1 inject 0x0000000000000000 0x0000000000000000 0x0000000000000001
"""


def check_faults_of_a_trace() -> None:
    """Each call and sub-op at its first place and, if it is frequent, in the middle; always."""
    words = [fault.word for fault in faults_of(TRACE.replace("\n", "\r\n"))]
    assert words == ["event_channel_op:1:-22", "H_ENTER:1:-1", "set_timer_op:1:-22",
                     "event_channel_op:2:-22", "sched_op:1:-22", "event_channel_op:0:-22",
                     "H_ENTER:0:-1", "set_timer_op:0:-22"], words
    many = faults_of(TRACE.splitlines()[1] + "\n" + (TRACE.splitlines()[1] + "\n") * 99)
    assert [fault.nth for fault in many] == [1, 51, 0], many
    # A call that goes on where it stopped is the same sub-op.
    parts = "".join(f"refhv: trace {n} cpu 0 hcall 0x000000000000000c {n << 4 | 8:#018x} 0x0000000000000000\n"
                    for n in range(30))
    words = [fault.name for fault in faults_of(parts)]
    assert words == ["memory_op translate_gpfn_list, call 1", "memory_op translate_gpfn_list, call 16",
                     "memory_op, every call"], words


def check_fault_messages() -> None:
    """A line names call, sub-op and code; one of them alone does not do."""
    bind = Fault("event_channel_op", 3, 7)
    assert ppc_fault.names("xen: hypercall event_channel_op, bind_ipi (7): refused with -22", bind)
    for line in ("xen: hypercall event_channel_op, bind_ipi (7): refused with -12",
                 "xen: hypercall event_channel_op: refused with -22",
                 "xen: bind_ipi refused with -22", "xen: sched_op, poll: -22"):
        assert not ppc_fault.names(line, bind), line
    assert ppc_fault.names("xen: H_ENTER of slot 0x19f00 failed: -1", Fault("H_ENTER", 1))
    assert not ppc_fault.names("xen: H_ENTER of slot 0x19f00 failed: -10", Fault("H_ENTER", 1))


BIND = Fault("event_channel_op", 1, 7)
SAID = "[ 0.1] xen: hypercall event_channel_op, bind_ipi (7): refused with -22\n"
CRASH = "[ 0.2] kernel BUG at drivers/xen/x.c:1!\nrefhv: violations: 0\nrefhv: finished: crash\n"


def _came(text: str = GOOD, fault: Fault = BIND) -> str:
    """A log in which refhv says that the call failed."""
    return f"refhv: fault {fault.call}:{fault.nth}\r\n{text}"


def _failures(text: str, fault: Fault = BIND, early: tuple[str, ...] = ()) -> list[str]:
    return ppc_fault.judge(fault, text, list(early), dom0_judge.steps_of(Case(), True, 0))[0]


def check_fault_verdicts() -> None:
    """Carrying on and stopping with a word are good; silence, a hang, an oops are not."""
    assert _failures(_came()) == []
    assert _failures(_came(SAID + CRASH)) == []
    _expect(_failures(_came(CRASH)), "without a line that names")
    _expect(_failures(_came(SAID)), "did not end")
    _expect(_failures(_came(), early=("hung in stage x",)), "hung")
    _expect(_failures(_came(_inserted("[ 1.0] kernel BUG at x.c:1!"))), "complaint")
    mute = "refhv: violations: 0\nrefhv: finished: power off\n"
    assert _failures(_came(mute, Fault("console_io", 0)), Fault("console_io", 0)) == []
    _expect(_failures(_came(mute, Fault("H_READ", 0)), Fault("H_READ", 0)), "without a line")


def check_fault_must_come() -> None:
    """A call that never came has tried nothing; another fault's line does not do."""
    _expect(_failures(GOOD), "never came: event_channel_op bind_ipi, call 1")
    _expect(_failures(_came(fault=Fault("event_channel_op", 11))), "never came")
    _expect(_failures(_came(fault=Fault("event_channel_op", 0))), "never came")
    _expect(_failures(SAID + CRASH), "never came")


def check_fault_comes_nearer() -> None:
    """After a run that made too few calls another one is tried, once, and only then."""
    table = refhv_report.read(GOOD).calls["event_channel_op"][0]
    nearer = ppc_fault.instead(Fault("event_channel_op", 999, 4), GOOD)
    assert nearer == Fault("event_channel_op", (table + 1) // 2, 4), nearer
    assert ppc_fault.instead(BIND, _came()) is None
    assert ppc_fault.instead(Fault("event_channel_op", 0), _came(fault=Fault("event_channel_op", 0))) is None
    assert ppc_fault.instead(Fault("sysctl", 9), GOOD) is None
    assert ppc_fault.instead(Fault("memory_op", 1), "refhv: finished: crash\n") is None


def check_fault_breaks_no_rule() -> None:
    """Whatever is refused, the kernel keeps to the contract, also on its way down."""
    rule = "refhv: V03 large-page-unchecked: 2\nrefhv: violations: 2"
    for text in (GOOD, SAID + CRASH):
        text = _came(text)
        _expect(_failures(_replaced("refhv: violations: 0", rule, text)), "V03", "counted 2 violations")
        _expect(_failures(text.replace("refhv: violations: 0", "")), "did not sum up")
    mute = Fault("console_io", 0)
    _expect(_failures(_came(f"{rule}\nrefhv: finished: power off\n", mute), mute), "counted 2 violations")


def check_fault_explains_failed_steps() -> None:
    """A step fails for what was refused: the kernel says so, or the step itself."""
    failed = _replaced("RESULT evtchn ok", "RESULT evtchn FAIL no event after 10000 ms:")
    _expect(_failures(_came(failed)), "evtchn: no event after 10000 ms")
    assert _failures(_came(_replaced("RESULT evtchn", f"x\n{SAID}RESULT evtchn", failed))) == []
    # What the kernel said before another step's end tells nothing of this one.
    _expect(_failures(_came(SAID + failed)), "evtchn: no event after 10000 ms")
    table = Fault("grant_table_op", 1, 6)
    lasting = _replaced("RESULT grants ok", "RESULT grants FAIL alloc_gref: No space left on device:")
    assert _failures(_came(lasting, table), table) == []
    _expect(_failures(_came(lasting)), "grants: alloc_gref")
    # What refhv says that it does is no word of the kernel's.
    told = _replaced("RESULT evtchn", "x\nrefhv: event_channel_op bind_ipi -22\nRESULT evtchn", failed)
    _expect(_failures(_came(told)), "evtchn: no event")
    for text, bad in (("x: Invalid argument", False), ("x: -22", False), ("1 page, -1 by x", False), ("x: 0xffffffff", False),
                      ("x: -12", True), ("x: 0x-1", True), ("4-1 x", True)):
        text = _replaced("RESULT evtchn ok", f"RESULT evtchn FAIL {text} y")
        assert bool(_failures(_came(text))) == bad, text
    assert _failures(_came(_replaced("RESULT dmesg ok", "RESULT dmesg FAIL xen: x"))) == []


def check_fault_loses_no_step() -> None:
    """A step without a RESULT is missed, but where the console itself was refused.  A line that
    refhv wrote into is whole."""
    lost = "".join(f"{line}\n" for line in GOOD.splitlines() if "RESULT privcmd " not in line)
    _expect(_failures(_came(lost)), "no RESULT in the log: privcmd")
    mute = Fault("console_io", 7)
    assert _failures(_came(lost, mute), mute) == []
    torn = _replaced("RESULT privcmd", "RESULT privrefhv: fault event_channel_op:1\r\ncmd")
    assert _failures(torn) == [], _failures(torn)
