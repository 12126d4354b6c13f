"""Pages of people: a person's own, the contacts of an organization, the invitation."""
