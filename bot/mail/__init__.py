"""Letters to people, by SMTP. It knows no incident and no Slack."""
