"""Telling customers that their terms change: a letter to the administrators of contracts that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation

from accounts.models import Contact, User
from notices.outbox import Draft, Recipient, queue
from plans.changes import changes_in_words
from plans.models import Contract, Edition
from plans.notice_groups import CONTRACTS
from plans.policyfile import Document
from plans.policyfile.from_rows import document_of

EVENT = "terms_changed"
AT_ONCE = 500


@dataclass(frozen=True)
class Letter:
    """What one administrator is told of one contract."""

    contract: Contract
    person: User
    facts: dict[str, Any]


def announce(*, before: Edition, edition: Edition, at: datetime) -> int:
    """Queue the letters, in the caller's transaction; nobody is told of a plan that stays. How many."""
    drafts: list[Draft] = []
    told = 0
    for letter in letters(document_of(before), edition, at):
        person = letter.person
        to = Recipient(f"user:{person.pk}", person.email, person.language or "en", person.time_zone)
        key = f"{EVENT}:{edition.pk}:{letter.contract.pk}"
        drafts.append(Draft(key, EVENT, to, letter.facts, kind=CONTRACTS.code))
        if len(drafts) == AT_ONCE:
            queue(drafts, at)
            told, drafts = told + len(drafts), []
    queue(drafts, at)
    return told + len(drafts)


def letters(before: Document, edition: Edition, at: datetime) -> Iterator[Letter]:
    """One letter for each administrator of each following contract whose plan changes.

    Four queries, whatever the number of contracts; words are made once for a language.
    """
    after = document_of(edition)
    contracts = list(following(edition, at).select_related("organization"))
    people = _administrators(contracts, at)
    said: dict[str, dict[str, tuple[str, list[str]]]] = {}
    for contract in contracts:
        for person in people[contract.organization_id]:
            language = person.language or "en"
            if language not in said:
                said[language] = _said(before, after, language)
            name, sentences = said[language].get(contract.plan_code, ("", []))
            if sentences:
                organization = contract.organization
                yield Letter(
                    contract,
                    person,
                    {
                        "for_organization": organization.pk,
                        "organization": organization.name,
                        "plan": name,
                        "edition": edition.number,
                        "changes": sentences,
                        "path": f"/your-support/?organization={organization.slug}",
                    },
                )


def following(edition: Edition, at: datetime) -> Any:
    """Contracts that read the newest edition of this policy, and have not ended."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=at.date())
    return Contract.objects.filter(lasting, policy=edition.policy_id, edition__isnull=True).order_by("pk")


def _administrators(contracts: list[Contract], at: datetime) -> dict[int, list[User]]:
    """Administrators in effect, by organization. One query."""
    contacts = Contact.objects.active(at).filter(
        organization__in={contract.organization_id for contract in contracts},
        is_administrator=True,
        waits_for="",
        user__is_active=True,
    )
    found: dict[int, list[User]] = defaultdict(list)
    for contact in contacts.select_related("user").order_by("pk"):
        found[contact.organization_id].append(contact.user)
    return found


def _said(before: Document, after: Document, language: str) -> dict[str, tuple[str, list[str]]]:
    """Name and sentences of each plan, in a language."""
    with translation.override(language):
        return {change.code: (change.name, change.sentences) for change in changes_in_words(before, after)}
