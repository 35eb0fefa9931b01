# SPDX-License-Identifier: GPL-2.0
"""How the harness ends when it is told to: through its context managers."""

import signal
import sys


def leave_on_signals() -> None:
    """Turn SIGTERM, SIGINT and SIGHUP into an exit, so that emulators are ended."""
    def leave(number: int, _frame) -> None:
        # A second signal must not interrupt the cleaning up.
        for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(other, signal.SIG_IGN)
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)
