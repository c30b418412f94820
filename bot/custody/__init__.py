"""Keeping the record: `muster audit`, `muster backup`, `muster restore`, `muster postmortem`."""
