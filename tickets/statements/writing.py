"""A statement as CSV, as JSON, and as a download."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpResponse

from tickets.cells import safe_cell

COLUMNS = (
    "ticket",
    "subject",
    "metric",
    "cycle",
    "severity",
    "target",
    "started_at",
    "due_at",
    "met_at",
    "paused_since",
    "state",
    "early_seconds",
    "late_seconds",
    "excluded_code",
    "excluded_note",
)


def as_csv(statement: dict[str, Any]) -> str:
    """One line a promise in order of due, then the withdrawn ones; instants in UTC, lengths in seconds."""
    subjects = {ticket["number"]: ticket["subject"] for ticket in statement["tickets"]}
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in statement["promises"] + statement["withdrawn"]:
        facts = row | {
            "subject": subjects[row["ticket"]],
            "target": _target(row["target"]),
            "excluded_code": (row["excluded"] or {}).get("code"),
            "excluded_note": (row["excluded"] or {}).get("note"),
        }
        writer.writerow([safe_cell(facts[name]) for name in COLUMNS])
    return file.getvalue()


def as_json(statement: dict[str, Any]) -> str:
    """The whole statement, with the events and calendars that its figures rest on."""
    return json.dumps(statement, ensure_ascii=False, indent=1) + "\n"


def download(statement: dict[str, Any], kind: str) -> HttpResponse:
    """The statement as a file; ``kind`` is csv or json."""
    if kind == "csv":
        # The mark tells spreadsheets that this is UTF-8.
        text, media = "\ufeff" + as_csv(statement), "text/csv"
    else:
        text, media = as_json(statement), "application/json"
    response = HttpResponse(text, content_type=f"{media}; charset=utf-8")
    name = f"statement-{statement['contract']['organization']['slug']}-{statement['month']['name']}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _target(written: Any) -> str:
    return f"{written['in']} elapsed" if isinstance(written, dict) else str(written)
