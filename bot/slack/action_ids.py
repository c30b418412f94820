"""The names by which buttons, modals and shortcuts come back: shared by what renders and what listens.

A button's value is `pack(...)`, parts joined by '|', the incident's number always first.
"""

from typing import Final

# Buttons
DECLARE: Final = "declare"
POST_UPDATE: Final = "post_update"
CHANGE_STATUS: Final = "change_status"
CHANGE_SEVERITY: Final = "change_severity"
ROLES: Final = "roles"
MORE: Final = "more"
TAKE_COMMAND: Final = "take_command"
CLAIM_ROLE: Final = "claim_role"  # value: number | role
RELEASE_ROLE: Final = "release_role"  # value: number | role
ACKNOWLEDGE: Final = "acknowledge"
JOIN: Final = "join"
SNOOZE_UPDATE: Final = "snooze_update"  # value: number | due_at as epoch seconds
SKIP_UPDATE: Final = "skip_update"  # value: number | due_at as epoch seconds
STEP: Final = "step"  # value: number | playbook | step | wanted state | state seen; a suffix keeps ids unique
ADD_NOTE: Final = "add_note"
SET_CADENCE: Final = "set_cadence"
CORRECT_TIMES: Final = "correct_times"
SHOW_TIMELINE: Final = "show_timeline"  # value: number | page
SHOW_PLAYBOOKS: Final = "show_playbooks"
ATTACH_PLAYBOOK: Final = "attach_playbook"  # value: number | playbook
SHOW_GUIDE: Final = "show_guide"  # value: number | role
SHOW_LIST: Final = "show_list"  # value: 0 | page
SHOW_INCIDENT: Final = "show_incident"
SEARCH: Final = "search"
SEARCH_PAGE: Final = "search_page"  # value: 0 | page | drills or incidents | words
SHOW_HELP: Final = "show_help"
RESOLVE: Final = "resolve"
REOPEN: Final = "reopen"
CANCEL: Final = "cancel"
CLOSE: Final = "close"
NOT_YET: Final = "not_yet"
WORKAROUNDS: Final = "workarounds"
KEEP_WORKAROUND: Final = "keep_workaround"  # value: number | workaround | the day that it shows
REMOVE_WORKAROUND: Final = "remove_workaround"  # value: number | workaround
GIVE_FEEDBACK: Final = "give_feedback"
SHOW_FEEDBACK: Final = "show_feedback"
SHOW_POSTMORTEM: Final = "show_postmortem"
WRITE_SECTION: Final = "write_section"  # value: number | section; a suffix keeps ids unique
SECTION_VERSIONS: Final = "section_versions"  # value: number | section
UPLOAD_DRAFT: Final = "upload_draft"
SHOW_REVIEW: Final = "show_review"
BOOK_REVIEW: Final = "book_review"
REVIEW_HELD: Final = "review_held"
WAIVE_REVIEW: Final = "waive_review"
CANCEL_REVIEW: Final = "cancel_review"
RETRY_CHANNEL: Final = "retry_channel"
ADD_FOLLOWUP: Final = "add_followup"
EDIT_FOLLOWUP: Final = "edit_followup"  # value: number | follow-up
GIVE_FOLLOWUP: Final = "give_followup"  # value: number | follow-up
OWN_FOLLOWUP: Final = "own_followup"  # value: number | follow-up
MOVE_FOLLOWUP: Final = "move_followup"  # value: number | follow-up | wanted state | state seen
SETTLE_FOLLOWUP: Final = "settle_followup"  # value as above; opens a form, for these states ask for words
TRACK_FOLLOWUP: Final = "track_followup"  # value: number | follow-up
SHOW_FOLLOWUP: Final = "show_followup"  # value: number | follow-up
SHOW_FOLLOWUPS: Final = "show_followups"  # value: number, or 0 | whose | person, or empty | page
SHOW_ALERTS: Final = "show_alerts"  # value: number | page
SHOW_ALERT_QUALITY: Final = "show_alert_quality"  # value: 0 | page
MITIGATED: Final = "mitigated"
NOT_MITIGATED: Final = "not_mitigated"
SHOW_SERVICE: Final = "show_service"  # value: 0 | service; a suffix keeps ids unique
SHOW_SERVICES: Final = "show_services"  # value: 0 | page
DECLARE_PROPOSAL: Final = "declare_proposal"  # value: 0 | key of the proposal; so the next two
ATTACH_PROPOSAL: Final = "attach_proposal"
IGNORE_PROPOSAL: Final = "ignore_proposal"
FREEZE_PROPOSAL: Final = "freeze_proposal"  # value as above
DECLARE_FOR: Final = "declare_for"  # value: 0 | service
ADD_FACTOR: Final = "add_factor"
EDIT_FACTOR: Final = "edit_factor"  # value: number | factor
DROP_FACTOR: Final = "drop_factor"  # value: number | factor
SHOW_FACTOR: Final = "show_factor"  # value: number | factor
SHOW_FACTORS: Final = "show_factors"  # value: number | page
SHOW_MAINTENANCE: Final = "show_maintenance"
PLAN_MAINTENANCE: Final = "plan_maintenance"  # value: 0 | service, or nothing
END_MAINTENANCE: Final = "end_maintenance"  # value: 0 | window
SHOW_FREEZES: Final = "show_freezes"
FREEZE_DEPLOYS: Final = "freeze_deploys"  # value: number, whose alerts suggest it; or 0 | service
END_FREEZE: Final = "end_freeze"  # value: 0 | freeze
EXTEND_FREEZE: Final = "extend_freeze"  # value: 0 | freeze | its end that is shown, as epoch seconds
ACCEPT_RISK: Final = "accept_risk"  # value: number | factor
REOPEN_RISK: Final = "reopen_risk"  # value: number | factor
ADDRESS_FACTOR: Final = "address_factor"  # value: number | factor
SHOW_RISKS: Final = "show_risks"  # value: 0 | page | open or accepted
OPEN_CHANNEL: Final = "open_channel"  # a link button; acknowledged and nothing else

# Modals (callback ids); private_metadata is pack(...) too
DECLARE_MODAL: Final = "declare_modal"
MAINTENANCE_MODAL: Final = "maintenance_modal"
ATTACH_PROPOSAL_MODAL: Final = "attach_proposal_modal"  # metadata: 0 | key of the proposal; so the next one
IGNORE_PROPOSAL_MODAL: Final = "ignore_proposal_modal"
UPDATE_MODAL: Final = "update_modal"
STATUS_MODAL: Final = "status_modal"
SEVERITY_MODAL: Final = "severity_modal"
ROLES_MODAL: Final = "roles_modal"
NOTE_MODAL: Final = "note_modal"
CADENCE_MODAL: Final = "cadence_modal"
TIMES_MODAL: Final = "times_modal"
RESOLVE_MODAL: Final = "resolve_modal"
REOPEN_MODAL: Final = "reopen_modal"
CANCEL_MODAL: Final = "cancel_modal"
CLOSE_MODAL: Final = "close_modal"
WORKAROUND_MODAL: Final = "workaround_modal"
FEEDBACK_MODAL: Final = "feedback_modal"
SEARCH_MODAL: Final = "search_modal"
SECTION_MODAL: Final = "section_modal"  # metadata: number | section:version seen:where its panel is | response_url
REVIEW_MODAL: Final = "review_modal"  # metadata: number | sequence of the meeting that is shown, empty: none is booked
REVIEW_HELD_MODAL: Final = "review_held_modal"
WAIVE_REVIEW_MODAL: Final = "waive_review_modal"
CANCEL_REVIEW_MODAL: Final = "cancel_review_modal"

FOLLOWUP_MODAL: Final = "followup_modal"  # metadata: number | follow-up, where there is one already
FOLLOWUP_STATE_MODAL: Final = "followup_state_modal"  # metadata: number | follow-up | wanted state | state seen
FOLLOWUP_OWNER_MODAL: Final = "followup_owner_modal"  # metadata: number | follow-up

FACTOR_MODAL: Final = "factor_modal"  # metadata: number | factor:changes seen, or nothing | response_url
ACCEPT_MODAL: Final = "accept_modal"  # metadata: number | factor | response_url
DROP_FACTOR_MODAL: Final = "drop_factor_modal"  # metadata: number | factor | response_url

# Shortcuts (callback ids)
DECLARE_SHORTCUT: Final = "declare_shortcut"
DECLARE_FROM_MESSAGE: Final = "declare_from_message"
ADD_TO_TIMELINE: Final = "add_to_timeline"


def pack(*parts: object) -> str:
    """The parts as one value; none may hold a '|' except the last."""
    return "|".join(str(part) for part in parts)


def unpack(value: str, most: int) -> list[str]:
    """At most `most` parts; missing ones are not invented."""
    return value.split("|", most - 1)
