"""Forms of people: preferences, contacts, identity checks."""
