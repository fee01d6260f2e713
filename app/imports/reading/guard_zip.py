"""Guard for .xlsx and .ods: archives of XML. Standard library only.

The archive's directory is measured before it is read, the sizes it declares before anything is inflated, and
what comes out is counted, looked through (``scan_xml``) and copied, uncompressed, into a fresh archive that
holds only the parts a reader needs. The reader never sees the archive that was sent: tricks with two
directories, doubled names or lying sizes end here, and so do pictures, macros and embedded files.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree as ET

from . import scan_ods, scan_xlsx
from .facts import Checked, SheetFacts
from .limits import Limits, Refused
from .scan_xml import complete_pieces

_END: Final = struct.Struct("<4s4H2LH")
_END_SIGN: Final = b"PK\x05\x06"
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_LOCATOR_SIGN: Final = b"PK\x06\x07"
_LONGEST_COMMENT: Final = 65_535
# A directory entry is 46 bytes and a name; workbooks have names of 20 to 60 characters.
_BYTES_PER_MEMBER: Final = 400
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
# What the standard library raises for archives and XML that are no such thing.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ET.ParseError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)

Scan = Callable[[bytes], None]


def check(path: Path, limits: Limits, scratch: Path) -> Checked:
    """A copy of the checked parts in ``scratch``, or Refused."""
    _check_directory(path, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, limits)
            copy = _Copy(archive, members, limits, scratch / "checked.zip")
            with copy.target:
                if "[content_types].xml" in members:
                    return _check_xlsx(copy, limits)
                if "mimetype" in members:
                    return _check_ods(copy, limits)
    except _BROKEN:
        raise Refused("damaged") from None
    raise Refused("archive")


def _check_directory(path: Path, limits: Limits) -> None:
    """Refuse before the directory is read into memory: 10 MB may hold 200,000 entries."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _LOCATOR.size))
        tail = file.read()
        at = tail.rfind(_END_SIGN)
        if at < 0 or len(tail) - at < _END.size:
            raise Refused("damaged")
        end = _END.unpack_from(tail, at)
        entries, length = max(end[3], end[4]), end[5]
        locator = tail[at - _LOCATOR.size : at] if at >= _LOCATOR.size else b""
        if locator.startswith(_LOCATOR_SIGN):
            file.seek(min(_LOCATOR.unpack(locator)[2], size))
            raw = file.read(_END64.size)
            if len(raw) < _END64.size:
                raise Refused("damaged")
            end64 = _END64.unpack(raw)
            entries, length = max(end64[6], end64[7]), end64[8]
    if entries > limits.members or length > limits.members * _BYTES_PER_MEMBER:
        raise Refused("too_many_parts", parts=limits.members)


def _members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Members by their name in small letters, after everything the directory says was weighed."""
    members: dict[str, zipfile.ZipInfo] = {}
    declared = 0
    for info in archive.infolist():
        name = info.filename.replace("\\", "/").lstrip("/")
        if info.flag_bits & _ENCRYPTED:
            raise Refused("password")
        if name.lower() in members or ".." in name.split("/") or info.compress_type not in _METHODS:
            raise Refused("damaged")
        declared += info.file_size
        dense = info.file_size > limits.ratio * max(1, info.compress_size)
        if declared > limits.inflated_bytes or (dense and info.file_size > limits.ratio_from_bytes):
            raise Refused("bomb")
        members[name.lower()] = info
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in members):
        raise Refused("macros")
    return members


class _Copy:
    """Takes parts over into the fresh archive, counting and scanning them on the way."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        members: dict[str, zipfile.ZipInfo],
        limits: Limits,
        target: Path,
    ) -> None:
        self.archive = archive
        self.members = members
        self.limits = limits
        self.path = target
        self.target = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self._inflated = 0

    def whole(self, name: str) -> bytes:
        """A small part as a whole (b'' when it is missing), copied too."""
        info = self.members.get(name.lower())
        if info is None:
            return b""
        if info.file_size > self.limits.part_bytes:
            raise Refused("bomb")
        pieces: list[bytes] = []
        self.stream(name, pieces.append)
        return b"".join(pieces)

    def stream(self, name: str, scan: Scan | None = None) -> None:
        """Copy an XML part, showing it to ``scan`` in pieces that end behind a tag. Raises Refused."""
        info = self.members.get(name.lower())
        if info is None:
            raise Refused("damaged")
        with self.archive.open(info) as source, self.target.open(name, "w") as target:
            for piece in complete_pieces(self._counted(source)):
                if scan:
                    scan(piece)
                target.write(piece)

    def plain(self, name: str, text: bytes) -> None:
        """Write a part of our own."""
        self.target.writestr(name, text)

    def _counted(self, source: IO[bytes]) -> Iterator[bytes]:
        while chunk := source.read(1 << 17):
            self._inflated += len(chunk)
            if self._inflated > self.limits.inflated_bytes:
                raise Refused("bomb")
            yield chunk


def _check_xlsx(copy: _Copy, limits: Limits) -> Checked:
    types = copy.whole("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refused("macros")
    root = _relations(copy, "_rels/.rels", "")
    workbook = next((target for kind, target in root.values() if kind == "officeDocument"), "")
    if workbook.endswith(".bin"):
        raise Refused("binary_workbook")
    if workbook.startswith(("word/", "ppt/")):
        raise Refused("word_document")
    if b"spreadsheetml" not in types or not workbook:
        raise Refused("not_a_sheet")
    folder, name = posixpath.split(workbook)
    parts = _relations(copy, f"{folder}/_rels/{name}.rels", folder)
    sheets = _xlsx_sheets(copy.whole(workbook), parts, limits)
    for kind, target in parts.values():
        if kind in ("sharedStrings", "styles") and target.lower() in copy.members:
            copy.stream(target)
    facts = []
    for sheet, target in sheets:
        scan = scan_xlsx.SheetScan(sheet, limits)
        copy.stream(target, scan)
        scan.finish()
        facts.append(sheet)
    return Checked("xlsx", copy.path, facts)


def _relations(copy: _Copy, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Id -> (last word of the kind, target from the archive's root)."""
    found: dict[str, tuple[str, str]] = {}
    text = copy.whole(name)
    for element in ET.fromstring(text) if text else ():  # noqa: S314 - it declares nothing: scan_xml looked
        target = element.get("Target", "").replace("\\", "/")
        if element.get("TargetMode") == "External" or not target:
            continue
        kind = element.get("Type", "").rsplit("/", 1)[-1]
        target = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        found[element.get("Id", "")] = (kind, target)
    return found


def _xlsx_sheets(
    workbook: bytes, parts: dict[str, tuple[str, str]], limits: Limits
) -> list[tuple[SheetFacts, str]]:
    """Sheets in the workbook's order with their parts; charts are left out. One part is one sheet's."""
    found: list[tuple[SheetFacts, str]] = []
    for element in ET.fromstring(workbook).iter():  # noqa: S314 - as above
        if _local(element.tag) != "sheet":
            continue
        relation = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
        kind, target = parts.get(relation, ("", ""))
        if "macrosheet" in kind.lower():
            raise Refused("macros")
        if kind == "worksheet":
            facts = SheetFacts(
                element.get("name", ""),
                hidden=element.get("state", "visible") != "visible",
            )
            found.append((facts, target))
    if len(found) > limits.sheets:
        raise Refused("too_many_sheets", sheets=limits.sheets)
    if len({target.lower() for _, target in found}) != len(found):
        raise Refused("damaged")
    return found


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _check_ods(copy: _Copy, limits: Limits) -> Checked:
    with copy.archive.open(copy.members["mimetype"]) as member:
        kind = member.read(200).decode("ascii", "replace").strip()
    if kind not in (_ODS, f"{_ODS}-template"):
        raise Refused("word_document" if "opendocument" in kind else "archive")
    if any(name.startswith(("basic/", "scripts/")) for name in copy.members):
        raise Refused("macros")
    copy.plain("mimetype", kind.encode())
    if b"encryption-data" in copy.whole("META-INF/manifest.xml"):
        raise Refused("password")
    scan = scan_ods.ContentScan(limits)
    copy.stream("content.xml", scan)
    return Checked("ods", copy.path, scan.finish())
