"""Parquet files that are small and hold very much: refused, or ended where capped."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402
import shapely  # noqa: E402

import planner  # noqa: E402
from planner.app.server.reading.caps import Caps  # noqa: E402
from planner.app.server.reading.worker import Worker  # noqa: E402
from planner.errors import InputError, messages  # noqa: E402
from planner.sources.untrusted.uploads import Limits, check_layer, check_table  # noqa: E402

POINT = shapely.to_wkb(shapely.Point(1, 2))
GEO = {
    "version": "1.0.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}
MEMORY_MB = 700


def wide(rows: int) -> "pa.Table":
    """Return one long text that stands in every row, which a dictionary holds once."""
    words = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["x" * 100_000])
    return pa.table({"name": words, "geometry": pa.array([POINT] * rows)})


def nested(rows: int) -> "pa.Table":
    values: list[object] = [0]
    for _ in range(40):
        values = [values]
    return pa.table({"name": [values] * rows, "geometry": pa.array([POINT] * rows)})


def long(rows: int) -> "pa.Table":
    zeros = pa.array([0], pa.int64())
    same = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), zeros)
    places = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [POINT])
    return pa.table({"population": same.cast(pa.int64()), "geometry": places.cast(pa.binary())})


BOMBS = {"dictionary": (wide, 60_000), "row group": (long, 12_000_000), "nested": (nested, 20)}

READ = """
import sys
from planner.app.server.reading.caps import hold
from planner.errors import PlannerError
from planner.sources import own_process
from planner.sources.vector.reading import read_vector
own_process.claim()
hold(int(sys.argv[2]))
try:
    read_vector(sys.argv[1], crs=4326)
    print("read")
except PlannerError as error:
    print(error.code)
except MemoryError:
    print("uploads.too_much_memory")
# what getrusage tells would count what the process that started this one held
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024)
"""


@pytest.fixture(scope="module", params=list(BOMBS))
def bomb(request, tmp_path_factory) -> Path:
    make, rows = BOMBS[request.param]
    table = make(rows).replace_schema_metadata({"geo": json.dumps(GEO)})
    file = tmp_path_factory.mktemp("bomb") / "bomb.parquet"
    pq.write_table(table, file, row_group_size=rows, compression="zstd")
    assert file.stat().st_size < 3_000_000
    return file


@pytest.mark.long(but=1)
def test_one_that_says_that_it_holds_too_much_is_not_read(bomb):
    with pytest.raises(InputError) as error:
        check_layer(bomb, Limits(rows=10, expanded_bytes=1_000_000))
    assert error.value.code in ("uploads.too_many_rows", "uploads.bomb")
    with pytest.raises(InputError) as error:
        check_table(bomb)
    assert error.value.code == "uploads.not_a_points_file"


def test_another_file_under_the_name_is_refused(tmp_path):
    for content in (b"", b"PAR1", b"PAR1" + b"\x00" * 64 + b"PAR1", b"SQLite format 3\x00"):
        file = tmp_path / "a.parquet"
        file.write_bytes(content)
        with pytest.raises(InputError) as error:
            check_layer(file)
        assert error.value.code in ("sources.other_content", "sources.not_vector")


@pytest.mark.long
def test_the_reader_of_uploads_ends_with_a_word(bomb, tmp_path):
    request = {"do": "parts", "files": [str(bomb)], "file": str(bomb)}
    worker = Worker(request, tmp_path, Caps(MEMORY_MB, 60.0))
    answer = worker.run(lambda _code, _share: None)
    if answer is None:
        assert worker.error is not None
        assert worker.error.code in messages()
        assert worker.error.code != "uploads.crashed"
    else:
        assert answer["parts"][0].get("rows") or answer["parts"][0]["error"]["code"] in messages()


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="what was held is read as Linux tells it")
def test_a_capped_process_ends_with_a_word(bomb):
    ran = subprocess.run(
        [sys.executable, "-c", READ, str(bomb), str(MEMORY_MB)],
        env=os.environ | {"PYTHONPATH": str(Path(planner.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said, held_mb = ran.stdout.split()
    assert said == "read" or said in messages(), ran.stderr[-2000:]
    assert int(held_mb) < MEMORY_MB + 300
