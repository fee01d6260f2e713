"""The reviewed list of addresses: URL, methods, power. ``python -m tests.house.access_list`` prints what stands now.

Whoever adds an address adds its line; a reviewer then sees every change of power in the difference.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.core.access import access_of

LIST = Path(__file__).parent / "access.txt"


def lines_of(app: Flask) -> list[str]:
    """One line per rule of ``app``, sorted."""
    return sorted(
        f"{rule.rule} {','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {access_of(app, rule.endpoint)}"
        for rule in app.url_map.iter_rules()
    )


def reviewed() -> list[str]:
    """The lines of the file."""
    return [
        line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


if __name__ == "__main__":
    from app import create_app

    print("\n".join(lines_of(create_app())))
