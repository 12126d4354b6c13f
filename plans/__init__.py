"""What was promised: policies, editions, plans, calendars, targets, contracts, and the decision."""
