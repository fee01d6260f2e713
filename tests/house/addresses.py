"""Real addresses for every rule of the url map, on a database where every kind of thing exists."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts.models import Account
from app.cooperatives.models import Cooperative
from app.core.db import db
from app.registry.models import Submission
from app.registry.rules import RecordStatus
from tests.cast import HERE


@dataclass(frozen=True)
class Address:
    """A rule with its arguments filled in."""

    url: str
    rule: Rule
    method: str


class NoSample(AssertionError):
    """A rule has an argument nobody gave a sample for."""


def samples(app: Flask) -> dict[str, object]:
    """Argument name -> a value that exists."""
    from app.registry.packing import receipt_token  # noqa: F401
    return {}


def addresses(app: Flask, methods: set[str]) -> list[Address]:
    """All rules that answer one of ``methods``, as addresses."""
    known = samples(app)
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in sorted(methods & (rule.methods or set())):
                unknown = rule.arguments - set(known)
                if unknown:
                    raise NoSample(f"tests/house/addresses.py: a sample for {unknown} of {rule.rule}")
                url = app.url_map.bind("localhost").build(rule.endpoint, {a: known[a] for a in rule.arguments}, method)
                found.append(Address(url, rule, method))
    return found
