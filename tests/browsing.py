"""A real Chromium: one for the whole run, a window for each person."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.factories.accounts import PASSWORD

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session; a machine without Chromium fails here, and says what to install."""
    if CHROMIUM is None:
        pytest.fail("Chromium is missing: apt-get install chromium, or leave out with -m 'not browser'")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


SignIn = Callable[[str], Page]


@pytest.fixture
def sign_in(chromium: Browser, live_server, settings) -> Iterator[SignIn]:
    """``sign_in(email)``: a page of that person's own browser window, signed in through the login form."""
    # A journey goes on for weeks; signing in again is not what it is about.
    settings.SESSION_COOKIE_AGE = 365 * 24 * 3600
    contexts: list[BrowserContext] = []

    def _sign_in(email: str) -> Page:
        context = chromium.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/account/login" not in url)
        return page

    yield _sign_in
    for context in contexts:
        context.close()
