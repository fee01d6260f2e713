"""Settings: what would be unsafe is refused, with a sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import BadSetting, Settings, is_loopback, read_settings

SAFE = {"PUBLIC_URL": "https://kopukm.example", "TRUSTED_HOSTS": "kopukm.example"}


def settings(tmp_path: Path, **environ: str) -> Settings:
    """Settings of an instance folder of its own."""
    return read_settings({"INSTANCE_PATH": str(tmp_path), **environ})


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"PUBLIC_URL": "http://kopukm.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://192.0.2.7:8000"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://127.0.0.1.evil.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "ftp://kopukm.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "kopukm.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://kopukm.example"}, "TRUSTED_HOSTS"),
        ({"PUBLIC_URL": "https://kopukm.example", "TRUSTED_HOSTS": " , "}, "TRUSTED_HOSTS"),
        ({**SAFE, "SECRET_KEY": "x" * 31}, "SECRET_KEY"),
        ({**SAFE, "SECRET_KEY": "dev"}, "SECRET_KEY"),
        ({"HOST": "0.0.0.0", "RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"HOST": "192.0.2.7", "RATE_LIMITS": "10"}, "RATE_LIMITS"),
        ({"HOST": "kopukm.example", "RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"RATE_LIMITS": "many"}, "RATE_LIMITS"),
        ({"RATE_LIMITS": "-1"}, "RATE_LIMITS"),
        ({"RATE_LIMITS": "nan"}, "RATE_LIMITS"),
        ({"HOST": "::", "CLOCK": "2026-12-01T09:00+07:00"}, "CLOCK"),
        ({"CLOCK": "2026-12-01T09:00"}, "CLOCK"),
        ({"CLOCK": "tomorrow"}, "CLOCK"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"WEB_THREADS": "0"}, "WEB_THREADS"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"DECISION_DAYS": "0"}, "DECISION_DAYS"),
        ({"DATABASE_URL": "postgres://x@y/z"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://x@y/z"}, "DATABASE_URL"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=rf"^{named}: "):
        settings(tmp_path, **environ)


def test_nothing_set_is_safe_on_loopback(tmp_path: Path) -> None:
    found = settings(tmp_path)
    assert (found.host, found.port, found.cookie_name, found.secure) == ("127.0.0.1", 8000, "sid", False)
    assert found.rate_limits == 1.0
    assert found.trusted_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert found.database_url == f"sqlite:///{tmp_path}/kop-ukm.sqlite3"


def test_https_brings_the_strict_cookie(tmp_path: Path) -> None:
    found = settings(tmp_path, **SAFE)
    assert (found.cookie_name, found.secure, found.trusted_hosts) == ("__Host-sid", True, ("kopukm.example",))


def test_plain_http_is_fine_on_loopback(tmp_path: Path) -> None:
    assert settings(tmp_path, PUBLIC_URL="http://127.0.0.1:8710/").public_url == "http://127.0.0.1:8710"


def test_trials_are_fine_on_loopback(tmp_path: Path) -> None:
    found = settings(tmp_path, RATE_LIMITS="off", CLOCK="2026-12-01T09:00+07:00")
    assert found.rate_limits == 0.0
    assert found.clock is not None
    assert settings(tmp_path, RATE_LIMITS="2.5").rate_limits == 2.5


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = settings(tmp_path).secret_key, settings(tmp_path).secret_key
    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_office_is_a_setting(tmp_path: Path) -> None:
    found = settings(tmp_path, OFFICE_PHONE="(021) 555 01").office
    assert (found.phone_display, found.phone_tel) == ("(021) 555 01", "tel:+622155501")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.8.9.1", True),
        ("[::1]", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("127.0.0.1.example", False),
        ("", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
