"""A cluster that stands still is found by its own processes; one that is busy, or idle, is not."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from portal.standstill import MONITOR_LOOKS, PUSHER_LOOKS, SENTINEL_LOOKS, WORKING_LOOKS, Standstill
from portal.supervisor import FAULT_SECONDS, Part
from tests.platform.waiting import until

# Main process, sentinel, pusher, and a monitor and a worker that rest until they get a signal, as django-q2
# forks and names them.
CLUSTER = """
import os, signal, time
from setproctitle import setproctitle

def go_on():
    while True:
        time.sleep(0.002)

setproctitle("qcluster MainProcess a-name")
if not os.fork():
    if not os.fork():
        setproctitle("qcluster Process-1 pusher")
        go_on()
    for number, name in ((2, "monitor"), (3, "idle")):
        if not os.fork():
            signal.signal(signal.SIGUSR1, lambda *_: None)
            setproctitle(f"qcluster Process-{number} {name}")
            time.sleep(1000)
    go_on()
time.sleep(1000)
"""


class Cluster:
    """The processes, looked at by the supervisor's eyes; each look waits until the living have gone on."""

    def __init__(self, part: Part) -> None:
        assert part.process
        self.main = part.process.pid
        self.part = part
        self.watch = Standstill()
        [self.worker] = until(lambda: self.titled("idle"), "the worker")
        [self.monitor] = until(lambda: self.titled("monitor"), "the monitor")
        [self.pusher] = until(lambda: self.titled("pusher"), "the pusher")
        self.sentinel = psutil.Process(self.pusher.ppid())
        self.going_on = [self.sentinel, self.pusher]

    def titled(self, word: str) -> list[psutil.Process]:
        return [one for one in self.part.processes() if " ".join(one.cmdline()).rstrip().endswith(word)]

    def look(self) -> str | None:
        before = [(process, slept(process)) for process in self.going_on]
        found = self.watch.fault(self.main, self.part.processes())
        until(lambda: all(slept(process) > count for process, count in before), "them to go on")
        return found

    def stop(self, process: psutil.Process) -> None:
        process.suspend()
        until(lambda: process.status() == psutil.STATUS_STOPPED, "it to stand still")
        self.going_on.remove(process)
        self.look()

    def work(self, *processes: psutil.Process) -> None:
        """Have each go on once before the next look."""
        for process in processes:
            before = slept(process)
            process.send_signal(signal.SIGUSR1)
            until(lambda process=process, before=before: slept(process) > before, "it to go on")

    def resume(self, process: psutil.Process) -> None:
        process.resume()
        self.going_on.append(process)


def slept(process: psutil.Process) -> int:
    return int(process.num_ctx_switches().voluntary)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    part = Part("jobs", [sys.executable, "-c", CLUSTER], (), tmp_path / "jobs.json")
    part.start()
    yield Cluster(part)
    part.kill()


def looks(cluster: Cluster, times: int) -> set[str | None]:
    return {cluster.look() for _ in range(times)}


def test_an_idle_cluster_may_go_on_as_long_as_it_likes(cluster) -> None:
    assert looks(cluster, PUSHER_LOOKS + 5) == {None}


def test_a_sentinel_that_stands_still_is_a_fault_within_a_minute(cluster) -> None:
    cluster.stop(cluster.sentinel)
    assert looks(cluster, SENTINEL_LOOKS - 1) == {None}
    assert cluster.look() == f"stand still (process {cluster.sentinel.pid})"
    assert SENTINEL_LOOKS * FAULT_SECONDS < 60


def test_a_pusher_may_wait_for_the_longest_job_and_no_longer(cluster) -> None:
    cluster.stop(cluster.pusher)
    assert looks(cluster, PUSHER_LOOKS - 1) == {None}
    assert cluster.look()
    allowed = PUSHER_LOOKS * FAULT_SECONDS
    assert allowed >= 2 * settings.Q_CLUSTER["timeout"]


def test_a_monitor_may_not_rest_while_jobs_end(cluster) -> None:
    cluster.look()
    for _ in range(WORKING_LOOKS):
        cluster.work(cluster.worker)
        assert cluster.look() is None
    assert looks(cluster, MONITOR_LOOKS - WORKING_LOOKS - 1) == {None}
    assert cluster.look() == f"stand still (process {cluster.monitor.pid})"
    assert 2 * settings.Q_CLUSTER["timeout"] <= MONITOR_LOOKS * FAULT_SECONDS


def test_a_monitor_that_notes_each_result_may_rest_between_them(cluster) -> None:
    cluster.look()
    for _ in range(WORKING_LOOKS):
        cluster.work(cluster.worker, cluster.monitor)
        assert looks(cluster, 5) == {None}
    assert looks(cluster, MONITOR_LOOKS) == {None}


def test_what_goes_on_again_is_counted_anew(cluster) -> None:
    cluster.stop(cluster.pusher)
    assert looks(cluster, PUSHER_LOOKS - 2) == {None}
    cluster.resume(cluster.pusher)
    cluster.look()
    cluster.look()
    cluster.stop(cluster.pusher)
    assert looks(cluster, 5) == {None}


def test_what_was_seen_while_nobody_could_work_is_forgotten(cluster) -> None:
    cluster.stop(cluster.sentinel)
    assert looks(cluster, SENTINEL_LOOKS - 1) == {None}
    cluster.watch.forget()
    assert looks(cluster, SENTINEL_LOOKS) == {None}
