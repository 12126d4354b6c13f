"""Starting a draft."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from plans.models import Edition, Policy
from plans.policyfile.from_rows import document_of
from plans.policyfile.rows import write_rows


@transaction.atomic
def start_draft(policy: Policy) -> Edition:
    """The policy's draft: the one that is there, or a new one that says what the edition in force says."""
    policy = Policy.objects.select_for_update().get(pk=policy.pk)
    there = policy.draft()
    if there is not None:
        return there
    current = policy.current()
    last = policy.editions.aggregate(last=Max("number"))["last"] or 0
    draft = Edition.objects.create(policy=policy, number=last + 1)
    if current is not None:
        write_rows(draft, document_of(current))
    return draft
