"""The statement of promises: which tickets it rests on, what it says, and how it is written down.

The figures themselves are ``timekeeping.statement``; what they mean stands in docs/statement.md.
"""
