import base64

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.protocol.errors import Problem
from app.protocol.httpsig import check_digest, content_digest, read_signature, sign_request
from app.protocol.keys import SigningKey

KEY = SigningKey.from_seed(b"d" * 32)
HEADERS = {"Content-Type": "application/vnd.msgpack", "Doorstep-Workspace": "org-1"}


def signed(body=b"body", target="/v1/entries?after=3", headers=HEADERS):
    return sign_request(
        "POST", target, headers, body, device="tablet-1", key=KEY, created=1700000000, nonce="n" * 22
    )


def code_of(call, *args, **more):
    with pytest.raises(Problem) as caught:
        call(*args, **more)
    return caught.value.code


def test_a_signed_request_checks():
    headers = signed()
    found = read_signature("POST", "/v1/entries?after=3", headers, has_body=True)
    assert (found.device, found.created, found.nonce) == ("tablet-1", 1700000000, "n" * 22)
    found.check(KEY.public)
    check_digest(headers, b"body")


def test_the_digest_is_rfc_9530s():
    # RFC 9530 appendix B.1's value for this body
    assert content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_the_example_key_of_rfc_9421_signs_its_example_base():
    # RFC 9421 §B.2.6 (ed25519, key test-key-ed25519)
    pem = (
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n"
        "-----END PRIVATE KEY-----\n"
    )
    seed = load_pem_private_key(pem.encode(), None).private_bytes_raw()
    base = (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n'
        '"content-type": application/json\n"content-length": 18\n"@signature-params": ("date" "@method" '
        '"@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
    )
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(SigningKey.from_seed(seed).sign_bare(base.encode())).decode() == expected


@pytest.mark.parametrize(
    "method, target, changes",
    [
        ("GET", "/v1/entries?after=3", {}),
        ("POST", "/v1/entries?after=4", {}),
        ("POST", "/v1/entries", {}),
        ("POST", "/v1/objects?after=3", {}),
        ("POST", "/v1/entries?after=3", {"doorstep-workspace": "org-2"}),
        ("POST", "/v1/entries?after=3", {"content-digest": content_digest(b"other")}),
    ],
)
def test_whatever_is_covered_cannot_change(method, target, changes):
    found = read_signature(method, target, {**signed(), **changes}, has_body=True)
    assert code_of(found.check, KEY.public) == "server.signature_wrong"


def test_another_body_is_noticed():
    assert code_of(check_digest, signed(), b"other") == "server.digest_wrong"


def test_no_signature():
    assert code_of(read_signature, "GET", "/v1/roster", {}, has_body=False) == "server.unsigned"


@pytest.mark.parametrize(
    "old, new",
    [
        ('"@query" ', ""),
        (' "content-digest"', ""),
        ('"@method"', '"@method" "@method"'),
        ('alg="ed25519"', 'alg="rsa-v1_5-sha256"'),
        (';tag="doorstep"', ""),
        (";created=1700000000", ";created=1700000000;created=1"),
        (";created=1700000000", ';created="now"'),
        ("n" * 22, "short"),
        ('keyid="tablet-1"', 'keyid="no such name"'),
        ("sig1=", "sig2="),
        ('"@path"', '"@path" "x-other"'),
    ],
)
def test_less_or_more_than_the_profile_is_refused(old, new):
    headers = signed()
    headers["signature-input"] = headers["signature-input"].replace(old, new)
    assert code_of(read_signature, "POST", "/v1/entries?after=3", headers, has_body=True) in (
        "server.signature_malformed",
    )


def test_a_header_that_must_be_covered_cannot_be_added_later():
    headers = {**signed(), "range": "bytes=0-1"}
    assert (
        code_of(read_signature, "POST", "/v1/entries?after=3", headers, has_body=True)
        == "server.signature_malformed"
    )


def test_a_body_without_a_digest_is_refused():
    headers = signed(body=b"")
    assert (
        code_of(read_signature, "POST", "/v1/entries?after=3", headers, has_body=True)
        == "server.signature_malformed"
    )
