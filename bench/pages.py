"""What people and programs reach, and the jobs, each as a name and a call: the rows of ``bench.million``."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse

Work = Callable[[], Any]


def pages(at: datetime) -> Iterator[tuple[str, Work]]:
    """Every page, list and job; people and requests are chosen by what they have, not by their keys."""
    yield from _portal(at)
    yield from _queue()
    yield from _back_office(at)
    yield from _api(at)
    yield from _jobs(at)


def _signed_in(user: Any) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, address: str, **query: Any) -> Work:
    """A call that answers 200, or is no figure."""

    def call() -> Any:
        answer = client.get(address, query)
        if answer.status_code not in (200, 302):
            raise AssertionError(f"{address} {query}: {answer.status_code} {answer.content[:500]!r}")
        if answer.streaming:
            for _part in answer.streaming_content:  # type: ignore[attr-defined]
                pass
        return answer

    return call


def _cursor(name: str, *values: Any) -> str:
    """A cursor into the middle of a list, as a page gives it out."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    written = json.dumps([name, "f", *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _big() -> Any:
    from accounts.models import Organization

    return Organization.objects.get(slug="org-0")


def _small() -> Any:
    from accounts.models import Organization

    return Organization.objects.get(slug="org-7")


def _person(organization: Any, sees: str, is_administrator: bool) -> Any:
    from accounts.models import Contact

    rows = Contact.objects.filter(organization=organization, sees=sees, is_administrator=is_administrator)
    return rows.select_related("user").order_by("pk")[0].user


def _portal(at: datetime) -> Iterator[tuple[str, Work]]:
    from accounts.models import User
    from tickets.models import Ticket

    who = {
        "administrator of a fifth": _person(_big(), "organization", True),
        "own requests only": _person(_big(), "own", False),
        "administrator of a small one": _person(_small(), "organization", True),
        "partner of 300": User.objects.get(contacts__organization__slug="partner"),
    }
    listed = reverse("tickets:list")
    for name, person in who.items():
        client = _signed_in(person)
        yield f"portal home, {name}", _get(client, "/")
        for state in ("open", "waiting", "resolved", "closed", "all"):
            yield f"portal list {state}, {name}", _get(client, listed, state=state)
        seen = Ticket.objects.visible_to(person, at)
        middle = seen.order_by("number").values_list("number", flat=True)[seen.count() // 2]
        yield (
            f"portal list all, deep, {name}",
            _get(client, listed, state="all", cursor=_cursor("number", middle)),
        )
        yield f"portal list mine, {name}", _get(client, listed, state="all", mine="1")
        for q in ("gateway", "unit 4711", "nothing-has-this", "登录", "x", str(middle)):
            yield f"portal search {q!r}, {name}", _get(client, listed, state="all", q=q)
        yield f"portal search 'error' open, {name}", _get(client, listed, q="error")
        number = seen.order_by("-number").values_list("number", flat=True)[0]
        yield f"portal request, {name}", _get(client, reverse("tickets:detail", args=[number]))
        yield f"portal new request, {name}", _get(client, reverse("tickets:new"))
        yield f"portal your support, {name}", _get(client, reverse("plans:your_support"))
        if name != "own requests only":
            yield f"portal charges, {name}", _get(client, reverse("tickets:charges"))
    client = _signed_in(who["partner of 300"])
    yield "portal list, one organization of 300", _get(client, listed, state="all", organization="org-7")
    small = _signed_in(who["administrator of a small one"])
    yield "portal statement, small one", _get(small, reverse("tickets:statement"))


def _queue() -> Iterator[tuple[str, Work]]:
    from accounts.models import User
    from tickets.desk.tabs import TABS
    from tickets.models import Ticket

    client = _signed_in(User.objects.filter(is_staff=True, role="lead").order_by("pk")[0])
    there = reverse("admin:tickets_ticket_changelist")
    for tab in TABS:
        yield f"queue {tab.code}", _get(client, there, tab=tab.code)
        yield f"queue {tab.code}, severity", _get(client, there, tab=tab.code, severity="P2")
    person = User.objects.filter(is_staff=True).order_by("-pk")[0].pk
    for name, query in {
        "plan": {"plan": "jumpcloud-msp/premium"},
        "organization": {"organization": "org-0"},
        "small organization": {"organization": "org-7"},
        "no such organization": {"organization": "nobody-called-so"},
        "assigned": {"assigned": str(person)},
        "nobody's": {"assigned": "nobody"},
        "rare severity": {"severity": "S3", "plan": "nextplane/startup"},
    }.items():
        yield f"queue filtered by {name}", _get(client, there, **query)
    unsolved = Ticket.objects.unsolved().filter(next_due_at__isnull=False).order_by("next_due_at", "number")
    middle = unsolved[unsolved.count() // 2]
    yield "queue due, deep", _get(client, there, cursor=_cursor("due", middle.next_due_at, middle.pk))
    row = Ticket.objects.unsolved().order_by("-number")[0]
    deep = _cursor("first-come", row.severity_rank, row.has_priority, row.submitted_at, row.pk)
    yield "queue first-come, deep", _get(client, there, tab="first-come", cursor=deep)
    for q in (
        *("gateway", "error timeout", "unit 4711", "nothing-has-this", "登录", "登录失败", "x", "ab"),
        *("Harbour", "Harbour 0", "person12@org", "Agent 3", str(row.pk), f"#{row.pk}", "99"),
    ):
        yield f"queue search {q!r}", _get(client, there, q=q)
    middle_number = Ticket.objects.order_by("number").values_list("number", flat=True)[
        Ticket.objects.count() // 2
    ]
    deep = _cursor("newest", middle_number)
    yield "queue search 'gateway', deep", _get(client, there, q="gateway", cursor=deep)


def _back_office(at: datetime) -> Iterator[tuple[str, Work]]:
    from accounts.models import User
    from notices.models import Notice
    from plans.models import Contract
    from tickets.models import DecisionRecord, Ticket

    staff = User.objects.filter(is_staff=True, role="lead").order_by("pk")[0]
    staff.is_superuser = True
    staff.save()
    client = _signed_in(staff)
    newest = Ticket.objects.unsolved().order_by("-number")[0]
    yield "desk first page", _get(client, "/admin/")
    yield "desk request", _get(client, reverse("admin:tickets_ticket_change", args=[newest.pk]))
    yield "desk merge page", _get(client, reverse("admin:tickets_ticket_act", args=[newest.pk, "merge"]))
    lists: dict[str, dict[str, Any]] = {
        "accounts_organization": {"q": "Harbour"},
        "accounts_contact": {"q": "Harbour"},
        "accounts_user": {"q": "Harbour"},
        "accounts_mandate": {},
        "accounts_identitycheck": {},
        "accounts_apitoken": {},
        "auditlog_logentry": {"q": "Harbour"},
        "plans_contract": {"q": "Harbour"},
        "plans_licence": {},
        "tickets_decisionrecord": {"q": "Harbour"},
        "tickets_survey": {"q": "Harbour"},
        "tickets_incomingmail": {"q": "person12"},
        "tickets_escalation": {},
        "tickets_parkedrow": {},
        "notices_notice": {"q": "person12"},
        "notices_bounce": {"q": "person12"},
    }
    for name, search in lists.items():
        there = reverse(f"admin:{name}_changelist")
        yield f"desk list {name}", _get(client, there)
        yield f"desk list {name}, page 10", _get(client, there, p="10")
        if search:
            yield f"desk list {name}, search", _get(client, there, **search)
            yield f"desk list {name}, search nothing", _get(client, there, q="nobody-is-called-so")
    month = (at - timedelta(days=40)).isoformat()
    decisions = reverse("admin:tickets_decisionrecord_changelist")
    for outcome in DecisionRecord.objects.order_by().values_list("outcome", flat=True).distinct():
        yield f"desk decisions {outcome}", _get(client, decisions, outcome__exact=outcome)
    yield (
        "desk decisions of a rule and month",
        _get(
            client,
            decisions,
            outcome__exact="refused",
            at__gte=month,
            at__lt=at.isoformat(),
            code="fees_overdue",
        ),
    )
    surveys = reverse("admin:tickets_survey_changelist")
    mails = reverse("admin:tickets_incomingmail_changelist")
    notices = reverse("admin:notices_notice_changelist")
    for state in Notice.objects.order_by().values_list("state", flat=True).distinct():
        yield f"desk notices {state}", _get(client, notices, state__exact=state)
    for state in ("posted", "all", "stopped"):
        yield f"desk mails {state}", _get(client, mails, state=state)
    yield "desk surveys score 1", _get(client, surveys, score="1")
    yield "desk refusals", _get(client, reverse("admin:tickets_decisionrecord_refusals"))
    yield "desk refusals csv", _get(client, reverse("admin:tickets_decisionrecord_refusals_csv"))
    yield "desk satisfaction", _get(client, reverse("admin:tickets_survey_satisfaction"))
    big = Contract.objects.get(organization=_big())
    small = Contract.objects.get(organization=_small())
    for name, contract in {"a fifth": big, "a small one": small}.items():
        yield f"desk statement, {name}", _get(client, reverse("tickets:staff_statement", args=[contract.pk]))
        yield (
            f"desk charges, {name}",
            _get(client, reverse("tickets:staff_charges", args=[contract.organization_id])),
        )
        yield (
            f"desk contract, {name}",
            _get(client, reverse("admin:plans_contract_change", args=[contract.pk])),
        )
        there = reverse("admin:accounts_organization_change", args=[contract.organization_id])
        yield f"desk organization, {name}", _get(client, there)
        yield f"desk move terms, {name}", _get(client, f"/admin/plans/contract/{contract.pk}/terms/")
    draft = _draft(at)
    yield "desk publish preview", _get(client, reverse("admin:plans_edition_publish", args=[draft.pk]))


def _draft(at: datetime) -> Any:
    """A draft of the policy with the most requests, one target changed."""
    from plans.enums import EditionState
    from plans.models import Edition, Policy

    policy = Policy.objects.get(slug="nextplane")
    there = Edition.objects.filter(policy=policy, state=EditionState.DRAFT).first()
    if there is not None:
        return there
    from plans.actions.publishing import import_document
    from plans.policyfile import read_document
    from tests.factories.plans import POLICIES

    text = (POLICIES / "nextplane.yaml").read_text().replace("15m", "20m").replace("1h", "2h")
    return import_document(document=read_document(text), at=at).edition


def _api(at: datetime) -> Iterator[tuple[str, Work]]:
    from accounts.actions import create_token
    from accounts.models import User
    from tickets.api.events import AS_RECORDED
    from tickets.models import Ticket, TicketEvent

    who = {
        "staff": User.objects.filter(is_staff=True).order_by("-pk")[0],
        "a fifth": _person(_big(), "organization", True),
        "own": _person(_big(), "own", False),
        "small": _person(_small(), "organization", True),
        "partner": User.objects.get(contacts__organization__slug="partner"),
    }
    for name, person in who.items():
        token = create_token(user=person, name="bench")
        client = Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})
        tickets = "/api/v1/tickets/"
        seen = Ticket.objects.visible_to(person, at)
        newest = seen.order_by("-number")[0]
        yield f"api tickets, {name}", _get(client, tickets)
        yield f"api tickets, 100 a page, {name}", _get(client, tickets, limit=100)
        for status in ("new", "open", "waiting", "on_hold", "resolved", "closed"):
            yield f"api tickets {status}, {name}", _get(client, tickets, status=status)
        yield f"api tickets severity, {name}", _get(client, tickets, severity="P1")
        yield f"api tickets no such severity, {name}", _get(client, tickets, severity="P9")
        yield f"api tickets reference, {name}", _get(client, tickets, external_reference="MSP-1")
        for hours in (1, 24 * 30, 24 * 700):
            since = (at - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
            yield f"api tickets updated {hours} h, {name}", _get(client, tickets, updated_since=since)
        for q in ("gateway", "unit 4711", "nothing-has-this", "登录"):
            yield f"api tickets q={q}, {name}", _get(client, tickets, q=q)
        if name in ("staff", "partner"):
            yield f"api tickets organization, {name}", _get(client, tickets, organization="org-7")
        if name == "staff":
            yield f"api tickets big organization, {name}", _get(client, tickets, organization="org-0")
        for part in ("", "events/", "messages/", "clocks/"):
            yield f"api ticket {part}, {name}", _get(client, f"{tickets}{newest.pk}/{part}")
        yield f"api feed from the start, {name}", _get(client, "/api/v1/events/")
        for words, place in {"middle": 2, "end": 1}.items():
            key = TicketEvent.objects.order_by("-pk").values_list("pk", flat=True)[0] // place
            after = AS_RECORDED.write([key - 10])
            yield f"api feed from the {words}, {name}", _get(client, "/api/v1/events/", after=after)
        for path in ("organizations", "contacts", "contracts", "policies", "plans"):
            yield f"api {path}, {name}", _get(client, f"/api/v1/{path}/")


def _jobs(at: datetime) -> Iterator[tuple[str, Work]]:
    from notices.models import Notice
    from notices.outbox import send_due
    from tickets.actions import sweep
    from tickets.actions.tidying import tidy
    from tickets.models import Ticket, Watcher

    sweep(at=at)
    yield "job sweep, nothing due", partial(sweep, at=at)
    Notice.objects.filter(state="waiting").update(next_try_at=at + timedelta(days=9))
    yield "job outbox, nothing due", partial(send_due, at)
    yield "job tidy", partial(tidy, at=at)
    from tickets.actions.telling import watching

    watched = list(Ticket.objects.filter(pk__in=Watcher.objects.order_by("-pk").values("ticket")[:200]))
    yield "job watchers of 200", partial(watching, watched, at)
    from tickets.verifying import verify

    numbers = list(Ticket.objects.order_by("-number").values_list("pk", flat=True)[:400])
    yield "job verify_clocks of 400", lambda: sum(1 for _ in verify(numbers))
