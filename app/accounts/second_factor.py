"""Codes of an authenticator (TOTP, RFC 6238: six digits, 30 seconds) and recovery codes for a lost telephone."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Final

import pyotp

from app.accounts.services.signing_in import SecondProof
from app.core.codes import new_claim_code
from app.core.crypt import personal_index, seal, unseal

ISSUER: Final = "Kop-UKM Kabupaten Bogor"
RECOVERY_CODES: Final = 10
_STEP_SECONDS: Final = 30
_STEPS_AROUND: Final = (0, -1, 1)  # clocks of telephones go a little wrong


def new_secret() -> str:
    """A key for an authenticator, in base 32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, *, account: str) -> str:
    """What the QR code of the set-up page says."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def readable(secret: str) -> str:
    """The key in groups of four, to be typed."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def seal_secret(secret: str, *, account_id: int) -> bytes:
    """The key as the database keeps it."""
    return seal(secret, place=f"account.totp:{account_id}")


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose code this is, now or one step aside; None when it fits none."""
    digits = re.sub(r"\D", "", code)
    step = int(now.timestamp()) // _STEP_SECONDS
    authenticator = pyotp.TOTP(secret)
    for aside in _STEPS_AROUND:
        if hmac.compare_digest(authenticator.generate_otp(step + aside), digits):
            return step + aside
    return None


def read_proof(
    typed: str, *, account_id: int, totp_sealed: bytes | None, now: datetime
) -> SecondProof | None:
    """What a typed code proves: six digits of the authenticator, eight signs of a recovery code; None for neither.

    Whether a recovery code is right, and whether either was used before, only the write block can tell.
    """
    if totp_sealed is None:
        return None
    plain = re.sub(r"[^0-9A-Z]", "", typed[:40].upper())
    if plain.isdigit() and len(plain) == 6:
        step = matching_step(unseal(totp_sealed, place=f"account.totp:{account_id}"), plain, now=now)
        return None if step is None else SecondProof(totp_step=step)
    if len(plain) == 8:
        return SecondProof(recovery_index=recovery_index(plain, account_id=account_id))
    return None


def new_recovery_codes() -> list[str]:
    """Ten codes as they are printed: XXXX-XXXX."""
    codes = [new_claim_code() for _ in range(RECOVERY_CODES)]
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_index(code: str, *, account_id: int) -> str:
    """How the database keeps a recovery code."""
    return personal_index(code.replace("-", ""), purpose=f"recovery:{account_id}")
