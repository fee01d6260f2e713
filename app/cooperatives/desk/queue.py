"""The queue: what waits, the oldest first; and whom to tell."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, current_app, request, url_for

from app.cooperatives import room
from app.cooperatives.queries.desk import Box, QueueFilter, count_queue_for, list_queue_for, list_to_tell_for
from app.core.access import Access, Actor, current_actor
from app.core.language import say
from app.core.page import page
from app.core.paging import page_number
from app.regions.queries import list_kecamatan
from app.registry.deciding_rules import KIND_WORDS
from app.registry.rules import SubmissionKind


@room.get("/petugas/koperasi", access=Access.READ_COOPERATIVES)
def desk_queue() -> Response:
    """Submissions of the own areas. ``?kotak=`` box, ``jenis=`` kind, ``kecamatan=``, ``meja=dinas``."""
    actor = current_actor()
    wanted = _wanted()
    counts = count_queue_for(actor)
    return page(
        "cooperatives/desk_queue.html",
        fragments=("queue",),
        wanted=wanted,
        counts=counts,
        rows=list_queue_for(actor, wanted, page_number()),
        tabs=[
            (text, _address(box=box.value), box is wanted.box, n)
            for (box, text), n in zip(_BOX_WORDS, (counts.waiting, counts.returned, None), strict=True)
        ],
        kinds=[(kind.value, words, counts.kinds.get(kind, 0)) for kind, words in KIND_WORDS.items()],
        kecamatan=kecamatan_of(actor),
        kind_words=KIND_WORDS,
        decision_days=current_app.config["SETTINGS"].decision_days,
    )


def _wanted() -> QueueFilter:
    kind, box = request.args.get("jenis", ""), request.args.get("kotak") or request.args.get("status", "")
    return QueueFilter(
        box=Box(box) if box in set(Box) else Box.WAITING,
        kind=SubmissionKind(kind) if kind in set(SubmissionKind) else None,
        kecamatan_code=request.args.get("kecamatan", "")[:8] or None,
        dinas=request.args.get("meja") == "dinas",
    )


def _address(box: str) -> str:
    kept: dict[str, Any] = {
        n: v for n, v in request.args.items() if n in {"jenis", "kecamatan", "meja"} and v
    }
    return url_for("cooperatives.desk_queue", kotak=box, **kept)


_BOX_WORDS: Final = (
    (Box.WAITING, say("Menunggu")),
    (Box.RETURNED, say("Dikembalikan")),
    (Box.DONE, say("Sudah diputuskan")),
)


def kecamatan_of(actor: Actor) -> list[tuple[str, str]]:
    """The kecamatan that this person sees, to choose from."""
    return [(row.code, row.name) for row in list_kecamatan() if actor.covers(row.code)]


@room.get("/petugas/kabari", access=Access.CONTACT_COOPERATIVE)
def desk_to_tell() -> Response:
    """Decisions whose senders were not told yet."""
    return page(
        "cooperatives/desk_to_tell.html",
        rows=list_to_tell_for(current_actor(), page_number()),
        kind_words=KIND_WORDS,
    )
