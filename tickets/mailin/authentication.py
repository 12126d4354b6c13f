"""Whether our own mail server proved a mail's sender: its Authentication-Results header (RFC 8601).

Anybody may write such a header. The topmost that carries the name of ``MAIL_TRUSTED_AUTHSERV_ID`` is that
server's own, because it adds headers on top and removes others that carry its name.
"""

from __future__ import annotations

import re

from django.conf import settings

from tickets.mailin.head import Head

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"\s*([a-z0-9.-]+)\s*=\s*([a-z]+)\b(.*)", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"([a-z]+\.[a-z-]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


def is_proven(head: Head) -> bool:
    """Whether the sender is proven; yes where no server is set, so that the reply address has to do."""
    server = settings.MAIL_TRUSTED_AUTHSERV_ID.strip().lower()
    if not server:
        return True
    found = next((value for value in head.all("authentication-results") if _server(value) == server), "")
    return _says_pass(found, head.from_email.rpartition("@")[2])


def _server(value: str) -> str:
    words = _COMMENT.sub(" ", value).split(";")[0].split()
    return words[0].lower() if words else ""


def _says_pass(value: str, domain: str) -> bool:
    """A pass of DMARC; without a word on DMARC, one of DKIM or SPF for the domain in From."""
    results: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for item in _COMMENT.sub(" ", value).split(";")[1:]:
        if found := _RESULT.match(item):
            given = {name.lower(): text.lower() for name, text in _PROPERTY.findall(found[3])}
            results.setdefault(found[1].lower(), []).append((found[2].lower(), given))
    if "dmarc" in results:
        return all(result == "pass" for result, _given in results["dmarc"])
    signed = [given.get("header.d", "") for result, given in results.get("dkim", ()) if result == "pass"]
    sent = [given.get("smtp.mailfrom", "") for result, given in results.get("spf", ()) if result == "pass"]
    names = [*signed, *(address.rpartition("@")[2] for address in sent)]
    return any(_are_aligned(name, domain) for name in names)


def _are_aligned(one: str, other: str) -> bool:
    """The same domain, or one below the other."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
