"""Who may knock on which door.

Three layers, each in one place: the power a route names (here), the rows a person may see (``*_for(actor)`` in
each room's queries), and whether the deed is allowed now (each room's rules). There is no default: a route
without ``access=`` is a TypeError at import, and a rule that came in around ``Room`` stops ``create_app``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import Any, Final, TypeVar, cast

from flask import Blueprint, Flask, abort, current_app, g, request
from flask_babel import LazyString
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

View = TypeVar("View", bound=Callable[..., Any])

login_manager = LoginManager()

# app.extensions entry: makes the answer to a stranger at a guarded door; set by the room of accounts
SIGN_IN_ANSWER: Final = "kop_ukm_sign_in_answer"


class Role(StrEnum):
    """Roles of the office's decree (contract.md section 2); values are stored."""

    ADMINISTRATOR = "administrator"
    OFFICER = "officer"
    CO_ADMINISTRATOR = "co_administrator"
    COMPANION = "companion"
    EXPERT = "expert"
    MEDIA = "media"
    LEADER = "leader"
    EVALUATOR = "evaluator"
    MEMBER = "member"


class Section(StrEnum):
    """The two sections of the office: cooperatives (KPK) and micro businesses (PUM)."""

    KPK = "kpk"
    PUM = "pum"


class Access(StrEnum):
    """Powers. A route names exactly one."""

    PUBLIC = "public"
    OWN_ACCOUNT = "own_account"
    DESK = "desk"
    READ_COOPERATIVES = "read_cooperatives"
    ASSIST_ENTRY = "assist_entry"
    VERIFY_COOPERATIVE = "verify_cooperative"
    CONTACT_COOPERATIVE = "contact_cooperative"
    EDIT_COOPERATIVE = "edit_cooperative"
    MERGE_COOPERATIVES = "merge_cooperatives"
    IMPORT_COOPERATIVES = "import_cooperatives"
    EXPORT_COOPERATIVES = "export_cooperatives"
    EXPORT_PERSONAL = "export_personal"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CALENDAR = "manage_calendar"
    MANAGE_CLINIC = "manage_clinic"
    SERVE_CLINIC = "serve_clinic"
    ADVISE = "advise"
    SPREAD_WORD = "spread_word"
    READ_CLINIC = "read_clinic"


_EVERY_STAFF = {Access.OWN_ACCOUNT, Access.DESK}
_READER = _EVERY_STAFF | {Access.READ_COOPERATIVES}
_HELPER = _READER | {Access.ASSIST_ENTRY}
_PARTNER = _HELPER | {
    Access.VERIFY_COOPERATIVE,  # only when the decree says so: Actor.may asks
    Access.CONTACT_COOPERATIVE,
    Access.EDIT_COOPERATIVE,
    Access.EXPORT_COOPERATIVES,
}
_CLINIC = {Access.SERVE_CLINIC, Access.ADVISE, Access.READ_CLINIC}  # the day's desk, sessions, its numbers
_OFFICER = (
    _PARTNER | _CLINIC | {Access.MERGE_COOPERATIVES, Access.IMPORT_COOPERATIVES, Access.EXPORT_PERSONAL}
)

POWERS: Final[dict[Role, frozenset[Access]]] = {
    Role.ADMINISTRATOR: frozenset(set(Access) - {Access.PUBLIC}),
    Role.OFFICER: frozenset(_OFFICER),
    Role.CO_ADMINISTRATOR: frozenset(_PARTNER),
    Role.COMPANION: frozenset(_HELPER),
    Role.EXPERT: frozenset(_EVERY_STAFF | {Access.ADVISE}),
    Role.MEDIA: frozenset(_EVERY_STAFF | {Access.SPREAD_WORD}),
    Role.LEADER: frozenset(_READER | {Access.EXPORT_COOPERATIVES, Access.READ_CLINIC}),
    Role.EVALUATOR: frozenset(_EVERY_STAFF),
    Role.MEMBER: frozenset({Access.OWN_ACCOUNT}),
}

# Deeds of the cooperatives' section; an officer of the other section only reads.
_KPK_ONLY: Final = frozenset(
    {
        Access.VERIFY_COOPERATIVE,
        Access.CONTACT_COOPERATIVE,
        Access.EDIT_COOPERATIVE,
        Access.MERGE_COOPERATIVES,
        Access.IMPORT_COOPERATIVES,
        Access.EXPORT_PERSONAL,
    }
)


@dataclass(frozen=True)
class Actor:
    """The person behind a request, with the powers of this day (role, areas, decree dates, stand-in already weighed).

    ``everywhere``: sees the whole kabupaten; otherwise only ``kecamatan_codes``. ``may_decide``: the decree of a
    co-administrator allows decisions. ``stepped_up``: second factor given within the last ten minutes.
    ``extra_powers``: what a stand-in holds for the absent one beyond the own role. An account outside the dates of
    its decree has no role today: only the own account stays open.
    """

    account_id: int | None = None
    name: str = ""
    role: Role | None = None
    section: Section | None = None
    kecamatan_codes: frozenset[str] = field(default_factory=frozenset)
    everywhere: bool = False
    may_decide: bool = False
    language: str | None = None
    session_id: int | None = None
    has_second_factor: bool = False
    stepped_up: bool = False
    extra_powers: frozenset[Access] = field(default_factory=frozenset)

    @property
    def is_authenticated(self) -> bool:
        """Signed in (asked by Flask-Login)."""
        return self.account_id is not None

    @property
    def is_active(self) -> bool:
        """Disabled accounts never become an Actor."""
        return self.is_authenticated

    @property
    def is_anonymous(self) -> bool:
        """A stranger."""
        return not self.is_authenticated

    def get_id(self) -> str:
        """Identity for Flask-Login."""
        return str(self.account_id)

    def may(self, access: Access) -> bool:
        """True when this person holds the power ``access`` today."""
        if access is Access.PUBLIC or access in self.extra_powers:
            return True
        if access is Access.OWN_ACCOUNT:
            return self.is_authenticated
        if self.role is None or access not in POWERS[self.role]:
            return False
        if self.role is Role.OFFICER and access in _KPK_ONLY:
            return self.section is Section.KPK
        if self.role is Role.CO_ADMINISTRATOR and access is Access.VERIFY_COOPERATIVE:
            return self.may_decide
        return True

    def covers(self, kecamatan_code: str) -> bool:
        """True when ``kecamatan_code`` lies in this person's area."""
        return self.everywhere or kecamatan_code in self.kecamatan_codes


ANONYMOUS: Final = Actor()


def current_actor() -> Actor:
    """The person behind the running request (ANONYMOUS for a stranger)."""
    return cast(Actor, current_user._get_current_object())


class Room(Blueprint):
    """A blueprint whose routes cannot be declared without naming a power."""

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Declare a route. ``access`` is required; TypeError without it.

        A public route that takes POST says too whether it takes submissions (``submission=True``: a form of
        contract.md section 5, answered by ``answer_form``). Those may come sealed, and be carried by others.
        The form's name instead of ``True`` is what the desk calls it where it does not see what is in it.
        """
        access = options.pop("access", None)
        if not isinstance(access, Access):
            raise TypeError(f"{self.name}: the route {rule} names no access=")
        submission = options.pop("submission", None)
        if submission is None and access is Access.PUBLIC and "POST" in options.get("methods", ()):
            raise TypeError(f"{self.name}: the public route {rule} takes POST; name submission=True or False")

        def declare(view: View) -> View:
            guarded = _guarded(view, access, submission=submission or False)
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(rule, endpoint, guarded, **options)
            return view

        return declare

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A page."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[View], View]:
        """A deed."""
        return self.route(rule, methods=["POST"], **options)


def _guarded(view: View, access: Access, *, submission: bool | LazyString) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return current_app.ensure_sync(view)(*args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    guarded.submission = submission  # type: ignore[attr-defined]
    return cast(View, guarded)


class UnguardedRoute(RuntimeError):
    """An address of the application names no power."""


def access_of(app: Flask, endpoint: str) -> Access | None:
    """The power that ``endpoint`` asks for (None: unguarded)."""
    return cast("Access | None", getattr(app.view_functions.get(endpoint), "access", None))


def takes_submissions(app: Flask, endpoint: str) -> bool:
    """True when ``endpoint`` is a form whose sending makes, or mends, a submission."""
    return bool(getattr(app.view_functions.get(endpoint), "submission", False))


def form_name(app: Flask, endpoint: str) -> str:
    """What people call the form at ``endpoint``; '' where it has no name of its own."""
    found = getattr(app.view_functions.get(endpoint), "submission", False)
    return "" if isinstance(found, bool) else str(found)


def refuse_unguarded_routes(app: Flask) -> None:
    """Raise UnguardedRoute when any rule of the url map names no power. Called last in create_app."""
    missing = sorted(rule.rule for rule in app.url_map.iter_rules() if access_of(app, rule.endpoint) is None)
    if missing:
        raise UnguardedRoute(", ".join(missing))


def check_access() -> BaseResponse | None:
    """before_request: deny by default, ask strangers to sign in, tell others that it is not theirs."""
    if current_app.config["SID_COOKIE"] not in request.cookies:
        g._login_user = ANONYMOUS  # Flask-Login would take the hash of the browser's name before it sees that
    if request.endpoint is None:
        return None  # 404 or 405 comes anyway
    access = access_of(current_app, request.endpoint)
    if access is None:
        abort(403)
    if access is Access.PUBLIC:
        return None
    actor = current_actor()
    if actor.may(access):
        return None
    if actor.is_authenticated:
        abort(403)
    return ask_to_sign_in()


def ask_to_sign_in() -> BaseResponse:
    """401 for the outbox and for machines (a sign-in page must never pass for a receipt), else the room's page."""
    if "X-Outbox" in request.headers or "application/json" in request.headers.get("Accept", ""):
        abort(401)
    answer: Callable[[], BaseResponse] = current_app.extensions[SIGN_IN_ANSWER]
    return answer()
