"""Which kecamatan are far from the office: by the centres of the kecamatan, as the crow flies."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clinic.queries.timetable import number
from app.clinic.rules.fairness import OFFICE_KECAMATAN, is_far
from app.clinic.rules.settings import FAR_KM
from app.regions.models import Kecamatan

_MOST = 200


def far_kecamatan(session: Session) -> dict[str, str]:
    """Code -> name, in the order of names, of those farther away than the office's number of kilometres."""
    rows = session.execute(
        select(Kecamatan.code, Kecamatan.name, Kecamatan.latitude, Kecamatan.longitude)
        .order_by(Kecamatan.name)
        .limit(_MOST)
    ).all()
    at = {code: (latitude, longitude) for code, _name, latitude, longitude in rows}
    office, least = at.get(OFFICE_KECAMATAN), number(session, FAR_KM)
    if office is None:
        return {}
    return {code: name for code, name, *_at in rows if is_far(office, at[code], least)}
