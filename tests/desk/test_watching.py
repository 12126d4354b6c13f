"""Watching tells people, and shows nobody what they may not see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sees
from notices.models import Notice
from tests.factories.accounts import ContactFactory, StaffFactory
from tickets.actions import Refused, assign, hear, note, say
from tickets.actions.watching import contacts_who_may_watch, unwatch, watch
from tickets.models import Watcher


def _told(event: str) -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("to_email", flat=True))


def _at(ticket) -> str:
    return f"/requests/{ticket.pk}/watching/"


def _verb(ticket, verb: str) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/do/{verb}/"


@pytest.fixture
def colleague(scene):
    return ContactFactory(organization=scene.organization, user__name="Tom Lindgren", is_administrator=False)


@pytest.mark.django_db
def test_customers_are_told_what_is_public_staff_also_notes(ticket, scene, colleague, at) -> None:
    watch(ticket=ticket, person=colleague.user, actor=scene.customer, at=at)
    watcher = StaffFactory()
    watch(ticket=ticket, person=watcher, actor=scene.agent, at=at)
    assign(ticket=ticket, actor=scene.lead, to=scene.agent, at=at)
    note(ticket=ticket, author=scene.agent, body="Between us", at=at)
    say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    hear(ticket=ticket, author=scene.customer, body="Thanks", at=at)
    assert _told("noted") == {watcher.email}
    assert _told("answered") == {scene.customer.email, colleague.user.email}
    assert _told("customer_message") == {scene.agent.email, watcher.email}


@pytest.mark.django_db
def test_who_may_see_no_more_is_told_no_more(ticket, scene, colleague, at) -> None:
    watch(ticket=ticket, person=colleague.user, actor=scene.customer, at=at)
    colleague.sees = Sees.OWN
    colleague.save()
    say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    assert _told("answered") == {scene.customer.email}


@pytest.mark.django_db
def test_a_contact_who_may_not_see_it_is_refused_in_words(
    customer, ticket, scene, colleague, other_customer
) -> None:
    colleague.sees = Sees.OWN
    colleague.save()
    assert colleague not in contacts_who_may_watch(ticket)
    page = customer.post(_at(ticket), {"do": "add", "contact": colleague.pk}, follow=True).content.decode()
    assert "Tom Lindgren may not see this request." in page and not Watcher.objects.exists()
    foreign = other_customer.contacts.get()
    assert customer.post(_at(ticket), {"do": "add", "contact": foreign.pk}).status_code == 404
    assert customer.post(_at(ticket), {"do": "add", "contact": "9" * 30}).status_code == 404
    assert customer.post(_at(ticket), {"do": "other"}).status_code == 404


@pytest.mark.django_db
def test_colleagues_are_added_and_removed_on_the_page(customer, browser_of, ticket, scene, colleague) -> None:
    assert "Tom Lindgren" in customer.get(f"/requests/{ticket.pk}/").content.decode()
    customer.post(_at(ticket), {"do": "add", "contact": colleague.pk})
    customer.post(_at(ticket), {"do": "add", "contact": colleague.pk})
    assert Watcher.objects.get().added_by == scene.customer
    window = browser_of(colleague.user)
    assert "Stop watching" in window.get(f"/requests/{ticket.pk}/").content.decode()
    window.post(_at(ticket), {"do": "stop"})
    assert not Watcher.objects.exists()
    window.post(_at(ticket), {"do": "watch"})
    customer.post(_at(ticket), {"do": "remove", "person": colleague.user.pk})
    assert Watcher.objects.get().user == colleague.user


@pytest.mark.django_db
def test_who_only_reads_watches_for_themselves_alone(browser_of, reading_partner, ticket, colleague) -> None:
    window = browser_of(reading_partner)
    window.post(_at(ticket), {"do": "watch"})
    assert Watcher.objects.get().user == reading_partner
    assert window.post(_at(ticket), {"do": "add", "contact": colleague.pk}).status_code == 404


@pytest.mark.django_db
def test_nobody_watches_what_is_not_theirs(browser_of, other_customer, ticket, agent, scene, at) -> None:
    assert browser_of(other_customer).post(_at(ticket), {"do": "watch"}).status_code == 404
    agent.post(_verb(ticket, "watch"), {"person": other_customer.pk})
    agent.post(_verb(ticket, "watch"), {"person": scene.customer.pk})
    assert not Watcher.objects.exists()
    with pytest.raises(Refused) as refused:
        watch(ticket=ticket, person=scene.customer, actor=scene.agent, at=at)
    assert refused.value.code == "watcher_other_side"


@pytest.mark.django_db
def test_staff_watch_and_let_colleagues_watch_and_customers_do_not_see_it(
    agent, customer, ticket, scene
) -> None:
    agent.post(_verb(ticket, "watch"))
    agent.post(_verb(ticket, "watch"), {"person": scene.lead.pk})
    assert set(Watcher.objects.values_list("user", flat=True)) == {scene.agent.pk, scene.lead.pk}
    assert "Reads along" in agent.get(f"/admin/tickets/ticket/{ticket.pk}/change/").content.decode()
    assert scene.lead.name not in customer.get(f"/requests/{ticket.pk}/").content.decode()
    agent.post(_verb(ticket, "unwatch"), {"person": scene.lead.pk})
    agent.post(_verb(ticket, "unwatch"))
    assert not Watcher.objects.exists()
    watch(ticket=ticket, person=scene.lead, actor=scene.lead, at=ticket.submitted_at)
    with pytest.raises(Refused):
        unwatch(ticket=ticket, person=scene.lead, actor=scene.agent)


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_and_three_watchers(customer, ticket, scene, at) -> None:
    counts = []
    for wanted in (1, 3):
        while Watcher.objects.count() < wanted:
            person = ContactFactory(organization=scene.organization).user
            watch(ticket=ticket, person=person, actor=scene.customer, at=at)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            customer.get(f"/requests/{ticket.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
