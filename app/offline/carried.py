"""Door for carried submissions: a neighbour's phone hands over what it cannot read (contract.md 6)."""

from __future__ import annotations

from typing import Final

from flask import Response, jsonify, make_response, request
from flask_babel import LazyString

from app.core.access import Access
from app.core.cross_site import token_missing
from app.core.errors import wants_json
from app.core.language import say
from app.core.page import page
from app.offline import room
from app.offline.carried_rules import CarriedItem
from app.offline.delivering import Delivery, Outcome, deliver, one_spelling

# heading, what to do
OUTCOME_WORDS: Final[dict[Outcome, tuple[LazyString, LazyString]]] = {
    Outcome.TAKEN: (say("Titipan sudah sampai"), say("Beri tahu pemiliknya: kirimannya sudah kami terima.")),
    Outcome.BEFORE: (say("Titipan ini sudah sampai sebelumnya"), say("Tidak ada yang dicatat dua kali.")),
    Outcome.NEEDS_OWNER: (
        say("Titipan ini perlu pemiliknya"),
        say(
            "Ada isian yang perlu dibetulkan, di HP yang dipakai mengisi. Isinya tidak kami tampilkan di sini."
        ),
    ),
    Outcome.UNREADABLE: (
        say("Titipan ini tidak terbaca"),
        say("Pindai atau salin sekali lagi seluruhnya. Kalau tetap gagal, formulirnya diisi lagi."),
    ),
    Outcome.NO_SUCH_FORM: (
        say("Titipan ini bukan untuk situs ini"),
        say("Alamat formulirnya tidak ada di sini. Pemiliknya perlu mengirim sendiri."),
    ),
    Outcome.LATER: (
        say("Belum bisa sekarang"),
        say("Tunggu sebentar, lalu kirim lagi. Titipannya tidak hilang."),
    ),
}
ONCE_MORE = (say("Tinggal satu langkah"), say("Tekan tombol Kirim sekali lagi."))


@room.post("/kiriman/titipan", access=Access.PUBLIC, submission=False)
def carried() -> Response:
    """Take a sealed submission from somebody who carries it. Tells whether it arrived, never what it says."""
    item = _sent_item()
    if token_missing():
        return _page(422, ONCE_MORE, item=item)
    if one_spelling(item.submission_id) is None or not item.sealed:
        return _answer(Delivery(item, Outcome.UNREADABLE, 422, error=Outcome.UNREADABLE))
    return _answer(deliver(item))


def _sent_item() -> CarriedItem:
    form = request.form
    return CarriedItem(
        address=form.get("address", ""),
        submission_id=form.get("submission_id", ""),
        form_version=_number(form.get("form_version", "")),
        filled_at=_number(form.get("filled_at", "")),
        sealed=form.get("sealed", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _answer(delivery: Delivery) -> Response:
    words = OUTCOME_WORDS[delivery.outcome]
    answer = _json(delivery, words[0]) if wants_json() else _page(delivery.status, words, delivery=delivery)
    if delivery.retry_after:
        answer.headers["Retry-After"] = delivery.retry_after
    return answer


def _json(delivery: Delivery, sentence: LazyString) -> Response:
    if delivery.arrived:
        replay = delivery.outcome is Outcome.BEFORE
        told = {"ok": True, "id": delivery.item.submission_id, "no": delivery.number, "replay": replay}
    else:
        told = {"ok": False, "error": delivery.error, "errors": {}, "message": str(sentence)}
    return make_response(jsonify(told), delivery.status)


def _page(
    status: int,
    words: tuple[LazyString, LazyString],
    *,
    delivery: Delivery | None = None,
    item: CarriedItem | None = None,
) -> Response:
    """For people. ``item``: it comes back with a button, to be sent once more."""
    if delivery is not None and delivery.outcome is Outcome.LATER:
        item = delivery.item
    number = delivery.number if delivery else ""
    return page("offline/carried.html", status=status, words=words, number=number, item=item)
