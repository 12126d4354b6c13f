"""Contracts in words: plan, hours and state of each row, and the coverage options to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.punctuation import aside, labelled, listed, mark, strung
from plans.enums import EditionState
from plans.hours import options_in_words
from plans.models import Contract, Edition, Policy
from plans.terms import policy_terms_of
from plans.texts import text_in


def with_terms(contracts: Iterable[Contract], at: datetime) -> list[Contract]:
    """The contracts as ``plan_words`` and the others read them at ``at``. Two queries or so."""
    rows = list(contracts)
    current = Edition.objects.filter(
        state=EditionState.PUBLISHED, policy__in={row.policy_id for row in rows}
    ).select_related("policy")
    following = {edition.policy_id: edition for edition in current}
    editions = {row.pk: row.edition or following.get(row.policy_id) for row in rows}
    books = policy_terms_of({edition for edition in editions.values() if edition is not None})
    for row in rows:
        edition = editions[row.pk]
        noted: Any = row
        noted.book, noted.on = (books[edition.pk] if edition is not None else None), at
    return rows


def plan_words(contract: Contract) -> str:
    """Policy and plan by their names, where the terms were read; else by their codes."""
    book, code = getattr(contract, "book", None), contract.plan_code
    if book is None or not book.has_plan(code):
        return f"{contract.policy.slug} / {code}"
    policy = text_in(book.document["name"]) or book.slug
    return f"{policy} / {text_in(book.plan(code)['name']) or code}"


def hours_words(contract: Contract) -> str:
    """The hours of the option that was elected, or of the plan's first."""
    book: Any = getattr(contract, "book", None)
    options = options_in_words(book, contract.plan_code) if book else {}
    code = contract.coverage_option or next(iter(options), "")
    return options.get(code, "") or code or "-"


def state_words(contract: Contract) -> str:
    """Whether it runs on its own day, and what else is the matter with it."""
    noted: Any = contract
    today = noted.on.astimezone(ZoneInfo(contract.zone)).date()
    if contract.starts_on > today:
        words = _("not begun")
    elif contract.ends_on and contract.ends_on < today:
        words = _("ended")
    else:
        words = _("runs")
    is_overdue = contract.overdue_since_on is not None and contract.overdue_since_on <= today
    return strung([words, _("trial") if contract.is_trial else "", _("fees overdue") if is_overdue else ""])


def option_choices(policy: Policy | None = None) -> list[tuple[str, str]]:
    """Coverage options of published plans by code, with the hours that each stands for and in which plans.

    Of ``policy`` alone where it is known.
    """
    editions = Edition.objects.filter(state=EditionState.PUBLISHED).select_related("policy")
    if policy is not None:
        editions = editions.filter(policy=policy)
    named: dict[str, dict[str, list[str]]] = {}
    for book in policy_terms_of(editions.order_by("policy__slug")).values():
        for plan in book.document["plans"]:
            title = text_in(plan["name"]) or plan["code"]
            for code, hours in options_in_words(book, plan["code"]).items():
                named.setdefault(code, {}).setdefault(hours, []).append(title)
    rows = [(code, _option(code, hours)) for code, hours in sorted(named.items())]
    return [("", str(_("the plan's default"))), *rows]


def _option(code: str, plans: dict[str, list[str]]) -> str:
    """An option's code, and its hours with the plans where it means them."""
    return labelled(
        code, mark("; ").join(f"{hours}{aside(listed(titles))}" for hours, titles in plans.items())
    )
