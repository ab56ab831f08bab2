"""Device keys: what is kept, what leaves the device, what never shows."""

import json

import pytest

from app.crypto.device import DeviceKeys, new_device
from app.protocol.errors import Problem


def test_round_trip() -> None:
    keys = new_device("member-1", "supervisor")
    assert DeviceKeys.from_json(json.loads(json.dumps(keys.to_json()))) == keys


def test_only_the_public_half_leaves() -> None:
    keys = new_device("member-1", "fieldworker")
    body = keys.statement_body()
    assert set(body) == {"device", "member", "role", "sign_key", "recipient"}
    kept = json.dumps(keys.to_json())
    for secret in (keys.to_json()["signing"], str(keys.identity)):
        assert secret in kept and secret not in json.dumps(body) and secret not in repr(keys)


def test_devices_differ_and_say_nothing() -> None:
    ids = {new_device("member-1", "fieldworker").device_id for _ in range(50)}
    assert len(ids) == 50 and all("member" not in device for device in ids)
    with pytest.raises(ValueError):
        new_device("Familia Exemplu 12", "fieldworker")


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"role": "boss"},
        {"signing": "AAAA"},
        {"signing": 5},
        {"identity": "age1"},
        {"identity": None},
    ],
)
def test_misshapen_keys(change: dict[str, object]) -> None:
    kept = new_device("member-1", "fieldworker").to_json()
    with pytest.raises(Problem, match=r"crypto\.bad_key"):
        DeviceKeys.from_json({**kept, **change})
    for wrong in (None, [], "", {}):
        with pytest.raises(Problem, match=r"crypto\.bad_key"):
            DeviceKeys.from_json(wrong)
