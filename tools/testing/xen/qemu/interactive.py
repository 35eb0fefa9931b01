# SPDX-License-Identifier: GPL-2.0
"""A person at a guest's console: the terminal joined to QEMU's first serial port.

Keys reach the guest raw, Ctrl-C included; Ctrl-A x is QEMU's own way out.
Until the guest's shell is there, the keys other than QEMU's are kept back,
because early consoles drop them.  Works from a pipe too, with a time limit.
"""

import os
import select
import sys
import termios
import time
import tty
from typing import Callable

import tree
from machine import Machine
from plan import Folder, Options, Plan

READY = b"STAGE shell"
PIPED_LIMIT_S = 300
QEMU_ESCAPE = 0x01


class Terminal:
    """Our terminal in raw mode for a while; a pipe stays as it is."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.is_terminal = os.isatty(descriptor)
        self._saved = termios.tcgetattr(descriptor) if self.is_terminal else None

    def __enter__(self) -> "Terminal":
        if self.is_terminal:
            tty.setraw(self.descriptor)
        return self

    def __exit__(self, *unused) -> None:
        if self._saved is not None:
            termios.tcsetattr(self.descriptor, termios.TCSADRAIN, self._saved)


class Session:
    """Copies bytes both ways until the machine ends."""

    def __init__(self, machine: Machine, terminal: Terminal, ready: Callable[[], bool]) -> None:
        self._machine = machine
        self._terminal = terminal
        self._ready = ready
        self._kept = b""
        self._escaped = False
        self._input_open = True

    def _for_qemu(self, keys: bytes) -> bytes:
        """The part of early keys that is QEMU's: Ctrl-A and the key after it."""
        now = b""
        for key in keys:
            if self._escaped or key == QEMU_ESCAPE:
                now += bytes([key])
                self._escaped = not self._escaped
            else:
                self._kept += bytes([key])
        return now

    def _typed(self) -> None:
        keys = os.read(self._terminal.descriptor, 4096)
        if not keys:
            self._input_open = False
        if not self._terminal.is_terminal:
            self._kept += keys.replace(b"\n", b"\r")
        elif self._kept is not None:
            if now := self._for_qemu(keys):
                self._send(now)

    def _send(self, keys: bytes) -> None:
        try:
            self._machine.process.stdin.write(keys)
        except BrokenPipeError:
            self._input_open = False

    def run(self, limit: float | None) -> bool:
        """Until the machine ends; False if the limit in seconds passed."""
        end = None if limit is None else time.monotonic() + limit
        output = self._machine.process.stdout.fileno()
        ready = False
        while True:
            sources = [output] + ([self._terminal.descriptor] if self._input_open else [])
            readable, _, _ = select.select(sources, [], [], 0.2)
            if output in readable:
                shown = os.read(output, 65536)
                if not shown:
                    return True
                sys.stdout.buffer.write(shown)
                sys.stdout.buffer.flush()
            if self._terminal.descriptor in readable:
                self._typed()
            if not ready and self._ready():
                # A moment for the shell to take over the terminal's settings.
                time.sleep(1)
                ready = True
            if ready and self._kept:
                self._send(self._kept)
                self._kept = b""
            if end is not None and time.monotonic() > end:
                return False


def attach(options: Options, make: Callable[[Options, object], Plan]) -> int:
    """Boot and hand the console to the user; exit status 0 after a power-off."""
    folder = Folder(options.name)
    try:
        plan = make(options, folder.path)
        for path in plan.logs.values():
            path.touch()
        way_out = "Ctrl-] leaves the domU's console for dom0, " if options.shell == "domu" else ""
        print(f"{options.name}: booting, logs in {tree.shown(plan.folder)}/; {way_out}"
              "'poweroff -f' ends, Ctrl-A x kills QEMU", flush=True)

        def ready() -> bool:
            return any(READY in path.read_bytes() for path in plan.logs.values())

        with Machine(plan.command, plan.folder, stdio=True) as machine, \
                Terminal(sys.stdin.fileno()) as terminal:
            session = Session(machine, terminal, ready)
            ended = session.run(None if terminal.is_terminal or options.debug else PIPED_LIMIT_S)
            if ended:
                machine.process.wait(timeout=20)
        for path in plan.throwaway:
            path.unlink(missing_ok=True)
        if not ended:
            print(f"{options.name}: no end after {PIPED_LIMIT_S} s", file=sys.stderr)
            return 1
        return machine.process.returncode
    finally:
        folder.close()
