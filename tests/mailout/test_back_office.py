"""What staff see of mail that does not arrive, and what they can do about it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Contact
from notices.bounces import record_bounce
from notices.models import Bounce, Notice
from notices.outbox import send_due
from tests.factories.accounts import StaffFactory

NOTICES, BOUNCES = "/admin/notices/notice/", "/admin/notices/bounce/"


@pytest.fixture
def bounced(scene, ask, at):
    ticket = ask()
    send_due(at)
    record_bounce(
        email=scene.customer.email,
        notice=Notice.objects.get(),
        is_permanent=True,
        status="5.1.1",
        text="550 5.1.1 no such user",
        at=at,
    )
    return ticket


def test_the_ticket_and_the_contact_say_that_mail_comes_back(scene, bounced, browse, now):
    client = browse(scene.lead)
    contact = Contact.objects.get(user=scene.customer)
    for address in (
        f"/admin/tickets/ticket/{bounced.pk}/change/",
        f"/admin/accounts/contact/{contact.pk}/change/",
    ):
        assert "Mail to this address has come back since" in client.get(address).content.decode()
    assert "Mail came back" in client.get(f"/admin/tickets/ticket/{bounced.pk}/change/").content.decode()


def test_customers_do_not_read_it_in_the_conversation(scene, bounced, browse, now):
    assert "came back" not in browse(scene.customer).get(f"/requests/{bounced.pk}/").content.decode()


def test_a_lead_clears_it(scene, bounced, browse, now, at):
    client = browse(scene.lead)
    page = client.get(BOUNCES).content.decode()
    assert "5.1.1" in page and "no such user" in page and scene.customer.email in page
    data = {"action": "clear", "_selected_action": [Bounce.objects.get().pk], "index": 0}
    assert "Mail goes to 1 address again." in client.post(BOUNCES, data, follow=True).content.decode()
    assert Bounce.objects.get().cleared_at == at
    assert client.get(f"{BOUNCES}?stops=yes").content.decode().count("5.1.1") == 0


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 403), (Role.POLICY_EDITOR, 403)])
def test_others_do_not_see_the_outbox(bounced, browse, now, role, status):
    client = browse(StaffFactory(role=role))
    assert client.get(NOTICES).status_code == client.get(BOUNCES).status_code == status


def test_an_auditor_reads_and_changes_nothing(bounced, browse, now):
    client = browse(StaffFactory(role=Role.AUDITOR))
    assert client.get(NOTICES).status_code == client.get(BOUNCES).status_code == 200
    for address, action in ((NOTICES, "try_again"), (BOUNCES, "clear")):
        client.post(address, {"action": action, "_selected_action": [1], "index": 0})
    assert Bounce.objects.get().cleared_at is None


def test_the_outbox_says_what_became_of_each_and_why(scene, bounced, ask, browse, now, at):
    ask()
    send_due(at)
    client = browse(scene.lead)
    page = client.get(NOTICES).content.decode()
    assert "The address takes no mail" in page and "nobody has cleared it" in page
    assert f"[#{bounced.pk}] Messages stopped arriving" in page
    assert "Messages stopped" in client.get(f"{NOTICES}?state__exact=undeliverable").content.decode()
    one = client.get(f"{NOTICES}{Notice.objects.last().pk}/change/").content.decode()
    assert "nobody has cleared it" in one and "comes_back" not in one
    data = {"action": "try_again", "_selected_action": [Notice.objects.last().pk], "index": 0}
    client.post(NOTICES, data)
    assert Notice.objects.last().state == "waiting"


def test_a_notice_whose_template_is_gone_is_still_listed(scene, bounced, browse, now):
    Notice.objects.update(event="of_an_older_release")
    assert "of_an_older_release" in browse(scene.lead).get(NOTICES).content.decode()


@pytest.mark.parametrize("address", [NOTICES, BOUNCES, f"{NOTICES}?state__exact=sent", f"{NOTICES}?q=person"])
def test_lists_cost_the_same_for_one_and_three_rows(scene, bounced, ask, browse, now, at, address):
    client = browse(scene.lead)
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    one = cost()
    for n in range(2):
        ask()
        record_bounce(
            email=f"p{n}@x.example",
            notice=Notice.objects.last(),
            is_permanent=True,
            status="",
            text="",
            at=at,
        )
    assert cost() == one
