"""The start-up test: this machine passes, a weak one is refused with its reason."""

from datetime import UTC, datetime, timedelta

import cryptography
import pytest
from cryptography.exceptions import UnsupportedAlgorithm

from app.crypto.selftest import CHECKS, clock_is_sane, self_test
from app.protocol.errors import Problem

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_this_machine_passes() -> None:
    report = self_test(NOW)
    assert report.ok and report.missing == ()
    assert set(report.versions) == {"python", "platform", "cryptography", "openssl"}
    report.require()


def _absent() -> bool:
    raise UnsupportedAlgorithm("not here")


def _out_of_memory() -> bool:
    raise MemoryError


@pytest.mark.parametrize("name", sorted(CHECKS))
@pytest.mark.parametrize("check", [_absent, _out_of_memory, lambda: False])
def test_a_missing_primitive_is_named(name: str, check: object) -> None:
    report = self_test(NOW, checks={**CHECKS, name: check})  # type: ignore[dict-item]
    assert report.missing == (name,)
    with pytest.raises(Problem, match=r"crypto\.platform_too_weak") as caught:
        report.require()
    assert caught.value.detail["missing"] == name


def test_randomness_that_repeats_is_refused() -> None:
    assert self_test(NOW, random=bytes).missing == ("random numbers",)


def test_an_old_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cryptography, "__version__", "42.0.8")
    assert self_test(NOW).missing == ("cryptography 42.0.8",)


@pytest.mark.parametrize(
    ("now", "last_seen", "sane"),
    [
        (NOW, None, True),
        (datetime(1970, 1, 1, tzinfo=UTC), None, False),
        (datetime(2150, 1, 1, tzinfo=UTC), None, False),
        (NOW, NOW + timedelta(hours=20), True),
        (NOW, NOW + timedelta(days=3), False),
        (NOW, NOW - timedelta(days=300), True),
    ],
)
def test_the_clock(now: datetime, last_seen: datetime | None, sane: bool) -> None:
    assert clock_is_sane(now, last_seen) is sane
    report = self_test(now, last_seen=last_seen)
    if sane:
        report.require()
    else:
        with pytest.raises(Problem, match=r"crypto\.clock_wrong"):
            report.require()
