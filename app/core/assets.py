"""Provisional; being replaced."""
from pathlib import Path
import re
DIST = Path(__file__).parent.parent / "static" / "dist"
def style_hashes() -> tuple[str, ...]:
    return ()
def stylesheet() -> str:
    return "<style></style>"
def asset(name: str) -> str:
    return "/static/" + name
def is_immutable(path: str, url: str) -> bool:
    return bool(re.search(r"-[A-Z0-9]{8}\.", url))
def add_static_headers(headers: object, path: str, url: str) -> None:
    return None
