# SPDX-License-Identifier: GPL-2.0
"""Boots Linux as dom0 on Xen/PPC and judges it: on refhv in stock QEMU, or, with the
environment's XENPPC=<xen-syms> and QEMU_PPC=<a QEMU with the 970's hypervisor mode, and
its arguments>, on a genuine hypervisor.

One run is one log folder.  A set of runs starts this command again for each of them,
two at a time, and ends them when it is ended itself.
"""

import json
import os
import re
import shlex
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import dom0_judge
import ppc_initramfs
import ppc_probe
import refhv_report
import stage
import tree
from dom0_case import AXES, LINEAR, PEER_AT, Case
from machine import Machine
from plan import Folder, Options, Plan, debug_arguments
from stage import Stage
from symbols import Demangler, places
from verdict import Verdict

KERNEL = tree.LINUX / "out-ppc-dom0/vmlinux"
# A kernel and its initrd end below this, or historical firmware has no room.
MOST_BYTES = 30_900_000
GENUINE_MB = 1024
GENUINE_DOM0_MB = 512
KEYS = 40
# Rounds of the balloon, usually; for many it takes as much longer.
ROUNDS = 2
KEY_LINE = "KEY {} abcdefghijklmnopqrstuvwxyz-0123456789\n"
KEY_S = 0.1
# The balloon's step waits for a minute.
SILENCE_S = 75.0
LAST_LINES = 20
MOST_FAILURES = 12

LOADED = Stage("loaded", "serial", r"^(refhv: |\(XEN\) )", 30)
STAGES = (LOADED,
          Stage("kernel", "serial", r"\] Linux version ", 60),
          Stage("userspace", "serial", r"STAGE dom0-userspace", 60),
          Stage("workload", "serial", r"STAGE workload", 30),
          Stage("end", "serial", r"STAGE end", 180))
FINISHED = Stage("finished", "serial", r"refhv: finished: ", 60)
# A genuine hypervisor waits before it restarts the machine, and then nothing ends QEMU.
STOPPED = Stage("stopped", "serial", r"machine_(halt|restart) called", 60)
SETTLE_S = 8.0
RESTARTED = "RTAS system-reboot"


@dataclass
class Setting:
    """What a run needs beside its case."""
    kernel: Path = KERNEL
    quick: bool = False
    keys: int = KEYS
    rounds: int = ROUNDS
    patience: float = 1.0
    verbose: bool = False
    silence: float | None = None
    trace: bool = False


@dataclass
class Run:
    """One finished run."""
    case: Case
    setting: Setting
    folder: Path
    seconds: float
    outcome: stage.Outcome
    text: str
    hang: str = ""
    status: str = ""
    starved: float = 1.0
    verdict: Verdict = field(default_factory=Verdict)
    report: refhv_report.Report = field(default_factory=refhv_report.Report)

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.verdict.failures


class Typist(threading.Thread):
    """Throws away what the machine's console says, and types lines once it is told to.

    The console's log is a file of QEMU's; the pipe must only not run full.
    """

    def __init__(self, machine: Machine, lines: int) -> None:
        super().__init__(daemon=True)
        self._machine = machine
        self._lines = lines
        self.go = threading.Event()
        self._reader = threading.Thread(target=self._drain, daemon=True)

    def _drain(self) -> None:
        while self._machine.process.stdout.read(65536):
            pass

    def run(self) -> None:
        self._reader.start()
        self.go.wait()
        for number in range(1, self._lines + 1):
            try:
                self._machine.process.stdin.write(KEY_LINE.format(number).encode())
            except (BrokenPipeError, ValueError):
                return
            time.sleep(KEY_S)


def guest_words(case: Case, setting: Setting, mode: str = "") -> str:
    """dom0's command line; short, for historical firmware cuts it off."""
    words = ["console=hvc0", "panic=1", "printk.devkmsg=on",
             f"xentest.now={int(time.time())}"]
    mode = mode or ("peer" if case.domu else "")
    if mode or setting.quick:
        words.append(f"xentest.mode={mode or 'quick'}")
    if case.balloons and not mode:
        words.append(f"xentest.balloon={setting.rounds}")
    if setting.keys and not mode:
        words.append(f"xentest.keys={setting.keys}")
    if case.end != "poweroff":
        words.append(f"xentest.end={case.end}")
    if case.linear:
        words.append(f"xen_linear={case.linear}")
    return " ".join(words)


def stripped(kernel: Path) -> Path:
    """The kernel without what only a debugger reads; the copy is kept beside it."""
    target = kernel.with_name(f"{kernel.name}.stripped")
    if target.exists() and target.stat().st_mtime >= kernel.stat().st_mtime:
        return target
    partial = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        subprocess.run(["powerpc64-linux-gnu-strip", "-s", "-o", partial, kernel], check=True,
                       capture_output=True, timeout=60)
    except FileNotFoundError:
        raise tree.Missing("no powerpc64-linux-gnu-strip: install binutils-powerpc64-linux-gnu") \
            from None
    except subprocess.CalledProcessError as error:
        raise tree.Missing(f"{tree.shown(kernel)}: {error.stderr.decode().strip()}") from None
    partial.rename(target)
    return target


def memory_for(case: Case) -> str:
    """Why this machine cannot hold a case's memory, or nothing."""
    with open("/proc/meminfo", encoding="ascii") as lines:
        found = {name: int(rest.split()[0]) for name, _, rest in
                 (line.partition(":") for line in lines)}
    available = found["MemAvailable"] >> 10
    return "" if case.holds_mb <= available else \
        f"{case.holds_mb} MB of memory are wanted, {available} MB are available"


def image_end(kernel: Path) -> int:
    """Bytes of memory from an ELF kernel's first loaded one to its last."""
    raw = kernel.read_bytes()
    try:
        if raw[:6] != b"\x7fELF\x02\x02":
            raise ValueError
        table, = struct.unpack_from(">Q", raw, 0x20)
        size, count = struct.unpack_from(">HH", raw, 0x36)
        heads = [struct.unpack_from(">IIQQQQQQ", raw, table + n * size) for n in range(count)]
        loads = [(head[3], head[3] + head[6]) for head in heads if head[0] == 1]
        return max(end for _, end in loads) - min(start for start, _ in loads)
    except (struct.error, ValueError):
        raise tree.Missing(f"{tree.shown(kernel)} is no 64-bit big-endian ELF image") from None


def room(kernel: Path, initrd: Path) -> None:
    """Kernel and initrd fit where historical firmware leaves room."""
    total = image_end(kernel) + initrd.stat().st_size
    if total > MOST_BYTES:
        raise tree.Missing(f"kernel and initrd have {total} bytes, more than {MOST_BYTES}")


def console(shell: bool) -> list[str]:
    """The first serial port: our pipes, or a person's terminal; always a log too."""
    mux = ",mux=on" if shell else ""
    chardev = f"stdio,id=console,signal=off,logfile=serial.log{mux}"
    return ["-chardev", chardev, "-serial", "chardev:console"] + \
        (["-mon", "chardev=console"] if shell else ["-monitor", "none"])


def on_refhv(case: Case, setting: Setting, folder: Path, kernel: Path, initrd: Path | None,
             words: str, shell: bool = False) -> list[str]:
    """The emulator's command line for refhv."""
    trace = ["-serial", "file:trace.log"] if setting.trace else []
    # Most of a large machine's memory is never touched: nothing is to be set aside for it.
    size = f"{case.machine_mb}M"
    more = "trace=hcall" if setting.trace else ""
    peer = ppc_probe.OUT / "probe/peer.elf"
    if case.domu:
        more += f" {case.peer_words(peer.stat().st_size)}"
    return [ppc_probe.qemu(), "-M", "powernv8,memory-backend=ram", "-accel", "tcg", "-m", size,
            "-object", f"memory-backend-ram,id=ram,size={size},reserve=off",
            "-smp", str(case.vcpus + case.domu), "-display", "none", "-no-reboot", *console(shell), *trace,
            "-bios", str(ppc_probe.OUT / "refhv.bin"), "-kernel", str(linked(folder, "kernel", kernel)),
            *(["-initrd", str(linked(folder, "initrd", initrd))] if initrd else []),
            *(["-device", f"loader,file={linked(folder, 'peer', peer)},addr={PEER_AT:#x},force-raw=on"]
              if case.domu else []),
            "-append", f"{case.refhv_words(more)} -- {words}"]


def on_genuine(case: Case, folder: Path, kernel: Path, initrd: Path | None, words: str,
               shell: bool = False) -> list[str]:
    """The same for the genuine hypervisor; the board hands it dom0 as modules."""
    emulator = shlex.split(os.environ.get("QEMU_PPC", ""))
    if not emulator:
        raise tree.Missing("XENPPC is set and QEMU_PPC is not: name a QEMU with the board xenrig")
    hypervisor = tree.kernel(Path(os.environ["XENPPC"]), "XENPPC names the hypervisor's xen-syms")
    return [*emulator, "-M", f"xenrig,dom0={linked(folder, 'kernel', kernel)},"
            f"dom0-append={words.replace(',', ',,')}",
            "-accel", "tcg", "-m", str(GENUINE_MB), "-smp", str(case.vcpus), "-display", "none",
            "-no-reboot", *console(shell), "-kernel", str(Path(hypervisor).resolve()),
            *(["-initrd", str(linked(folder, "initrd", initrd))] if initrd else []),
            "-append", f"xen dom0_mem={GENUINE_DOM0_MB}M"]


def linked(folder: Path, name: str, target: Path) -> str:
    """A short name in the log folder: QEMU splits some arguments at commas."""
    if not (folder / name).exists():
        (folder / name).symlink_to(Path(target).resolve())
    return name


def genuine() -> bool:
    """Whether the environment names a genuine hypervisor."""
    return bool(os.environ.get("XENPPC"))


def prepare(kernel: Path, initrd: Path | None = None) -> tuple[Path, Path]:
    """Everything that a run needs, built: refhv, the stripped kernel, the usual initrd."""
    if not genuine():
        ppc_probe.build(["all"])
    kernel = stripped(tree.kernel(kernel, "build it first (scripts/xen/kernel ppc-dom0)"))
    initrd = initrd or ppc_initramfs.dom0()
    room(kernel, initrd)
    return kernel, initrd


def stages(case: Case, first: tuple[Stage, ...], last: Stage) -> tuple[Stage, ...]:
    """The stages of a run: the last is what the hypervisor says."""
    return first + (STOPPED if case.genuine else last,)


def starved(pid: int) -> float | None:
    """How much longer a process took than if it had never waited for a processor; None
    where the kernel does not say."""
    ran = waited = 0
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            numbers = (thread / "schedstat").read_text().split()
            ran, waited = ran + int(numbers[0]), waited + int(numbers[1])
    except (OSError, ValueError, IndexError):
        return None
    return 1 + waited / ran if ran else None


def _follow(machine: Machine, setting: Setting, serial: Path, marks: tuple[Stage, ...],
            typist: Typist, name: str) -> tuple[stage.Outcome, str, float]:
    """Watch the machine; with a limit on silence, also say if that passed.  The number is
    how starved it was, as far as it could be seen."""
    last = [time.monotonic()]
    hang = [""]
    factor = [1.0]

    stopped: list[str] = []

    def progress(reached: str, at: float) -> None:
        if reached == STOPPED.name:
            stopped.append(reached)
        if reached == "workload":
            typist.go.set()
        if setting.verbose:
            print(f"{name}: {at:6.1f} s  {reached}", flush=True)

    def echo(_log: str, _line: str) -> None:
        last[0] = time.monotonic()

    def running() -> bool:
        factor[0] = starved(machine.process.pid) or factor[0]
        if not machine.running():
            return False
        quiet = time.monotonic() - last[0]
        if stopped and quiet > SETTLE_S:
            return False
        if setting.silence is not None and quiet > setting.silence * setting.patience:
            hang[0] = f"no word for {quiet:.0f} s and no end"
        return not hang[0]

    watch = stage.Watch(marks, {"serial": serial}, patience=setting.patience, progress=progress,
                        echo=echo)
    return watch.follow(running), hang[0], factor[0]


def execute(case: Case, setting: Setting, name: str = "", words: str = "",
            marks: tuple[Stage, ...] = STAGES, last: Stage = FINISHED,
            initrd: Path | None = None) -> Run:
    """Boot once and wait for the end; nothing is judged here but that it ended by itself."""
    kernel, initrd = prepare(setting.kernel, initrd)
    name = name or f"ppc-dom0-{case.name}".replace("/", "-").replace(":", "_")
    folder = Folder(name)
    started = time.monotonic()
    serial = folder.path / "serial.log"
    try:
        serial.touch()
        words = words or guest_words(case, setting)
        command = on_genuine(case, folder.path, kernel, initrd, words) if case.genuine else \
            on_refhv(case, setting, folder.path, kernel, initrd, words)
        (folder.path / "command").write_text(shlex.join(command) + "\n")
        with Machine(command, folder.path, stdio=True) as machine:
            # Nobody reads them there, and their echo would be in the way.
            typist = Typist(machine, 0 if case.domu else setting.keys)
            typist.start()
            outcome, hang, factor = _follow(machine, setting, serial, stages(case, marks, last),
                                            typist, name)
            code = machine.process.poll()
            machine.kill()
            typist.go.set()
            complaint = machine.complaint()
        run = Run(case, setting, folder.path, time.monotonic() - started, outcome,
                  serial.read_text(errors="replace"), hang, starved=factor)
        # The board of the genuine hypervisor ends so when the machine is restarted.
        if code and not (case.genuine and RESTARTED in complaint):
            run.status = f"QEMU ended with status {code}: {complaint}"
        return run
    finally:
        folder.close()


def stage_failures(run: Run) -> list[str]:
    """Why a run did not come to its end by itself, if it did not."""
    if run.hang:
        return [f"hung in stage {run.outcome.stage}: {run.hang}"]
    if run.outcome.stopped:
        return [f"stopped in stage {run.outcome.stage}: {run.outcome.stopped}"]
    if run.status:
        return [run.status]
    if run.outcome.missing:
        return [f"the machine ended in stage {run.outcome.stage}, before {run.outcome.missing}"]
    return []


def boot(case: Case, setting: Setting) -> Run:
    """Run a case and judge it."""
    run = execute(case, setting)
    run.verdict, run.report = dom0_judge.judge(case, run.text, quick=setting.quick,
                                               keys=setting.keys,
                                               patience=setting.patience * run.starved)
    if early := stage_failures(run):
        run.verdict.failures = early + dom0_judge.without_consequences(run.verdict.failures)
    return run


def again(run: Run, command: str = "ppc-dom0") -> str:
    """The command that repeats a run."""
    words = [tree.shown(tree.HERE / "boot"), command, *run.case.options]
    words += ["--quick"] * run.setting.quick
    if run.setting.rounds != ROUNDS:
        words += ["--balloon", str(run.setting.rounds)]
    if run.setting.kernel != KERNEL:
        words += ["--kernel", tree.shown(run.setting.kernel)]
    environment = [f"{name}={shlex.quote(os.environ.get(name, ''))}"
                   for name in ("XENPPC", "QEMU_PPC") if run.case.genuine]
    return " ".join(environment + [shlex.join(words)])


def show(run: Run, name: str, command: str = "ppc-dom0") -> None:
    """One line for a good run; for a bad one the failures, the log's end, how to repeat."""
    steps = run.verdict.steps.get(dom0_judge.SIDE, {})
    calls = sum(sum(counts) for counts in run.report.calls.values())
    if run.ok:
        late = steps["accuracy"].figures.get("median_us") if "accuracy" in steps else None
        counted = "" if run.case.genuine else \
            f", {calls} hypercalls, {run.report.violations} violations"
        print(f"{name}: ok, {len(steps)} steps in {run.seconds:.1f} s{counted}"
              f"{f', timers {late} us late' if late else ''}", flush=True)
        return
    demangle = Demangler()
    lines = [f"{name}: FAILED in stage {run.outcome.stage} after {run.seconds:.1f} s"]
    lines += [f"  {demangle(failure)}" for failure in run.verdict.failures[:MOST_FAILURES]]
    if len(run.verdict.failures) > MOST_FAILURES:
        lines.append(f"  … and {len(run.verdict.failures) - MOST_FAILURES} more")
    text = [line for line in run.text.replace("\r", "").splitlines()
            if line.strip() and "COUNTER " not in line and not line.startswith("refhv: trace ")]
    lines += [f"  | {demangle(line)}" for line in text[-LAST_LINES:]]
    lines += [f"  = {place}" for place in places(text, tree.symbols_of(run.setting.kernel))]
    lines += [f"  logs: {tree.shown(run.folder)}/", f"  again: {again(run, command)}"]
    print("\n".join(lines), file=sys.stderr, flush=True)


def as_json(run: Run, name: str) -> dict:
    """What a table or another program may want of a run; the words of report.as_json."""
    steps = run.verdict.steps.get(dom0_judge.SIDE, {})
    xen = re.search(r"Xen version (\S+)", run.text)
    return {
        "name": name, "what": "ppc-dom0", "ok": run.ok,
        "kernel": tree.release(run.setting.kernel),
        "xen": f"Xen {xen.group(1)}" if run.case.genuine and xen else "refhv",
        "results": {step: result.ok for step, result in steps.items()},
        "steps": {step: {"ok": result.ok, "text": result.text, "figures": result.figures}
                  for step, result in steps.items()},
        "counters": run.verdict.counters.get(dom0_judge.SIDE, {}),
        "refhv": None if run.case.genuine else run.report.figures(),
        "vcpus": run.case.vcpus, "memory": run.case.gets_mb,
        "seconds": round(run.seconds, 1), "starved": round(run.starved, 2), "stage": run.outcome.stage,
        "stages": {reached: round(at, 1) for reached, at in run.outcome.reached},
        "failures": run.verdict.failures, "logs": tree.shown(run.folder), "again": again(run),
    }


def write_json(path: Path, value) -> None:
    """Write a result; the file is complete or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n")
    partial.rename(path)


def shell(options: Options, folder: Path) -> Plan:
    """A console in a dom0, on refhv or on a genuine hypervisor; interactive.py joins it."""
    case = Case(vcpus=options.vcpus, mem=options.memory or Case().mem, genuine=genuine())
    setting = Setting(KERNEL if options.kernel == tree.OURS else options.kernel, keys=0)
    kernel, initrd = prepare(setting.kernel)
    words = guest_words(case, setting, mode="shell")
    command = on_genuine(case, folder, kernel, initrd, words, shell=True) if case.genuine else \
        on_refhv(case, setting, folder, kernel, initrd, words, shell=True)
    return Plan(folder=folder, command=command + debug_arguments(options), stages=STAGES,
                logs={"serial": folder / "serial.log"}, judge=lambda texts: Verdict(),
                kernels={"dom0": setting.kernel})


def add_common(parser) -> None:
    """Options of every command that boots a dom0."""
    parser.add_argument("--kernel", type=Path, default=KERNEL, help="(%(default)s)")
    parser.add_argument("--patience", type=float, default=1.0, metavar="X",
                        help="multiply all time limits")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there")
    parser.add_argument("--vcpus", type=int, choices=AXES["vcpus"], default=1, help="(%(default)s)")


def add_case(parser) -> None:
    """The axes but vcpus."""
    for axis, values in AXES.items():
        if axis == "quirks":
            parser.add_argument("--quirks", action="store_true",
                                help="refhv behaves as Xen did in 2007")
        elif axis == "mem":
            parser.add_argument("--mem", type=int, default=values[0], metavar="MB",
                                help="dom0's memory (%(default)s)")
        elif axis != "vcpus":
            parser.add_argument(f"--{axis}", choices=values, type=type(values[0]),
                                default=values[0], help="(%(default)s)")
    parser.add_argument("--domu", action="store_true",
                        help="with a second domain; the workload is what dom0 does with it")
    parser.add_argument("--linear", choices=LINEAR, default="",
                        help="the size of the linear map's pages (the kernel's own choice)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME:N:CODE",
                        help="refhv answers CODE to the N-th call NAME; up to four times")


def case_of(arguments) -> Case:
    """The case that the command line names."""
    case = Case(**{axis: getattr(arguments, axis) for axis in AXES}, faults=tuple(arguments.fault),
                genuine=genuine(), domu=arguments.domu, linear=arguments.linear)
    if not 64 <= case.mem <= 16384:
        raise tree.Missing("--mem takes 64 to 16384 MB")
    if case.quirks and case.direct:
        raise tree.Missing("--quirks goes with --mode translated only")
    if not case.possible:
        raise tree.Missing("--mem is not less than --rma")
    if case.genuine and (case.direct or case.domu):
        raise tree.Missing("a genuine hypervisor has neither --mode direct nor --domu")
    return case
