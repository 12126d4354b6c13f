"""A new edition is told in words: on the page before it is published, and to those who live under it."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.enums import Role
from notices.models import Notice
from notices.outbox import send_due
from plans.actions.announcing import EVENT
from plans.actions.contracting import amend, end
from plans.actions.publishing import publish
from plans.changes import changes_in_words
from plans.models import Contract
from plans.policyfile.from_rows import document_of
from plans.terms import policy_terms
from tests.editions.conftest import html
from tests.factories.accounts import ContactFactory
from tests.factories.plans import published
from tests.tickets.conftest import contract_for
from tickets.models import DecisionRecord
from tickets.refused_then import refused_then


def told() -> list[str]:
    return sorted(Notice.objects.filter(event=EVENT).values_list("to_email", flat=True))


def test_administrators_of_following_contracts_get_a_letter(scene, change, at):
    follows = Contract.objects.filter(organization=scene.organization)
    follows.update(edition=None)
    reader = ContactFactory(organization=scene.organization, is_administrator=False)
    chinese = ContactFactory(organization=scene.organization, user__language="zh-hans")
    stays = contract_for(ContactFactory().organization, "nextplane", "startup")
    Contract.objects.filter(pk=stays.pk).update(edition=published("nextplane"))
    unchanged = contract_for(ContactFactory().organization, "nextplane", "business")
    Contract.objects.filter(pk=unchanged.pk).update(edition=None)
    publish(edition=change("8h"), at=at, by=None)
    assert told() == sorted([scene.customer.email, chinese.user.email])
    assert reader.user.email not in told()
    send_due(at)
    letters = {message.to[0]: message for message in mail.outbox}
    english = letters[scene.customer.email]
    assert english.subject == "The support terms of Aster Freight change"
    assert "First response, P2 Priority two: 8 h instead of 12 h." in english.body
    assert "/your-support/?organization=" in english.body
    assert "8" in letters[chinese.user.email].body and "Priority two" not in letters[chinese.user.email].body


def test_nobody_is_told_when_nothing_changes_for_them(scene, draft, at):
    Contract.objects.update(edition=None)
    draft.plans.update(warn_at=60)
    publish(edition=draft, at=at, by=None)
    assert told() == []


def test_what_it_costs_does_not_grow_with_the_contracts(scene, change, at, django_assert_num_queries):
    from plans.actions.announcing import letters

    draft = change("8h")
    before = document_of(published("nextplane"))
    Contract.objects.update(edition=None)
    with CaptureQueriesContext(connection) as one:
        assert len(list(letters(before, draft, at))) == 1
    for _ in range(3):
        contract_for(ContactFactory().organization, "nextplane", "startup")
    Contract.objects.update(edition=None)
    with django_assert_num_queries(len(one)):
        assert len(list(letters(before, draft, at))) == 4


def sentences(**changes: Any) -> list[str]:
    """What startup's customers are told when its plan, or the policy (``policy_...``), says otherwise."""
    before = document_of(published("nextplane"))
    after = copy.deepcopy(before)
    for name, value in changes.items():
        if name.startswith("policy_"):
            after[name.removeprefix("policy_")] = value
        else:
            after["plans"][0][name] = value
    return changes_in_words(before, after)[0].sentences


def test_every_kind_of_change_has_a_sentence(db):
    before = document_of(published("nextplane"))
    startup = before["plans"][0]
    first = startup["targets"]["first_response"]
    assert sentences() == []
    gone = {"first_response": {key: value for key, value in first.items() if key != "P4"}}
    assert sentences(targets=startup["targets"] | gone) == [
        "First response, P4 Priority four: nothing is promised any more. It was 24 h."
    ]
    more = startup["targets"]["next_update"] | {"P4": {"in": "2h", "counted": "elapsed"}}
    assert sentences(targets=startup["targets"] | {"next_update": more}) == [
        "Next update, P4 Priority four: 2 h on the wall. Nothing was promised before."
    ]
    assert sentences(channels=["portal", "phone"]) == [
        "You may ask by: Phone.",
        "Not taken any more: Management portal.",
    ]
    assert sentences(channel_limits={"portal": ["P3", "P4"]}) == [
        "Helpdesk takes only: P3 Priority three, P4 Priority four."
    ]
    assert sentences(reopen_days=1) == ["A closed request may be opened again within 1 day."]
    assert sentences(auto_close_days=None) == ["A resolved request does not close by itself any more."]
    assert sentences(grace_days=5) == ["Requests are taken for 5 days after a contract ends."]
    assert sentences(severity_set_by="support") == ["Severity: Support sets it."]
    assert sentences(coverage={"us": ["us-eastern"]}) == [
        "The hours of support change: see the week under “Your support”."
    ]
    assert sentences(contacts=startup["contacts"] | {"max": 3}) == ["Contacts: at most 3."]
    assert sentences(customer_may_escalate=True) == ["You may escalate a request yourself."]
    assert sentences(partner_may_submit=True) == [
        "Who may ask, fees, partners or escalation change too: see the terms."
    ]
    assert sentences(warn_at=50) == [], "what only support works by is not for customers"
    assert sentences(policy_exclusions=before["exclusions"][1:])[0].startswith("Not excluded any more: ")
    with translation.override("zh-hans"):
        assert changes_in_words(before, before)[0].name == "初创版"


def test_requests_that_a_draft_would_have_refused_are_counted(scene, ask, change, at, as_role):
    ask("P2")
    ask("P3", at=at + timedelta(minutes=1))
    draft = change("8h")
    later = at + timedelta(hours=1)
    assert refused_then(policy_terms(draft), later).refused == 0
    draft.plans.get(code="startup").channels.set(draft.channels.filter(code="management-portal"))
    found = refused_then(policy_terms(draft), later)
    assert (found.looked_at, dict(found.counts)) == (2, {("portal", "channel_not_in_plan"): 2})
    assert refused_then(policy_terms(draft), at + timedelta(days=91)).looked_at == 0
    draft.plans.get(code="startup").delete()
    assert refused_then(policy_terms(draft), later).counts == {("portal", "plan_not_offered"): 2}


def test_a_person_who_would_have_to_be_an_administrator(scene, ask, draft, at):
    ask("P2")
    draft.plans.update(contacts_access_id=True)
    found = refused_then(policy_terms(draft), at + timedelta(hours=1))
    assert dict(found.counts) == {("portal", "access_id_missing"): 1}


def test_the_contract_and_its_fees_are_read_as_they_stood_when_it_was_asked(scene, ask, draft, at):
    ask("P2")
    contract, later = Contract.objects.get(), at + timedelta(hours=1)
    before = (at - timedelta(days=2)).date()

    def refused() -> dict[tuple[str, str], int]:
        return dict(refused_then(policy_terms(draft), later).counts)

    Contract.objects.update(overdue_since_on=before)
    assert refused() == {("portal", "contract_overdue"): 1}
    Contract.objects.update(overdue_since_on=None, ends_on=before)
    assert refused() == {("portal", "contract_expired"): 1}
    draft.plans.update(grace_days=5)
    assert refused() == {}
    draft.plans.update(grace_days=0)
    Contract.objects.update(ends_on=None)

    # What came to be after it was asked is no reason.
    contract.refresh_from_db()
    contract.overdue_since_on = before
    amend(contract=contract, at=at + timedelta(minutes=5), actor=None)
    end(contract=contract, on=before, at=at + timedelta(minutes=6), actor=None, reason="Left.")
    assert refused() == {}


def test_refused_then_reads_the_same_for_any_number(scene, ask, draft, at, django_assert_num_queries):
    source = policy_terms(draft)
    for _ in range(3):
        ask("P2")
    assert DecisionRecord.objects.count() == 3
    with django_assert_num_queries(4):
        refused_then(source, at + timedelta(hours=1))


def test_the_page_says_all_of_it_before(scene, ask, change, as_role, at):
    Contract.objects.update(edition=None)
    ask("P2")
    draft = change("8h")
    draft.plans.get(code="startup").channels.set(draft.channels.filter(code="management-portal"))
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        page = html(as_role(Role.MANAGER).get(reverse("admin:plans_edition_publish", args=[draft.pk])))
    assert "First response, P2 Priority two: 8 h instead of 12 h." in page
    assert "1 request by Support portal: The channel is not in the plan" in page
    assert "The support terms of Aster Freight change" in page and scene.customer.email in page
    assert "1 administrator is written to" in page
    assert told() == [], "looking at it sends nothing"
