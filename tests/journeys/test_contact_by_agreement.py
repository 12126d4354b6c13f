"""A contact by mutual agreement, in three browsers: proposed, approved, invited, at work, revoked."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import Contact
from notices.outbox import send_due
from tests.factories.accounts import PASSWORD, StaffFactory
from tests.tickets.conftest import scene  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/your-support/contacts/"


def test_both_sides_agree_and_a_revocation_bites_at_once(scene, sign_in, clock, chromium):  # noqa: F811
    administrator = sign_in(scene.customer.email)
    _proposes(administrator)
    ada = Contact.objects.get(user__email="ada@aster.example")
    assert (ada.customer_approved_by, ada.customer_approved_at) == (scene.customer, clock.at)

    clock.forward(days=1)
    manager = StaffFactory(name="Nadia Haddad", role=Role.MANAGER)
    desk = sign_in(manager.email)
    _approves(desk, ada)
    ada.refresh_from_db()
    assert (ada.vendor_approved_by, ada.vendor_approved_at) == (manager, clock.at)

    administrator.goto(LIST)
    row = administrator.locator(".people li", has_text="Ada Njoku")
    expect(row).to_contain_text(re.compile(r"your company agreed .*30 Nov.* · support agreed .*1 Dec"))
    desk.goto(f"/admin/accounts/contact/{ada.pk}/change/")
    for day in ("30 Nov", "1 Dec"):
        expect(desk.locator("main")).to_contain_text(day)

    invited = _joins(administrator, clock)
    invited.goto("/requests/new/")
    expect(invited.locator("input[name=subject]")).to_be_visible()
    invited.fill("input[name=subject]", "Quay 7 is silent")
    invited.fill("textarea[name=description]", "No message passes since noon.")

    _revokes(administrator, ada)
    invited.click("#submit-main")
    expect(invited.locator("h1")).to_have_text("Ask your administrator to name you as a contact")
    expect(invited.locator("body")).to_contain_text("No message passes since noon.")
    invited.goto("/requests/")
    expect(invited.locator("body")).not_to_contain_text("Aster Freight")
    desk.goto(f"/admin/accounts/contact/{ada.pk}/change/")
    expect(desk.locator("main")).to_contain_text("Works elsewhere now")
    invited.context.close()


def _proposes(page) -> None:
    page.goto(LIST)
    page.get_by_role("link", name="Propose a contact").click()
    page.fill("input[name=name]", "Ada Njoku")
    page.fill("input[name=email]", "Ada@Aster.example")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("body")).to_contain_text("Support has to approve")
    expect(page.locator(".people li", has_text="Ada Njoku")).to_contain_text("Waits for support")


def _approves(page, ada: Contact) -> None:
    page.goto("/admin/accounts/contact/?state=vendor")
    page.get_by_role("link", name="Ada Njoku").click()
    expect(page.locator("main")).to_contain_text("waits for us")
    page.get_by_role("button", name="Approve for us").click()
    expect(page.locator("body")).to_contain_text("Approved for us.")


def _joins(page, clock):
    """The person invited, in a browser window of their own; the link stands in the mail."""
    send_due(clock.at)
    link = re.search(r"/invitation/[^/\s]+/", mail.outbox[-1].body)
    assert mail.outbox[-1].to == ["ada@aster.example"] and link
    context = page.context.browser.new_context(
        base_url=re.match(r"https?://[^/]+", page.url)[0], locale="en-US", timezone_id="UTC"
    )
    invited = context.new_page()
    invited.goto(link[0])
    expect(invited.locator("h1")).to_have_text("Choose a password, and you are in")
    invited.fill("input[name=new_password1]", PASSWORD)
    invited.fill("input[name=new_password2]", PASSWORD)
    invited.get_by_role("button", name="Save the password and sign in").click()
    invited.wait_for_url(lambda url: "/invitation/" not in url)
    return invited


def _revokes(page, ada: Contact) -> None:
    page.goto(f"{LIST}{ada.pk}/revoke/")
    expect(page.locator("main")).to_contain_text("sees nothing of Aster Freight")
    page.locator("main form [name=reason]").fill("Works elsewhere now")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("body")).to_contain_text("is revoked")
