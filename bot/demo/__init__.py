"""The dialogue that `muster demo` plays: a real incident, with people who are played and nothing else faked."""
