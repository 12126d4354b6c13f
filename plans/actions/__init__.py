"""What is done to support terms, one verb a function."""
