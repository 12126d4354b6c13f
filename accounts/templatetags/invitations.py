"""The link of an invitation, made while its mail is written, so that nothing keeps it."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.urls import reverse

from accounts.actions import token_for

register = template.Library()


@register.simple_tag
def invitation_path(contact: int, until: datetime) -> str:
    """``{% invitation_path contact until_at %}``: the address of the page where the password is chosen."""
    return reverse("people:invitation", args=[token_for(contact, until)])
