"""Hostile content of every kind that the installed GDAL would follow, for the tests beside it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

SECRET = "cookie_secret_of_the_server"
POINT = {
    "type": "Feature",
    "properties": {"kind": "river", "name": "a", "population": 1},
    "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [1.1, 2], [1.1, 2.1], [1, 2]]]},
}
COLLECTION = {"type": "FeatureCollection", "features": [POINT]}


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """Listen on a free port of the loopback address; yield it and what was asked of it."""
    asked: list[bytes] = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(2)
                    try:
                        asked.append(connection.recv(400))
                        connection.sendall(b"HTTP/1.0 404 none\r\nContent-Length: 0\r\n\r\n")
                    except OSError:
                        asked.append(b"?")

        threading.Thread(target=answer, daemon=True).start()
        yield server.getsockname()[1], asked


def texts(secret: Path, port: int) -> dict[str, str]:
    """Return texts that make a driver of GDAL read `secret`, or ask the port, by driver."""
    url = f"http://127.0.0.1:{port}"
    columns = "--oo X_POSSIBLE_NAMES=lon --oo Y_POSSIBLE_NAMES=lat"
    read = f"gdal vector pipeline ! read {secret} {columns} ! write --of=stream out"
    esri = {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "fields": [{"name": "kind", "type": "esriFieldTypeString"}],
        "features": [{"attributes": {"kind": SECRET}, "geometry": {"x": 1, "y": 2}}],
    }
    topo = {
        "type": "Topology",
        "objects": {
            "a": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [1, 2], "properties": {"kind": SECRET}}
                ],
            }
        },
        "arcs": [],
    }
    line = json.dumps(POINT | {"properties": {"kind": SECRET}})
    return {
        "GDALG": json.dumps({"type": "gdal_streamed_alg", "command_line": read}),
        "OGR_VRT": "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource relativeToVRT='0'>"
        f"{secret}</SrcDataSource><SrcLayer>{secret.stem}</SrcLayer>"
        "<GeometryField encoding='PointFromColumns' x='lon' y='lat'/></OGRVRTLayer>"
        "</OGRVRTDataSource>",
        "WFS": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "CSW": f"<OGRCSWDataSource><URL>{url}/csw</URL></OGRCSWDataSource>",
        "OAPIF": f"<OGRWFS3DataSource><URL>{url}/oapif</URL></OGRWFS3DataSource>",
        "GML": "<?xml version='1.0'?><ogr:FeatureCollection xmlns:ogr='http://ogr.maptools.org/' "
        f"xmlns:gml='http://www.opengis.net/gml' xmlns:xsi='http://www.w3.org/2001/XMLSchema-"
        f"instance' xsi:schemaLocation='http://ogr.maptools.org/ {url}/a.xsd'><gml:featureMember>"
        f"<ogr:a><ogr:kind>{SECRET}</ogr:kind></ogr:a></gml:featureMember>"
        "</ogr:FeatureCollection>",
        "ESRIJSON": json.dumps(esri),
        "TopoJSON": json.dumps(topo),
        "GeoJSONSeq": f"{line}\n{line}\n",
        "PLSCENES": json.dumps({"type": "PLScenes", "_links": {"_self": url}}),
        "OGCAPI": json.dumps({"links": [{"rel": "data", "href": f"{url}/collections"}]}),
        "CSV": secret.read_text(encoding="utf-8"),
        "GPX": "<?xml version='1.0'?><gpx version='1.1' creator='a' "
        f"xmlns='http://www.topografix.com/GPX/1/1'><wpt lat='1' lon='2'><name>{SECRET}</name>"
        "</wpt></gpx>",
        "GeoRSS": "<?xml version='1.0'?><rss version='2.0' xmlns:georss='http://www.georss.org/"
        f"georss'><channel><item><title>{SECRET}</title><georss:point>1 2</georss:point></item>"
        "</channel></rss>",
        "OSM": f"<?xml version='1.0'?><osm version='0.6'><node id='1' lat='1' lon='2' version='1'>"
        f"<tag k='name' v='{SECRET}'/></node></osm>",
    }


NATURAL = {
    "CSV": ".csv",
    "DGN": ".dgn",
    "DXF": ".dxf",
    "ESRI Shapefile": ".shp",
    "FlatGeobuf": ".fgb",
    "GPX": ".gpx",
    "GeoRSS": ".xml",
    "KML": ".kml",
    "LIBKML": ".kml",
    "MBTiles": ".mbtiles",
    "MapInfo File": ".mif",
    "ODS": ".ods",
    "OGR_GMT": ".gmt",
    "PDF": ".pdf",
    "PMTiles": ".pmtiles",
    "S57": ".000",
    "Selafin": ".slf",
    "VDV": ".x10",
    "WAsP": ".map",
    "XLSX": ".xlsx",
}
"""Endings without which a driver of GDAL does not write."""


def written(driver: str, folder: Path) -> Path | None:
    """Write a layer that holds the secret with a driver of GDAL; return it, None if it cannot."""
    file = folder / f"made{NATURAL.get(driver, '.bin')}"
    points = [shapely.Point(1, 2), shapely.Point(2, 3)]
    for columns in ({"kind": [SECRET] * 2}, {"name": [SECRET] * 2}, {}):
        for shapes in (points, [shapely.LineString(points)] * 2, None):
            if shapes is None:
                table = pd.DataFrame(columns)
            else:
                table = gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)
            try:
                pyogrio.write_dataframe(table, file, layer="a", driver=driver)
            except Exception:  # noqa: BLE001 - tried in another way
                continue
            files = [file] if file.is_file() else [f for f in file.rglob("*") if f.is_file()]
            if files:
                return max(files, key=lambda made: made.stat().st_size)
    return None


if __name__ == "__main__":
    # Drivers warn in C, where a warning that a test turns into an error is lost: a process of its
    # own makes the files of all of them.
    import sys
    import warnings

    warnings.simplefilter("ignore")
    made = {}
    for driver in pyogrio.list_drivers(write=True):
        place = Path(sys.argv[1]) / f"driver{len(made)}"
        place.mkdir()
        made[driver] = written(driver, place)
    print(json.dumps({driver: str(file) for driver, file in made.items() if file}))
