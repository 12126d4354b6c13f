"""Whether one job cluster stands still, though others do its work and the heartbeat goes on.

Two of its processes never rest for long. The sentinel, the main process's child, goes round once a second.
The pusher asks the database for work every second, unless the cluster's own queue is full; then it waits
until a worker takes something, which is at most what one job may take. The kernel counts how often a process
goes to sleep: where that number stays the same from look to look, it is stopped, or waits for what never
comes.

Looks are counted and no seconds, so that a machine that was suspended as a whole loses nothing by it.
"""

from __future__ import annotations

import psutil

# Looks come every two seconds (``portal.supervisor.FAULT_SECONDS``): 40 s, and two minutes for the pusher,
# twice the longest job (``Q_CLUSTER["timeout"]``).
SENTINEL_LOOKS = 20
PUSHER_LOOKS = 60


class Standstill:
    """What was seen of one cluster's processes so far."""

    def __init__(self) -> None:
        self._slept: dict[int, int] = {}
        self._looks: dict[int, int] = {}

    def fault(self, main: int, processes: list[psutil.Process]) -> str | None:
        """Look once. Why the cluster of the main process ``main`` stands still, if it does."""
        found = None
        slept, looks = {}, {}
        for process in processes:
            try:
                most = _most_looks(process, main)
                if most:
                    slept[process.pid] = process.num_ctx_switches().voluntary
            except psutil.Error:
                continue
            if most and slept[process.pid] == self._slept.get(process.pid):
                looks[process.pid] = self._looks.get(process.pid, 0) + 1
                if looks[process.pid] >= most:
                    found = f"stand still (process {process.pid})"
        self._slept, self._looks = slept, looks
        return found

    def forget(self) -> None:
        """Begin anew: what was seen says nothing, as while the database is away."""
        self._slept, self._looks = {}, {}


def _most_looks(process: psutil.Process, main: int) -> int:
    """How many looks on end a process may sleep through; 0 for one that may sleep as long as it likes."""
    title = process.cmdline()
    # A fork of the main process, under its title; Python's own helpers are other children of that.
    if process.ppid() == main and title == psutil.Process(main).cmdline():
        return SENTINEL_LOOKS
    # django-q2 writes what a process is at the end of its title.
    return PUSHER_LOOKS if " ".join(title).rstrip().endswith("pusher") else 0
