"""What must hold when machines die: real processes, a real server, the local workspace, and faults on purpose."""
