"""What the organisation knows: playbooks, guides and policy, read from a folder of Markdown and YAML."""
