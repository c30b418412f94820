"""Where follow-ups are kept as issues: GitHub and Jira, and what keeps the two in step."""
