"""Policies, editions and all they hold, contracts, products and licences in the back office."""

from plans.admin import calendars, contracts, plan, policies, rows

__all__ = ["calendars", "contracts", "plan", "policies", "rows"]
