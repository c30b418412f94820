"""Reviews in policy.yaml: the rota, the functions, and which of them a severity invites."""

from bot.incident.policy import FunctionRule
from bot.incident.terms import GroupId, Severity, UserId
from bot.playbook.policy_file import parse_policy
from tests.playbook.test_policy_file import problems_of

REVIEW = """
review:
  facilitators: [U024BE7LH, U024BE7LJ]
  functions:
    reliability: S0604QSJC
    product: [U024BE7LK, S0604QSJD]
"""
INVITING = "severities:\n  SEV1: {rubric: Down, review_invites: [reliability, product]}\ndefault_severity: SEV1\n"


def test_functions_are_user_groups_or_people() -> None:
    rule = parse_policy(REVIEW).review
    assert rule.facilitators == (UserId("U024BE7LH"), UserId("U024BE7LJ"))
    assert rule.functions == {
        "reliability": FunctionRule(groups=(GroupId("S0604QSJC"),)),
        "product": FunctionRule(people=(UserId("U024BE7LK"),), groups=(GroupId("S0604QSJD"),)),
    }


def test_a_severity_says_which_functions_its_review_invites() -> None:
    policy = parse_policy(INVITING + REVIEW)
    assert policy.severities[Severity.SEV1].review_invites == ("reliability", "product")


def test_a_function_that_is_not_there_is_named_with_the_one_that_was_meant() -> None:
    wrong = INVITING.replace("[reliability, product]", "[reliabilty]") + REVIEW
    assert problems_of(wrong) == [
        "policy.yaml:2: severities.SEV1.review_invites: reliabilty is no function; did you mean `reliability`?"
    ]


def test_what_is_neither_a_person_nor_a_group_is_refused() -> None:
    (problem,) = problems_of("review:\n  functions:\n    product: '@product'\n")
    assert "@product is neither a Slack user id (U… or W…) nor the id of a user group (S…)" in problem


def test_a_function_of_nobody_is_refused() -> None:
    (problem,) = problems_of("review:\n  functions:\n    product: []\n")
    assert problem == "policy.yaml:3: review.functions.product: names nobody; write Slack ids of people or user groups"
