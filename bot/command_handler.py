"""The one door: every input becomes a command and is handled here, and nowhere else."""
