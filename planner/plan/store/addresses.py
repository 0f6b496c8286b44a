"""What of a server's address may be told, and what never."""

from __future__ import annotations

from sqlalchemy import URL

TOLD = ("dbname", "host", "hostaddr", "port", "service", "user")
"""Parts of an address's query that messages tell; any other may hold a secret."""


def told_place(url: URL) -> str:
    """Return the address of a server as messages name it: without a password, wherever it stands.

    Examples
    --------
    >>> from sqlalchemy import make_url
    >>> told_place(make_url("postgresql+psycopg://li:a@db/plan?password=b&host=db2&sslpassword=c"))
    'postgresql://li:***@db/plan?host=db2'
    """
    query = {name: value for name, value in url.query.items() if name.casefold() in TOLD}
    told = url.set(drivername="postgresql", query=query)
    return told.render_as_string(hide_password=True)


def secrets_of(url: URL) -> tuple[str, ...]:
    """Return the parts of an address that must not be told.

    Examples
    --------
    >>> from sqlalchemy import make_url
    >>> secrets_of(make_url("postgresql://li:a@db/plan?password=b&port=5432"))
    ('a', 'b')
    """
    found = [str(url.password)] if url.password is not None else []
    for name, value in url.query.items():
        if name.casefold() not in TOLD:
            found += [value] if isinstance(value, str) else list(value)
    return tuple(each for each in found if each)
