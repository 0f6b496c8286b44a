"""Start the dashboard's server on this machine."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import sys
import threading
import time
import tomllib
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from planner.errors import InputError, MissingFileError, WorkError

PORT = 8501
ADDRESS = "127.0.0.1"
PORTS_TRIED = 50
START_SECONDS = 120.0

_HERE = Path(__file__).parent
_NOT_HERE = getattr(errno, "WSAEADDRNOTAVAIL", errno.EADDRNOTAVAIL)


def serve(
    data: str | Path | None = None,
    port: int | None = None,
    address: str = ADDRESS,
    language: str | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
) -> int:
    """Serve the dashboard until it is stopped with Ctrl+C.

    Must be called from the main thread, since the server handles the signals.

    Parameters
    ----------
    data
        Folder of workspace files (``.gpkg``) offered beside the demo district.
    port
        Port to listen on. Where none is given, 8501 or the next free one.
    address
        Address to listen on; the loopback address reaches this machine only.
    language
        ``"en"`` or ``"zh"`` for who has not chosen one; the browser's where none is given.
    open_browser
        Whether to open the page in a browser of this machine.
    announce
        Called with the address once the server answers; prints it where none is given.

    Returns
    -------
    int
        0 after a clean stop.

    Raises
    ------
    MissingFileError
        Where `data` is not a folder.
    InputError
        For an unknown language, an `address` that is not one of this machine, or online tiles
        that cannot be used (see :func:`planner.views.tiles.tiles_of`).
    WorkError
        Where the port is taken, or no port is free.
    """
    from planner.views.tiles import tiles_of

    arguments = _script_arguments(data, language)
    tiles_of()  # a mistake is told before the server starts
    chosen = free_port(address, port)
    os.environ.update(environment() | {"STREAMLIT_SERVER_ADDRESS": address})
    os.environ["STREAMLIT_SERVER_PORT"] = str(chosen)

    url = page_url(address, chosen)
    waiting = threading.Thread(
        target=_when_up, args=(url, announce or _print_address, open_browser), daemon=True
    )
    waiting.start()

    import click
    from streamlit.web import cli

    command = ["run", str(_HERE / "hosting" / "hosted.py"), "--", *arguments]
    with suppress(click.Abort):
        cli.main(args=command, prog_name="planner serve", standalone_mode=False)
    return 0


def environment() -> dict[str, str]:
    """Return the settings of ``.streamlit/config.toml`` as Streamlit's environment variables.

    They win over a configuration file in the folder where the server is started, and options that
    a version of Streamlit does not know are passed over.

    Examples
    --------
    >>> environment()["STREAMLIT_BROWSER_GATHER_USAGE_STATS"]
    'false'
    """
    settings = tomllib.loads((_HERE / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    return dict(_variables(settings, "STREAMLIT"))


def _variables(settings: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in settings.items():
        variable = f"{prefix}_{re.sub(r'(?<!^)(?=[A-Z])', '_', name).upper()}"
        if isinstance(value, Mapping):
            found += _variables(value, variable)
        else:
            found.append((variable, value if isinstance(value, str) else json.dumps(value)))
    return found


def free_port(address: str = ADDRESS, port: int | None = None) -> int:
    """Return `port` if it is free, or where none is given the first free one from 8501 on.

    Raises
    ------
    InputError
        Where `address` is not one of this machine.
    WorkError
        Where the port that was asked for, or every one tried, is taken.
    """
    wanted = [port] if port is not None else range(PORT, PORT + PORTS_TRIED)
    for candidate in wanted:
        if _is_free(address, candidate):
            return candidate
    raise WorkError("app.port_taken", port=wanted[0], address=address)


def _is_free(address: str, port: int) -> bool:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, OverflowError) as error:
        raise InputError("app.bad_address", address=address, port=port) from error
    with socket.socket(family, kind, protocol) as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except PermissionError:
            return False
        except OSError as error:
            if error.errno == _NOT_HERE:
                raise InputError("app.bad_address", address=address, port=port) from error
            return False
    return True


def page_url(address: str, port: int) -> str:
    """Return the address to type into a browser.

    Examples
    --------
    >>> page_url("0.0.0.0", 8501)
    'http://127.0.0.1:8501'
    """
    host = {"0.0.0.0": ADDRESS, "::": "::1"}.get(address, address)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _script_arguments(data: str | Path | None, language: str | None) -> list[str]:
    arguments: list[str] = []
    if data is not None:
        folder = Path(data)
        if not folder.is_dir():
            raise MissingFileError("app.no_data_folder", file=str(data))
        arguments += ["--data", str(folder.resolve())]
    if language is not None:
        if language not in ("en", "zh"):
            raise InputError("app.unknown_language", name=language, known="en, zh")
        arguments += ["--language", language]
    return arguments


def _when_up(url: str, announce: Callable[[str], None], open_browser: bool) -> None:
    """Wait until the server answers, then say so."""
    opener = build_opener(ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with opener.open(f"{url}/_stcore/health", timeout=2):
                break
        except (URLError, OSError):
            time.sleep(0.1)
    else:
        return
    announce(url)
    if open_browser:
        webbrowser.open(url)


def _print_address(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
