"""The one place where GDAL opens files: each by a driver that is named, none over the network.

GDAL picks its reader by what a file holds, and some of its readers open other files, run SQL or
ask servers that the content names. So a file is held against its ending first
(:mod:`planner.sources.untrusted.vector_files`), the driver must be the one of the ending, and a
process of our own lets go of every other driver (:func:`restrict`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from planner.errors import InputError, MissingFileError, WorkError
from planner.sources import own_process
from planner.sources.untrusted.archives import unpacked
from planner.sources.untrusted.vector_files import check_content
from planner.sources.vector.kml_names import with_plain_names

DRIVERS: Mapping[str, tuple[str, ...]] = {
    ".geojson": ("GeoJSON",),
    ".json": ("GeoJSON",),
    ".gpkg": ("GPKG",),
    ".shp": ("ESRI Shapefile",),
    ".fgb": ("FlatGeobuf",),
    ".kml": ("LIBKML", "KML"),
}
"""The drivers that may read a file, by its ending. No other driver is ever needed."""

ARCHIVE = ".zip"
"""An archive of one file of these endings, unpacked before GDAL sees it."""

ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)
"""What GDAL raises where a file is broken."""

_FIELDS = {"OFTInteger", "OFTInteger64", "OFTReal", "OFTString"}
_FORMS = {"OFSTNone", "OFSTBoolean", "OFSTInt16", "OFSTFloat32"}
_PREFIXED = ("GeoJSON",)
_NO_PROXY = "off://none"
_OFFLINE = {"GDAL_HTTP_PROXY": _NO_PROXY, "GDAL_HTTPS_PROXY": _NO_PROXY, "GDAL_HTTP_TIMEOUT": "1"}
"""Settings with which GDAL's HTTP client fails before it looks up a name or opens a connection."""

_PAST_PROXY = ("NO_PROXY", "no_proxy")
"""Variables that lead libcurl past the proxy that is none; ``*`` does so for every address."""

_CLOSED = {
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "CPL_ALLOW_VSISTDIN": "NO",
}
_one_at_a_time = threading.RLock()
_restricted = threading.Event()


@dataclass
class Dataset:
    """An open file.

    Parameters
    ----------
    path
        Where it lies; for an archive, what was unpacked of it.
    drivers
        The drivers that may read it.
    names
        What columns are called in truth that are read under another name.
    encoding
        In which encoding it was read though it says to be in UTF-8; empty where it is.
    """

    path: Path
    drivers: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    _known: bool = False

    @property
    def _address(self) -> str:
        path = str(self.path)
        return f"{self.drivers[0]}:{path}" if self.drivers[0] in _PREFIXED else path

    def layers(self) -> dict[str, str | None]:
        """Return the kind of geometry of every layer by name, None for a plain table."""
        with _offline():
            return {str(name): kind for name, kind in pyogrio.list_layers(self._address)}

    def size(self, layer: str, *, encoding: str | None = None) -> tuple[int, tuple[str, ...]]:
        """Return how many rows a layer has, and its columns; errors as of :meth:`read`."""
        with _offline():
            if not self._known:
                self._check_driver(layer, encoding)
            info = pyogrio.read_info(
                self._address, layer=layer, encoding=encoding, force_feature_count=True
            )
            fields = (str(name) for name in info["fields"])
            return int(info["features"]), tuple(self.names.get(name, name) for name in fields)

    def read(self, layer: str, *, encoding: str | None = None, most: int | None = None) -> Any:
        """Return a layer as a GeoDataFrame, or as a DataFrame where it has no geometry.

        Parameters
        ----------
        layer
            Its name.
        encoding
            Of its text, as the file says if None.
        most
            Rows to read, all if None.

        Raises
        ------
        InputError
            Where GDAL would read the file with another driver than the one of its ending.
        """
        with _offline():
            if not self._known:
                self._check_driver(layer, encoding)
            table = pyogrio.read_dataframe(
                self._address, layer=layer, encoding=encoding, max_features=most
            )
            return table.rename(columns=dict(self.names)) if self.names else table

    def read_columns(self, layer: str) -> Any:
        """Return a whole layer as :meth:`read` does, column by column where that says the same.

        A city's workspace is read so in a third of the time; of what Arrow holds in another way,
        such as days, it is read row by row.

        Raises
        ------
        InputError
            As :meth:`read`.
        DataLayerError
            Where a column cannot be read, as where its text is no UTF-8.
        """
        with _offline():
            info = pyogrio.read_info(self._address, layer=layer)
            if not _same_in_arrow(info):
                return self.read(layer)
            if not self._known:
                self._check_driver(layer, None)
            try:
                table = pyogrio.read_dataframe(self._address, layer=layer, use_arrow=True)
                # Arrow takes any bytes for text, and finds out when somebody reads it
                for name in table.columns[table.dtypes == "str"]:
                    pa.array(table[name]).validate(full=True)
            except (pa.ArrowException, OSError) as error:
                raise DataLayerError(str(error)) from error
        for name, dtype in zip(info["fields"], info["dtypes"], strict=True):
            if dtype == "bool" and table[name].dtype == object:  # some are neither yes nor no
                table[name] = table[name].astype(np.float64)
        return table

    def _check_driver(self, layer: str, encoding: str | None) -> None:
        found = pyogrio.read_info(self._address, layer=layer, encoding=encoding)["driver"]
        if found not in self.drivers:
            expected = self.drivers[0]
            raise InputError(
                "sources.other_content", file=self.path.name, expected=expected, found=found
            )
        self._known = True


def _same_in_arrow(info: Mapping[str, Any]) -> bool:
    """Whether a layer has such fields only as Arrow's columns hold alike: figures and text."""
    return set(info["ogr_types"]) <= _FIELDS and set(info["ogr_subtypes"]) <= _FORMS


@contextmanager
def opened(path: str | Path) -> Iterator[Dataset]:
    """Hold a file against its ending and open it; an archive is unpacked for that long.

    Parameters
    ----------
    path
        A file of this computer, with an ending of :data:`DRIVERS`, or a zip archive of one.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, its ending is none that is read here, or what it holds is not
        what its ending says or would have other files or servers read.
    """
    file = local_file(path)
    with ExitStack() as held:
        if file.suffix.lower() == ARCHIVE:
            file = held.enter_context(unpacked(file, tuple(DRIVERS)))
        found = _dataset(file)
        if "KML" in found.drivers:
            plain = held.enter_context(with_plain_names(file))
            found = replace(found, path=plain.path, names=plain.names, encoding=plain.encoding)
        yield found


def geopackage(path: str | Path) -> Dataset:
    """Hold a GeoPackage against its content and open it, whatever its name ends in.

    Raises
    ------
    MissingFileError, InputError
        As :func:`opened`.
    """
    file = local_file(path)
    check_content(file, "GPKG")
    return Dataset(file, ("GPKG",))


def local_file(path: str | Path) -> Path:
    """Return the absolute path of a file of this computer.

    Raises
    ------
    MissingFileError, InputError
        Where there is none, or the text names one of GDAL's virtual file systems.
    """
    text = str(path).replace("\\", "/")
    if text.startswith("/vsi") or "\x00" in text:
        raise InputError("sources.not_local", file=str(path))
    file = Path(path)
    if file.is_dir():
        raise InputError("sources.is_folder", file=str(path))
    if not file.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    return file.absolute()


def count(path: Path, layer: str) -> int:
    """Return the rows of a layer of a file that this process wrote itself."""
    rows: int = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    return rows


def _dataset(file: Path) -> Dataset:
    drivers = DRIVERS.get(file.suffix.lower())
    if drivers is None:
        endings = ", ".join([*DRIVERS, ARCHIVE])
        raise InputError("sources.unread_format", file=file.name, endings=endings)
    check_content(file, drivers[0])
    return Dataset(file, drivers)


# ---- the process


@contextmanager
def _offline() -> Iterator[None]:
    """Keep GDAL off the network for as long as a file is open."""
    if _restricted.is_set():
        yield
        return
    with _one_at_a_time:
        before = {name: pyogrio.get_gdal_config_option(name) for name in _OFFLINE}
        pyogrio.set_gdal_config_options(_OFFLINE)
        _no_way_past()
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)
            for name in _PAST_PROXY:
                if name in os.environ:
                    os.putenv(name, os.environ[name])


def _no_way_past() -> None:
    """Take the variables from libraries in C, not from Python's own clients, which need them."""
    for name in _PAST_PROXY:
        if name in os.environ:
            os.unsetenv(name)


def restrict() -> None:
    """Let go of every driver that is not needed, and of GDAL's network, for good.

    Done by :func:`planner.sources.own_process.claim` for the command, the server and the process
    that reads uploads; a notebook that imports this package keeps its drivers.

    Raises
    ------
    WorkError
        Where a driver stays although it was let go.
    """
    os.environ["PROJ_NETWORK"] = "OFF"
    pyogrio.set_gdal_config_options({**_OFFLINE, **_CLOSED})
    _no_way_past()
    wanted = {driver for drivers in DRIVERS.values() for driver in drivers}
    if surplus := set(pyogrio.list_drivers()) - wanted:
        from pyogrio.core import _register_drivers  # reads GDAL_SKIP anew

        pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(sorted(surplus)) + ","})
        _register_drivers()
        pyogrio.set_gdal_config_options({"GDAL_SKIP": None})
    if left := set(pyogrio.list_drivers()) - wanted:
        raise WorkError("sources.drivers_left", drivers=", ".join(sorted(left)))
    _restricted.set()


own_process.when_claimed(restrict)
