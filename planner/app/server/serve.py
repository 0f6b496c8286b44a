"""Start the dashboard's server on this machine."""

from __future__ import annotations

import errno
import faulthandler
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
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from planner.app.server import temporary
from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import CALLBACK, LOOPBACK, Configuration
from planner.app.server.settings.settings import settings
from planner.errors import Finding, InputError, MissingFileError, WorkError
from planner.sources.kept_files import clean
from planner.views.maps.base.tiles import tiles_of

PORT = 8501
ADDRESS = "127.0.0.1"
PORTS_TRIED = 50
START_SECONDS = 120.0
STOP_SECONDS = 10
"""So long a server that is stopped waits for what it is answering."""

MOST_OPEN = 65_536
"""Files and connections that the server may hold, where the system allows as many."""

_HERE = Path(__file__).parent
_NOT_HERE = getattr(errno, "WSAEADDRNOTAVAIL", errno.EADDRNOTAVAIL)


def serve(
    data: str | Path | None = None,
    port: int | None = None,
    address: str | None = None,
    language: str | None = None,
    open_browser: bool = False,
    announce: Callable[[str], None] | None = None,
    config: str | Path | None = None,
    warn: Callable[[Finding], None] | None = None,
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
        Address to listen on; the loopback address, where none is given, reaches this machine only.
    language
        ``"en"`` or ``"zh"`` for who has not chosen one; the browser's where none is given.
    open_browser
        Whether to open the page in a browser of this machine.
    announce
        Called with the address once the server answers; prints it where none is given.
    config
        Configuration file, see docs/server.md; the options given here go before what it says.
        ``PLANNER_CONFIG`` may name it too.
    warn
        Called with what who runs the server should know; prints it on stderr where none is given.

    Returns
    -------
    int
        0 after a clean stop.

    Raises
    ------
    MissingFileError
        Where `data` is not a folder, or there is no file `config`.
    InputError
        For an unknown language, an `address` that is not one of this machine, or a configuration
        or online tiles that cannot be used (see :func:`planner.views.maps.base.tiles.tiles_of`).
    WorkError
        Where the port is taken, no port is free, or what sign-in needs is not installed.
    """
    if config is not None:
        os.environ[configuration.VARIABLE] = str(Path(config).resolve())
    said = configuration.current()
    tiles_of(said.tiles)  # a mistake is told before the server starts
    arguments = _script_arguments(data, language or said.language)
    address = address or said.address or ADDRESS
    for finding in findings(said, address):
        (warn or _print_warning)(finding)
    chosen = free_port(address, port or said.port)
    os.environ.update(environment() | _settings(said, address, chosen))
    _remove_parts(Path(data) if data is not None else None)
    temporary.claim()

    url = page_url(address, chosen) + (f"/{said.base_path}" if said.base_path else "")
    public = said.auth.redirect_uri.removesuffix(f"/{CALLBACK}") if said.auth else url
    waiting = threading.Thread(
        target=_when_up, args=(url, announce or _print_address, open_browser, public), daemon=True
    )
    waiting.start()

    if sys.stderr is not None:  # a program without a window has none
        faulthandler.enable()  # a crash of compiled code tells where it was
    _allow_files()
    _set_up_web_server()

    import click
    from streamlit.web import cli

    command = ["run", str(_HERE / "hosted.py"), "--", *arguments]
    with suppress(click.Abort):
        cli.main(args=command, prog_name="planner serve", standalone_mode=False)
    return 0


def _allow_files() -> None:
    """Let this process hold as many files and connections as the system lets it, not the usual.

    Of the usual 1,024 each open window takes one, so that who opens many shuts the others out.
    """
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _remove_parts(data: Path | None) -> None:
    """Remove what servers that were killed left in the folders of this one: parts, and uploads."""
    from planner.app.server.reading import uploads

    asked = settings()
    works = {asked.work, *([data / "scenarios"] if data else [])}
    for folder in {data or asked.workspaces, *works, *(each / "standards" for each in works)}:
        with suppress(OSError):  # a folder that may not be read keeps what it has
            clean(folder)
    with suppress(OSError):
        uploads.remove_left(data or asked.workspaces)


def _set_up_web_server() -> None:
    """Let the web server end connections over large messages, and all of them when it stops.

    Streamlit would let it take in as much as the largest message that goes out, 200 MB, from
    strangers too, and unpack it from a thousandth of that. And it would not stop as long as any
    browser keeps its connection.
    """
    import uvicorn

    from planner.app.server.requests.messages import MOST_BYTES

    class Config(uvicorn.Config):
        def __init__(self, *args: Any, **options: Any) -> None:
            ours = {
                "ws_max_size": MOST_BYTES,
                "ws_per_message_deflate": False,
                "timeout_graceful_shutdown": STOP_SECONDS,
            }
            super().__init__(*args, **{**options, **ours})

    uvicorn.Config = Config  # type: ignore[misc]


def findings(said: Configuration, address: str) -> list[Finding]:
    """Return what who runs the server should know before others come in.

    Raises
    ------
    WorkError
        Where sign-in is asked for and what it needs is not installed.
    """
    if said.auth is not None and not all(map(find_spec, ("authlib", "httpx"))):
        raise WorkError("app_permissions.no_authlib")
    found = list(said.findings)
    if said.auth is None and address not in LOOPBACK:
        found.append(Finding("app_permissions.open_to_all", {"address": address}))
    return found


def _settings(said: Configuration, address: str, port: int) -> dict[str, str]:
    return {
        "STREAMLIT_SERVER_ADDRESS": address,
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_BASE_URL_PATH": said.base_path,
        "STREAMLIT_SERVER_MAX_UPLOAD_SIZE": str(settings().upload_limit_mb),
    }


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


def _when_up(url: str, announce: Callable[[str], None], open_browser: bool, public: str) -> None:
    """Wait until the server answers, then tell the address to open."""
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
    announce(public)
    if open_browser:
        webbrowser.open(public)


def _print_warning(finding: Finding) -> None:
    sys.stderr.write(f"{finding}\n")
    sys.stderr.flush()


def _print_address(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()
