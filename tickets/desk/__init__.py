"""Views of the queue: what an address of it asks for, which requests that leaves, and how many."""
