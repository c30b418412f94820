"""Signals out: events of incidents as signed webhooks to the targets that the settings name."""
