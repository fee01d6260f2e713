"""One shrunk photo of a decree: taken, sealed, shown to those who may see the record."""

from __future__ import annotations

import hashlib
import secrets
from typing import IO, TYPE_CHECKING

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.cooperatives import room
from app.cooperatives.desk.record import Sheet, record_url, show
from app.cooperatives.desk.subject import subject_or_404
from app.cooperatives.desk_forms import PhotoForm
from app.cooperatives.queries.desk_record import photo_for, photo_place
from app.core.access import Access, current_actor
from app.core.crypt import seal_bytes
from app.core.errors import RuleBroken, not_found
from app.core.language import say
from app.core.transaction import atomically
from app.registry.services.pictures import SealedPicture, add_picture

if TYPE_CHECKING:
    from app.core.pictures import Picture


@room.post("/petugas/koperasi/<code>/foto", access=Access.EDIT_COOPERATIVE)
def desk_add_photo(code: str) -> BaseResponse:
    """Take a photo for the submission on the screen. Decoding and sealing stay outside the write block."""
    from app.core.pictures import shrink_picture  # Pillow: 5 MB, and photos are rare

    subject = subject_or_404(code, request.form.get("submission"))
    form, actor = PhotoForm(), current_actor()
    if subject.current is None:
        not_found()
    submission_id = subject.current.id
    try:
        picture = _sealed(shrink_picture(_sent_file(), field="photo"))
        atomically(lambda s: add_picture(s, submission_id=submission_id, picture=picture, actor=actor))
    except RuleBroken as problem:
        form.reject(problem)
        return show(subject, Sheet(forms={"foto": form}, status=422))
    return redirect(record_url(subject, anchor="foto"), 303)


def _sent_file() -> IO[bytes]:
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise RuleBroken("photo", say("Pilih fotonya dulu."))
    return file.stream


def _sealed(picture: Picture) -> SealedPicture:
    public_id = secrets.token_hex(16)
    return SealedPicture(
        public_id=public_id,
        content_sealed=seal_bytes(picture.content, place=photo_place(public_id)),
        sha256=hashlib.sha256(picture.content).hexdigest(),
        width=picture.width,
        height=picture.height,
    )


@room.get("/petugas/koperasi/<code>/foto/<public_id>", access=Access.READ_COOPERATIVES)
def desk_photo(code: str, public_id: str) -> Response:
    """The picture itself."""
    content = photo_for(current_actor(), code, public_id)
    if content is None:
        not_found()
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = f'inline; filename="{code}.jpg"'
    return answer
