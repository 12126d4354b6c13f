"""Job clusters under the product's own supervisor, each in a process of its own, and what is done to them."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).resolve().parents[2]
CLOCKS = Path(__file__).resolve().parent / "clock"


class Cluster:
    """``manage.py up`` (with its web server), or its job cluster alone (``tests.faults.keep``)."""

    def __init__(self, folder: Path, environment: dict[str, str], *, port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self.clock = folder / "clock"
        folder.mkdir(parents=True, exist_ok=True)
        self.clock.write_text("0")
        self.environment = os.environ | environment
        self.environment |= {"DATA_DIR": str(folder), "FAULT_CLOCK": str(self.clock)}
        self.environment |= {"PYTHONPATH": f"{CLOCKS}{os.pathsep}{REPOSITORY}", "PORT": str(port or 8000)}
        self.supervisor = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        whole = ["manage.py", "up", "--no-demo"]
        command = whole if self.port else ["-m", "tests.faults.keep", str(self.folder)]
        with (self.folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=REPOSITORY,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def session(self, part: str = "jobs") -> int:
        """The session of the job cluster (or of ``web``), 0 while there is none."""
        try:
            return int(json.loads((self.folder / "run" / f"{part}.json").read_text())["session"])
        except (FileNotFoundError, ValueError, KeyError):
            return 0

    def processes(self, part: str = "jobs") -> list[psutil.Process]:
        """The living processes of the job cluster: main one, sentinel, workers, pusher and monitor."""
        session = self.session(part)
        found = []
        for process in psutil.process_iter() if session else ():
            try:
                if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
            except (OSError, psutil.Error):
                continue
        return found

    def kill_one(self, drawn: random.Random) -> str:
        """Kill -9 a random process; says which kind it was, nothing where it was gone already."""
        found = sorted(self.processes(), key=lambda process: process.pid)
        if not found:
            return ""
        victim = drawn.choice(found)
        kind = _kind(victim)
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            return ""
        return kind

    def kill_idle_workers(self) -> None:
        """Those that wait for work hold the lock of the queue: killed, they may leave the cluster frozen."""
        for process in self.processes():
            if _kind(process) == "idle worker":
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def freeze(self) -> None:
        """Stop every process of the cluster where it stands: all look alive, nothing is done."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def end(self) -> None:
        """Kill supervisor, job cluster and web server, whatever state they are in."""
        self.supervisor.kill()
        self.supervisor.wait()
        for part in ("jobs", "web"):
            for process in self.processes(part):
                with suppress(psutil.NoSuchProcess):
                    process.kill()

    def said(self) -> str:
        return (self.folder / "output.txt").read_text()


def _kind(process: psutil.Process) -> str:
    """What a process of django-q2 is; it names itself in its title, a worker by what it does."""
    try:
        title = " ".join(process.cmdline())
        names = {"pusher": "pusher", "monitor": "monitor", "idle": "idle worker", "busy": "busy worker"}
        kind = next((name for word, name in names.items() if title.rstrip().endswith(word)), "")
        return kind or ("main" if os.getsid(process.pid) == process.pid else "sentinel")
    except (OSError, psutil.Error):
        return "ended"
