"""Settings, read from the environment once at start. Each is documented in the README (a test compares).

The application refuses to start with a setting that would be unsafe, and says which and why.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A setting is missing or unsafe; the message names it and says what to do."""


@dataclass(frozen=True)
class Office:
    """What the foot of every page says about the office."""

    name: str
    address: str
    phone_display: str
    email: str
    hours: str
    whatsapp: str

    @property
    def phone_tel(self) -> str:
        """The telephone number as a tel: address."""
        digits = "".join(c for c in self.phone_display if c.isdigit())
        return "tel:+62" + digits.removeprefix("0")


@dataclass(frozen=True)
class Settings:
    """All settings. ``secure`` is true behind https, where cookies carry the __Host- prefix."""

    database_url: str
    instance_path: Path
    host: str
    port: int
    web_threads: int
    public_url: str
    trusted_hosts: tuple[str, ...]
    trusted_proxies: int
    secret_key: str
    rate_limits: float
    clock: datetime | None
    practice_mode: bool
    decision_days: int
    most_waiting: int
    service_worker: bool
    office: Office

    @property
    def secure(self) -> bool:
        """True when the public address is https."""
        return self.public_url.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """Name of the session cookie."""
        return "__Host-sid" if self.secure else "sid"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``environ`` (default: the process environment). Raises BadSetting."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("INSTANCE_PATH") or Path(__file__).parent.parent / "instance").resolve()
    public_url = env.get("PUBLIC_URL", "").rstrip("/")
    host = env.get("HOST", "127.0.0.1")
    settings = Settings(
        database_url=env.get("DATABASE_URL") or f"sqlite:///{instance / 'kop-ukm.sqlite3'}",
        instance_path=instance,
        host=host,
        port=_whole_number(env, "PORT", 8000, 0, 65535),
        web_threads=_whole_number(env, "WEB_THREADS", 8, 1, 256),
        public_url=public_url,
        trusted_hosts=_trusted_hosts(env.get("TRUSTED_HOSTS", ""), public_url, host),
        trusted_proxies=_whole_number(env, "TRUSTED_PROXIES", 0, 0, 5),
        secret_key=_secret_key(env.get("SECRET_KEY", ""), instance),
        rate_limits=_rate_limits(env.get("RATE_LIMITS", "on"), host),
        clock=_clock(env.get("CLOCK", ""), host),
        practice_mode=env.get("PRACTICE_MODE", "off") == "on",
        decision_days=_whole_number(env, "DECISION_DAYS", 3, 1, 60),
        most_waiting=_whole_number(env, "MOST_WAITING", 20_000, 1, 10_000_000),
        service_worker=env.get("SERVICE_WORKER", "on") != "off",
        office=_office(env),
    )
    if settings.database_url.startswith(("postgres://", "postgresql://")):
        raise BadSetting("DATABASE_URL: write postgresql+psycopg://user@host/name")
    return settings


def _whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdigit() or not least <= int(text) <= most:
        raise BadSetting(f"{name}: a whole number from {least} to {most}")
    return int(text)


def is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _trusted_hosts(text: str, public_url: str, host: str) -> tuple[str, ...]:
    hosts = tuple(name.strip() for name in text.split(",") if name.strip())
    if public_url:
        parts = urlsplit(public_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            raise BadSetting(
                "PUBLIC_URL: passwords must not travel in the open; use https://, or http:// on loopback"
            )
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadSetting("PUBLIC_URL: write it like https://kopukm.example")
        if parts.scheme == "https" and not hosts:
            raise BadSetting(
                "TRUSTED_HOSTS: needed with an https PUBLIC_URL; name the hosts this site answers to"
            )
    return hosts or ("localhost", "127.0.0.1", "[::1]")


def _secret_key(given: str, instance: Path) -> str:
    """The given key, or the one kept in the instance folder (made there on the first start)."""
    if given:
        if len(given) < 32:
            raise BadSetting("SECRET_KEY: at least 32 characters")
        return given
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another process was faster; its key is the key
    return path.read_text().strip()


def _rate_limits(text: str, host: str) -> float:
    """1.0 for on, 0.0 for off, else the multiplier of every limit."""
    if text in {"", "on"}:
        return 1.0
    if not is_loopback(host):
        raise BadSetting("RATE_LIMITS: anything but on is only for trials on a loopback HOST")
    if text == "off":
        return 0.0
    try:
        factor = float(text)
    except ValueError:
        raise BadSetting("RATE_LIMITS: on, off or a multiplier") from None
    if not 0 < factor <= 1_000_000:
        raise BadSetting("RATE_LIMITS: on, off or a multiplier")
    return factor


def _clock(text: str, host: str) -> datetime | None:
    if not text:
        return None
    if not is_loopback(host):
        raise BadSetting("CLOCK: only for trials on a loopback HOST")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadSetting("CLOCK: write it like 2026-12-01T09:00+07:00") from None
    if moment.tzinfo is None:
        raise BadSetting("CLOCK: with its offset, like 2026-12-01T09:00+07:00")
    return moment


def _office(env: Mapping[str, str]) -> Office:
    return Office(
        name=env.get("OFFICE_NAME", "Dinas Koperasi dan UKM Kabupaten Bogor"),
        address=env.get("OFFICE_ADDRESS", "Jl. KSR Dadi Kusmayadi, Kel. Tengah, Cibinong, Kabupaten Bogor"),
        phone_display=env.get("OFFICE_PHONE", "(021) 87929919"),
        email=env.get("OFFICE_EMAIL", "diskopukm@bogorkab.go.id"),
        hours=env.get("OFFICE_HOURS", "Senin-Kamis 08.00-16.00, Jumat 08.00-16.30 WIB"),
        whatsapp=env.get("OFFICE_WHATSAPP", ""),
    )
