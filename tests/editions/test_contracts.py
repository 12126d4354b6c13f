"""The life of a contract: made, amended, renewed, ended, told of before its end; its history stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organization
from notices.models import Notice
from notices.outbox import send_due
from notices.rendering import render_mail
from plans.actions.contracting import ContractError, amend, end, make, renew
from plans.models import Contract, ContractEvent
from tests.editions.conftest import html
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory, UserFactory
from tests.factories.plans import POLICIES, ContractFactory, published, published_text
from tests.tickets.conftest import utc
from tickets.actions import sweep


@pytest.fixture
def manager(db):
    return StaffFactory(name="Ada Brandt")


@pytest.fixture
def contract(db, manager) -> Contract:
    """Ends on 31 December 2026 in New York."""
    organization = OrganizationFactory(name="Aster Freight", time_zone="America/New_York")
    ContactFactory(organization=organization, user__email="admin@aster.example")
    ContactFactory(organization=organization, user=UserFactory(), is_administrator=False)
    return ContractFactory(
        organization=organization,
        policy="nextplane",
        plan_code="startup",
        ends_on=date(2026, 12, 31),
        account_manager=manager,
    )


def kinds(contract: Contract) -> list[str]:
    return list(contract.events.values_list("kind", flat=True))


def told() -> list[tuple[str, int]]:
    return sorted(Notice.objects.filter(event="contract_ending").values_list("to_email", "context__days"))


def test_a_renewal_follows_on_and_both_remember(contract, manager, at):
    new = renew(contract=contract, until=date(2027, 12, 31), at=at, actor=manager, reason="Signed.")
    assert (new.starts_on, new.ends_on, new.renews) == (date(2027, 1, 1), date(2027, 12, 31), contract)
    assert (new.plan_code, new.edition, new.account_manager) == ("startup", published("nextplane"), manager)
    assert kinds(contract) == ["renewed"] and kinds(new) == ["made"]
    assert contract.events.get().data == {"by": new.pk}
    with pytest.raises(ContractError, match="renewed already"):
        renew(contract=contract, until=None, at=at, actor=manager)


def test_what_overlaps_is_refused_in_words(contract, manager, at):
    ContractFactory(
        organization=contract.organization,
        policy="nextplane",
        plan_code="startup",
        starts_on=date(2027, 3, 1),
    )
    with pytest.raises(ContractError, match="Another contract of this organization runs at that time"):
        renew(contract=contract, until=date(2027, 12, 31), at=at, actor=manager)
    with pytest.raises(ContractError, match="lies before the first"):
        renew(contract=contract, until=date(2026, 12, 31), at=at, actor=manager)
    assert kinds(contract) == []


def test_an_amendment_keeps_what_was(contract, manager, at):
    contract.plan_code, contract.ends_on = "business", date(2027, 6, 30)
    amend(contract=contract, at=at, actor=manager, reason="Upgraded.")
    (event,) = contract.events.all()
    assert (event.kind, event.reason, event.actor) == ("amended", "Upgraded.", manager)
    assert event.data["changes"] == {
        "plan_code": ["startup", "business"],
        "ends_on": ["2026-12-31", "2027-06-30"],
    }
    assert amend(contract=contract, at=at, actor=manager) == {}
    contract.plan_code = "nowhere"
    with pytest.raises(ContractError, match="no such plan"):
        amend(contract=contract, at=at, actor=manager)


def test_ending_early_keeps_the_day_that_was(contract, manager, at):
    end(contract=contract, on=date(2026, 12, 10), at=at, actor=manager, reason="Left.")
    contract.refresh_from_db()
    assert contract.ends_on == date(2026, 12, 10)
    assert contract.events.get().data == {"before": "2026-12-31", "after": "2026-12-10"}
    with pytest.raises(ContractError, match="ends on 2026-12-10 already"):
        end(contract=contract, on=date(2026, 12, 10), at=at, actor=manager, reason="Again.")
    with pytest.raises(ContractError, match="before its first day"):
        end(contract=contract, on=date(2025, 12, 10), at=at, actor=manager, reason="Again.")


def test_history_is_only_added_to(contract, manager, at):
    end(contract=contract, on=date(2026, 12, 10), at=at, actor=manager, reason="Left.")
    event = ContractEvent.objects.get()
    for act in (
        event.save,
        event.delete,
        lambda: ContractEvent.objects.update(reason="x"),
        lambda: connection.cursor().execute("UPDATE plans_contractevent SET reason = 'x'"),
        lambda: connection.cursor().execute("DELETE FROM plans_contractevent"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_terms_that_follow_are_not_pinned(db, manager, at):
    edition = published("two-tier")
    contract = Contract(
        organization=OrganizationFactory(),
        policy=edition.policy,
        plan_code="standard",
        starts_on=date(2026, 1, 1),
    )
    assert make(contract=contract, at=at, actor=manager).edition is None
    pinned = Contract(
        organization=OrganizationFactory(),
        policy=published("nextplane").policy,
        plan_code="startup",
        starts_on=date(2026, 1, 1),
    )
    assert make(contract=pinned, at=at, actor=manager).edition == published("nextplane")


def test_people_are_told_once_at_thirty_seven_and_one(contract, manager):
    # Midnight in New York is 05:00 UTC: 1 December there is thirty days before the last day.
    first = utc(2026, 12, 1, 5, 0)
    assert sweep(at=first - timedelta(seconds=1))["contracts_told"] == 0
    assert sweep(at=first)["contracts_told"] == 1
    assert told() == [("admin@aster.example", 30), (manager.email, 30)]
    for moment in (first, first + timedelta(minutes=1), first + timedelta(days=5)):
        assert sweep(at=moment)["contracts_told"] == 0
    seventh, last = utc(2026, 12, 24, 5, 0), utc(2026, 12, 30, 5, 0)
    assert sweep(at=seventh - timedelta(seconds=1))["contracts_told"] == 0
    assert [sweep(at=seventh)["contracts_told"], sweep(at=seventh)["contracts_told"]] == [1, 0]
    assert [sweep(at=last)["contracts_told"], sweep(at=last)["contracts_told"]] == [1, 0]
    assert sweep(at=last + timedelta(days=9))["contracts_told"] == 0
    assert [days for _email, days in told()] == [1, 7, 30, 1, 7, 30]
    assert kinds(contract) == ["told", "told", "told"]


def test_after_an_outage_only_the_nearest_is_told(contract):
    assert sweep(at=utc(2026, 12, 27, 12, 0))["contracts_told"] == 1
    assert {days for _email, days in told()} == {4}
    assert sweep(at=utc(2026, 12, 27, 12, 1))["contracts_told"] == 0


def test_a_renewed_or_prolonged_contract_is_told_of_anew_or_not_at_all(contract, manager, at):
    assert sweep(at=utc(2026, 12, 2, 12, 0))["contracts_told"] == 1
    contract.refresh_from_db()
    contract.ends_on = date(2027, 1, 20)
    amend(contract=contract, at=utc(2026, 12, 2, 13, 0), actor=manager)
    assert sweep(at=utc(2026, 12, 20, 12, 0))["contracts_told"] == 0
    assert sweep(at=utc(2026, 12, 21, 12, 0))["contracts_told"] == 1
    renew(contract=contract, until=None, at=at, actor=manager)
    assert sweep(at=utc(2027, 1, 14, 12, 0))["contracts_told"] == 0


def test_the_letter_names_the_last_day(contract):
    when = utc(2026, 12, 1, 12, 0)
    sweep(at=when)
    send_due(when)
    letter = next(m for m in mail.outbox if m.to == ["admin@aster.example"])
    assert "Aster Freight" in letter.subject and "31 Dec" in letter.subject
    assert "ends in 30 days" in letter.body and "/your-support/" in letter.body


def test_contracts_whose_day_has_not_come_hold_up_no_other(contract):
    """At 11:00 UTC it is tomorrow in Auckland alone: 600 that end earlier, by date, are not due, one is."""
    at = utc(2026, 11, 30, 11, 0)
    OrganizationFactory.create_batch(600, time_zone="America/New_York")
    behind = Organization.objects.filter(contracts=None, time_zone="America/New_York")
    ahead = OrganizationFactory(time_zone="Pacific/Auckland")
    plan = {"policy": contract.policy, "edition": contract.edition, "plan_code": "startup"}
    dates = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    Contract.objects.bulk_create(Contract(organization=row, **plan, **dates) for row in [*behind, ahead])
    assert [row.organization for row in Contract.objects.ending(at)] == [ahead]
    assert sweep(at=at, limit=500)["contracts_told"] == 1
    assert Contract.objects.exclude(ending_told=None).get().organization == ahead
    assert sweep(at=utc(2026, 12, 1, 5, 0), limit=1000)["contracts_told"] == 601


def test_a_contract_with_a_zone_of_its_own_goes_by_it(contract):
    Contract.objects.update(time_zone="Pacific/Auckland")
    first = utc(2026, 11, 30, 11, 0)
    assert sweep(at=first - timedelta(seconds=1))["contracts_told"] == 0
    assert sweep(at=first)["contracts_told"] == 1


@pytest.mark.parametrize(
    "grace, said",
    [(0, "After it, new requests are refused."), (10, "until Sun 10 Jan 2027, that day included")],
)
def test_what_follows_the_last_day_is_told_with_its_day(contract, grace, said):
    text = (POLICIES / "nextplane.yaml").read_text()
    text = text.replace("  - code: startup\n", f"  - code: startup\n    grace_days: {grace}\n", 1)
    Contract.objects.update(edition=published_text(text))
    assert sweep(at=utc(2026, 12, 2, 12, 0))["contracts_told"] == 1
    for notice in Notice.objects.filter(event="contract_ending"):
        assert said in str(render_mail(notice).body)


def test_a_zone_that_nobody_knows_keeps_no_sweep_from_its_work(contract):
    Contract.objects.update(time_zone="Nowhere/At_All")
    assert Contract.objects.ending(utc(2026, 12, 1, 0, 0)).count() == 1
    counts = sweep(at=utc(2026, 12, 1, 0, 0))
    assert (counts["contracts_told"], counts["parked"]) == (0, 1)


def test_telling_of_thirty_costs_as_many_queries_as_of_three(manager):
    costs, day = [], utc(2026, 12, 1, 12, 0)
    for count in (3, 30):
        for _ in range(count):
            contact = ContactFactory()
            ContractFactory(
                organization=contact.organization,
                policy="two-tier",
                plan_code="standard",
                ends_on=(day + timedelta(days=30)).date(),
                account_manager=manager,
            )
        with CaptureQueriesContext(connection) as queries:
            assert sweep(at=day)["contracts_told"] == count
        costs.append(len(queries))
        assert Notice.objects.filter(event="contract_ending", created_at=day).count() == 2 * count
        day += timedelta(days=60)
    assert costs[0] == costs[1]


def test_ending_contracts_are_found_by_a_partial_index(contract):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "contract_sweep_end" in Contract.objects.ending(utc(2026, 12, 1, 5, 0)).explain()


def test_the_look_costs_one_query_while_nothing_ends(db):
    for _ in range(3):
        ContractFactory()
    with CaptureQueriesContext(connection) as queries:
        sweep(at=utc(2026, 6, 1, 12, 0))
    assert sum('FROM "plans_contract"' in query["sql"] for query in queries.captured_queries) == 1


def test_the_pages_say_what_happens_and_do_it(contract, as_role):
    lead = as_role(Role.LEAD)
    change = reverse("admin:plans_contract_change", args=[contract.pk])
    there = reverse("admin:plans_contract_renew", args=[contract.pk])
    assert there in html(lead.get(change))
    assert "A new contract begins on the day after" in html(lead.get(there))
    bad = lead.post(there, {"until": "2026-01-01", "reason": ""})
    assert bad.status_code == 400 and "lies before the first" in html(bad) and "2026-01-01" in html(bad)
    assert lead.post(there, {"until": "2027-12-31", "reason": "Signed."}).status_code == 302
    again = lead.post(there, {"until": "2027-12-31", "reason": ""})
    assert again.status_code == 400 and "renewed already" in html(again)
    there = reverse("admin:plans_contract_end", args=[contract.pk])
    assert lead.post(there, {"on": "2026-12-10"}).status_code == 400
    assert lead.post(there, {"on": "2026-12-10", "reason": "Left."}).status_code == 302
    shown = html(lead.get(change))
    assert "Ended early" in shown and "2026-12-31 → 2026-12-10" in shown and "Left." in shown


def test_agents_and_customers_change_no_contract(contract, as_role, signed_in):
    customer = contract.organization.contacts.filter(is_administrator=True).get().user
    for name in ("renew", "end"):
        there = reverse(f"admin:plans_contract_{name}", args=[contract.pk])
        assert as_role(Role.AGENT).get(there).status_code == 403
        assert as_role(Role.AUDITOR).post(there, {"on": "2026-12-10", "reason": "x"}).status_code == 403
        assert signed_in(customer).get(there).status_code in (302, 404)
    assert kinds(contract) == []
