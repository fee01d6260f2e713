"""A photo of a decree: written anew by us, seen by those who may see the record."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select

from app.core.db import db
from app.core.pictures import MOST_BYTES
from app.registry.models import Attachment
from tests.checked_client import CheckedClient
from tests.factories.desk import address, history, register

Enter = Callable[[str], CheckedClient]


def photo(size: tuple[int, int] = (1200, 800), kind: str = "JPEG", colour: str = "teal") -> io.BytesIO:
    """A picture as a phone makes it, with its camera and place."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera HP"
    exif[0x8825] = {1: "S", 2: (6.0, 30.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, exif=exif)
    out.seek(0)
    return out


def kept() -> list[Attachment]:
    """All pictures."""
    db.session.rollback()
    return list(db.session.scalars(select(Attachment).order_by(Attachment.id)))


def send(browser: CheckedClient, url: str, file: io.BytesIO, name: str = "../../sk.jpg") -> int:
    """Upload; the status of the answer."""
    return browser.post(url, data={"photo": (file, name)}, content_type="multipart/form-data").status_code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_works(client: CheckedClient, sign_in: Enter, kind: str) -> None:
    sent = register(client)
    officer = sign_in("officer")
    assert send(officer, address(sent, "foto"), photo(kind=kind)) == 303
    (picture,) = kept()
    assert b"Kamera" not in picture.content_sealed
    source = next(
        str(i.get("src")) for i in officer.page(address(sent)).all("img") if "/foto/" in (i.get("src") or "")
    )
    answer = officer.get(source)
    assert answer.status_code == 200
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert answer.headers["Cache-Control"] == "no-store"
    shown = Image.open(io.BytesIO(answer.data))
    assert shown.format == "JPEG"
    assert not dict(shown.getexif())
    assert [line.deed for line in history(sent.record_code)][-1] == "submission.picture_added"


def test_a_large_one_is_shrunk(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    noise = Image.effect_noise((1700, 1200), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=10)
    assert MOST_BYTES < out.tell() < 480_000
    out.seek(0)
    assert send(sign_in("officer"), address(sent, "foto"), out) == 303
    assert len(kept()[0].content_sealed) <= MOST_BYTES + 100


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n" + b"broken" * 20,
        b"",
        b"%PDF-1.4",
    ],
)
def test_what_is_no_photo_is_refused(client: CheckedClient, sign_in: Enter, content: bytes) -> None:
    sent = register(client)
    assert send(sign_in("officer"), address(sent, "foto"), io.BytesIO(content), "sk.jpg") == 422
    assert kept() == []


def test_a_flood_of_pixels_is_refused_unread(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    out.seek(0)
    assert send(sign_in("officer"), address(sent, "foto"), out) == 422


def test_without_a_file(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    assert sign_in("officer").post(address(sent, "foto")).status_code == 422


def test_the_same_twice_is_kept_once_and_three_are_enough(client: CheckedClient, sign_in: Enter) -> None:
    sent = register(client)
    officer = sign_in("officer")
    for _ in range(2):
        assert send(officer, address(sent, "foto"), photo()) == 303
    assert len(kept()) == 1
    for colour in ("red", "green"):
        assert send(officer, address(sent, "foto"), photo(colour=colour)) == 303
    assert send(officer, address(sent, "foto"), photo(colour="blue")) == 422


@pytest.mark.parametrize(("name", "status"), [("companion", 403), ("leader", 403), ("other_officer", 404)])
def test_others_do_not_add(client: CheckedClient, sign_in: Enter, name: str, status: int) -> None:
    sent = register(client)
    assert send(sign_in(name), address(sent, "foto"), photo()) == status
    assert kept() == []


def test_others_do_not_see(client: CheckedClient, sign_in: Enter) -> None:
    sent, second = register(client), register(client, name="Koperasi Kedua", phone="081255556666")
    send(sign_in("officer"), address(sent, "foto"), photo())
    public_id = kept()[0].public_id
    assert sign_in("companion").get(address(sent, f"foto/{public_id}")).status_code == 200
    assert sign_in("other_officer").get(address(sent, f"foto/{public_id}")).status_code == 404
    assert sign_in("officer").get(address(second, f"foto/{public_id}")).status_code == 404
    assert sign_in("officer").get(address(sent, "foto/" + "0" * 32)).status_code == 404
    assert client.get(address(sent, f"foto/{public_id}")).status_code in {302, 303}
