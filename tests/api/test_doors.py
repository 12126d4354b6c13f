"""Each address: the right person, another organization, nobody, and the wrong verb."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.urls import get_resolver

from accounts.enums import Role, Scope, Sees
from accounts.models import ApiToken, Contact, Mandate
from plans.models import Contract
from tests.api.conftest import START, caller
from tests.factories.accounts import ContactFactory, StaffFactory, UserFactory
from tests.factories.plans import ContractFactory
from tickets.actions import note
from tickets.models import Attachment, DecisionRecord, Ticket

pytestmark = pytest.mark.django_db
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OF_A_TICKET = (
    *("", "messages/", "attachments/", "clocks/", "close/", "reopen/", "escalate/", "events/"),
    *("exclusions/", "exclusions/1/object/", "surveys/", "surveys/1/", "work/"),
)
LISTS = ("tickets/", "organizations/", "contacts/", "contracts/", "events/")


def paths() -> list[str]:
    """Every address of the API, from the URL patterns themselves."""
    found = []
    for resolver in get_resolver("portal.api_urls").url_patterns:
        for pattern in getattr(resolver, "url_patterns", []):
            found.append(str(pattern.pattern))
    return found


def filled(path: str, number: int = 1) -> str:
    for part, value in (
        ("<int:number>", str(number)),
        ("<uuid:key>", str(uuid.UUID(int=0))),
        ("<int:id>", "1"),
        ("<int:cycle>", "1"),
        ("<slug:slug>", "x"),
        ("<slug:policy>", "x"),
        ("<str:code>", "x"),
    ):
        path = path.replace(part, value)
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_gets_401_everywhere(nobody, ticket, verb):
    for path in [*paths(), "nothing/", "nothing/at/all", "tickets", "tickets/abc/"]:
        answer = nobody(verb, filled(path, ticket.pk))
        assert answer.status == 401, path
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_schema_and_its_page_are_open(nobody, db):
    assert nobody.get("schema/").status == 200
    assert nobody.get("docs/").status == 200


@pytest.mark.parametrize("verb", VERBS)
def test_another_organizations_ticket_is_404_by_every_verb(stranger, ticket, verb):
    before = Ticket.objects.values().get(pk=ticket.pk)
    for path in OF_A_TICKET:
        theirs = stranger(verb, f"tickets/{ticket.pk}/{path}", {"body": "x"})
        never = stranger(verb, f"tickets/{10**9}/{path}", {"body": "x"})
        assert (theirs.status, theirs.raw) == (404, never.raw), path
    assert Ticket.objects.values().get(pk=ticket.pk) == before


def test_another_organizations_file_is_404(stranger, admin, ticket):
    sent = admin("POST", f"tickets/{ticket.pk}/attachments/", form(b"hello", "notes.txt"), Content_Type=FORM)
    key = sent.body["attachments"][0]["key"]
    mine = admin.get(f"tickets/{ticket.pk}/attachments/{key}/")
    assert (mine.status, mine.raw) == (200, b"hello")
    assert mine.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert stranger.get(f"tickets/{ticket.pk}/attachments/{key}/").status == 404
    own = make_ticket_of(stranger)
    assert stranger.get(f"tickets/{own}/attachments/{key}/").status == 404


@pytest.mark.parametrize("path", LISTS)
def test_lists_show_no_other_organization(stranger, partner, ticket, scene, path):
    assert "managed" not in stranger.get(path).raw.decode()
    assert '"other"' not in partner.get(path).raw.decode()


def test_a_partner_sees_the_organizations_it_manages_and_no_other(partner, scene):
    slugs = {row["slug"]: row["access"] for row in partner.get("organizations/").body["results"]}
    assert slugs == {"managed": "act", "msp": "contact"}
    assert partner.get("organizations/other/").status == 404
    assert partner.get("organizations/managed/").status == 200
    assert {row["organization"] for row in partner.get("contacts/").body["results"]} == {"managed", "msp"}
    assert [row["plan"] for row in partner.get("contracts/").body["results"]] == ["standard"]


@pytest.mark.parametrize("slug", ["other", "never-was"])
def test_an_organization_out_of_reach_is_unknown_in_a_body(partner, scene, slug):
    answer = partner.post("tickets/", {"organization": slug, "subject": "x"})
    assert (answer.status, answer.pointers) == (400, {"/organization": "unknown"})
    assert partner.get(f"tickets/?organization={slug}").body["results"] == []


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", ""),
        ("PUT", "messages/"),
        ("GET", "close/"),
        ("POST", "clocks/"),
        ("DELETE", "messages/"),
        ("POST", "events/"),
    ],
)
def test_a_verb_that_is_not_there_is_405(admin, ticket, verb, path):
    answer = admin(verb, f"tickets/{ticket.pk}/{path}", {})
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert "OPTIONS" in answer.headers["Allow"]


def test_options_tells_the_verbs_and_nothing_else(admin, ticket):
    answer = admin("OPTIONS", f"tickets/{ticket.pk}/")
    assert (answer.status, answer.raw) == (204, b"")
    assert answer.headers["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_a_token_that_only_reads(scene, clock, ticket):
    reader = caller(scene.admin, Scope.READ)
    assert reader.get(f"tickets/{ticket.pk}/").status == 200
    for path in ("tickets/", f"tickets/{ticket.pk}/messages/", f"tickets/{ticket.pk}/close/"):
        answer = reader.post(path, {"subject": "x", "body": "x"})
        assert (answer.status, answer.code) == (403, "token_read_only"), path


def test_a_mandate_that_only_reads(partner, scene, ticket):
    Mandate.objects.update(scope=Scope.READ)
    assert partner.get(f"tickets/{ticket.pk}/").status == 200
    for path, body in (
        ("tickets/", {"organization": "managed", "subject": "x"}),
        (f"tickets/{ticket.pk}/close/", {}),
        (f"tickets/{ticket.pk}/messages/", {"body": "x"}),
    ):
        answer = partner.post(path, body)
        assert (answer.status, answer.code) == (403, "mandate_read_only"), path
        assert answer.body["next_step"]


def test_a_mandate_that_has_ended_hides_the_organization(partner, scene, ticket):
    Mandate.objects.update(until_on=date(2026, 12, 1))
    assert partner.get(f"tickets/{ticket.pk}/").status == 404
    assert partner.get("tickets/").body["results"] == []
    refused = partner.post("tickets/", {"organization": "managed", "subject": "x"})
    assert (refused.status, refused.code) == (403, "mandate_ended")
    assert refused.body["next_step"]
    Contract.objects.update(ends_on=date(2026, 11, 1))
    told = partner.post("tickets/", {"organization": "managed", "subject": "x"})
    assert told.pointers == {"/organization": "unknown"}  # its contract is none of theirs any more
    kept = DecisionRecord.objects.filter(person=scene.partner)
    assert [row.code for row in kept] == ["mandate_ended"]


def test_who_waits_for_an_approval_is_told_so_and_sees_nothing(scene, clock):
    contract = ContractFactory(policy="nextplane", plan_code="business")
    waiting = ContactFactory(organization=contract.organization, vendor_approved_at=None, waits_for="vendor")
    someone = caller(waiting.user)
    for body in ({"subject": "x"}, {"subject": "x", "organization": contract.organization.slug}):
        refused = someone.post("tickets/", body)
        assert (refused.status, refused.code) == (403, "contact_not_approved")
    assert someone.get("organizations/").body["results"] == []


def test_a_replay_tells_nothing_once_the_mandate_has_ended(partner, scene):
    body = {"organization": "managed", "subject": "x"}
    assert partner.post("tickets/", body, Idempotency_Key="k").status == 201
    Mandate.objects.update(until_on=date(2026, 12, 1))
    assert partner.post("tickets/", body, Idempotency_Key="k").status == 404


def test_revocation_bites_on_the_next_request(admin, scene, ticket):
    assert admin.get(f"tickets/{ticket.pk}/").status == 200
    ContactFactory(organization=scene.admin.contacts.get().organization)
    Contact.objects.filter(user=scene.admin).update(revoked_at=START)
    assert admin.get(f"tickets/{ticket.pk}/").status == 404
    ApiToken.objects.update(revoked_at=START)
    assert admin.get(f"tickets/{ticket.pk}/").status == 401


def test_expired_and_unknown_tokens(scene, clock, ticket):
    holder = caller(scene.admin)
    ApiToken.objects.update(expires_at=START + timedelta(minutes=1))
    assert holder.get("tickets/").status == 200
    clock.move_to(START + timedelta(minutes=1))
    assert holder.get("tickets/").status == 401
    holder.headers = {"Authorization": "Bearer kept_\xe9"}
    assert holder.get("tickets/").status == 401
    holder.headers = {"Authorization": "Basic abc"}
    assert holder.get("tickets/").status == 401


def test_a_contact_that_sees_its_own_requests_alone(scene, clock, ticket):
    clerk = ContactFactory(
        user=UserFactory(), organization=scene.managed, is_administrator=False, sees=Sees.OWN
    ).user
    assert caller(clerk).get(f"tickets/{ticket.pk}/").status == 404


def test_a_read_only_contact_writes_nothing(scene, clock, ticket):
    reader = ContactFactory(
        user=UserFactory(), organization=scene.managed, is_administrator=False, functions=["read-only"]
    ).user
    answer = caller(reader).post(f"tickets/{ticket.pk}/messages/", {"body": "x"})
    assert (answer.status, answer.code) == (403, "contact_not_authorised")


def test_roles_of_staff(scene, clock, ticket):
    auditor = caller(StaffFactory(role=Role.AUDITOR))
    assert auditor.get(f"tickets/{ticket.pk}/").status == 200
    refused = auditor.post(f"tickets/{ticket.pk}/messages/", {"body": "x"})
    assert (refused.status, refused.code) == (403, "permission_denied")
    assert caller(StaffFactory(role=Role.POLICY_EDITOR)).get("tickets/").status == 403


def test_an_internal_note_changes_nothing_that_a_customer_sees(admin, agent, scene, ticket, clock):
    paths_seen = [
        f"tickets/{ticket.pk}/{path}" for path in ("", "messages/", "events/", "attachments/", "clocks/")
    ]
    paths_seen += ["tickets/", "events/", "tickets/?updated_since=2026-12-02T17:30:00Z"]
    before = {path: admin.get(path) for path in paths_seen}
    clock.move_to(START + timedelta(hours=1))
    said = agent.post(f"tickets/{ticket.pk}/messages/", {"body": "canary", "visibility": "internal"})
    assert (said.status, said.body["visibility"]) == (201, "internal")
    note(ticket=ticket, author=scene.agent, body="canary", at=clock_now(), files=[file()])
    for path, answer in before.items():
        after = admin.get(path)
        assert (after.raw, after.headers["ETag"]) == (answer.raw, answer.headers["ETag"]), path
    key = Attachment.objects.get().key
    assert admin.get(f"tickets/{ticket.pk}/attachments/{key}/").status == 404
    assert agent.get(f"tickets/{ticket.pk}/attachments/{key}/").status == 200
    assert "canary" in agent.get(f"tickets/{ticket.pk}/messages/").raw.decode()
    assert agent.get("tickets/?updated_since=2026-12-02T17:30:00Z").body["results"]


def test_a_customer_writes_no_internal_note(admin, ticket):
    for extra in ({"visibility": "internal"}, {"then": "closed"}):
        answer = admin.post(f"tickets/{ticket.pk}/messages/", {"body": "x"} | extra)
        assert (answer.status, answer.code) == (403, "staff_only")
    assert ticket.messages.count() == 0


def test_the_answer_is_in_the_callers_language(admin, scene, ticket):
    asked = admin("GET", "tickets/0/", Accept_Language="zh-hant")
    assert asked.headers["Content-Language"] == "zh-hant"
    scene.admin.language = "zh-hans"
    scene.admin.save()
    assert admin.get("tickets/0/").headers["Content-Language"] == "zh-hans"


def test_addresses_without_a_slash_say_so(admin, scene):
    answer = admin.post("tickets", {"subject": "x"})
    assert (answer.status, answer.code) == (404, "not_found")
    assert "slash" in answer.body["detail"]


FORM = "multipart/form-data; boundary=xx"


def form(content: bytes, name: str, **fields: str) -> bytes:
    """A multipart body with one file."""
    parts = b"".join(
        b'--xx\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (k.encode(), v.encode())
        for k, v in fields.items()
    )
    head = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % name.encode()
    return parts + head + content + b"\r\n--xx--\r\n"


def file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("secret.txt", b"canary")


def clock_now() -> datetime:
    return START + timedelta(hours=1)


def make_ticket_of(someone) -> int:
    return someone.post("tickets/", {"subject": "Mine"}).body["number"]
