"""Whether one job cluster stands still, though others do its work and the heartbeat goes on.

Two of its processes never rest for long. The sentinel, the main process's child, goes round once a second.
The pusher asks the database for work every second, unless the cluster's own queue is full; then it waits
until a worker takes something, which is at most what one job may take. The kernel counts how often a process
goes to sleep: where that number stays the same from look to look, it is stopped, or waits for what never
comes.

The monitor, which notes the results, rests while no job ends. So it is asked for only while a worker works: a
job ends in time, well or badly, and then the monitor goes on.

Looks are counted and no seconds, so that a machine that was suspended as a whole loses nothing by it.
"""

from __future__ import annotations

import psutil

# Looks come every two seconds (``portal.supervisor.FAULT_SECONDS``): 40 s, and two minutes for the pusher and
# the monitor, twice the longest job (``Q_CLUSTER["timeout"]``).
SENTINEL_LOOKS = 20
PUSHER_LOOKS = 60
MONITOR_LOOKS = 60
# In so many looks a worker was seen to work: one that begins goes on once or twice before its first job.
WORKING_LOOKS = 3


class Standstill:
    """What was seen of one cluster's processes so far."""

    def __init__(self) -> None:
        self._slept: dict[int, int] = {}
        self._looks: dict[int, int] = {}
        self._worked = 0

    def fault(self, main: int, processes: list[psutil.Process]) -> str | None:
        """Look once. Why the cluster of the main process ``main`` stands still, if it does."""
        seen: list[tuple[int, str]] = []
        slept: dict[int, int] = {}
        for process in processes:
            try:
                slept[process.pid] = process.num_ctx_switches().voluntary
                seen.append((process.pid, _kind(process, main)))
            except psutil.Error:
                continue
        went_on = {pid for pid, count in slept.items() if self._slept.get(pid, count) != count}
        rests = {pid for pid, count in slept.items() if self._slept.get(pid) == count}
        self._worked += any(pid in went_on for pid, kind in seen if kind == "worker")
        looks = {}
        for pid, kind in seen:
            if kind == "monitor" and pid not in rests:
                self._worked = 0
            if pid in rests and (kind != "monitor" or self._worked):
                looks[pid] = self._looks.get(pid, 0) + 1
        self._slept, self._looks = slept, looks
        still = next((pid for pid, kind in seen if self._is_too_long(kind, looks.get(pid, 0))), None)
        return None if still is None else f"stand still (process {still})"

    def forget(self) -> None:
        """Begin anew: what was seen says nothing, as while the database is away."""
        self._slept, self._looks, self._worked = {}, {}, 0

    def _is_too_long(self, kind: str, looks: int) -> bool:
        """Whether a process of that kind slept through more looks on end than it may."""
        if kind == "monitor":
            return looks >= MONITOR_LOOKS and self._worked >= WORKING_LOOKS
        return looks >= {"sentinel": SENTINEL_LOOKS, "pusher": PUSHER_LOOKS}.get(kind, looks + 1)


def _kind(process: psutil.Process, main: int) -> str:
    """What a process of the cluster is; empty for one that may sleep as long as it likes."""
    title = process.cmdline()
    # A fork of the main process, under its title; Python's own helpers are other children of that.
    if process.ppid() == main and title == psutil.Process(main).cmdline():
        return "sentinel"
    # django-q2 writes what a process is into its title, at its end or, of a worker, after its name.
    words = " ".join(title).split()
    if words and words[-1] in ("pusher", "monitor"):
        return words[-1]
    return "worker" if "idle" in words[2:3] or "processing" in words[2:3] else ""
