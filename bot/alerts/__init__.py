"""Alerts: one file a source (payload -> alerts, pure), the door they come in by, and the desk that decides."""
