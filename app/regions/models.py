"""Tables of administrative areas, by their Kemendagri codes."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.audit import BigId
from app.core.db import Base, choice
from app.regions.rules import DesaStatus


class Kecamatan(Base):
    """One of the 40 districts. ``name_key`` is the name in the form that spellings are compared in."""

    __tablename__ = "kecamatan"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(60), unique=True)
    bps_code: Mapped[str] = mapped_column(String(10))
    bps_name: Mapped[str] = mapped_column(String(60))
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    area_km2: Mapped[float] = mapped_column(Float)
    tile_column: Mapped[int]
    tile_row: Mapped[int]


class Desa(Base):
    """One of the 416 desa and 19 kelurahan. Names repeat across kecamatan: always show both."""

    __tablename__ = "desa"
    __table_args__ = (Index("ix_desa_kecamatan", "kecamatan_code", "name_key"),)

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(60))
    status: Mapped[DesaStatus] = mapped_column(choice(DesaStatus, "status"))
    postal_code: Mapped[str] = mapped_column(String(5))
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    area_km2: Mapped[float] = mapped_column(Float)
    bps_code: Mapped[str] = mapped_column(String(10))
    bps_name: Mapped[str] = mapped_column(String(60))


class RegionAlias(Base):
    """Another spelling of a place, seen in a source or believed. ``code`` is a kecamatan's or a desa's."""

    __tablename__ = "region_alias"
    __table_args__ = (Index("ix_region_alias_key", "alias_key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(String(13))
    alias: Mapped[str] = mapped_column(String(80))
    alias_key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
