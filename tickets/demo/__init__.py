"""Demonstration data: people, contracts and requests under the five policies that ship."""
