"""The committed contract is what the code says, is valid, and says of each operation what a caller must know."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.contract.contract import PATH, Operation, document, operations, resolved
from tests.contract.pin import enums, pinned
from tests.contract.validating import validator_of

PINNED = pinned()
EACH = pytest.mark.parametrize("operation", operations().values(), ids=list(operations()))
ALWAYS = {"400", "401", "403", "429", "503"}
ON_COMMANDS = {"409", "413", "415", "422"}
PROBLEM = "application/problem+json"


def test_the_committed_file_is_what_the_code_says_without_a_warning(tmp_path: Path):
    """On failure: `make contract`, and review the difference like code."""
    fresh = tmp_path / "openapi.yaml"

    call_command("spectacular", validate=True, fail_on_warn=True, file=str(fresh))

    assert fresh.read_bytes() == PATH.read_bytes()


def test_the_server_answers_the_contract_to_everybody(anonymous):
    response = anonymous.get("schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    assert (response.status_code, json.loads(response.content)["openapi"]) == (200, "3.1.1")
    assert set(json.loads(response.content)["paths"]) == set(document()["paths"])


def test_the_contract_is_openapi_3_1():
    assert document()["openapi"] == "3.1.1"
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_operation_ids_are_pinned():
    """A rename breaks every generated client. What is new: `python -m tests.contract.pin`."""
    assert sorted(operations()) == PINNED["operations"]


def test_enums_are_pinned():
    """A class of a generated client keeps its name; values are only added."""
    assert {name: sorted(values) for name, values in enums().items()} == PINNED["enums"]


def test_every_enum_has_a_name_of_its_own():
    """Names that the generator made up change when a field of the same name comes along."""
    made_up = [name for name in PINNED["enums"] if name.endswith("Enum")]

    assert made_up == ["BlankEnum"]  # the empty text beside a choice


@EACH
def test_an_operation_says_what_it_is(operation: Operation):
    spec = operation.spec

    assert (len(spec["tags"]), bool(spec["summary"].strip()), bool(spec["description"].strip())) == (1, True, True)
    assert "For: " in spec["description"]
    assert [p["name"] for p in operation.parameters if p["in"] != "path" and not p.get("description")] == []


@EACH
def test_an_operation_declares_its_refusals(operation: Operation):
    declared = {status for status in operation.spec["responses"] if status >= "400"}
    expected = ALWAYS | (ON_COMMANDS if operation.is_command else set()) | ({"404"} if operation.is_on_row else set())
    if_match = next((p for p in operation.parameters if p["name"] == "If-Match"), None)
    if if_match:
        expected |= {"412", "428"} if if_match.get("required") else {"412"}

    assert expected - declared == set()
    shapes = {status: set(resolved(operation.spec["responses"][status])["content"]) for status in sorted(declared)}
    assert {status: kinds for status, kinds in shapes.items() if kinds != {PROBLEM}} == {}


@EACH
def test_a_good_answer_has_a_shape(operation: Operation):
    good = {status: answer for status, answer in operation.spec["responses"].items() if status < "300"}

    assert len(good) == 1
    ((status, answer),) = good.items()
    assert (status == "204") != ("content" in answer)


@pytest.mark.parametrize(
    "operation",
    [operation for operation in operations().values() if operation.body],
    ids=[operation.id for operation in operations().values() if operation.body],
)
def test_the_example_of_a_body_fits_its_schema(operation: Operation):
    assert operation.body is not None
    examples = [example["value"] for example in operation.body["examples"].values()]

    assert examples != []
    schema = {**operation.body["schema"], "components": document()["components"]}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [fault.message for example in examples for fault in validator.iter_errors(example)] == []
    assert [unknown for example in examples for unknown in _unknown_keys(example, operation.body["schema"])] == []


LARGEST_EXAMPLE, LARGEST_CONTRACT = 12_000, 2_200_000


@EACH
def test_the_example_of_an_answer_fits_its_schema(operation: Operation):
    ((_, answer),) = ((status, found) for status, found in operation.spec["responses"].items() if status < "300")
    content = answer.get("content", {}).get("application/json")
    if content is None:
        return  # a file, or nothing
    examples = [resolved(example)["value"] for example in content["examples"].values()]

    assert len(examples) == 1
    validator = validator_of(content["schema"])
    faults = [f"{fault.json_path}: {fault.message}" for one in examples for fault in validator.iter_errors(one)]
    assert faults == []
    assert len(json.dumps(examples)) <= LARGEST_EXAMPLE


def test_the_contract_stays_of_a_size_that_tools_read():
    assert PATH.stat().st_size <= LARGEST_CONTRACT


def _unknown_keys(example: Any, schema: dict[str, Any]) -> list[str]:
    """Keys of the example that the schema does not declare; JSON Schema by itself would let them pass."""
    schema = resolved(schema)
    if isinstance(example, list):
        return [key for item in example for key in _unknown_keys(item, schema["items"])]
    return [key for key in example if key not in schema.get("properties", {})]
