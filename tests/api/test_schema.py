"""The OpenAPI document is whole, and what the API answers is what it says."""

from __future__ import annotations

import json

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.wsgi import application
from tests.api.test_doors import paths

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 12


@pytest.fixture
def document(nobody, db) -> dict:
    return nobody.get("schema/").body


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, verb, operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
    ]


def test_it_is_openapi_3_1_as_json_and_as_yaml(nobody, document):
    assert document["openapi"].startswith("3.1")
    as_yaml = nobody.get("schema/?format=yaml")
    assert as_yaml.headers["Content-Type"].startswith("application/yaml")
    assert yaml.safe_load(as_yaml.raw) == document
    assert nobody("GET", "schema/", Accept="application/yaml").raw == as_yaml.raw


def test_every_address_is_in_it(document):
    import re

    served = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/v1/{path}") for path in paths()}
    assert set(document["paths"]) == served


def test_every_operation_is_whole(document):
    for path, verb, operation in operations(document):
        where = f"{verb} {path}"
        assert operation["summary"] and operation["tags"] and operation["operationId"], where
        assert operation["security"] == [{"token": []}], where
        assert "401" in operation["responses"], where
        assert "class" not in operation.get("description", ""), where
        if "{" in path:
            assert "404" in operation["responses"], where
        for status, response in operation["responses"].items():
            kinds = list(response.get("content", {}))
            assert int(status) < 400 or kinds == ["application/problem+json"], where
        if verb in ("post", "patch"):
            assert operation["requestBody"]["content"], where


def test_everything_is_described_and_has_an_example(document):
    for name, schema in document["components"]["schemas"].items():
        for field, told in schema.get("properties", {}).items():
            assert told.get("description"), f"{name}.{field}"
    for path, verb, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), f"{verb} {path} {parameter['name']}"
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                is_file = kind == "application/octet-stream"
                assert is_file or content.get("examples"), f"{verb} {path} {status}"


def test_examples_are_what_the_schema_says(document):
    components = {"components": document["components"]}
    for _path, _verb, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in [content for body in bodies for content in body.get("content", {}).values()]:
            for example in content.get("examples", {}).values():
                Draft202012Validator(content["schema"] | components).validate(example["value"])


def test_bodies_allow_no_other_fields(document):
    for name in ("TicketBody", "MessageBody", "Reason", "Impact", "BestTime"):
        assert document["components"]["schemas"][name]["additionalProperties"] is False


@pytest.fixture
def one_connection():
    """Calls through WSGI stay in the test's transaction: the end of a request would close its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


OPERATIONS = [
    "list_tickets", "create_ticket", "read_ticket", "change_ticket", "list_messages", "create_message",
    "list_attachments", "list_clocks", "close_ticket", "reopen_ticket", "escalate_ticket",
    "list_exclusions", "object_to_exclusion", "list_surveys", "rate_ticket", "list_work", "log_work",
    "list_ticket_events", "list_events", "list_organizations",
    "read_organization", "list_contacts", "list_contracts",
    "list_policies", "read_policy", "list_plans", "read_plan", "ask_due",
]  # fmt: skip


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_the_api_answers_as_the_document_says(admin, agent, ticket, document, one_connection, operation_id):
    """Generated calls, the same on every run: no fault of ours, and only documented answers."""
    load_all_checks()
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document)))
    schema.app = application
    operation = schema.find_operation_by_id(operation_id)

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case) -> None:
        if "number" in (case.path_parameters or {}):
            case.path_parameters["number"] = ticket.pk
        for who in (admin, agent):
            case.headers = dict(case.headers or {}) | who.headers
            response = case.call(base_url="http://localhost/")
            case.validate_response(response, checks=CHECKS)

    run()
