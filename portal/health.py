"""``/healthz``: the process is alive. ``/readyz``: it can serve, and the scheduler keeps up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from notices.models import Heartbeat
from tickets.models import ParkedRow

# Seconds. A sweep runs every minute; the scheduler looks every thirty seconds.
OLDEST_SWEEP = 300
LARGEST_SKEW = 5


def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 or 503 with each check's finding: database, migrations, sweep age and clock skew in seconds.

    Parked rows are named and fail nothing: the portal serves, and all other rows go on.
    """
    try:
        checks = _checks(timezone.now())
    except Exception:  # whatever the fault, the answer is that it is not ready
        return JsonResponse({"status": "not ready", "checks": {"database": {"ok": False}}}, status=503)
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503
    )


def _checks(now: datetime) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - now).total_seconds())
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    beat = Heartbeat.objects.filter(name="sweep").first()
    age = (now - beat.beat_at).total_seconds() if beat else None
    return {
        "database": {"ok": True},
        "migrations": {"ok": not missing, "missing": len(missing)},
        "sweep": {"ok": age is not None and age <= OLDEST_SWEEP, "age_seconds": age},
        "parked": {"ok": True, "rows": ParkedRow.objects.count()},
        "clock": {"ok": skew <= LARGEST_SKEW, "skew_seconds": round(skew, 3)},
    }
