"""Which refusals mean that the app did what Slack forbids or does not know, against those that it must live with, such
as a name that is taken.
"""

OF_ARGUMENTS = {
    "invalid_arg_name",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_auth",
    "invalid_cursor",
    "invalid_json",
    "invalid_types",
    "json_not_object",
    "no_item_specified",
    "no_user",
    "unknown_method",
}
OF_CONTENT = {
    "canvas_creation_failed",
    "canvas_editing_failed",
    "duplicate_external_id",
    "invalid_attachments",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_bookmark_type",
    "invalid_link",
    "invalid_metadata_format",
    "markdown_text_conflict",
    "msg_too_long",
    "no_text",
    "too_long",
    "too_many_attachments",
    "too_many_users",
    "view_too_large",
}
OF_NAMES = {
    "invalid_name",
    "invalid_name_maxlength",
    "invalid_name_punctuation",
    "invalid_name_required",
    "invalid_name_specials",
}
OF_TRIGGERS = {"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "push_limit_reached"}
OF_TOKENS = {"invalid_auth", "missing_scope", "not_allowed_token_type", "not_authed"}

BROKEN = frozenset(OF_ARGUMENTS | OF_CONTENT | OF_NAMES | OF_TRIGGERS | OF_TOKENS)
