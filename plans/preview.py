"""What publishing would change, as lines. Rooms above say what only they can count (decision 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from plans.models import Policy
from plans.policyfile import Document
from plans.policyfile.differences import differences
from plans.policyfile.from_rows import document_of
from plans.terms import PolicyTerms, hardly_due, never_due, never_open

# Given the terms that would be published and an instant, the lines of one section.
Section = Callable[[PolicyTerms, datetime], Iterable[str]]
_sections: list[Section] = []


def add_section(section: Section) -> None:
    """Let a room above add its lines to every preview; called once, when the application starts."""
    if section not in _sections:
        _sections.append(section)


def preview_lines(document: Document, at: datetime) -> Iterator[str]:
    """The changed cells, what keeps the document from being published, and every section's lines."""
    policy = Policy.objects.filter(slug=document["policy"]).first()
    current = policy.current() if policy else None
    if current is None:
        yield f"{document['policy']} has no published edition: all of it is new"
    else:
        changed = differences(document_of(current), document)
        yield from map(str, changed) if changed else ["nothing would change"]
    terms = PolicyTerms(document)
    faults = [*never_open(terms, at), *never_due(terms)]
    yield from (f"can't be published: {fault}" for fault in faults)
    yield from () if faults else hardly_due(terms, at)
    for section in _sections:
        yield from section(terms, at)
