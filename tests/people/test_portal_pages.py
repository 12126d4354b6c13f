"""The contacts pages: administrators manage, others read, nobody else learns that it exists."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Contact
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory
from tests.factories.plans import ContractFactory

LIST = "/your-support/contacts/"
PROPOSAL = {"name": "Ada Njoku", "email": "Ada@Aster.example", "language": "en", "sees": "organization"}


def html(response) -> str:
    return response.content.decode()


def test_an_administrator_proposes_and_sees_whom_it_waits_for(as_administrator, scene):
    assert "Propose a contact" in html(as_administrator.get(LIST))
    empty = as_administrator.post(f"{LIST}new/", {"email": "no address"})
    assert empty.status_code == 422 and "Write the person" in html(empty) and "no address" in html(empty)
    done = as_administrator.post(f"{LIST}new/", PROPOSAL, follow=True)
    assert "Support has to approve" in html(done) and "Waits for support" in html(done)
    contact = Contact.objects.get(user__email="ada@aster.example")
    assert contact.proposed_by == scene.customer and contact.state == "vendor"
    twice = as_administrator.post(f"{LIST}new/", PROPOSAL)
    assert twice.status_code == 422 and "already" in html(twice) and "Ada Njoku" in html(twice)
    assert "support has to approve" in html(as_administrator.get("/your-support/"))


def test_what_support_proposed_waits_for_the_administrator(as_administrator, scene, at):
    contact = actions.propose(
        organization=scene.organization, by=scene.lead, at=at, email="b@aster.example", name="Bo"
    )
    assert "Waits for you" in html(as_administrator.get(LIST))
    done = as_administrator.post(f"{LIST}{contact.pk}/approve/", follow=True)
    assert "may ask from now on" in html(done)
    contact.refresh_from_db()
    assert contact.customer_approved_by == scene.customer and contact.state == "approved"


def test_revoking_says_what_happens_asks_why_and_bites_at_once(
    as_administrator, scene, colleague, browse, at
):
    page = as_administrator.get(f"{LIST}{colleague.pk}/revoke/")
    assert "sees nothing of Aster Freight" in html(page)
    assert as_administrator.post(f"{LIST}{colleague.pk}/revoke/", {"reason": ""}).status_code == 422
    done = as_administrator.post(f"{LIST}{colleague.pk}/revoke/", {"reason": "Left"}, follow=True)
    assert "is revoked" in html(done) and colleague.user.email not in html(done)
    assert colleague.events.get().data == {"reason": "Left"}
    assert as_administrator.get(f"{LIST}{colleague.pk}/revoke/").status_code == 404


def test_who_is_revoked_sees_nothing_on_the_next_request(scene, colleague, now, at):
    theirs = Client()
    theirs.force_login(colleague.user, backend="django.contrib.auth.backends.ModelBackend")
    token = actions.create_token(user=colleague.user, name="t")
    headers = {"Authorization": f"Bearer {token}"}
    assert "Aster Freight" in html(theirs.get(LIST))
    assert len(theirs.get("/api/v1/contacts/", headers=headers).json()["results"]) == 2
    actions.revoke(contact=colleague, by=scene.customer, at=at, reason="Left")
    assert "Aster Freight" not in html(theirs.get(LIST))
    assert theirs.get(f"{LIST}?organization={scene.organization.slug}").status_code == 404
    assert theirs.get("/api/v1/contacts/", headers=headers).json()["results"] == []


def test_the_last_administrator_is_told_what_to_do_first(as_administrator, mine):
    refused = as_administrator.post(f"{LIST}{mine.pk}/revoke/", {"reason": "Leaving"})
    assert refused.status_code == 422 and "Make somebody else an administrator first" in html(refused)
    assert "Leaving" in html(refused)
    lowered = as_administrator.post(f"{LIST}{mine.pk}/", {"sees": "organization"})
    assert lowered.status_code == 422 and "last administrator" in html(lowered)


def test_functions_are_those_of_the_plan(scene, browse, now):
    contact = ContactFactory()
    ContractFactory(organization=contact.organization, policy="nexraid", plan_code="paid")
    client = browse(contact.user)
    page = f"{LIST}{contact.pk}/"
    assert "Billing administrator" in html(client.get(page))
    wrong = client.post(page, {"is_administrator": "on", "sees": "functions", "functions": ["nonsense"]})
    assert wrong.status_code == 422
    none = client.post(page, {"is_administrator": "on", "sees": "functions"})
    assert none.status_code == 422 and "Tick a function" in html(none)
    right = {"is_administrator": "on", "sees": "functions", "functions": ["billing"]}
    assert client.post(page, right).status_code == 302
    contact.refresh_from_db()
    assert (contact.functions, contact.sees) == (["billing"], "functions")


def test_an_invitation_is_sent_again(as_administrator, scene, ada, at):
    actions.approve_for_vendor(contact=ada, by=scene.lead, at=at)
    assert "Send it again" in html(as_administrator.get(f"{LIST}{ada.pk}/"))
    done = as_administrator.post(f"{LIST}{ada.pk}/invite/", follow=True)
    assert "ada@aster.example" in html(done)


def test_contacts_who_are_no_administrators_read_the_list_only(scene, colleague, ada, browse, now):
    client = browse(colleague.user)
    page = html(client.get(LIST))
    assert "Ada Njoku" in page and "Propose a contact" not in page and "Revoke" not in page
    for address in (f"{ada.pk}/", f"{ada.pk}/revoke/", "new/"):
        assert client.get(LIST + address).status_code == 403
        assert client.post(LIST + address, PROPOSAL | {"reason": "x"}).status_code == 403
    for address in ("approve/", "invite/"):
        assert client.post(f"{LIST}{ada.pk}/{address}").status_code == 403


def test_another_organization_and_nobody(other_customer, scene, ada, browse, now):
    client = browse(other_customer)
    assert "Ada Njoku" not in html(client.get(LIST))
    assert client.get(f"{LIST}?organization={scene.organization.slug}").status_code == 404
    assert client.post(f"{LIST}new/?organization={scene.organization.slug}", PROPOSAL).status_code == 404
    for address in ("", "revoke/", "approve/", "invite/"):
        assert client.post(f"{LIST}{ada.pk}/{address}", {"reason": "x"}).status_code == 404
    assert client.get(f"{LIST}{2**70}/").status_code == 404
    for address in ("", "new/", f"{ada.pk}/", f"{ada.pk}/revoke/"):
        answer = Client().get(LIST + address)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"]
    ada.refresh_from_db()
    assert ada.state == "vendor"


@pytest.mark.parametrize(
    ("method", "address"),
    [("post", ""), ("put", "new/"), ("delete", "1/"), ("put", "1/revoke/"), ("get", "1/approve/")],
)
def test_other_methods_are_refused(as_administrator, method, address):
    assert getattr(as_administrator, method)(LIST + address).status_code == 405


def test_staff_are_led_to_the_back_office(scene, browse, now):
    answer = browse(scene.lead).get(LIST)
    assert answer.status_code == 302 and answer["Location"].startswith("/admin/accounts/contact/")


def test_a_partner_manages_its_own_people_and_reads_those_of_its_customers(scene, ada, browse, now):
    partner = PartnerFactory(name="Mosaic IT")
    MandateFactory(partner=partner, organization=scene.organization)
    client = browse(ContactFactory(organization=partner).user)
    own = html(client.get(LIST))
    assert "Mosaic IT" in own and "Propose a contact" in own
    managed = html(client.get(f"{LIST}?organization={scene.organization.slug}"))
    assert "Ada Njoku" in managed and "Propose a contact" not in managed
    assert client.post(f"{LIST}{ada.pk}/revoke/", {"reason": "x"}).status_code == 403
    done = client.post(f"{LIST}new/?organization={partner.slug}", PROPOSAL | {"email": "p@msp.example"})
    assert done.status_code == 302
    assert Contact.objects.get(user__email="p@msp.example").state == "approved"


def test_the_list_asks_the_same_number_of_queries_whatever_its_length(as_administrator, scene):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (0, 2, 47):
        for _ in range(more):
            ContactFactory(organization=scene.organization, is_administrator=False, functions=["read-only"])
        as_administrator.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            as_administrator.get(LIST)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_functions_stand_by_their_names(browse, now, db):
    contact = ContactFactory(
        user__language="zh-hans", is_administrator=False, functions=["service", "read-only"]
    )
    ContractFactory(organization=contact.organization, policy="nexraid", plan_code="paid")
    page = html(browse(contact.user).get("/your-support/"))
    assert "服务管理员" in page and ">service<" not in page and "read-only" not in page
