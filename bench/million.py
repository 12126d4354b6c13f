"""Every page, list and job at a thousand requests and at a million: `python -m bench.million [REQUESTS]`.

Two databases of their own, filled as ``bench.filling`` has it and removed afterwards (``--keep`` keeps them
for the next run; ``--only WORD`` measures what has the word in its name). For each page: its queries, the
blocks of 8 kB that their plans touched (what a page costs whatever else the machine does), the milliseconds
of the whole answer, and the big tables of which a plan read very much.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import django

SMALL, LARGE = 1_000, 1_000_000
ROUNDS = 5
BIG_TABLE = 20_000
"""Rows from which a table is big: to read it from end to end costs more than any page may."""


@contextmanager
def database(name: str, keep: bool) -> Iterator[bool]:
    """A migrated database of this name; gives whether it was there. Dropped in the end unless kept."""
    os.environ.setdefault("KEPT_TEST", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    before = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        there = cursor.fetchone()[0] > 0
        if not there:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    done = False
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield there
        done = True
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        # What is half filled is no use for the next run.
        if not keep or not (done or there):
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")


def prepared(count: int, at: datetime) -> None:
    from bench.filling import fill

    began = perf_counter()
    fill(count, at)
    print(f"{count} requests made in {perf_counter() - began:.0f} s", flush=True)


@dataclass
class Cost:
    """What one page or job cost."""

    queries: int = 0
    blocks: int = 0
    milliseconds: float = 0
    scans: set[str] = field(default_factory=set)
    slowest: str = ""
    answer: str = ""


class Watch:
    """Notes what is sent to the database, and has each question's plan told afterwards."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.asked.append((sql, params))
        return execute(sql, params, many, context)


def cost_of(work: Callable[[], Any], rounds: int = ROUNDS) -> Cost:
    """Call it once to warm up, once watched, and some times on the clock."""
    from django.db import connection

    cost = Cost()
    answer = work()
    cost.answer = str(getattr(answer, "status_code", answer))
    watch = Watch()
    with connection.execute_wrapper(watch):
        work()
    cost.queries = len(watch.asked)
    worst = 0.0
    for sql, params in watch.asked:
        text = str(sql)
        if not text.lstrip(" (").upper().startswith(("SELECT", "WITH")) or "FOR UPDATE" in text:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", params)
            plan = cursor.fetchone()[0][0]
        root = plan["Plan"]
        blocks = root["Shared Hit Blocks"] + root["Shared Read Blocks"]
        cost.blocks += blocks
        cost.scans |= set(_scans(root))
        if plan["Execution Time"] > worst:
            worst = plan["Execution Time"]
            cost.slowest = f"{worst:.1f} ms, {blocks} blocks: {text[:3000]} {params!r:.500}"
    cost.milliseconds = 1000 * median(_timed(work) for _ in range(rounds))
    return cost


def swept(at: datetime, count: int = 10_000) -> dict[str, float]:
    """A sweep with so many clocks due (as many as run, where that is fewer): rows by second, and queries."""
    from django.db import connection

    from bench.sweep import of_processors
    from tickets.actions import sweep
    from tickets.models import Clock

    running = Clock.objects.filter(state="running", due_at__gt=at).order_by("-due_at")
    keys = list(running.values_list("pk", flat=True)[:count])
    Clock.objects.filter(pk__in=keys).update(due_at=at - timedelta(seconds=1), warned_at=at)
    watch = Watch()
    began = perf_counter()
    with connection.execute_wrapper(watch):
        processors = of_processors(lambda: sweep(at=at))
    seconds = perf_counter() - began
    assert not Clock.objects.breached(at).exists()
    due = max(1, len(keys))
    return {
        "due": len(keys),
        "per_second": round(due / seconds),
        "per_processor_second": round(due / processors),
        "queries_per_1000": round(1000 * len(watch.asked) / due, 1),
    }


def _timed(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _scans(plan: dict[str, Any]) -> Iterator[str]:
    """Tables that a plan reads from end to end, or of which it throws away very many rows."""
    read = plan["Actual Rows"] * plan["Actual Loops"] + plan.get("Rows Removed by Filter", 0)
    if plan["Node Type"] == "Seq Scan" and read > BIG_TABLE:
        yield f"seq {plan['Relation Name']} {read:.0f}"
    elif read > BIG_TABLE and "Relation Name" in plan:
        yield f"{plan['Node Type'].lower()} {plan['Relation Name']} {read:.0f}"
    elif plan["Node Type"] == "Sort" and read > BIG_TABLE:
        yield f"sort {read:.0f}"
    for part in plan.get("Plans", ()):
        yield from _scans(part)


def measured(count: int, keep: bool, only: str, say: bool) -> tuple[dict[str, Cost], dict[str, float]]:
    """The costs of everything among so many requests, and how a sweep with 10,000 due does there."""
    from datetime import UTC

    from django.utils import timezone

    with database(f"kept_bench_{count}", keep) as there:
        if not there:
            prepared(count, datetime.now(UTC).replace(microsecond=0))
        from bench.pages import pages

        found: dict[str, Cost] = {}
        for name, work in pages(timezone.now().replace(microsecond=0)):
            if only and only not in name:
                continue
            cost = found[name] = cost_of(work)
            if say:
                print(f"{name:44}{cost.queries:4}{cost.blocks:9}{cost.milliseconds:10.1f} {cost.answer:.20} "
                      f"{sorted(cost.scans) or ''}", flush=True)  # fmt: skip
                if cost.scans or cost.blocks > 5000:
                    print("    ", cost.slowest, flush=True)
        return found, {} if only else swept(timezone.now().replace(microsecond=0))


def run(count: int = LARGE, keep: bool = False, only: str = "", say: bool = False) -> dict[str, Any]:
    """Measure at a thousand and at ``count``, print both beside each other, and give the figures."""
    few, swept_few = measured(SMALL, keep, only, say)
    many, swept_many = measured(count, keep, only, say)
    print(f"{'':44}{'queries':>12}{'blocks':>18}{'milliseconds':>20}  read through")
    for name, large in many.items():
        small = few.get(name, Cost())
        print(
            f"{name:44}{small.queries:5} {large.queries:6}{small.blocks:9} {large.blocks:8}"
            f"{small.milliseconds:10.1f} {large.milliseconds:9.1f}  {', '.join(sorted(large.scans))}"
        )
    pages = {
        name: {
            "queries": [few[name].queries, large.queries],
            "blocks": [few[name].blocks, large.blocks],
            "ms": [round(few[name].milliseconds, 1), round(large.milliseconds, 1)],
        }
        for name, large in many.items()
        if name in few
    }
    return {"pages": pages, "sweep": [swept_few, swept_many]}


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("requests", type=int, nargs="?", default=LARGE)
    words.add_argument("--keep", action="store_true")
    words.add_argument("--only", default="")
    words.add_argument("--fill", action="store_true", help="only fill the databases")
    given = words.parse_args()
    if given.fill:
        from datetime import UTC

        with database(f"kept_bench_{given.requests}", True) as there:
            if not there:
                prepared(given.requests, datetime.now(UTC).replace(microsecond=0))
        return
    print(json.dumps(run(given.requests, given.keep, given.only, say=given.keep)))


if __name__ == "__main__":
    main()
