"""Serves the outbox: lanes, rate limit, retry, done once."""
