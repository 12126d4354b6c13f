"""``python -m tests.faults [SEED [DUE KILLS]]``: its last line is one JSON object; exit 1 where wrong."""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from portal import embedded
from portal.embedded.state import free_port
from tests.faults.clusters import Cluster
from tests.faults.sink import Sink

DUE, KILLS, PAUSE_SECONDS = 1500, 60, (0.6, 1.6)
FALL_DUE_SECONDS = 200
AWAY_SECONDS = 25
# Seconds by which one machine's clock is wrong, in turns, while processes are killed.
WRONG = (0, -600, 600, 0, -7200, 86_400)
OUTAGE_DAYS = 20
SETTLED_SECONDS = 120


def main(seed: int = 20, due: int = DUE, kills: int = KILLS) -> int:
    """Set up, do everything to it, check; returns the exit status."""
    drawn = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="kept-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = embedded.server(folder, fast=False)
        sink = Sink(free_port())
        sink.start()
        environment = {
            "DATABASE_URL": server.ensure_running(),
            "SECRET_KEY": "one-key-for-both-machines-of-a-trial",
            "DEBUG": "on",
            "HTTPS": "off",
            "EMAIL_URL": sink.url,
            "LOG_LEVEL": "ERROR",
        }
        os.environ |= environment | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
        django.setup()
        clusters: list[Cluster] = []
        try:
            figures = Trial(folder, environment, server, sink, drawn, clusters).run(due, kills)
        finally:
            for cluster in clusters:
                cluster.end()
            from django.db import connections

            connections.close_all()
            server.remove()
            sink.stop()
    print(json.dumps(figures))
    return 0 if not figures["wrong"] else 1


class Trial:
    """One run: what is set up, and each thing that is done to it."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        server: embedded.Server,
        sink: Sink,
        drawn: random.Random,
        clusters: list[Cluster],
    ) -> None:
        self.folder, self.environment, self.server, self.sink = folder, environment, server, sink
        self.drawn, self.clusters = drawn, clusters
        self.began = time.monotonic()
        self.early = 0

    def run(self, count: int, kills: int) -> dict[str, Any]:
        from django.core.management import call_command
        from django.utils import timezone

        from tests.faults import mails, rows
        from tickets.models import ParkedRow

        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        now = timezone.now().replace(microsecond=0)
        due = rows.fill(now, count, seconds=FALL_DUE_SECONDS, overdue_days=OUTAGE_DAYS)
        before = mails.last()
        self.say(f"{len(due.facts)} facts and {len(due.escalating)} escalations fall due")
        self.clusters.append(Cluster(self.folder / "one", self.environment, port=free_port()))
        first = self.until(lambda: rows.recorded().total() >= count // 5, 120, "the first sweep")
        figures: dict[str, Any] = {"due": len(due.facts), "first_sweep_seconds": first}
        self.until(lambda: not mails.untold_before(now), 60, "the outage to be told")
        self.clusters.append(Cluster(self.folder / "two", self.environment))
        figures |= self.kills(kills)
        figures |= self.frozen()
        figures |= self.database_away()
        lasted = self.until(
            lambda: rows.waiting() == 0, SETTLED_SECONDS, "everything due to be recorded and sent"
        )
        figures |= {"settled_seconds": lasted, "stuck": rows.waiting(), "early": self.early}
        for cluster in self.clusters:
            cluster.end()
        mails.hours_pass(timezone.now())
        self.say("some hours passed for the sender")
        figures |= rows.figures_of_record(due) | mails.figures(before, now, self.sink.taken)
        figures |= self.late() | {"parked_rows": ParkedRow.objects.count()}
        figures["seconds"] = round(time.monotonic() - self.began)
        return figures | {"wrong": wrong(figures)}

    def kills(self, times: int) -> dict[str, Any]:
        """Kill -9 of one random process of one cluster after the other, while one machine's clock jumps."""
        from tests.faults import rows

        kinds: Counter[str] = Counter()
        while kinds.total() < times:
            time.sleep(self.drawn.uniform(*PAUSE_SECONDS))
            self.clusters[1].clock.write_text(str(WRONG[kinds.total() * len(WRONG) // times]))
            # One that has just begun to start is let be: each early restart doubles the supervisor's pause.
            standing = [cluster for cluster in self.clusters if len(cluster.processes()) > 2]
            if standing and (kind := self.drawn.choice(standing).kill_one(self.drawn)):
                kinds[kind] += 1
                if kinds.total() % 10 == 0:
                    self.say(f"{kinds.total()} kills")
            self.early += rows.early()
        self.clusters[1].clock.write_text("0")
        self.say(f"killed {dict(kinds)}")
        return {"kills": kinds.total(), "killed": dict(kinds)}

    def frozen(self) -> dict[str, Any]:
        """All idle workers killed, then every process stopped: nothing beats until a supervisor acts."""
        self.until(
            lambda: all(len(one.processes()) > 4 for one in self.clusters), 120, "both clusters to stand"
        )
        before = [cluster.session() for cluster in self.clusters]
        for cluster in self.clusters:
            cluster.kill_idle_workers()
            cluster.freeze()
        seconds = self.until(
            lambda: all(
                one.session() not in (0, old) for one, old in zip(self.clusters, before, strict=True)
            ),
            180,
            "both frozen clusters to be replaced",
        )
        beats = self.until(lambda: self.beat_age() < seconds, 120, "a sweep after that")
        return {"frozen_replaced_seconds": seconds, "frozen_swept_seconds": round(seconds + beats, 1)}

    def database_away(self) -> dict[str, Any]:
        """The database ends at once and stays away; the web server answers all the while."""
        from django.db import connections

        web = self.clusters[0].port
        self.until(lambda: answer(web, "/healthz") == 200, 60, "the web server")
        running = self.server.postmaster()
        assert running is not None
        connections.close_all()
        os.kill(running.pid, 3)  # immediate: no session ends its work
        end = time.monotonic() + AWAY_SECONDS
        found: Counter[int] = Counter()
        while time.monotonic() < end:
            for path in ("/requests/", "/admin/", "/api/v1/requests/", "/readyz"):
                found[answer(web, path)] += 1
            time.sleep(0.5)
        self.server.ensure_running()
        back = self.until(lambda: self.beat_age() < 5, 120, "a sweep after the database came back")
        self.say(f"while the database was away: {dict(found)}")
        return {"answers_while_away": dict(found), "swept_after_database_seconds": back}

    def late(self) -> dict[str, float]:
        """How late breaches were recorded that fell due during the run."""
        from tests.faults import rows

        found = [seconds for seconds in rows.lateness() if seconds < 3600]
        return {
            f"lateness_p{share}_seconds": found[min(len(found) - 1, len(found) * share // 100)]
            for share in (50, 95, 100)
        }

    def beat_age(self) -> float:
        from portal.heartbeat import heartbeat_age

        age = heartbeat_age()
        return float("inf") if age is None else age

    def until(self, question: Callable[[], object], seconds: float, what: str) -> float:
        """Wait for it; gives how long it took. What does not come in time shows in the figures."""
        from django.db import DatabaseError, InterfaceError, connections

        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                if question():
                    break
            except (DatabaseError, InterfaceError):
                connections.close_all()
            time.sleep(0.5)
        took = round(time.monotonic() - began, 1)
        self.say(f"{what}: {took} s")
        return took

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.began:6.0f} s  {words}", flush=True)


def answer(port: int, path: str) -> int:
    """The status that the web server gives, 0 for none."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wrong(figures: dict[str, Any]) -> list[str]:
    """The names of the figures that are not as they must be."""
    must_be_none = ("lost", "recorded_twice", "recorded_wrongly", "early", "parked_rows")
    of_mails = ("untold", "stuck", "parked_notices", "notices_untold", "mails_unknown", "mails_lost")
    found = [name for name in must_be_none + of_mails if figures[name]]
    # A sender that was killed between handing over and noting it repeats that one mail.
    for name in ("handed_over_twice", "told_in_two_ways"):
        if figures[name] > figures["kills"]:
            found.append(name)
    if figures["digests_of_outage"] != 1:
        found.append("digests_of_outage")
    if figures["frozen_replaced_seconds"] > 60:
        found.append("frozen_replaced_seconds")
    if figures["swept_after_database_seconds"] > 60:
        found.append("swept_after_database_seconds")
    if set(figures["answers_while_away"]) - {302, 401, 503}:
        found.append("answers_while_away")
    return found


if __name__ == "__main__":
    sys.exit(main(*(int(number) for number in sys.argv[1:4])))
