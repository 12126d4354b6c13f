"""Propose, approve, decline, revoke, change: both approvals on record, and never nobody left."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction

from accounts import actions
from accounts.enums import Sees
from accounts.models import Contact, ContactEvent, User
from accounts.refusals import Refused
from accounts.standing import standing_of
from notices.models import Notice
from plans.decision import Question, decide
from tests.factories.accounts import ContactFactory, PartnerFactory, StaffFactory, UserFactory


def kinds(contact):
    return list(contact.events.values_list("kind", flat=True))


def test_both_sides_approve_and_both_approvals_stay_on_record(scene, ada, at):
    assert (ada.state, ada.customer_approved_by, ada.customer_approved_at) == ("vendor", scene.customer, at)
    assert not Notice.objects.filter(event="invitation").exists()
    later = at + timedelta(hours=1)
    done = actions.approve_for_vendor(contact=ada, by=scene.lead, at=later)
    assert (done.state, done.vendor_approved_by, done.vendor_approved_at) == ("approved", scene.lead, later)
    assert done.customer_approved_at == at
    assert kinds(ada) == ["proposed", "vendor_approved", "invited"]
    assert Notice.objects.get(event="invitation").to_email == "ada@aster.example"


def test_who_is_proposed_has_no_standing_before_the_approval(scene, ada, at):
    assert standing_of(ada.user, at).organization_ids == set()
    assert decide(Question(ada.user, scene.organization, at)).code == "contact_not_approved"
    actions.approve_for_vendor(contact=ada, by=scene.lead, at=at)
    fresh = User.objects.get(pk=ada.user_id)
    assert standing_of(fresh, at).organization_ids == {scene.organization.pk}
    assert not decide(Question(fresh, scene.organization, at)).is_refused


def test_staff_propose_and_the_customer_agrees(scene, at):
    contact = actions.propose(
        organization=scene.organization, by=scene.lead, at=at, email="b@aster.example", name="B"
    )
    assert contact.state == "customer" and contact.vendor_approved_by == scene.lead
    with pytest.raises(Refused) as refused:
        actions.approve_for_vendor(contact=contact, by=scene.customer, at=at)
    assert refused.value.code == "contact_not_authorised" and refused.value.next_step
    assert actions.approve_for_customer(contact=contact, by=scene.customer, at=at).state == "approved"


def test_a_plan_may_ask_for_the_vendor_alone_or_for_nobody(capped, scene, at):
    contact = actions.propose(organization=capped, by=scene.lead, at=at, email="b@aster.example")
    assert contact.state == "approved" and contact.customer_approved_at is None
    partner = ContactFactory(organization=PartnerFactory())
    own = actions.propose(organization=partner.organization, by=partner.user, at=at, email="p@msp.example")
    assert own.state == "approved" and kinds(own) == ["proposed", "invited"]


def test_the_cap_counts_proposals_too_and_frees_a_place_by_revoking(capped, scene, at):
    first = actions.propose(organization=capped, by=scene.customer, at=at, email="b@aster.example")
    actions.propose(organization=capped, by=scene.customer, at=at, email="c@aster.example")
    for by in (scene.customer, scene.lead):
        with pytest.raises(Refused) as refused:
            actions.propose(organization=capped, by=by, at=at, email="d@aster.example")
        assert refused.value.code == "contacts_full" and "3" in refused.value.detail
    actions.decline(contact=first, by=scene.lead, at=at, reason="Not known")
    actions.propose(organization=capped, by=scene.customer, at=at, email="d@aster.example")


def test_what_can_not_be_proposed(scene, ada, other_customer, at):
    common = {"organization": scene.organization, "at": at}
    EmailAddress.objects.create(user=scene.customer, email="maya@home.example", verified=True)
    for by, email, code in (
        (scene.customer, "ADA@aster.example", "contact_already_there"),
        (scene.customer, "maya@home.example", "contact_already_there"),
        (scene.customer, scene.agent.email, "person_works_here"),
        (other_customer, "x@aster.example", "contact_not_authorised"),
    ):
        with pytest.raises(Refused) as refused:
            actions.propose(by=by, email=email, **common)
        assert refused.value.code == code


def test_an_administrator_of_another_organization_changes_nothing(scene, mine, ada, other_customer, at):
    for verb, values in (
        (actions.approve_for_customer, {}),
        (actions.approve_for_vendor, {}),
        (actions.decline, {"reason": "x"}),
        (actions.revoke, {"reason": "x"}),
        (actions.change, {"sees": Sees.OWN}),
    ):
        with pytest.raises(Refused) as refused:
            verb(contact=ada, by=other_customer, at=at, **values)
        assert refused.value.code == "contact_not_authorised"
    ada.refresh_from_db()
    assert (ada.state, ada.sees) == ("vendor", Sees.ORGANIZATION)


def test_declined_stays_on_record_and_the_person_may_be_proposed_anew(scene, ada, at):
    with pytest.raises(Refused) as refused:
        actions.decline(contact=ada, by=scene.lead, at=at, reason="  ")
    assert refused.value.code == "reason_missing"
    declined = actions.decline(contact=ada, by=scene.lead, at=at, reason="Nobody knows her")
    assert declined.state == "declined"
    assert ada.events.get(kind="declined").data == {"reason": "Nobody knows her"}
    with pytest.raises(Refused) as refused:
        actions.approve_for_vendor(contact=ada, by=scene.lead, at=at)
    assert refused.value.code == "contact_not_there"
    again = actions.propose(
        organization=scene.organization, by=scene.customer, at=at, email="ada@aster.example"
    )
    assert again.pk != ada.pk and again.user == ada.user


def test_the_last_administrator_stays(scene, mine, ada, at):
    for verb, values in ((actions.revoke, {"reason": "x"}), (actions.change, {"is_administrator": False})):
        with pytest.raises(Refused) as refused:
            verb(contact=mine, by=scene.lead, at=at, **values)
        assert refused.value.code == "last_administrator"
    actions.change(contact=ada, by=scene.lead, at=at, is_administrator=True)
    with pytest.raises(Refused):
        actions.revoke(contact=mine, by=scene.customer, at=at, reason="a proposed one does not count")
    actions.approve_for_vendor(contact=ada, by=scene.lead, at=at)
    actions.revoke(contact=mine, by=scene.customer, at=at, reason="Left")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_revoke_each_other_leave_one(at):
    one = ContactFactory()
    two = ContactFactory(organization=one.organization)
    start, outcomes = threading.Barrier(2), []

    def revoke(by, contact, when):
        try:
            start.wait()
            actions.revoke(contact=contact, by=by.user, at=when, reason="Left")
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    # The second one's clock is behind: at its instant the first was still there.
    threads = [
        threading.Thread(target=revoke, args=(one, two, at)),
        threading.Thread(target=revoke, args=(two, one, at - timedelta(seconds=2))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["contact_not_authorised", "done"]
    assert Contact.objects.filter(organization=one.organization, revoked_at=None).count() == 1


def test_functions_and_sight_change_on_record(scene, ada, at):
    actions.change(contact=ada, by=scene.customer, at=at, functions=["read-only"], sees=Sees.OWN)
    event = ada.events.get(kind="changed")
    assert event.data == {"functions": [[], ["read-only"]], "sees": ["organization", "own"]}
    actions.change(contact=ada, by=scene.customer, at=at, functions=["read-only"], sees=Sees.OWN)
    assert ada.events.filter(kind="changed").count() == 1


def test_an_access_id_is_issued_by_support_and_once(scene, mine, ada, at):
    with pytest.raises(Refused):
        actions.change(contact=ada, by=scene.customer, at=at, access_id="A-1")
    actions.change(contact=ada, by=scene.lead, at=at, access_id="A-1")
    with pytest.raises(Refused) as refused:
        actions.change(contact=mine, by=scene.lead, at=at, access_id="A-1")
    assert refused.value.code == "access_id_taken"


def test_the_record_refuses_changes(ada):
    for change in (
        lambda: ContactEvent.objects.update(kind="revoked"),
        lambda: ContactEvent.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_somebody_who_signs_in_elsewhere_already_is_told_without_a_link(scene, at):
    person = UserFactory(email="known@else.example", name="Known")
    contact = actions.propose(
        organization=scene.organization, by=scene.customer, at=at, email="known@else.example", name="Other"
    )
    actions.approve_for_vendor(contact=contact, by=StaffFactory(), at=at)
    person.refresh_from_db()
    assert person.name == "Known"
    assert Notice.objects.get(event="invitation").context["has_login"] is True
