"""Who may do what: from the claims of a sign-in to a role. Knows no page and no request."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from planner.app.server.settings.configuration import Auth
from planner.app.server.settings.settings import settings
from planner.app.server.sign_in.signed_out import FILE, SignedOut

Role = Literal["editor", "viewer"]
Claims = Mapping[str, Any]

_CLOCK_SECONDS = 300
"""A provider's clock may be ahead of ours by so much."""


def role(auth: Auth, claims: Claims) -> Role | None:
    """Return what a person may do, None for who may not enter.

    Parameters
    ----------
    auth
        The rules.
    claims
        The identity token's claims. An e-mail address that the provider says is not verified
        counts for nothing.
    """
    if not alive(auth, claims):
        return None
    if _any_fits(auth.editors, auth, claims):
        return "editor"
    return "viewer" if _any_fits(auth.viewers, auth, claims) else None


def alive(auth: Auth, claims: Claims) -> bool:
    """Whether a sign-in still holds: not ended by sign-out and not older than it may be."""
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, (int, float)):
        return False
    age_s = time.time() - issued
    if not -_CLOCK_SECONDS <= age_s <= auth.session_hours * 3600:
        return False
    return not _signed_out(auth).is_out(mark(claims), issued)


def end(auth: Auth, claims: Claims) -> None:
    """Let a sign-in count no more, in whatever window or copy of its cookie, also after a restart.

    Writes a file, so it is no work for the loop that answers requests.
    """
    ends = float(claims["iat"]) + _longest_s(auth)
    _signed_out(auth).end(mark(claims), ends)


@lru_cache(maxsize=8)
def _signed_out(auth: Auth) -> SignedOut:
    """Return the sign-ins that ended; asked for with every message, so the place is found once."""
    return SignedOut(settings().work / FILE, _longest_s(auth))


def _longest_s(auth: Auth) -> float:
    return auth.session_hours * 3600 + _CLOCK_SECONDS


def uploads_said() -> bool | None:
    """Return what the environment or the configuration says of uploads, None for nothing."""
    return settings().uploads


def uploads_without_sign_in(address: str) -> bool:
    """Whether whoever reaches a server without sign-in may upload and correct.

    Parameters
    ----------
    address
        Where the server listens. Unless something is said, it is allowed where only this machine
        reaches it.
    """
    said = uploads_said()
    return is_loopback(address) if said is None else said


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches what listens at an address."""
    if address.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def name_of(claims: Claims) -> str:
    """Return how to call a person: the name, else the e-mail address, else the id."""
    for key in ("name", "preferred_username", "email", "sub"):
        value = claims.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()[:80]
    return ""


def mark(claims: Claims) -> str:
    """Return a sign of a sign-in: equal for its copies, another for each new one."""
    parts = "\n".join(str(claims.get(key, "")) for key in ("iss", "sub", "iat", "nonce"))
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()


def first_fitting(entries: Iterable[str], auth: Auth, claims: Claims) -> str | None:
    """Return the first entry that means a person, None for none.

    Parameters
    ----------
    entries
        E-mail addresses, ``@domain``, ``group:name``, or ``*``.
    auth, claims
        As for :func:`role`.
    """
    email = email_of(claims)
    groups = claims.get(auth.group_claim, ())
    held = {groups} if isinstance(groups, str) else set(map(str, groups or ()))
    return next((entry for entry in entries if _fits(entry, email, held)), None)


def _any_fits(entries: Iterable[str], auth: Auth, claims: Claims) -> bool:
    return first_fitting(entries, auth, claims) is not None


def _fits(entry: str, email: str, groups: set[str]) -> bool:
    if entry == "*":
        return True
    if entry.startswith("group:"):
        return entry.removeprefix("group:") in groups
    wanted = entry.casefold()
    if wanted.startswith("@"):
        return bool(email) and email.rpartition("@")[2] == wanted[1:]
    return bool(email) and email == wanted


def email_of(claims: Claims) -> str:
    """Return a person's e-mail address, empty where the provider does not vouch for it."""
    email = claims.get("email")
    if not isinstance(email, str) or claims.get("email_verified", True) not in (True, "true"):
        return ""
    return email.casefold()
