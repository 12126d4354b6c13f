"""Exclusions: noted, told, objected to once, answered, withdrawn; and no breach is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from notices.rendering import render_mail
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory, StaffFactory
from tests.scope.conftest import mails, verb
from tickets.actions import Refused
from tickets.actions.exclusions import answer_objection, exclude, object_to, withdraw_exclusion
from tickets.enums import EventKind
from tickets.models import ExclusionNote


@pytest.fixture
def later(at):
    return at + timedelta(days=1)


@pytest.fixture
def code(missed):
    return missed.ticket.plan.edition.exclusions.first().code


@pytest.fixture
def note(scene, missed, code, later):
    return exclude(ticket=missed.ticket, actor=scene.agent, at=later, code=code, clock=missed)


def test_a_note_stands_beside_the_breach_and_is_told(scene, missed, note, later):
    missed.refresh_from_db()
    assert missed.state == "missed" and missed.due_at < missed.met_at
    event = missed.ticket.events.get(kind=EventKind.EXCLUDED)
    assert (event.at, event.actor) == (later, scene.agent)
    assert (event.data["metric"], event.data["cycle"], event.data["code"]) == ("first_response", 1, note.code)
    (notice,) = mails("excluded")
    assert notice.to_email == scene.customer.email
    mail = render_mail(notice)
    assert "First answer" in mail.body and note.text in mail.body and "object on the request" in mail.body


def test_text_is_the_exclusion_s_own_in_the_requester_s_language(scene, missed, code, later):
    scene.customer.language = "zh-hans"
    scene.customer.save()
    row = missed.ticket.plan.edition.exclusions.get(code=code)
    note = exclude(ticket=missed.ticket, actor=scene.agent, at=later, code=code)
    assert note.text == row.words("zh-hans") != row.words("en")
    assert note.clock is None


def test_what_may_not_be_noted(scene, ask, missed, code, note, at, later):
    kept = ask(severity="P1").clocks.get()
    kept.state, kept.met_at = "met", at
    kept.save()

    def refused(**words) -> str:
        with pytest.raises(Refused) as error:
            exclude(**({"actor": scene.agent, "at": later, "code": code, "ticket": missed.ticket} | words))
        return error.value.code

    assert refused(code="made-up") == "unknown_exclusion"
    assert refused(clock=missed) == "excluded_already"
    assert refused(ticket=kept.ticket, clock=kept) == "nothing_to_exclude"
    assert refused(clock=kept) == "nothing_to_exclude", "a clock of another request"


def test_the_customer_objects_once_and_is_answered(scene, note, later):
    object_to(note=note, actor=scene.customer, at=later, text="Our gateway was up.")
    assert {notice.to_email for notice in mails("objected")} == {scene.lead.email}
    with pytest.raises(Refused) as error:
        object_to(note=note, actor=scene.customer, at=later, text="Again.")
    assert error.value.code == "objected_already"
    answered = answer_objection(
        note=note, actor=scene.lead, at=later, is_upheld=True, text="The log says no."
    )
    assert answered.is_in_force and not answered.awaits_an_answer
    (notice,) = mails("exclusion_answered")
    assert "upholds the exclusion" in render_mail(notice).body
    with pytest.raises(Refused) as error:
        answer_objection(note=note, actor=scene.lead, at=later, is_upheld=False, text="Twice.")
    assert error.value.code == "no_objection"
    kinds = list(note.ticket.events.filter(at=later).values_list("kind", flat=True))
    assert kinds == [EventKind.EXCLUDED, EventKind.OBJECTED, EventKind.OBJECTION_ANSWERED]


def test_an_answer_may_withdraw_it_and_another_may_be_noted(scene, missed, note, code, later):
    object_to(note=note, actor=scene.customer, at=later, text="No.")
    gone = answer_objection(note=note, actor=scene.lead, at=later, is_upheld=False, text="You are right.")
    assert gone.withdrawn_at == gone.answered_at == later
    with pytest.raises(Refused) as error:
        withdraw_exclusion(note=note, actor=scene.agent, at=later, reason="Again.")
    assert error.value.code == "not_in_force"
    assert exclude(ticket=missed.ticket, actor=scene.agent, at=later, code=code, clock=missed).pk != note.pk


def test_withdrawing_answers_an_objection_that_waits(scene, note, later):
    object_to(note=note, actor=scene.customer, at=later, text="No.")
    gone = withdraw_exclusion(note=note, actor=scene.agent, at=later, reason="Noted on the wrong one.")
    assert (gone.answer, gone.answered_by) == ("Noted on the wrong one.", scene.agent)
    assert "withdraws the exclusion" in render_mail(mails("exclusion_answered")[0]).body
    assert note.ticket.events.get(kind=EventKind.EXCLUSION_WITHDRAWN).data["reason"] == gone.answer


@pytest.mark.parametrize("words", ["", "  \n"])
def test_each_step_takes_a_sentence(scene, note, later, words):
    for call in (
        lambda: object_to(note=note, actor=scene.customer, at=later, text=words),
        lambda: withdraw_exclusion(note=note, actor=scene.agent, at=later, reason=words),
        lambda: answer_objection(note=note, actor=scene.lead, at=later, is_upheld=True, text=words),
    ):
        with pytest.raises(Refused) as error:
            call()
        assert error.value.code == "reason_missing"


# --- the doors


def test_support_notes_it_on_the_ticket_page(scene, missed, code, as_user):
    client = as_user(scene.agent)
    page = client.get(f"/admin/tickets/ticket/{missed.ticket_id}/change/").content.decode()
    words = escape(missed.ticket.plan.edition.exclusions.get(code=code).words("en"))
    assert "Note an exclusion" in page and f'data-text="{words}"' in page
    assert page.index('value="first_response-1"') < page.index('value="whole"'), "the miss comes first"
    sent = {"exclude-promise": "first_response-1", "exclude-code": code, "exclude-text": ""}
    assert client.post(verb(missed.ticket, "exclude"), sent).status_code == 302
    note = ExclusionNote.objects.get()
    assert (note.clock, note.by) == (missed, scene.agent)
    page = client.get(f"/admin/tickets/ticket/{missed.ticket_id}/change/").content.decode()
    assert 'value="first_response-1"' not in page and 'value="whole"' in page
    assert client.post(verb(missed.ticket, "exclude"), sent | {"exclude-promise": ""}).status_code == 400
    again = client.post(verb(missed.ticket, "exclude"), sent)
    assert again.status_code == 409 and "An exclusion stands beside it already." in again.content.decode()
    bad = client.post(verb(missed.ticket, "exclude"), sent | {"exclude-code": "x", "exclude-text": "Kept"})
    assert bad.status_code == 400 and "Kept" in bad.content.decode()


def test_agents_withdraw_and_leads_answer(scene, note, later, as_user):
    object_to(note=note, actor=scene.customer, at=later, text="No.")
    sent = {"note": note.pk, "outcome": "upheld", "words-reason": "The log says so."}
    assert as_user(scene.agent).post(verb(note.ticket, "answer_objection"), sent).status_code == 403
    page = as_user(scene.agent).get(f"/admin/tickets/ticket/{note.ticket_id}/change/").content.decode()
    assert "A lead or a manager answers the objection." in page
    assert as_user(scene.lead).post(verb(note.ticket, "answer_objection"), sent).status_code == 302
    note.refresh_from_db()
    assert (note.answered_by, note.is_in_force) == (scene.lead, True)
    sent = {"note": note.pk, "words-reason": "It was us."}
    assert as_user(scene.agent).post(verb(note.ticket, "withdraw_exclusion"), sent).status_code == 302
    note.refresh_from_db()
    assert not note.is_in_force


@pytest.mark.parametrize("given", ["", "x", "-1", "0", "9" * 40])
def test_a_note_that_is_not_there_is_not_found(scene, missed, as_user, given):
    sent = {"note": given, "words-reason": "x"}
    assert as_user(scene.lead).post(verb(missed.ticket, "withdraw_exclusion"), sent).status_code == 404


def objection(note) -> str:
    return f"/requests/{note.ticket_id}/exclusions/{note.pk}/object/"


def test_the_customer_reads_the_rule_and_objects(scene, note, later, as_user):
    client = as_user(scene.customer)
    page = client.get(f"/requests/{note.ticket_id}/").content.decode()
    assert "Out of scope" in page and objection(note) in page and "stays missed" in page
    assert client.get(objection(note)).status_code == 200
    assert client.post(objection(note), {"reason": " "}).status_code == 422
    assert client.post(objection(note), {"reason": "Our gateway was up."}).status_code == 302
    note.refresh_from_db()
    assert (note.objection, note.objected_by) == ("Our gateway was up.", scene.customer)
    page = client.get(f"/requests/{note.ticket_id}/").content.decode()
    assert "Our gateway was up." in page and objection(note) not in page
    assert client.post(objection(note), {"reason": "Again."}).status_code == 409


def test_who_else_knocks(scene, note, other_customer, as_user, client):
    assert client.get(objection(note)).status_code == 302
    assert as_user(other_customer).post(objection(note), {"reason": "x"}).status_code == 404
    partner = PartnerFactory()
    reader = ContactFactory(organization=partner).user
    MandateFactory(partner=partner, organization=scene.organization, scope="read")
    assert as_user(reader).post(objection(note), {"reason": "x"}).status_code == 403
    assert as_user(scene.customer).delete(objection(note)).status_code == 405
    assert (
        as_user(scene.customer).get(objection(note).replace(f"/{note.pk}/o", "/999999/o")).status_code == 404
    )
    auditor = StaffFactory(role="auditor")
    assert as_user(auditor).post(verb(note.ticket, "exclude"), {}).status_code == 403
    note.refresh_from_db()
    assert note.objected_at is None


def test_the_pages_cost_the_same_at_one_and_three_notes(scene, missed, note, code, later, as_user):
    counts = set()
    for more in (0, 2):
        for clock in [None, missed.ticket.clocks.exclude(pk=missed.pk).first()][:more]:
            exclude(ticket=missed.ticket, actor=scene.agent, at=later, code=code, clock=clock)
        with CaptureQueriesContext(connection) as queries:
            as_user(scene.customer).get(f"/requests/{note.ticket_id}/")
            as_user(scene.agent).get(f"/admin/tickets/ticket/{note.ticket_id}/change/")
        counts.add(len(queries))
    assert ExclusionNote.objects.count() == 3 and len(counts) == 1
