"""create_app(): the only place that knows every room."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app.config import Settings, read_settings
from app.core import (
    access,
    assets,
    background,
    clock,
    cross_site,
    crypt,
    errors,
    headers,
    kept,
    key_commands,
    language,
    logs,
    migrating,
    owner,
    screen,
    sealed_form,
    transaction,
)
from app.core.db import db

ROOMS = (
    "regions",
    "accounts",
    "registry",
    "imports",
    "cooperatives",
    "clinic",
    "staff",
    "offline",
)

PROJECT = Path(__file__).parent.parent
MAX_UPLOAD_BYTES = 10 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application. Raises BadSetting or UnguardedRoute rather than start unsafely."""
    settings = settings or read_settings()
    settings.instance_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask(__name__, instance_path=str(settings.instance_path), static_folder=None)
    _configure(app, settings)
    logs.install(app)
    _open_database(app, settings)
    _install_core(app)
    _furnish_rooms(app)
    access.refuse_unguarded_routes(app)
    _stand_in_front(app, settings)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    clock.start_at(settings.clock)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_NAME="__Host-form" if settings.secure else "form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SID_COOKIE=settings.cookie_name,
        PREFERRED_URL_SCHEME="https" if settings.secure else "http",
        BABEL_DEFAULT_LOCALE=language.DEFAULT_LANGUAGE,
        BABEL_DEFAULT_TIMEZONE="Asia/Jakarta",
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
        COMPRESS_ALGORITHM=[
            "br",
            "zstd",
            "gzip",
        ],  # its own order prefers zstd, which is a fifth larger here
        COMPRESS_BR_LEVEL=5,
        COMPRESS_BR_WINDOW=17,  # 128 KB holds every page; the default of 4 MB is taken by each thread
        COMPRESS_MIN_SIZE=400,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,  # who opens a form gets a fresh one: headers.keep_on_phone
        COMPRESS_MIMETYPES=[
            "text/html",
            "application/json",
            "text/csv",
            "image/svg+xml",
            "application/manifest+json",
        ],
    )


def _engine_options(settings: Settings) -> dict[str, object]:
    """The connection used last is used next: it has its pages and its prepared statements at hand."""
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False}, "pool_use_lifo": True}
    return {"pool_size": settings.web_threads, "max_overflow": 4, "pool_use_lifo": True}


def _open_database(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    migrating.install(app, PROJECT / "migrations")
    app.extensions[crypt.EXTENSION] = crypt.KeyFile(settings.instance_path)
    with app.app_context():
        transaction.tune(db.engine)


def _install_core(app: Flask) -> None:
    errors.install(app)
    headers.install(app)
    cross_site.install(app)
    access.login_manager.init_app(app)
    language.install(app)
    screen.install(app)
    background.install(app)
    key_commands.install(app)
    Compress(app)
    app.before_request(access.check_access)
    app.before_request(cross_site.check_cross_site)
    app.before_request(sealed_form.open_sealed_form)
    app.before_request(owner.check_owner)


def _furnish_rooms(app: Flask) -> None:
    """Register every room's doors and commands."""
    for name in ROOMS:
        module = import_module(f"app.{name}")
        app.register_blueprint(module.room)
        furnish = getattr(module, "furnish", None)
        if furnish is not None:
            furnish(app)


def _stand_in_front(app: Flask, settings: Settings) -> None:
    """Kept answers; static files by WhiteNoise; proxies only as many as configured."""
    with app.app_context():
        sign = kept.Sign(db.engine)
    app.wsgi_app = kept.KeptAnswers(app, app.wsgi_app, sign)  # type: ignore[method-assign]
    noise = WhiteNoise(
        app.wsgi_app,
        root=str(assets.DIST),
        prefix="static/",
        max_age=3600,
        immutable_file_test=assets.is_immutable,
        add_headers_function=assets.add_static_headers,
    )
    app.wsgi_app = noise  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
