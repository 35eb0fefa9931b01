# SPDX-License-Identifier: GPL-2.0
"""Checks of verdict.py: what must and what must not be called a failure.

The good logs are of real runs, shortened; each bad one is a good one with one
thing wrong.
"""

import tree
import verdict
from plan import Options
from under_xen import _judge

DATA = tree.HERE / "testdata"
MSR = "[    0.972373] unchecked MSR access error: RDMSR from 0xc0010055 at rIP: 0xffffffff8101af1a"


def _logs() -> dict[str, str]:
    return {"domu": (DATA / "domu-good.log").read_text(),
            "serial": (DATA / "dom0-good.log").read_text()}


def _failures(domu=lambda text: text, dom0=lambda text: text, vcpus: int = 2,
              expect_cxx: bool = True) -> list[str]:
    logs = _logs()
    changed = {"domu": domu(logs["domu"]), "serial": dom0(logs["serial"])}
    options = Options(vcpus=vcpus, expect_cxx=expect_cxx)
    return _judge(options)(changed).failures


def _without(word: str):
    return lambda text: "".join(f"{line}\n" for line in text.splitlines() if word not in line)


def _replaced(old: str, new: str):
    def change(text: str) -> str:
        assert old in text, f"the canned log has no {old!r}"
        return text.replace(old, new)
    return change


def _added(line: str):
    return lambda text: f"{text}{line}\n"


def _expect(failures: list[str], *words: str) -> None:
    assert failures, "nothing failed"
    for word in words:
        assert any(word in failure for failure in failures), f"{word!r} not in {failures}"


def check_good_logs() -> None:
    """The logs of a good run have no failure."""
    assert not _failures(), _failures()


def check_every_step_is_missed() -> None:
    """A RESULT that is not there is a failure, whichever it is."""
    for step in verdict.DOMU_STEPS:
        _expect(_failures(domu=_without(f"RESULT {step} ")), "no RESULT", step)
    for step in verdict.DOM0_STEPS:
        _expect(_failures(dom0=_without(f"RESULT {step} ")), "no RESULT", step)


def check_empty_logs() -> None:
    """Empty logs are no pass."""
    _expect(_failures(domu=lambda text: "", dom0=lambda text: ""), "domu: no RESULT", "dom0: no RESULT")


def check_failed_step() -> None:
    """A step that says FAIL fails, with its reason."""
    _expect(_failures(domu=_replaced("RESULT memory ok", "RESULT memory FAIL page 3 word 4 wrong")),
            "memory: page 3 word 4 wrong")


def check_failed_beats_ok() -> None:
    """A FAIL is not undone by a later ok of the same name."""
    _expect(_failures(domu=lambda text: "RESULT disk-read FAIL block 0\n" + text), "disk-read: block 0")


def check_twice_ok() -> None:
    """Two RESULTs of one step are one too many."""
    _expect(_failures(domu=_added("[ 9.9] RESULT memory ok pages=1")), "more than one RESULT")


def check_complaints() -> None:
    """What a sick kernel says is a failure on either side."""
    for line in ("[    1.0] WARNING: CPU: 0 PID: 1 at mm/page.c:3 f+0x1/0x2",
                 "[    1.0] BUG: unable to handle page fault for address: 0000",
                 "[    1.0] Oops: 0002 [#1] SMP",
                 "[    1.0] 1 of 3 multicall(s) failed: cpu 0",
                 "[    1.0] xen: entry 1 of 2 of a multicall failed: op 1, result -22, queued by Linux xen_set_pte+0x1/0x2",
                 "[    1.0] xen: the hypervisor refused to halt this vcpu (-22); it spins",
                 "[    1.0] xen: multicall.cc:1: broken invariant: x",
                 "[    1.0] sh[12] general protection fault ip:1 sp:2 error:0",
                 "[    1.0] workload[9]: segfault at 10 ip 1 sp 2 error 4",
                 "[    1.0] Kernel panic - not syncing: x",
                 "[    1.0] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
                 "[    1.0] unchecked MSR access error: WRMSR to 0x1 (tried 0x2)",
                 "(XEN) mm.c:2098:d1v0 Bad L1 flags 400000"):
        _expect(_failures(domu=_added(line)), "domu: complaint: ")
        _expect(_failures(dom0=_added(line)), "dom0: complaint: ")


def check_forgiven_trace() -> None:
    """The one known trace is forgiven once; another one is not."""
    trace = "[    0.974194] Call Trace:"
    assert not _failures(domu=_added(f"{MSR} (f+0x7a/0xa0)\n{trace}"))
    _expect(_failures(domu=_added(f"{MSR} (f+0x7a/0xa0)\n{trace}\n{trace}")), "Call Trace")
    _expect(_failures(domu=_added(trace)), "Call Trace")


def check_provoked_refusal() -> None:
    """The entry that a live KUnit case has refused is no complaint; another one is."""
    refused = "[    1.0] xen: entry 2 of 3 of a multicall failed: op 29, result -38, queued by Linux {}+0x6e/0x1130"
    assert not _failures(domu=_added(refused.format("a_refused_entry_stops_nobody")))
    _expect(_failures(domu=_added(refused.format("xen_set_pte"))), "of a multicall failed")


def check_counters() -> None:
    """Counters must be there and above zero, when our units are expected."""
    for name in verdict.CXX_COUNTERS:
        file, counter = name.split(".")
        _expect(_failures(domu=_without(f"COUNTER {file} {counter} ")), name)
    _expect(_failures(domu=_without("COUNTER")), "no COUNTER")
    _expect(_failures(domu=lambda text: text.replace("COUNTER batch flushes", "COUNTER batch flushes 0\nX")),
            "batch.flushes is 0")
    assert not _failures(domu=_without("COUNTER"), expect_cxx=False)


def check_vcpus() -> None:
    """A vcpu that did not come up is missed."""
    _expect(_failures(vcpus=3), "2 vcpus ran, 3 were asked for")


def check_torn_console() -> None:
    """A console that swallows lines is seen; a few torn ones are not held against it."""
    assert not _failures(domu=_without("TTY 3 of"))
    _expect(_failures(domu=_without("TTY 1")), "console")


def check_lone_user_crash() -> None:
    """Only one crashed user process, and nothing else, earns a second attempt."""
    crash = "[    1.0] traps: workload[9] general protection fault ip:1 sp:2 error:0"
    same = "RESULT dmesg FAIL [ 1.0] traps: workload[9] general protection fault"

    def lone(change) -> bool:
        logs = _logs()
        return _judge(Options(vcpus=2, expect_cxx=True))(
            {"domu": change(logs["domu"]), "serial": logs["serial"]}).only_one_user_crash

    once = _added(crash)
    assert lone(once)
    assert lone(lambda text: once(_replaced("RESULT dmesg ok", same)(text)))
    assert lone(lambda text: once(_replaced("RESULT threads ok", "RESULT threads FAIL crash: signal 11")(text)))
    assert not lone(lambda text: text)
    assert not lone(lambda text: once(once(text.replace("x", "y"))) + crash.replace("[9]", "[10]") + "\n")
    assert not lone(_added("[    1.0] WARNING: CPU: 0 PID: 1 at x"))
    assert not lone(lambda text: once(_without("RESULT net ")(text)))
