"""Accounts from the command line: the first administrator, and scripted ones."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import NoReturn, TypeVar

import click
from sqlalchemy.orm import Session

from app.accounts.link_tokens import link_address, link_digest, new_link_token
from app.accounts.passwords import hash_password
from app.accounts.queries.people import Person, find_person_by_phone, list_people, no_accounts
from app.accounts.rules.passwords import check_password
from app.accounts.rules.powers import Grant
from app.accounts.rules.sessions import is_staff
from app.accounts.services import links, managing, own
from app.accounts.services.managing import AccountData
from app.core.access import Actor, Role, Section
from app.core.commands import CommandGroup
from app.core.errors import RuleBroken
from app.core.transaction import atomically
from app.core.values import ValueProblem, parse_phone, phone_masked, tidy_name

T = TypeVar("T")

accounts = CommandGroup("accounts", help="People who sign in.")

# How the history names whoever has the server's command line.
SERVER = Actor(name="baris perintah")


def first_administrator_link() -> str | None:
    """A one-time link (24 hours) for the first administrator; None when there are accounts already.

    Earlier first links stop working, so that a start of the server shows the only one.
    """
    if not no_accounts():
        return None
    token = new_link_token()
    made = atomically(
        lambda s: links.issue_first_administrator_link(s, digest=link_digest(token), actor=SERVER)
    )
    return link_address(token) if made else None


def _stop(words: object) -> NoReturn:
    raise click.ClickException(str(words))


def _phone(text: str) -> str:
    try:
        return parse_phone(text)
    except ValueProblem as problem:
        _stop(problem.sentence)


def _known(phone: str) -> Person:
    person = find_person_by_phone(_phone(phone))
    if person is None:
        _stop("Tidak ada akun dengan nomor ini.")
    return person


@accounts.command("first-link")
def first_link() -> None:
    """Print a one-time link for the first administrator, only while there are no accounts."""
    address = first_administrator_link()
    if address is None:
        _stop("Sudah ada akun. Pakai: accounts create-admin --phone P --name N")
    click.echo(address)


@accounts.command("create-admin")
@click.option("--phone", required=True)
@click.option("--name", required=True)
def create_admin(phone: str, name: str) -> None:
    """Make an administrator and print the one-time link for the first password."""
    number, token = _phone(phone), new_link_token()
    data = AccountData(name=_name(name), grant=Grant(Role.ADMINISTRATOR))

    def deed(session: Session) -> None:
        account_id = managing.create_account(
            session, data=data, phone=number, password_hash=None, actor=SERVER
        )
        links.issue_link(session, account_id=account_id, digest=link_digest(token), actor=SERVER)

    _try(deed)
    click.echo(link_address(token))


def _name(text: str) -> str:
    try:
        name = tidy_name(text, most=120)
    except ValueProblem as problem:
        _stop(problem.sentence)
    return name or _stop("Nama belum diisi.")


@accounts.command("create")
@click.option("--phone", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--section", type=click.Choice([section.value for section in Section]))
@click.option("--area", "areas", multiple=True, help="Code of a kecamatan (32.01.01); may be repeated.")
@click.option("--may-decide", is_flag=True, help="The decree allows decisions (co_administrator).")
@click.option("--institution", default="")
@click.option("--decree-number", default="")
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--valid-until", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create(
    phone: str,
    name: str,
    role: str,
    section: str | None,
    areas: tuple[str, ...],
    may_decide: bool,
    institution: str,
    decree_number: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
    password_stdin: bool,
) -> None:
    """Make an account with a password."""
    number = _phone(phone)
    grant = Grant(
        role=Role(role),
        section=Section(section) if section else None,
        kecamatan_codes=frozenset(areas),
        valid_from=_day(valid_from),
        valid_until=_day(valid_until),
        may_decide=may_decide,
    )
    data = AccountData(_name(name), grant, institution=institution[:160], decree_number=decree_number[:80])
    hashed = hash_password(_password_from_stdin(grant.role, number, data.name))
    account_id = _try(
        lambda s: managing.create_account(s, data=data, phone=number, password_hash=hashed, actor=SERVER)
    )
    click.echo(f"akun:{account_id}")


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _password_from_stdin(role: Role, phone: str, name: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        check_password(password, staff=is_staff(role), phone=phone, name=name)
    except RuleBroken as problem:
        _stop(problem.sentence)
    return password


@accounts.command("link")
@click.option("--phone", required=True)
def link(phone: str) -> None:
    """Print a one-time link with which the owner sets a new password."""
    person, token = _known(phone), new_link_token()
    _try(lambda s: links.issue_link(s, account_id=person.account_id, digest=link_digest(token), actor=SERVER))
    click.echo(link_address(token))


@accounts.command("disable")
@click.option("--phone", required=True)
def disable(phone: str) -> None:
    """Shut an account; its sessions end at once."""
    person = _known(phone)
    _try(lambda s: managing.disable_account(s, account_id=person.account_id, actor=SERVER))
    click.echo(f"Akun {person.name} dinonaktifkan.")


@accounts.command("remove-second-factor")
@click.option("--phone", required=True)
def remove_second_factor(phone: str) -> None:
    """Take off the second factor of somebody who lost telephone and recovery codes."""
    person = _known(phone)
    _try(
        lambda s: own.remove_second_factor_for(
            s, account_id=person.account_id, actor=SERVER, note="lewat baris perintah"
        )
    )
    click.echo(f"Kode masuk {person.name} dilepas.")


@accounts.command("list")
def list_all() -> None:
    """One line per account; numbers are masked."""
    for person in list_people():
        where = ", ".join(person.area_names) or "-"
        state = "aktif" if person.active else "nonaktif"
        section = person.grant.section.value if person.grant.section else "-"
        words = (
            str(person.account_id),
            phone_masked(person.phone),
            person.role.value,
            section,
            state,
            person.name,
        )
        click.echo("\t".join((*words, where)))


def _try(deed: Callable[[Session], T]) -> T:
    try:
        return atomically(deed)
    except RuleBroken as problem:
        _stop(problem.sentence)
