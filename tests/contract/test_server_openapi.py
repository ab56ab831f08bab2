"""The OpenAPI document against the server: requests made from it, signed and unsigned, meet no surprise."""

import os
from urllib.parse import urlsplit

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync_server.testing import running_server
from tests.contract.test_server_processes import organisation

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory):
    with running_server(tmp_path_factory.mktemp("openapi") / "server", options=["--rate", "0"]) as server:
        _, supervisor, _ = organisation(server)
        supervisor.server_url = server.url  # type: ignore[attr-defined]
        yield supervisor


@pytest.fixture(scope="module")
def document(signer):
    return schemathesis.openapi.from_url(f"{signer.server_url}/v1/openapi.json")


@schemathesis.serializer("application/vnd.msgpack", "application/offset+octet-stream")
def as_it_is(_context, value):
    """Whatever was made up goes out as bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


# Requests made for each operation, way of making them, and with and without a signature. Four times as many are run
# by DOORSTEP_FUZZ=120.
EXAMPLES = int(os.environ.get("DOORSTEP_FUZZ", "30"))
some = hypothesis.settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck)
)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("signed", [False, True])
def test_requests_made_from_the_document(document, signer, signed, mode):
    """As the document says and as it does not; signed by a supervisor too, so that what lies behind is reached."""
    checked, seen = 0, []

    def check(case):
        try:
            headers = signature_of(case, signer) if signed else {}
            response = case.call(headers=headers, timeout=30)
        except (requests.exceptions.InvalidHeader, UnicodeError):  # no client could send this
            return
        case.validate_response(response, checks=CHECKS)
        seen.append((case.operation.path, response.status_code, response.content[:200]))

    for found in document.get_all_operations():
        operation = found.ok()
        strategy = operation.as_strategy(generation_mode=mode)
        try:
            some(hypothesis.given(case=strategy)(check))()
        except hypothesis.errors.Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE, "only what has no input cannot be given a wrong one"
            continue
        checked += 1
    assert checked >= (18 if mode is GenerationMode.POSITIVE else 10)
    if signed and mode is GenerationMode.POSITIVE:
        let_in = [one for one in seen if one[1] != 401]
        assert len(let_in) > 0.8 * len(seen), [one for one in seen if one[1] == 401]


def signature_of(case, signer):
    """The headers with which this very request counts as the device's."""
    kwargs = case.as_transport_kwargs()
    names = ("method", "url", "headers", "data", "params", "json", "cookies")
    plain = requests.Request(**{name: kwargs[name] for name in names if name in kwargs}).prepare()
    where = urlsplit(plain.url)
    target = where.path + (f"?{where.query}" if where.query else "")
    body = plain.body or b""
    kept = ("content-type", "upload-offset", "upload-length", "range")
    headers = {name: value for name, value in plain.headers.items() if name.lower() in kept}
    sent = {}
    send, signer.org.send = signer.org.send, lambda method, target, headers, body: sent.update(headers)
    try:
        signer.call(case.method, target, body if isinstance(body, bytes) else body.encode(), **headers)
    finally:
        signer.org.send = send
    return sent
