"""Documents made of what the core knows: the postmortem as markdown, HTML, JSON and a picture. No I/O, no Slack."""
