"""The sweep: what it costs while nothing is due, and how fast it records what is: `python -m bench.sweep`.

A database of its own, removed afterwards, on the server that the tests use. Requests are copies of one that
came in through its verb, so that 300,000 clocks stand there in a minute. What is recorded of a due clock is
its mark, the event, the escalation where the plan has one, the notice for the outbox and the ticket's
version.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django
import psutil

FEW, MANY, DUE = 3_000, 300_000, 10_000
ROUNDS = 60
# Escalations a second of django-helpdesk 2.6.1's `escalate_tickets`, its only such job: 26 to 64 were
# measured on two cores with PostgreSQL 15. The faster one counts.
DJANGO_HELPDESK = 64
ASKED_AT = datetime(2026, 11, 30, 18, tzinfo=UTC)
FAR = datetime(2027, 11, 30, tzinfo=UTC)
_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def own_database() -> Iterator[None]:
    """A migrated database that nothing else uses; dropped in the end."""
    os.environ.setdefault("KEPT_TEST", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = f"kept_bench_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def asked(policy: str, plan: str, severity: str) -> Any:
    """A request that came in through its verb, under a policy that ships."""
    from tests.factories.accounts import ContactFactory
    from tests.factories.plans import ContractFactory, published
    from tickets.actions import Submission, submit

    contact = ContactFactory()
    published(policy)
    ContractFactory(organization=contact.organization, policy=policy, plan_code=plan)
    submission = Submission(subject="Late", description="", severity=severity, support_type="technical")
    return submit(person=contact.user, organization=contact.organization, submission=submission, at=ASKED_AT)


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def counted(work: Callable[[], object]) -> int:
    """How many questions and changes it sent to the tables."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not query["sql"].startswith(_FRAMES) for query in captured.captured_queries)


def nothing_due() -> float:
    """Milliseconds of a sweep that finds nothing to record."""
    from tickets.actions import sweep

    sweep(at=ASKED_AT)
    return 1000 * median(timed(lambda: sweep(at=ASKED_AT)) for _ in range(ROUNDS))


def make_due(ticket: Any, count: int) -> datetime:
    """Let the clock of so many copies fall due; each was warned of. Gives an instant after."""
    from tests.factories.many import copies
    from tickets.models import Clock

    numbers = copies(ticket, count)
    due = ASKED_AT + timedelta(days=1)
    Clock.objects.filter(ticket__in=numbers).update(due_at=due, warned_at=ASKED_AT)
    return due + timedelta(minutes=1)


def of_processors(work: Callable[[], object]) -> float:
    """Processor seconds, ours and those of the server process that answers us."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
    before, began = server.cpu_times(), process_time()
    work()
    after = server.cpu_times()
    return process_time() - began + after.user - before.user + after.system - before.system


def due(ticket: Any) -> tuple[float, float, float]:
    """Due clocks recorded in a second and in a processor second, and queries for a thousand of them."""
    from tickets.actions import sweep
    from tickets.models import Clock, TicketEvent

    def recorded(measure: Callable[[Callable[[], object]], float]) -> float:
        at = make_due(ticket, DUE)
        analyze()
        waiting = Clock.objects.breached(at).count()
        before = TicketEvent.objects.filter(kind="breach").count()
        found = measure(lambda: sweep(at=at))
        # A fast sweep that leaves something out is no figure.
        assert TicketEvent.objects.filter(kind="breach").count() - before == waiting == DUE
        return found

    queries = recorded(counted)
    return DUE / recorded(timed), DUE / recorded(of_processors), 1000 * queries / DUE


def run() -> dict[str, float]:
    """Measure, print, and give the figures.

    `ratio`: nothing due among 300,000 open clocks over 3,000. `due_10k_...` under a plan without escalation,
    `escalating_...` under one that escalates each breach; by the clock, and by what processors were used,
    which others on the machine disturb less. `times_django_helpdesk`: the first over its 64 a second,
    measured elsewhere.
    """
    with own_database():
        figures = _nothing_due() | _due()
    for name, value in figures.items():
        print(f"{name:40}{value:10.2f}")
    return figures


def _nothing_due() -> dict[str, float]:
    from tests.factories.many import copies
    from tickets.actions import sweep

    ticket = asked("nextplane", "startup", "P1")
    ticket.clocks.update(due_at=FAR, warn_at=FAR)
    copies(ticket, FEW - 1)
    analyze()
    few = nothing_due()
    copies(ticket, MANY - FEW)
    analyze()
    many = nothing_due()
    return {
        "nothing_due_3k_ms": round(few, 2),
        "nothing_due_300k_ms": round(many, 2),
        "ratio": round(many / few, 2),
        "queries": counted(lambda: sweep(at=ASKED_AT)),
    }


def _due() -> dict[str, float]:
    from tests.factories.accounts import StaffFactory
    from tickets.models import Clock

    StaffFactory(role="lead")
    plain, escalated = asked("nextplane", "startup", "P1"), asked("two-tier", "enterprise", "high")
    Clock.objects.filter(ticket__in=(plain, escalated)).update(due_at=FAR, warn_at=FAR)
    speed, speed_of_processors, queries = due(plain)
    escalating, escalating_of_processors, escalating_queries = due(escalated)
    return {
        "due_10k_per_second": round(speed),
        "due_10k_per_processor_second": round(speed_of_processors),
        "queries_per_1000": round(queries, 1),
        "times_django_helpdesk": round(speed / DJANGO_HELPDESK, 1),
        "escalating_10k_per_second": round(escalating),
        "escalating_10k_per_processor_second": round(escalating_of_processors),
        "escalating_queries_per_1000": round(escalating_queries, 1),
    }


if __name__ == "__main__":
    run()
