"""Reading mail that comes in: addresses, parts, text, and what sort of mail it is. Nothing here writes."""
