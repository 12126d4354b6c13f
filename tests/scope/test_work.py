"""The work log and the statement of charges: only added to, internal, and never charged twice."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Scope, Sees
from tests.factories.accounts import (
    ContactFactory,
    MandateFactory,
    OrganizationFactory,
    PartnerFactory,
    StaffFactory,
)
from tests.scope.conftest import contract_for, utc, verb
from tickets.actions import Refused, Submission, submit
from tickets.actions.terms import move_to_terms
from tickets.actions.work import log_work, void_work
from tickets.charge_views import charged_words
from tickets.charges import charges_of, so_far
from tickets.enums import EventKind
from tickets.models import Ticket, WorkEntry
from timekeeping.statement import period_of

PAGE = "/support/charges/"
NOW = utc(2026, 12, 15, 20)


@pytest.fixture
def sponsored(db, scene):
    """A partner that another customer sponsors; New York."""
    contact = ContactFactory(user__name="Noa Weiss", organization__name="Harrow Terminals")
    contract_for(contact.organization, "nextplane", "startup", sponsor=OrganizationFactory())
    return contact


@pytest.fixture
def case(sponsored, at):
    return asked(sponsored, at)


def asked(contact, at) -> Ticket:
    words = Submission(subject="No messages", description="None.", severity="P2", support_type="technical")
    return submit(
        person=contact.user, organization=contact.organization, submission=words, at=at, accepts_rate=True
    )


def log(ticket, person, until, minutes, **fields) -> WorkEntry:
    facts = {"text": "Read the log", "is_billable": True, "at": NOW, "seconds": minutes * 60}
    return log_work(ticket=ticket, actor=person, worked_until=until, **(facts | fields))


def month(organization, name):
    cases = charges_of(
        Ticket.objects.filter(organization=organization), period_of(name, organization.time_zone)
    )
    return [(case.counted // 60, case.billed // 60, case.amount) for case in cases]


# --- the log


def test_consent_sets_the_rate_and_nothing_else_does(case, ask):
    assert case.rate_code == "sponsored_partner"
    assert ask().rate_code == "" and so_far(ask()) is None


def test_work_is_logged_for_staff_alone(scene, case, as_user):
    entry = log(case, scene.agent, utc(2026, 12, 1, 20), 80)
    event = case.events.get(kind=EventKind.WORK_LOGGED)
    assert (event.data["seconds"], event.data["is_billable"]) == (4800, True)
    page = as_user(case.requester).get(f"/requests/{case.pk}/").content.decode()
    assert "Read the log" not in page
    assert "Charged at USD 250.00 per hour, rounded up to the full hour for each case" in page
    assert "so far 1 h 20 min, USD 500.00." in page
    assert entry.worked_since == utc(2026, 12, 1, 18, 40)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seconds": 0}, "work_takes_time"),
        ({"seconds": 24 * 3600 + 1}, "work_takes_time"),
        ({"worked_until": NOW + timedelta(seconds=1)}, "work_in_future"),
        ({"text": "  "}, "reason_missing"),
        ({"worked_until": utc(2026, 12, 1, 20, 30)}, "work_overlaps"),
        ({"worked_until": utc(2026, 12, 1, 19, 30)}, "work_overlaps"),
    ],
)
def test_what_may_not_be_logged(scene, case, changes, code):
    log(case, scene.agent, utc(2026, 12, 1, 20), 60)
    facts = {"worked_until": utc(2026, 12, 2, 20), "seconds": 3600, "text": "x"} | changes
    with pytest.raises(Refused) as error:
        log_work(ticket=case, actor=scene.agent, at=NOW, is_billable=True, **facts)
    assert error.value.code == code


def test_two_people_may_work_at_once_and_one_right_after(scene, case):
    log(case, scene.agent, utc(2026, 12, 1, 20), 60)
    log(case, scene.agent, utc(2026, 12, 1, 21), 60)
    log(case, scene.lead, utc(2026, 12, 1, 20), 60)
    assert so_far(case).amount == Decimal("750.00")


def test_without_a_rate_nothing_is_billable(scene, ask):
    ticket = ask()
    with pytest.raises(Refused) as error:
        log(ticket, scene.agent, utc(2026, 12, 1, 20), 10)
    assert error.value.code == "no_rate"
    log(ticket, scene.agent, utc(2026, 12, 1, 20), 10, is_billable=False)


def test_a_mistake_is_voided_once_by_an_entry_of_its_own(scene, case):
    wrong = log(case, scene.agent, utc(2026, 12, 1, 20), 90)
    voiding = void_work(entry=wrong, actor=scene.lead, at=NOW, reason="Another request.")
    assert (voiding.voids, WorkEntry.objects.standing().count()) == (wrong, 0)
    assert so_far(case).amount == 0
    for entry in (wrong, voiding):
        with pytest.raises(Refused) as error:
            void_work(entry=entry, actor=scene.lead, at=NOW, reason="Again.")
        assert error.value.code == "voided_already"
    log(case, scene.agent, utc(2026, 12, 1, 20), 30)


# --- months


def test_a_case_over_two_months_is_rounded_once(scene, case, sponsored):
    log(case, scene.agent, utc(2026, 11, 30, 20), 20)
    log(case, scene.agent, utc(2026, 12, 1, 20), 30)
    organization = sponsored.organization
    assert month(organization, "2026-11") == [(20, 60, Decimal("250.00"))]
    assert month(organization, "2026-12") == [(30, 0, Decimal("0.00"))]
    log(case, scene.agent, utc(2026, 12, 2, 20), 20)
    assert month(organization, "2026-12") == [(50, 60, Decimal("250.00"))]
    assert so_far(case).amount == Decimal("500.00"), "the months add up to the whole"


def test_a_month_ends_at_the_organization_s_midnight(scene, case, sponsored):
    # 04:30 UTC on 1 December is still November in New York, and outside the rate's hours.
    log(case, scene.agent, utc(2026, 12, 1, 4, 30), 60)
    organization = sponsored.organization
    assert month(organization, "2026-11") == [(0, 0, Decimal("0.00"))]
    assert month(organization, "2026-12") == []


def test_work_before_nine_is_listed_and_not_charged(scene, case, sponsored):
    log(case, scene.agent, utc(2026, 12, 1, 17, 30), 90)
    assert month(sponsored.organization, "2026-12") == [(30, 60, Decimal("250.00"))]


def test_terms_without_the_rate_charge_nothing(scene, case):
    log(case, scene.agent, utc(2026, 12, 1, 20), 30)
    business = case.plan.edition.plans.get(code="business")
    move_to_terms(ticket=case, to=business, coverage="us", at=NOW, actor=scene.lead, reason="Agreed.")
    assert so_far(case) is None


# --- doors


@pytest.fixture
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_an_agent_logs_on_the_ticket_page(scene, case, as_user, now):
    client = as_user(scene.agent)
    sent = {"work-length": "1h30m", "work-worked_until": "2026-12-01T20:00", "work-text": "Read the log"}
    assert client.post(verb(case, "log_work"), sent | {"work-is_billable": "on"}).status_code == 302
    entry = case.work.get()
    # The agent lives in Berlin.
    assert (entry.seconds, entry.worked_until, entry.is_billable) == (5400, utc(2026, 12, 1, 19), True)
    page = client.get(f"/admin/tickets/ticket/{case.pk}/change/").content.decode()
    assert "Read the log" in page and "USD 500.00" in page
    again = client.post(verb(case, "log_work"), sent)
    assert again.status_code == 409 and "logged a part of this time" in again.content.decode()
    assert client.post(verb(case, "log_work"), sent | {"work-length": "soon"}).status_code == 400
    assert (
        client.post(verb(case, "void_work"), {"entry": entry.pk, "words-reason": "Wrong."}).status_code == 302
    )
    assert WorkEntry.objects.standing().count() == 0
    assert client.post(verb(case, "void_work"), {"entry": "x"}).status_code == 404
    assert as_user(StaffFactory(role="auditor")).post(verb(case, "log_work"), sent).status_code == 403


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("45", 2700), ("45m", 2700), ("1h", 3600), ("1h30m", 5400), ("1:30", 5400), ("2 h 5 min", 7500)],
)
def test_lengths_as_people_write_them(scene, case, as_user, now, typed, seconds):
    as_user(scene.agent).post(verb(case, "log_work"), {"work-length": typed, "work-text": "x"})
    assert case.work.get().seconds == seconds


@pytest.mark.parametrize("typed", ["", "h", "-5", "1.5", "1d", "9" * 30])
def test_what_is_no_length(scene, case, as_user, now, typed):
    sent = {"work-length": typed, "work-text": "x"}
    assert as_user(scene.agent).post(verb(case, "log_work"), sent).status_code in (400, 409)


def test_the_statement_lists_case_work_and_sum(scene, case, sponsored, as_user, now):
    log(case, scene.agent, utc(2026, 12, 1, 20), 80, text="=cmd, compared certificates")
    log(case, scene.agent, utc(2026, 12, 2, 20), 30, text="For ourselves", is_billable=False)
    client = as_user(sponsored.user)
    page = client.get(PAGE + "?month=2026-12").content.decode()
    assert "USD 500.00" in page and "1 h 20 min counted, 2 h charged" in page
    assert "compared certificates" in page and "For ourselves" not in page
    response = client.get(PAGE + "export.csv?month=2026-12")
    (row,) = csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff")))
    assert row["what_was_done"].startswith("'=cmd")
    assert (row["case_billed_seconds"], row["case_amount"], row["currency"]) == ("7200", "500.00", "USD")
    staff = f"/admin/accounts/organization/{sponsored.organization_id}/charges/"
    assert "USD 500.00" in as_user(scene.lead).get(staff).content.decode()
    assert as_user(scene.lead).get(staff + "export.csv").status_code == 200


@pytest.mark.parametrize("address", [PAGE, PAGE + "export.csv"])
def test_who_reads_the_charges(scene, case, sponsored, other_customer, as_user, client, now, address):
    organization = sponsored.organization
    query = f"{address}?organization={organization.slug}"
    assert client.get(query).status_code == 302
    plain = ContactFactory(organization=organization, is_administrator=False, sees=Sees.ORGANIZATION)
    assert as_user(plain.user).get(query).status_code == 403
    billing = ContactFactory(
        organization=organization, is_administrator=False, sees=Sees.OWN, functions=["billing"]
    )
    assert as_user(billing.user).get(query).status_code == 200
    assert as_user(other_customer).get(query).status_code == 404
    partner = PartnerFactory()
    person = ContactFactory(organization=partner).user
    mandate = MandateFactory(partner=partner, organization=organization, scope=Scope.READ)
    assert as_user(person).get(query).status_code == 403
    mandate.scope = Scope.ACT
    mandate.save()
    assert as_user(person).get(query).status_code == 200
    assert as_user(sponsored.user).post(query).status_code == 405
    for month_named in ("2026-13", "2027-01", "x", ""):
        assert as_user(sponsored.user).get(f"{query}&month={month_named}").status_code == 404


@pytest.mark.parametrize("ending", ["", "export.csv"])
def test_who_reads_them_in_the_back_office(sponsored, as_user, now, ending):
    address = f"/admin/accounts/organization/{sponsored.organization_id}/charges/{ending}"
    assert as_user(StaffFactory(role="")).get(address).status_code == 403
    assert as_user(sponsored.user).get(address).status_code in (302, 404)
    assert as_user(StaffFactory(role="auditor")).get(address).status_code == 200
    assert as_user(StaffFactory(role="auditor")).get(address + "?month=2020-01").status_code == 404


def test_a_month_without_charges_says_so(scene, as_user, now):
    assert "Nothing is charged in December 2026" in as_user(scene.customer).get(PAGE).content.decode()


@pytest.mark.parametrize("address", [PAGE, PAGE + "export.csv"])
def test_queries_do_not_grow(scene, sponsored, at, as_user, now, address):
    counts = set()
    client = as_user(sponsored.user)
    for more in (1, 2):
        for _ in range(more):
            ticket = asked(sponsored, at)
            for hour in range(more):
                log(ticket, scene.agent, utc(2026, 12, 1, 19 + hour), 30)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.add(len(queries))
    assert len(counts) == 1, counts


def test_nothing_so_far_is_said_too(case):
    assert charged_words(so_far(case)).endswith("Nothing is charged so far.")
