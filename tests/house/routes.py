"""Every address of the site, read from the URL resolver, and filled with the keys of one tenant's things."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLResolver, get_resolver

from tickets.admin.acts import ACTS
from tickets.admin.bulk import BULK
from tickets.admin.mail import VERBS as MAIL_VERBS
from tickets.admin.verbs import VERBS

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_REGEX = re.compile(r"\^?\(\?P<(\w+)>[^)]*\)\$?/?\$?|\^\(\?P<uidb36>.*|\^")
# What one address stands for many of: each of these is a door of its own.
MANY = {
    "admin:tickets_ticket_verb": ("verb", tuple(VERBS)),
    "admin:tickets_ticket_act": ("act", tuple(ACTS)),
    "admin:tickets_ticket_bulk": ("act", tuple(BULK)),
    "admin:tickets_incomingmail_verb": ("verb", tuple(MAIL_VERBS)),
}
NEVER = 10**9


@dataclass(frozen=True)
class Route:
    """``path`` with its parts in angle brackets; ``name`` with its namespaces."""

    path: str
    name: str

    def __str__(self) -> str:
        return self.path

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.path)

    @property
    def is_admin(self) -> bool:
        return self.path.startswith("admin/")

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/")

    @property
    def is_of_signing_in(self) -> bool:
        """Pages of allauth: they know the reader alone, and carry no key of anything of a tenant."""
        return self.path.startswith("account/")

    def filled(self, keys: dict[str, Any]) -> str:
        """The address with ``keys`` in it; a new part needs a key in ``keys_of``."""
        return "/" + _PART.sub(lambda match: str(self._key(match[1], keys)), self.path)

    def _key(self, part: str, keys: dict[str, Any]) -> Any:
        if part in ("object_id", "pk", "id") and self.is_admin:
            return keys["rows"].get(self._model(), NEVER)
        return keys[part]

    def _model(self) -> str:
        return ".".join(self.path.split("/")[1:3])


def routes() -> list[Route]:
    """All of them, in the order in which they are tried; the catch-alls of the admin and the API too."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: Iterable[Any], before: str, spaces: str) -> Iterator[Route]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern.url_patterns, path, spaces + space)
            continue
        name = f"{spaces}{pattern.name or ''}"
        if name in MANY:
            part, values = MANY[name]
            for value in values:
                yield Route(re.sub(rf"<slug:{part}>", value, path), name)
        else:
            yield Route(_plain(path), name)


def _plain(path: str) -> str:
    """Parts of a regular expression as parts of a path."""
    return _REGEX.sub(lambda match: f"<any:{match[1] or 'uidb36'}>" if match[0] != "^" else "", path)


def keys_of(tenant: Any) -> dict[str, Any]:
    """For each part of an address the key of a thing of the tenant; ``rows`` by model for the admin."""
    rows = {
        f"{model._meta.app_label}.{model._meta.model_name}": key
        for model in apps.get_models()
        if model._meta.app_label in ("accounts", "notices", "plans", "tickets", "auditlog")
        and (key := model._base_manager.order_by("-pk").values_list("pk", flat=True).first()) is not None
    }
    own = {
        "tickets.ticket": tenant.ticket.pk,
        "accounts.organization": tenant.organization.pk,
        "plans.contract": tenant.ticket.contract_id,
    }
    return _anybodys() | {
        "rows": rows | own,
        "number": tenant.ticket.pk,
        "key": tenant.file.key,
        "pk": tenant.contact.pk,
        "id": tenant.note.pk,
        "cycle": 1,
        "metric": tenant.clock.metric,
        "slug": tenant.organization.slug,
    }


def never_keys() -> dict[str, Any]:
    """Keys of what never was, in the same places."""
    return _anybodys() | {
        "rows": {},
        "number": NEVER,
        "key": uuid.UUID(int=0),
        "pk": NEVER,
        "id": NEVER,
        "cycle": 1,
        "metric": "first_response",
        "slug": "never-was",
    }


def _anybodys() -> dict[str, Any]:
    """Parts whose value is nobody's thing."""
    return {
        "token": "never-was",
        "signed": "never-was",
        "policy": "two-tier",
        "code": "enterprise",
        "app_label": "tickets",
        "url": "nothing-here",
        "content_type_id": NEVER,
        "provider_id": "none",
        "uidb36": "1-never-was",
    }
