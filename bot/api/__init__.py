"""The HTTP API for programs: reading incidents, declaring one. It asks the same door as Slack does, and no other."""
