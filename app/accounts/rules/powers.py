"""What a person may do today: own role, areas, dates of the decree, and standing in (Plh.) for others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.core.access import Access, Actor, Role, Section
from app.core.errors import RuleBroken
from app.core.language import say

# The weightier role gives its name to a person who holds two.
_WEIGHT: Final = (
    Role.MEMBER,
    Role.EVALUATOR,
    Role.MEDIA,
    Role.EXPERT,
    Role.COMPANION,
    Role.LEADER,
    Role.CO_ADMINISTRATOR,
    Role.OFFICER,
    Role.ADMINISTRATOR,
)
_SEES_EVERYTHING: Final = {Role.ADMINISTRATOR, Role.LEADER}
ROLES_WITH_SECTION: Final = frozenset({Role.OFFICER})
ROLES_WITH_AREAS: Final = frozenset({Role.OFFICER, Role.CO_ADMINISTRATOR, Role.COMPANION})
ROLES_THAT_NEED_AREAS: Final = frozenset({Role.CO_ADMINISTRATOR, Role.COMPANION})


@dataclass(frozen=True)
class Grant:
    """What the office gave one account."""

    role: Role
    section: Section | None = None
    kecamatan_codes: frozenset[str] = field(default_factory=frozenset)
    valid_from: date | None = None
    valid_until: date | None = None
    may_decide: bool = False

    def holds_on(self, day: date) -> bool:
        """True on the days of the decree, first and last included."""
        after_start = self.valid_from is None or self.valid_from <= day
        return after_start and (self.valid_until is None or day <= self.valid_until)

    @property
    def everywhere(self) -> bool:
        """Administrators, leaders, and officers without areas see the whole kabupaten."""
        return self.role in _SEES_EVERYTHING or (self.role is Role.OFFICER and not self.kecamatan_codes)

    def powers(self) -> frozenset[Access]:
        """Every power of this grant alone."""
        holder = Actor(account_id=0, role=self.role, section=self.section, may_decide=self.may_decide)
        return frozenset(access for access in Access if holder.may(access))


@dataclass(frozen=True)
class PowersToday:
    """The powers of one day, in the fields of ``Actor``."""

    role: Role | None = None
    section: Section | None = None
    kecamatan_codes: frozenset[str] = field(default_factory=frozenset)
    everywhere: bool = False
    may_decide: bool = False
    extra_powers: frozenset[Access] = field(default_factory=frozenset)


def powers_on(day: date, own: Grant, absent: Iterable[Grant] = ()) -> PowersToday:
    """The union of the own grant and of those one stands in for.

    Outside the dates of the own decree nothing is left, standing in included. Otherwise: areas together; the
    weightier role (the own one when equal) with its section; every power of either; all of them in all the areas.
    The last is wider than each decree alone. It is what Plh. means at the office: one person does the work of
    both, and every deed is written down under that person's own name.
    """
    if not own.holds_on(day):
        return PowersToday()
    grants = [own, *(g for g in absent if g.holds_on(day))]
    main = max(grants, key=lambda g: _WEIGHT.index(g.role))
    may_decide = any(g.may_decide for g in grants)
    together = frozenset[Access]().union(*(g.powers() for g in grants))
    flat = Grant(main.role, main.section, may_decide=may_decide)
    return PowersToday(
        role=main.role,
        section=main.section,
        kecamatan_codes=frozenset[str]().union(*(g.kecamatan_codes for g in grants)),
        everywhere=any(g.everywhere for g in grants),
        may_decide=may_decide,
        extra_powers=together - flat.powers(),
    )


def check_grant(grant: Grant) -> None:
    """Raise RuleBroken for a role, section, areas and dates that do not go together."""
    if grant.role in ROLES_WITH_SECTION and grant.section is None:
        raise RuleBroken("section", say("Pilih bidangnya: koperasi (KPK) atau usaha mikro (PUM)."))
    if grant.role in ROLES_THAT_NEED_AREAS and not grant.kecamatan_codes:
        raise RuleBroken("areas", say("Pilih paling sedikit satu kecamatan."))
    if grant.valid_from and grant.valid_until and grant.valid_until < grant.valid_from:
        raise RuleBroken("valid_until", say("Tanggal selesai harus sesudah tanggal mulai."))


def tidy_grant(grant: Grant) -> Grant:
    """Without what its role does not have: a section, areas, a decree's leave to decide."""
    return Grant(
        role=grant.role,
        section=grant.section if grant.role in ROLES_WITH_SECTION else None,
        kecamatan_codes=grant.kecamatan_codes if grant.role in ROLES_WITH_AREAS else frozenset(),
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        may_decide=grant.may_decide and grant.role is Role.CO_ADMINISTRATOR,
    )
