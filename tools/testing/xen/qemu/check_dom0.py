# SPDX-License-Identifier: GPL-2.0
"""Checks of the verdicts on a dom0 on Xen/PPC: its boots, its sets of cases.

The good log is of a real run, shortened; each bad one is it with one thing wrong.
"""

import contextlib
import io
import os

import dom0_case
import dom0_judge
import dom0_sets
import ppc_dom0
import ppc_kunit
import refhv_report
import tree
from dom0_case import Case

GOOD = (tree.HERE / "testdata/ppc-dom0-good.log").read_text()
KEYS = 40


def _failures(text: str = GOOD, case: Case = Case(), keys: int = KEYS, quick: bool = False) -> list[str]:
    return dom0_judge.judge(case, text, keys=keys, quick=quick)[0].failures


def _without(word: str) -> str:
    assert word in GOOD, f"the canned log has no {word!r}"
    return "".join(f"{line}\n" for line in GOOD.splitlines() if word not in line)


def _replaced(old: str, new: str, text: str = GOOD) -> str:
    assert old in text, f"the canned log has no {old!r}"
    return text.replace(old, new)


def _inserted(line: str) -> str:
    """With a line while the workload ran."""
    return _replaced("RESULT processes ok", f"x\n{line}\n[ 1.0] RESULT processes ok")


def _expect(found: list[str], *words: str) -> None:
    assert found, "nothing failed"
    for word in words:
        assert any(word in failure for failure in found), f"{word!r} not in {found}"


def check_good_log() -> None:
    """The log of a good run has no failure, and refhv's figures are read."""
    found, report = dom0_judge.judge(Case(), GOOD, keys=KEYS)
    assert not found.failures, found.failures
    assert report.violations == 0 and report.finished == "power off", report
    assert report.calls["event_channel_op"] == [215], report.calls
    assert report.calls["H_ENTER"][0] > 100_000, report.calls
    assert len(found.steps["dom0"]) == len(dom0_judge.steps_of(Case(), False, KEYS)) + 1


def check_every_step_is_missed() -> None:
    """A RESULT that is not there, or says FAIL, is a failure, whichever it is."""
    for step in (*dom0_judge.LONG, dom0_judge.KEYS):
        _expect(_failures(_without(f"RESULT {step} ")), "no RESULT", step)
        _expect(_failures(_replaced(f"RESULT {step} ok", f"RESULT {step} FAIL why:")), f"{step}: why")
    short = "".join(f"{line}\n" for line in GOOD.splitlines()
                    if not any(f"RESULT {step} " in line for step in ("timers", "area", "accuracy")))
    assert not _failures(short, quick=True)
    _expect(_failures(short), "no RESULT in the log: timers, area, accuracy")


def check_complaints() -> None:
    """What a sick kernel says is a failure."""
    for line in ("[    1.0] WARNING: CPU: 0 PID: 1 at mm/page.c:3 f+0x1/0x2",
                 "[    1.0] kernel BUG at mm/x.c:3!", "[    1.0] Oops: Exception in kernel mode",
                 "[    1.0] rcu: INFO: rcu_sched self-detected stall on CPU",
                 "[    1.0] Kernel panic - not syncing: x",
                 "[    1.0] irq 16: spurious interrupt",
                 "[    1.0] Facility 'DSCR' unavailable (3), exception at 0x1",
                 "[    1.0] Hypervisor Facility 'TM' unavailable (5), exception at 0x1"):
        _expect(_failures(_inserted(line)), "dom0: complaint: ")


def check_refhv_report() -> None:
    """Rules, waits, a wrong end, none at all: each is a failure."""
    _expect(_failures(_replaced("refhv: violations: 0",
                                "refhv: V03 large-page-unchecked: 2\nrefhv: violations: 2")),
            "V03 large-page-unchecked (2 times)", "2 violations")
    _expect(_failures(_inserted("refhv: V22 facility-use: domain 0: segment of 1 TB (0x1)")), "V22")
    _expect(_failures(_replaced("refhv: violations: 0",
                                "refhv: domain 0 vcpu 1: 3 events waited for an exit\n"
                                "refhv: violations: 0")), "3 events of d0v1 waited")
    for count, bad in ((3, False), (4, True)):
        text = _replaced("refhv: violations: 0", f"refhv: domain 0 vcpu 1: {count} events waited "
                         "for an exit\nrefhv: violations: 0")
        assert any("waited" in f for f in _failures(text, Case(race="event"))) == bad
    _expect(_failures(_without("refhv: violations")), "did not sum up")
    _expect(_failures(_without("refhv: finished")), "ended with ''")
    _expect(_failures(_replaced("finished: power off", "finished: crash")), "'crash', not 'power off'")
    _expect(_failures(_replaced("refhv: finished: power off", "refhv: FAILED: stack overflow")),
            "refhv failed: stack overflow")


def check_ends() -> None:
    """Each end has its reason; after a wanted panic its trace is no complaint."""
    reboot = _replaced("finished: power off", "finished: reboot")
    assert not _failures(reboot, Case(end="reboot"))
    _expect(_failures(reboot), "'reboot', not 'power off'")
    panic = _replaced("finished: power off", "finished: crash",
                      _replaced("] reboot: Power down", f"] {dom0_judge.PANIC}\n[ 9.0] Call Trace:\n"))
    assert not _failures(panic, Case(end="panic"))
    _expect(_failures(panic), "complaint", "'crash', not 'power off'")
    _expect(_failures(_replaced(dom0_judge.PANIC, "Kernel panic - not syncing: hm", panic),
                      Case(end="panic")), "no 'Kernel panic")
    _expect(_failures(_without("STAGE end")), "did not come to its end")


def check_lateness() -> None:
    """Timers and events that are late beyond all excuses, and figures that are not there."""
    text = GOOD.replace("median_us=", "median_us=999")
    _expect(_failures(text), "accuracy: median_us is 999", "evtchn: median_us is 999")
    _expect(_failures(GOOD.replace("p90_us=", "p90=")), "no figure p90_us")
    assert not dom0_judge.judge(Case(), text, keys=KEYS, patience=100)[0].failures


def check_starvation() -> None:
    """What the kernel says of a process's waiting; nothing of one that is not there."""
    factor = ppc_dom0.starved(os.getpid())
    assert factor is None or 1 <= factor < 1e6, factor
    assert ppc_dom0.starved(2 ** 22 + 1) is None


def check_figures() -> None:
    """Vcpus, memory, spurious interrupts and the clock's source fit the case."""
    _expect(_failures(case=Case(vcpus=2)), "1 vcpus ran, 2 were asked for", "on 1 processors")
    _expect(_failures(case=Case(mem=1024)), "memory-size: 494 MB of 1024")
    _expect(_failures(case=Case(mem=256)), "memory-size: 494 MB of 256")
    _expect(_failures(_replaced("spurious=0", "spurious=3")), "3 were spurious")
    _expect(_failures(case=Case(quirks=True)), "wallclock: from tree, not user")
    _expect(_failures(_replaced("source=tree", "source=user")), "wallclock: from user, not tree")


def check_tool() -> None:
    """What libxencomm's tool says fits the case."""
    for right, wrong in (("schemes=2", "schemes=1"), ("domains=1", "domains=2"),
                         ("pages=131072 vcpus", "pages=131071 vcpus"), ("vcpus=1 frames", "vcpus=2 frames"),
                         ("frames=4096", "frames=4095"), (" frames=4096", "")):
        name = right.strip().partition("=")[0] if wrong else "frames"
        _expect(_failures(_replaced(right, wrong)), f"tool: {name} is ")


def check_balloon() -> None:
    """The balloon moves pages that stay: the figure is there, and not 0 after many rounds."""
    step = "balloon ok rounds=5 sections=11 moved=3400"
    _expect(_failures(_replaced(" moved=3400", "")), "balloon: no figure moved")
    _expect(_failures(_replaced(" rounds=5", "")), "balloon: no figure rounds")
    for rounds, bad in ((9, False), (10, True)):
        text = _replaced(step, f"balloon ok rounds={rounds} sections=11 moved=0")
        assert any(f"no page was moved in {rounds} rounds" in f for f in _failures(text)) == bad
        assert not _failures(_replaced(step, f"balloon ok rounds={rounds} sections=11 moved=1"))


def check_faults_came() -> None:
    """Each call that refhv was told to fail did, whatever line it said so in; the complaints
    of the kernel are wanted then."""
    case = Case(faults=("H_ENTER:3:-4", "memory_op:0x2:-12"))
    _expect(_failures(case=case), "the call of fault=H_ENTER:3:-4 never came", "memory_op:0x2:-12")
    one = _replaced("RESULT processes ok", "RESULT procrefhv: fault H_ENTER:3\nesses ok")
    assert _failures(one, case) == ["refhv: the call of fault=memory_op:0x2:-12 never came"]
    both = _replaced("RESULT pipes", "refhv: fault memory_op:2\nRESULT pipes", one)
    refused = _replaced("RESULT pipes", "xen: hypercall x, y (2): refused with -22\n[ 1.0] RESULT pipes", both)
    assert not _failures(refused, case), _failures(refused, case)
    _expect(_failures(refused), "complaint: xen: hypercall x")


def check_clamped_memory() -> None:
    """More memory than fits is said once: not never, not twice."""
    case = Case(mem=4096)
    size = GOOD.replace("total_kb=506224", "total_kb=2055152").replace(": 512 MB,", ": 2048 MB,")
    size = size.replace("pages=131072 vcpus", "pages=524288 vcpus")
    line = "refhv: memory is limited to the 2 GB below the I/O hole\n"
    _expect(_failures(size, case), "0 lines say that memory was clamped")
    assert not _failures(line + size, case), _failures(line + size, case)
    _expect(_failures(line + line + size, case), "2 lines")


def _direct(memory_mb: int = 512) -> str:
    """The log of a domain that keeps its own map of frames."""
    log = _replaced("vcpus from cpu 0, translated,", "vcpus from cpu 0, direct,")
    log = log.replace(": 512 MB,", f": {memory_mb} MB,")
    return log.replace("on Xen/PPC, translated mode", "on Xen/PPC, direct mode")


def check_mode() -> None:
    """refhv builds the mode and the memory that were asked for, and the kernel agrees."""
    direct = Case(mode="direct")
    assert not _failures(_direct(), direct), _failures(_direct(), direct)
    _expect(_failures(GOOD, direct), "domain 0 is translated, not direct", "in translated mode, not direct")
    _expect(_failures(_direct()), "domain 0 is direct, not translated", "in direct mode, not translated")
    _expect(_failures(_direct(192), direct), "domain 0 has 192 MB of 512")
    _expect(_failures(_without("refhv: domain 0: 512")), "domain 0 is not told of")
    _expect(_failures(_replaced("translated mode", "some mode")), "in some mode, not translated")
    _expect(_failures(_replaced("translated mode;", "")), "in no mode, not translated")
    assert Case(mode="direct", mem=8192).gets_mb == 8192 and Case(mem=8192).gets_mb == 2048
    assert not Case(mode="direct", mem=8192).clamped and not Case(mode="direct", quirks=True).possible


def check_linear() -> None:
    """The kernel took the size of pages that it was told, and is told none by default."""
    large = Case(linear="16m")
    assert "xen_linear=16m" in ppc_dom0.guest_words(large, ppc_dom0.Setting()).split()
    assert "xen_linear" not in ppc_dom0.guest_words(Case(), ppc_dom0.Setting())
    assert "--linear 16m" in " ".join(large.options) and "linear-16m" in large.name
    _expect(_failures(case=large), "has pages of 4 KB, not 16 MB")
    _expect(_failures(_without("linear map in"), large), "has pages of no size")
    text = _replaced("in pages of 4 KB", "in pages of 16 MB")
    assert not _failures(text, large), _failures(text, large)


def check_window() -> None:
    """Own grants are mapped wherever the hypervisor lets a domain map them."""
    _expect(_failures(_without("RESULT window ")), "no RESULT in the log: window")
    _expect(_failures(_without("RESULT window-32")), "no RESULT in the log: window-32")
    assert "window" not in dom0_judge.steps_of(Case(quirks=True), False, 0)
    assert "window" in dom0_judge.steps_of(Case(mode="direct"), True, 0)


def check_second_domain() -> None:
    """Its steps are others; it must have been there; its words are refhv's."""
    case = Case(domu=True)
    _expect(_failures(case=case), "no second domain", "no RESULT in the log: ")
    assert case.domu and "--domu" in case.options and "domu" in case.name.split("-")
    assert case.peer_words(7) == "domu=0x30000000:7:128:1"
    assert ":2048:1 " in Case(mode="direct", mem=5120, domu=True).peer_words(7)
    low = _direct(5120).replace("RESULT dmesg", "RESULT same-number ok pairs=1 frame=20496\nRESULT dmesg")
    _expect(_failures(low, Case(mode="direct", mem=5120, domu=True)), "frame 20496 is below 4 GB")
    assert "domu-first" in Case(mode="direct").peer_words(7).split()
    assert "same-number" in dom0_judge.steps_of(Case(mode="direct", domu=True), False, 0)
    assert "xentest.mode=peer" in ppc_dom0.guest_words(case, ppc_dom0.Setting(quick=True)).split()


def check_memory_that_is_not_there() -> None:
    """A case that this machine cannot hold is told apart from one that passed."""
    assert not ppc_dom0.memory_for(Case(mem=192))
    told = io.StringIO()
    several = dom0_sets.several
    try:
        dom0_sets.several = lambda *_: [{"name": "a", "ok": True}, {"name": "b", "ok": False},
                                        {"name": "c", "ok": False, "skipped": "too large"}]
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            assert dom0_sets.summed([], 1, None) == 1
    finally:
        dom0_sets.several = several
    assert told.getvalue().splitlines()[-1] == "1 passed, 1 failed, 1 skipped", told.getvalue()
    assert "skipped: c" in told.getvalue() and "failed: c" not in told.getvalue()
    lacking = ppc_dom0.memory_for(Case(mode="direct", mem=1 << 22))
    assert "are available" in lacking, lacking


def check_identity_and_counters() -> None:
    """The kernel says what it runs on; its counters are there and fit refhv's."""
    _expect(_failures(_without("xen: domain 0 on")), "does not say that it runs on Xen")
    _expect(_failures(_without("COUNTER")), "no COUNTER of hypercalls")
    _expect(_failures(_replaced("ri_lost 0", "ri_lost 1")), "events.ri_lost is 1")
    _expect(_failures(_replaced("COUNTER hypercalls event_channel_op 215",
                                "COUNTER hypercalls event_channel_op 216")), "refhv saw 215")


def check_console() -> None:
    """Lines that the console swallowed, and typed ones that did not arrive, are seen."""
    _expect(_failures(_without("TTY 1")), "console: ")
    assert not _failures(_without("RESULT console-input"), keys=0)


def check_genuine() -> None:
    """Without refhv its report is not missed, and the guest's words still count."""
    text = "".join(f"{line}\n" for line in GOOD.splitlines() if not line.startswith("refhv"))
    _expect(_failures(text, Case(genuine=True)), "did not say 'Domain 0 halted'")
    text += "(XEN) Domain 0 halted: halting machine.\n"
    assert not _failures(text, Case(genuine=True)), _failures(text, Case(genuine=True))
    _expect(_failures(text.replace("RESULT timers ok", "RESULT timers FAIL 1 of 20"),
                      Case(genuine=True)), "timers: 1 of 20")


def check_consequences() -> None:
    """A run that stopped early is told by that, and by what is not its consequence."""
    early = "".join(f"{line}\n" for line in _inserted("kernel BUG at x").splitlines()[:12])
    left = dom0_judge.without_consequences(_failures(early))
    assert len(left) == 1 and "kernel BUG" in left[0] or not left, left
    assert dom0_judge.without_consequences(["refhv failed: x", "rule broken: V01"]) == \
        ["refhv failed: x", "rule broken: V01"]


def check_kunit_verdict() -> None:
    """Suites, complaints and refhv's report all count."""
    kunit = (tree.HERE / "testdata/kunit-builtin.log").read_text()
    found, _ = ppc_kunit.judge(Case(), kunit + GOOD)
    _expect(found.failures, "missing")
    broken = _replaced("refhv: violations: 0", "refhv: violations: 1")
    found, _ = ppc_kunit.judge(Case(), kunit + broken + "[ 9.0] kernel BUG at x\n")
    _expect(found.failures, "1 violations", "complaint")


def check_sets() -> None:
    """Every possible pair is in the pairwise set and in the long one; names are unique."""
    everything, chosen = dom0_case.everything(), dom0_case.pairwise()
    pairs = set().union(*map(dom0_case.pairs, everything))
    assert pairs == set().union(*map(dom0_case.pairs, chosen))
    for axis, values in dom0_case.AXES.items():
        for value in values:
            assert sum((axis, value) in {item for pair in dom0_case.pairs(case) for item in pair}
                       for case in chosen) > 0, (axis, value)
    assert len(chosen) < 40 and len({case.name for case in everything}) == len(everything)
    assert all(case.possible for case in everything + chosen)


def check_again() -> None:
    """The command that repeats a case names all of it, and refhv gets all of it."""
    case = Case("of", 128, 1024, 4, "prompt", True, "event", "panic",
                faults=("H_ENTER:3:-4",))
    options = " ".join(case.options)
    for word in ("--start of", "--rma 128", "--mem 1024", "--vcpus 4", "--upcall prompt", "--quirks",
                 "--race event", "--end panic", "--fault H_ENTER:3:-4"):
        assert word in options, options
    assert "--mode direct" in " ".join(Case(mode="direct").options)
    assert "mode=direct" in Case(mode="direct").refhv_words().split()
    words = case.refhv_words()
    for word in ("start=of", "rma=128", "mem=1024", "vcpus=4", "upcall=prompt", "race=event",
                 "quirks=historical", "fault=H_ENTER:3:-4", "mode=translated"):
        assert word in words.split(), words


def check_command_line_is_short() -> None:
    """Historical firmware keeps 255 bytes of it."""
    words = ppc_dom0.guest_words(Case(end="poweroff"), ppc_dom0.Setting(quick=True))
    assert len(words) <= dom0_case.MOST_WORDS, words


def check_report_alone() -> None:
    """Calls of other domains are not dom0's; a report without an end is none."""
    text = "refhv: hypercalls of d1 by vcpu:\nrefhv:\t7\tmemory_op\n" \
           "refhv: hypercalls of d0 by vcpu:\nrefhv:\t1\t2\tmemory_op\nrefhv: violations: 0\n"
    report = refhv_report.read(text)
    assert report.calls == {"memory_op": [1, 2]}, report.calls
    _expect(refhv_report.complaints(report, "power off"), "ended with ''")


def check_big_image() -> None:
    """A file that is no kernel is refused with its name."""
    try:
        ppc_dom0.image_end(tree.HERE / "README.rst")
    except tree.Missing as error:
        assert "README.rst" in str(error), error
        return
    raise AssertionError("it was taken for a kernel")
