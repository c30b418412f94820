"""The API as an OpenAPI 3.1 document, made from the same models that read and answer. Pure."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from bot.api.body import BODY_LIMIT
from bot.api.changing import Heard, KnownChanges, ToldChange
from bot.api.declaring import KEPT_FOR
from bot.api.freezing import FreezeQuestion, KnownFreezes
from bot.api.keys import KEY_HEADER
from bot.api.problems import PROBLEM_JSON
from bot.api.shapes import Declaration, IncidentPage, Question, WholeIncident

_MODELS: Final = (
    (Declaration, "validation"),
    (Question, "validation"),
    (IncidentPage, "serialization"),
    (WholeIncident, "serialization"),
    (ToldChange, "validation"),
    (KnownChanges, "serialization"),
    (Heard, "serialization"),
    (FreezeQuestion, "validation"),
    (KnownFreezes, "serialization"),
)
_REFUSALS: Final = {
    "400": "The request is not complete, or is no JSON.",
    "401": "No token, or none that is known.",
    "403": "The token lacks the scope.",
    "404": "There is no such incident that this token can see.",
    "408": "The body took too long to arrive.",
    "413": f"The body is longer than {BODY_LIMIT} bytes.",
    "415": "The body is no application/json.",
    "422": "Something in the request cannot be; `field` names it.",
    "503": "Muster, its store or Slack is away or overloaded: try again after Retry-After seconds.",
}


@cache
def document() -> dict[str, Any]:
    _, schemas = models_json_schema(_MODELS, ref_template="#/components/schemas/{model}")
    models = dict(schemas["$defs"])
    asked, frozen = (models.pop(name)["properties"] for name in ("Question", "FreezeQuestion"))
    models["Problem"] = _problem_schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Muster",
            "version": version("muster"),
            "description": "Incidents, read and declared by programs. docs/api.md says more.",
        },
        "security": [{"token": []}],
        "paths": {
            "/api/incidents": {"get": _list(asked), "post": _declare()},
            "/api/incidents/{number}": {"get": _show()},
            "/api/changes": {"get": _changes(), "post": _hear()},
            "/api/freezes": {"get": _freezes(frozen)},
        },
        "components": {"schemas": models, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _problem_schema() -> dict[str, Any]:
    return {
        "description": "RFC 9457: `detail` says what to do, `field` which part of the request it is about.",
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "field": {"type": "string"},
        },
    }


def _list(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "listIncidents",
        "summary": "Incidents, newest first",
        "parameters": [*_queries(asked), _if_none_match()],
        "responses": {
            "200": _told("IncidentPage", "A page of them."),
            "304": _nothing_new(),
            **_refused("401", "403", "422", "503"),
        },
    }


def _show() -> dict[str, Any]:
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    return {
        "operationId": "showIncident",
        "summary": "One incident, as it is now",
        "parameters": [number, _if_none_match()],
        "responses": {
            "200": _told("WholeIncident", "The incident."),
            "304": _nothing_new(),
            **_refused("401", "403", "404", "503"),
        },
    }


def _declare() -> dict[str, Any]:
    return {
        "operationId": "declareIncident",
        "summary": "Declare an incident",
        "parameters": [_key("The same key, the same incident")],
        "requestBody": _body("Declaration"),
        "responses": {
            "200": _told("WholeIncident", "It was declared under this key before; as it is now."),
            "201": _told("WholeIncident", "It is declared. Its channel is being opened."),
            **_refused("400", "401", "403", "408", "413", "415", "422", "503"),
        },
    }


def _changes() -> dict[str, Any]:
    return {
        "operationId": "listChanges",
        "summary": "What was changed in the services in the last week",
        "parameters": [_if_none_match()],
        "responses": {
            "200": _told("KnownChanges", "The changes."),
            "304": _nothing_new(),
            **_refused("401", "403", "503"),
        },
    }


def _hear() -> dict[str, Any]:
    return {
        "operationId": "tellChange",
        "summary": "Tell of a deployment or another change",
        "parameters": [_key("The same key, the same change")],
        "requestBody": _body("ToldChange"),
        "responses": {
            "200": _told("Heard", "It was told under this key before."),
            "201": _told("Heard", "It is kept for a week."),
            **_refused("400", "401", "403", "408", "413", "415", "422", "503"),
        },
    }


def _freezes(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "listFreezes",
        "summary": "Whether deploys are frozen now: of a service, or of any",
        "parameters": [*_queries(asked), _if_none_match()],
        "responses": {
            "200": _told("KnownFreezes", "The freezes that hold; of a service one at most."),
            "304": _nothing_new(),
            **_refused("401", "403", "422", "503"),
        },
    }


def _queries(asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in asked.items()]


def _key(what: str) -> dict[str, Any]:
    return {
        "name": KEY_HEADER,
        "in": "header",
        "required": True,
        "description": f"{what}, for {KEPT_FOR.days} days.",
        "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"},
    }


def _body(model: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _told(model: str, description: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _refused(*statuses: str) -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _REFUSALS[status], "content": content} for status in statuses}


def _if_none_match() -> dict[str, Any]:
    return {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}, "description": "An ETag."}


def _nothing_new() -> dict[str, Any]:
    return {"description": "Just what the ETag names."}
