"""What an address of the queue asks for: tab, filters, search and order. A saved view is such an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from tickets.desk.tabs import ORDERS, SEARCH, TABS, Tab
from tickets.paging import Order

# Filters of which several values may be chosen at once, then those with one.
SEVERAL = ("team", "status", "severity")
FILTERS = (*SEVERAL, "plan", "organization", "assigned")
LONGEST_SEARCH = 200
LONGEST_VALUE = 100
MOST_VALUES = 20


@dataclass(frozen=True)
class Asked:
    """A view of the queue: ``wanted`` has the filters' values by name, each filter that is set once."""

    tab: Tab = TABS[0]
    words: str = ""
    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order_name: str = ""

    @property
    def order(self) -> Order:
        """The chosen order where the tab leaves a choice, else the tab's own."""
        return ORDERS[self.order_name].order if self.order_name else self.tab.order

    @property
    def sorted_by(self) -> Any:
        """The order in words."""
        return ORDERS[self.order_name].words if self.order_name else self.tab.sorted_by

    @property
    def title(self) -> Any:
        """What it is called: the tab, or the words that are looked for."""
        return f"“{self.words}”" if self.words else self.tab.label

    def one(self, name: str) -> str:
        """The value of a filter that has one; empty where it is not set."""
        return self.wanted.get(name, ("",))[0]

    def kept(self) -> dict[str, Any]:
        """As a saved view keeps it: ``{name: text, or a list of texts}``, without what is the default."""
        facts: dict[str, Any] = {"q": self.words} if self.words else {"tab": self.tab.code}
        if self.order_name:
            facts["order"] = self.order_name
        return facts | {name: list(values) for name, values in self.wanted.items()}

    def query(self, **more: str) -> str:
        """As an address: ``tab=mine&severity=S1``; ``more`` is added where it is not empty."""
        return urlencode(self.kept() | {name: value for name, value in more.items() if value}, doseq=True)

    def with_filter(self, name: str, *values: str) -> Asked:
        """The same view with other values of one filter; none takes it away."""
        rest = {other: kept for other, kept in self.wanted.items() if other != name}
        return replace(self, wanted=rest | ({name: values} if values else {}))


def asked_by(query: Mapping[str, Any], tab: str = "") -> Asked:
    """The view that an address, or what a saved view keeps, asks for; what names nothing is left out.

    ``tab`` is taken where the address names none.
    """
    words = " ".join(_one(query, "q").split())[:LONGEST_SEARCH]
    found = SEARCH if words else _tab(_one(query, "tab") or tab)
    wanted = {}
    for name in FILTERS:
        values = _values(query, name)[: MOST_VALUES if name in SEVERAL else 1]
        if values:
            wanted[name] = tuple(values)
    order = _one(query, "order")
    is_free = found.may_be_sorted and order in ORDERS and ORDERS[order].order != found.order
    return Asked(found, words, wanted, order if is_free else "")


def asked_in(text: str) -> Asked | None:
    """The view whose address is written in ``text``, a parameter of another page; None without one."""
    return asked_by(QueryDict(text[:2000])) if text else None


def _tab(code: str) -> Tab:
    return next((tab for tab in TABS if tab.code == code), TABS[0])


def _one(query: Mapping[str, Any], name: str) -> str:
    return next(iter(_texts(query, name)), "")


def _values(query: Mapping[str, Any], name: str) -> list[str]:
    return list(dict.fromkeys(value[:LONGEST_VALUE] for value in _texts(query, name) if value))


def _texts(query: Mapping[str, Any], name: str) -> list[str]:
    """The texts under a name; a zero byte, which no column holds, is left out of them."""
    found: Iterable[Any] = (
        query.getlist(name) if isinstance(query, QueryDict) else _listed(query.get(name, ()))
    )
    return [str(value).replace("\x00", "") for value in found]


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)
