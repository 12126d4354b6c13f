"""The page of choices in a real browser: by keyboard, without faults of accessibility, on a phone too."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from notices.preferences import choices_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.mark.parametrize("width", [1280, 390])
def test_choices_are_made_by_keyboard(scene, sign_in, width):
    page = sign_in(scene.customer.email)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/profile/notices/")
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [fault["id"] for fault in found]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("input[name=changes][value=at_once]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.").first.wait_for()
    assert choices_of(f"user:{scene.customer.pk}")["changes"] == "never"
