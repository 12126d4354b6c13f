"""What a request and its decision hold as codes, by the names that its terms give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.punctuation import strung
from plans.enums import ChannelCode
from plans.hours import option_in_words
from plans.models import Product
from plans.rule_names import rule_name
from plans.terms import PolicyTerms, TermsError, policy_terms
from plans.texts import text_in
from tickets.models import DecisionRecord, Ticket


def named_of(ticket: Ticket, decision: DecisionRecord | None) -> dict[str, str]:
    """The kind of help, category, product, coverage and decision of a request in words. Two queries."""
    book = policy_terms(ticket.plan.edition)
    return {
        "support_type": name_in(book, "support_types", ticket.support_type),
        "category": _category(book, ticket.category),
        "product": product_name(ticket.product),
        "coverage": coverage_words(book, ticket.plan.code, ticket.coverage_option, ticket.support_type),
        "asked": asked_words(book, decision.question) if decision else "",
        "rule": rule_name(decision.code) if decision and decision.code else "",
    }


def coverage_words(book: PolicyTerms, plan: str, option: str, support_type: str) -> str:
    """The hours that count for a kind of help under a coverage option; nothing where there are none."""
    try:
        return option_in_words(book, book.calendar_names(plan, option or None, support_type or None))
    except TermsError:
        return option


def asked_words(book: PolicyTerms, question: Mapping[str, Any]) -> str:
    """What a decision was asked, in one line: how it came, the severity and the kind of help."""
    return strung(
        [
            channel_name(book, str(question.get("channel") or "")),
            name_in(book, "severities", str(question.get("severity") or "")),
            name_in(book, "support_types", str(question.get("support_type") or "")),
        ]
    )


def name_in(book: PolicyTerms, part: str, code: str) -> str:
    """The name that terms give a code of one of their lists; the code itself where they have none."""
    found = next((row for row in book.document[part] if row["code"] == code), None)
    return (text_in(found["name"]) if found else "") or code


def channel_name(book: PolicyTerms, code: str) -> str:
    """A channel as the terms call it, else as we do."""
    name = name_in(book, "channels", code)
    return str(ChannelCode(code).label) if name == code and code in ChannelCode.values else name


def product_name(code: str) -> str:
    """A product by its name; nothing for none. One query where there is one."""
    found = Product.objects.filter(code=code).first() if code else None
    return found.title() if found else code


def _category(book: PolicyTerms, code: str) -> str:
    rows = book.document["request_form"]["categories"]
    found = next((row for row in rows if row["code"] == code), None)
    return (text_in(found["name"]) if found else "") or code
