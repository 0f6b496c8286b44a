"""Public names of a package that are imported when somebody first uses them (PEP 562)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from sys import modules
from typing import Any


def on_first_use(
    package: str, homes: Mapping[str, str]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__all__``, ``__getattr__`` and ``__dir__`` of a package whose names live elsewhere.

    Parameters
    ----------
    package
        The package's ``__name__``.
    homes
        Public name → the module that defines it.
    """

    def load(name: str) -> Any:
        """Import a public name from its module; kept in the package afterwards."""
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(homes[name]), name)
        setattr(modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(modules[package]), *homes})

    return sorted(homes), load, names
