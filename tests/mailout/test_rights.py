"""Who may be told what is asked when mail goes, not when it was written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.actions import propose, revoke
from accounts.enums import Role
from accounts.models import Contact, User
from notices.models import Notice
from notices.outbox import Draft, Recipient, queue, send_due
from plans.actions.endings import tell_of_endings
from tests.factories.accounts import ContactFactory, UserFactory
from tickets.actions import assign, note, say
from tickets.actions.watching import watch

SECRET = "The certificate of the gateway ran out."


def sent_to(person: User) -> list[str]:
    return [message.body for message in mail.outbox if message.to == [person.email]]


def outcome(event: str) -> tuple[str, str]:
    return Notice.objects.filter(event=event).values_list("state", "last_error").get()


@pytest.fixture
def second_administrator(scene) -> Contact:
    return ContactFactory(organization=scene.organization)


def test_a_revoked_contact_is_not_told_what_was_written_before(scene, ask, at, second_administrator):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    contact = Contact.objects.get(user=scene.customer)
    revoke(contact=contact, by=second_administrator.user, reason="Left", at=at)
    send_due(at)
    assert not sent_to(scene.customer)
    assert outcome("answered") == ("unwanted", "not_visible")


def test_letters_of_contracts_are_for_those_who_administer_them_still(scene, at, second_administrator):
    scene.organization.contracts.update(ends_on=(at + timedelta(days=7)).date())
    tell_of_endings(contracts=scene.organization.contracts.all(), at=at)
    contact = Contact.objects.get(user=scene.customer)
    revoke(contact=contact, by=second_administrator.user, reason="Left", at=at)
    send_due(at)
    assert not sent_to(scene.customer) and sent_to(second_administrator.user)


def test_nor_is_somebody_whose_account_is_closed(scene, ask, at):
    ticket = ask()
    assign(ticket=ticket, actor=scene.lead, to=scene.agent, at=at)
    User.objects.filter(pk__in=(scene.customer.pk, scene.agent.pk)).update(is_active=False)
    assert send_due(at)["sent"] == 0
    assert outcome("submitted") == outcome("assigned") == ("unwanted", "not_active")


def test_staff_mail_does_not_follow_somebody_who_left_support(scene, ask, at):
    ticket = ask()
    assign(ticket=ticket, actor=scene.lead, to=scene.agent, at=at)
    User.objects.filter(pk=scene.agent.pk).update(is_staff=False, role="")
    send_due(at)
    assert outcome("assigned") == ("unwanted", "not_visible")


def test_nor_somebody_whose_work_is_another_now(scene, ask, at):
    ticket = ask()
    watch(ticket=ticket, person=scene.agent, actor=scene.agent, at=at)
    note(ticket=ticket, author=scene.lead, body=SECRET, at=at)
    User.objects.filter(pk=scene.agent.pk).update(role=Role.POLICY_EDITOR)
    send_due(at)
    assert outcome("noted") == ("unwanted", "not_visible") and not sent_to(scene.agent)


def test_nor_does_an_internal_note_to_one_who_watched_and_is_a_contact_now(scene, ask, at):
    ticket = ask()
    ContactFactory(user=scene.agent, organization=scene.organization)
    to = Recipient(f"user:{scene.agent.pk}", scene.agent.email)
    facts = {"number": ticket.pk, "subject": ticket.subject, "path": "/", "for_staff": True, "text": SECRET}
    queue([Draft("note", "answered", to, facts, kind="watched")], at)
    User.objects.filter(pk=scene.agent.pk).update(is_staff=False, role="")
    send_due(at)
    assert outcome("answered") == ("unwanted", "not_visible") and not sent_to(scene.agent)


def test_it_goes_to_the_address_that_the_person_has_now(scene, ask, at):
    ask()
    User.objects.filter(pk=scene.customer.pk).update(email="new@aster.example")
    EmailAddress.objects.filter(user=scene.customer).update(email="new@aster.example")
    send_due(at)
    assert [message.to for message in mail.outbox] == [["new@aster.example"]]


@pytest.mark.parametrize("how", ["not verified", "another one verified", "never asked"])
def test_an_address_that_nobody_has_proven_gets_no_word_of_it(scene, ask, at, how):
    ticket = ask()
    mine = EmailAddress.objects.filter(user=scene.customer)
    if how == "not verified":
        mine.update(verified=False)
    elif how == "another one verified":
        mine.update(email="other@aster.example")
    else:
        mine.delete()
    say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        text = message.subject + message.body + message.alternatives[0][0]
        assert f"There is news on request #{ticket.pk}" in text
        for word in (SECRET, ticket.subject, "Aster", scene.agent.name, "Maya"):
            assert word not in text
        assert not message.reply_to and "##-" not in text
    assert Notice.objects.filter(is_bare=True).count() == 2


def test_signing_in_proves_the_address_of_who_was_never_asked(scene, ask, at):
    ticket = ask()
    EmailAddress.objects.filter(user=scene.customer).delete()
    User.objects.filter(pk=scene.customer.pk).update(last_login=at)
    say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert SECRET in sent_to(scene.customer)[-1]


def test_a_thousand_mails_to_a_stranger_are_three_an_hour_then_one_list(db, at):
    stranger = UserFactory(email="stranger@elsewhere.example")
    EmailAddress.objects.filter(user=stranger).delete()
    to = Recipient(f"user:{stranger.pk}", stranger.email)
    facts = {"organization": "Buy now", "plan": "", "ends_on": "2026-12-31", "days": 1, "path": "/"}
    queue([Draft(f"spam:{n}", "contract_ending", to, facts) for n in range(1000)], at)
    for minute in range(59):
        send_due(at + timedelta(minutes=minute), limit=1000)
    assert len(mail.outbox) == 3
    send_due(at + timedelta(hours=1))
    assert len(mail.outbox) == 4
    assert all("Buy now" not in message.subject + message.body for message in mail.outbox)


def test_to_an_address_without_a_person_only_mail_without_contents_goes(db, at):
    to = Recipient("mail:x@elsewhere.example", "x@elsewhere.example")
    queue([Draft("k", "contract_ending", to, {"organization": "Aster", "path": "/"})], at)
    send_due(at)
    assert "There is news for you" in mail.outbox[0].subject and "Aster" not in mail.outbox[0].body


def test_an_invitation_waits_for_nothing_but_its_contact(scene, at):
    propose(organization=scene.organization, by=scene.customer, at=at, email="ada@aster.example", name="Ada")
    Contact.objects.filter(user__email="ada@aster.example").update(waits_for="")
    from accounts.actions.invitations import invite_by_mail

    contact = Contact.objects.get(user__email="ada@aster.example")
    Notice.objects.filter(event="invitation").delete()
    invite_by_mail(contact, None, at)
    Contact.objects.filter(pk=contact.pk).update(revoked_at=at)
    send_due(at)
    assert outcome("invitation") == ("unwanted", "not_invited")


def test_the_check_costs_the_same_for_many_readers(scene, ask, at, django_assert_num_queries):
    from tickets.mail_rights import check

    for _ in range(3):
        ContactFactory(organization=scene.organization)
    tickets = [ask(), ask(), ask()]
    people = list(User.objects.filter(is_staff=False))
    for count in (1, len(people)):
        rows = [
            Notice(pk=n + 1, recipient_key=f"user:{person.pk}", context={"number": ticket.pk})
            for n, (person, ticket) in enumerate((p, t) for p in people[:count] for t in tickets)
        ]
        with django_assert_num_queries(4):
            said = check(rows, at)
        assert len(said) == 3 * count and not any(word.stop for word in said.values())
