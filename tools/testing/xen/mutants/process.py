# SPDX-License-Identifier: GPL-2.0
"""Commands with a time limit and a log, none of which outlives this program."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

_running: set[subprocess.Popen] = set()
_lock = threading.Lock()
_stopped = False
_start = time.monotonic()

TIMED_OUT = -1000


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.monotonic() - _start:4.0f}s] {text}", flush=True)


def _end(run: subprocess.Popen, number: int) -> None:
    try:
        os.killpg(run.pid, number)
    except ProcessLookupError:
        pass


def command(words: list, log: Path, limit: float, **environment: str) -> tuple[int, str]:
    """Run a command, its output appended to log; returns status and that output.

    The status is TIMED_OUT after limit seconds.  Everything the command started is
    ended with it: the harness of QEMU gets the time to do that itself.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "ab+") as out:
        begin = out.seek(0, os.SEEK_END)
        with _lock:
            if _stopped:
                raise KeyboardInterrupt
            run = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT,
                                   start_new_session=True, env=os.environ | environment)
            _running.add(run)
        try:
            status = run.wait(limit)
        except subprocess.TimeoutExpired:
            _end(run, signal.SIGTERM)
            try:
                run.wait(10)
            except subprocess.TimeoutExpired:
                pass
            status = TIMED_OUT
        finally:
            _end(run, signal.SIGKILL)
            run.wait()
            with _lock:
                _running.discard(run)
        if _stopped:  # what it said while it was ended is no verdict
            raise KeyboardInterrupt
        out.seek(begin)
        return status, out.read().decode(errors="replace")


def stop_all() -> None:
    """End whatever still runs; nothing new starts afterwards."""
    global _stopped
    with _lock:
        _stopped = True
        left = list(_running)
    for run in left:
        _end(run, signal.SIGTERM)
    for run in left:
        try:
            run.wait(10)
        except subprocess.TimeoutExpired:
            _end(run, signal.SIGKILL)
