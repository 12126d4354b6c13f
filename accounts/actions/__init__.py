"""Verbs of accounts."""

from accounts.actions.tokens import create_token, use_token

__all__ = ["create_token", "use_token"]
