"""What every template may use: words, dates, the office, the person, the assets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, current_app
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from werkzeug.local import LocalProxy

from app.core import assets, cross_site, kept_parts, language, words
from app.core.access import Access, current_actor
from app.core.owner import form_owner
from app.core.values import phone_display, phone_masked


def _csrf_needed() -> bool:
    return cross_site.token_needed(current_actor().is_authenticated)


def _localized(function: Callable[..., str]) -> Callable[..., str]:
    """A filter of words.py in the language of the page."""

    def apply(value: Any) -> str:
        return "" if value is None else function(value, language.formatting_locale())

    return apply


def _lazy_module(environment: Environment, template: str) -> Any:
    """Macros of ``template`` under one global: blocks rendered alone do not see imports of the page."""
    return environment.get_template(template).module


def _known_once() -> dict[str, Any]:
    """What a page asks for again and again, looked up once for it. Macros see the globals of the same names."""
    return {
        "actor": current_actor(),
        "office": current_app.config["SETTINGS"].office,
        "page_language": language.page_language(),
        "kept_part": kept_parts.kept_parts(),
        "_": language.translator(),
    }


def install(app: Flask) -> None:
    """Register globals and filters."""
    kept_parts.install(app)
    app.context_processor(_known_once)
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.globals.update(
        Access=Access,
        actor=LocalProxy(current_actor),
        office=LocalProxy(lambda: current_app.config["SETTINGS"].office),
        service_worker=app.config["SETTINGS"].service_worker,
        practice_mode=app.config["SETTINGS"].practice_mode,
        page_language=LocalProxy(language.page_language),
        asset=assets.asset,
        stylesheet=lambda *name: Markup(assets.stylesheet(*name)),  # noqa: S704 - our own built file
        csrf_token=cross_site.form_token,
        csrf_needed=_csrf_needed,
        form_owner=form_owner,
        indonesian=language.indonesian_beside,
        languages=language.LANGUAGES,
        switch_language_url=language.switch_language_url,
    )
    env.filters.update(
        tanggal=_localized(words.date_long),
        hari_pendek=_localized(words.day_short),
        tanggal_pendek=_localized(words.date_short),
        waktu=_localized(words.datetime_wib),
        jam=_localized(words.time_wib),
        angka=_localized(words.number),
        rupiah=_localized(words.rupiah),
        telepon=phone_display,
        telepon_samar=phone_masked,
    )
    env.globals["ui"] = LazyMacros(partial(_lazy_module, env, "shared/ui.html"))
    env.globals["field"] = LazyMacros(partial(_lazy_module, env, "shared/fields.html"))


class LazyMacros:
    """Macros of one template, loaded at first use (templates need the finished environment)."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._load(), name)
        if not current_app.jinja_env.auto_reload:
            self.__dict__[name] = macro  # asked for twenty times on a page
        return macro
