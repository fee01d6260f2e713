"""Languages of the screen and lazy sentences for places that do not know the web.

Indonesian is the source text; Sundanese and English are catalogues. A missing translation shows
Indonesian, never a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import Babel, LazyString, force_locale, get_locale, get_translations, lazy_gettext
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

LANGUAGES: Final = {"id": "Bahasa Indonesia", "su": "Basa Sunda", "en": "English"}
DEFAULT_LANGUAGE: Final = "id"
LANGUAGE_PARAMETER: Final = "bahasa"

babel = Babel()


def say(text: str, **values: object) -> LazyString:
    """A sentence to be translated when it is shown; usable where no request is at hand."""
    return lazy_gettext(text, **values)


def chosen_language() -> str | None:
    """The language named in the address, or None. Strangers carry it in links, never in a cookie."""
    if not has_request_context() or LANGUAGE_PARAMETER not in request.args:
        return None
    code = request.args[LANGUAGE_PARAMETER]
    return code if code in LANGUAGES else None


def page_language() -> str:
    """The language of the running answer: from the address, else the account's, else Indonesian."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        g.language = chosen_language() or getattr(current_user, "language", None) or DEFAULT_LANGUAGE
    return str(g.language)


def indonesian_beside(text: object) -> str:
    """The Indonesian wording of a legal text, to stand beside its translation; '' on Indonesian pages.

    Consents and notices bind in Indonesian, and the Sundanese catalogue waits for a native speaker's eye.
    """
    if page_language() == DEFAULT_LANGUAGE or not isinstance(text, LazyString):
        return ""
    with force_locale(DEFAULT_LANGUAGE):
        return str(text)


def formatting_locale() -> str:
    """Locale for dates and numbers: one of LANGUAGES."""
    locale = get_locale()
    return str(locale.language) if locale is not None else DEFAULT_LANGUAGE


def switch_language_url(code: str) -> str:
    """The running address in another language; home from an error page, which must not tell what was asked for."""
    if not request.endpoint or request.method != "GET" or g.get("on_error_page"):
        return url_for("cooperatives.home", bahasa=code)
    return this_address({LANGUAGE_PARAMETER: code})


def this_address(changed: Mapping[str, object | None]) -> str:
    """The running address with some parameters changed, or left out where the new value is None."""
    # Flask's url_for would do; but it looks for the rule of an address that we have already, twenty microseconds each
    if "this_address" not in g:
        g.this_address = (
            quote(request.root_path + request.path, safe=_SAFE_IN_PATHS),
            _pairs(request.args.to_dict(flat=False)),
        )
    path, given = g.this_address
    pairs = "&".join(filter(None, {**given, **_pairs(changed)}.values()))
    return f"{path}?{pairs}" if pairs else path


def _pairs(parameters: Mapping[str, object | None]) -> dict[str, str]:
    """Each parameter as it stands in an address; '' for one that is left out."""
    return {
        name: "" if value is None else urlencode({name: value}, doseq=True)
        for name, value in parameters.items()
    }


_SAFE_IN_PATHS: Final = "!$&'()*+,/:;=@~"


def _carry_language(endpoint: str, values: dict[str, Any]) -> None:
    """url_defaults: the language of a stranger travels in every link."""
    code = chosen_language()
    if code and code != DEFAULT_LANGUAGE and not endpoint.startswith("offline."):
        values.setdefault(LANGUAGE_PARAMETER, code)


@pass_eval_context
def translate(context: EvalContext, text: str, **values: object) -> str:
    """``_()`` of templates. Looks every sentence up once per process and language, not once per page.

    A page has thirty to a hundred sentences, and the library's own way costs more than the whole query of a list.
    As there, every sentence is a format string: a percent sign is written twice.
    """
    return _translated(formatting_locale(), context, text, values)


def translator() -> Callable[..., str]:
    """``translate`` for one page, whose language is asked for once."""
    language = formatting_locale()

    @pass_eval_context
    def translate_here(context: EvalContext, text: str, **values: object) -> str:
        return _translated(language, context, text, values)

    return translate_here


def _translated(language: str, context: EvalContext, text: str, values: Mapping[str, object]) -> str:
    found = _sentences.get((language, text))
    if found is None:
        sentence = Markup(get_translations().ugettext(text))  # noqa: S704 - ours
        found = _sentences[language, text] = sentence, None if "%(" in sentence else sentence % {}
    sentence, finished = found
    if not context.autoescape:
        return str(sentence) % values
    return sentence % values if finished is None else finished


# (language, source text) -> the sentence, and itself once more where nothing has to be put in
_sentences: dict[tuple[str, str], tuple[Markup, Markup | None]] = {}


def install(app: Flask) -> None:
    """Choose the language per request and carry it in links."""
    babel.init_app(app, locale_selector=page_language)
    app.jinja_env.globals.update(_=translate, gettext=translate)
    app.url_defaults(_carry_language)
