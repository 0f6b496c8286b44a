"""What SECURITY.md has a bureau's IT type, and the image: commands, paths and names that agree."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from planner.app.server import serve
from planner.app.server.settings.configuration import read_configuration
from planner.cli import main

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def block(kind: str, word: str) -> str:
    """Return the one block of code of a kind that holds a word."""
    [found] = [each for each in re.findall(rf"```{kind}\n(.*?)```", TEXT, re.S) if word in each]
    return found


UNIT = block("ini", "[Service]")
IMAGE = (ROOT / "Containerfile").read_text(encoding="utf-8")
RUN = shlex.split(block("bash", "docker run").replace("\\\n", " "))
USER = [shlex.split(line) for line in block("bash", "useradd").strip().splitlines()]


def after(option: str) -> list[str]:
    return [RUN[place + 1] for place, word in enumerate(RUN) if word == option]


def of_unit(name: str) -> str:
    [value] = re.findall(rf"^{name}=(.*)$", UNIT, re.M)
    return value


@pytest.mark.skipif(sys.platform != "linux", reason="a server of Linux")
def test_the_commands_exist():
    for words in USER:
        command = words[words[0] == "sudo"]
        assert shutil.which(command), command


def test_user_and_folders_are_the_same_everywhere():
    made, folders, configuration = USER
    home = made[made.index("--home-dir") + 1]
    assert made[-1] == of_unit("User") == of_unit("Group") == "planner"
    assert after("--user") == [f"$(id -u {made[-1]}):$(id -g {made[-1]})"]
    assert of_unit("ReadWritePaths") == home
    assert home in folders
    assert all(each.startswith(home) for each in folders if each.startswith("/"))
    assert after("-v") == [f"{home}:{home}", f"{configuration[-1]}:{configuration[-1]}:ro"]
    assert f"HOME={home}" in after("--env")
    [cache] = [each.removeprefix("NUMBA_CACHE_DIR=") for each in after("--env") if "NUMBA" in each]
    assert any(each.startswith(f"{cache}:") and "exec" in each for each in after("--tmpfs"))


def test_the_server_is_started_as_the_command_takes_it(tmp_path, capsys):
    started = shlex.split(of_unit("ExecStart"))
    in_container = RUN[RUN.index("planner-image") + 1 :]
    assert Path(started[0]).name == in_container[0] == "planner"
    assert started[1:] == in_container[1:]
    options = [each for each in started[2:] if each.startswith("--")]
    with pytest.raises(SystemExit) as ended:
        main([started[1], "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert options
    assert all(each in told for each in options)
    address, data = re.search(r'`(address = "[^"]*")` and `(data = "[^"]*")`', TEXT).groups()
    [folder] = [each for each in USER[1] if f'"{each}"' in data]
    file = tmp_path / "server.toml"
    here = data.replace(folder, tmp_path.as_posix())
    file.write_text(f"[server]\n{address}\n{here}\n", encoding="utf-8")
    assert read_configuration(file).address == "0.0.0.0"
    assert read_configuration(file).data == tmp_path


def test_the_published_port_is_the_usual_one():
    assert after("-p") == [f"{serve.ADDRESS}:{serve.PORT}:{serve.PORT}"]


def test_the_image_installs_what_the_project_has():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [extras] = re.findall(r"/src\[([\w,]+)\]", IMAGE)
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    [version] = set(re.findall(r"FROM python:(3\.\d+)", IMAGE))
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    bin_folder = Path(shlex.split(of_unit("ExecStart"))[0]).parent.as_posix()
    assert f"ENV PATH={bin_folder}:$PATH" in IMAGE
    assert f"{bin_folder}/pip install" in IMAGE


def test_the_image_holds_what_is_installed_and_nothing_beside_it():
    """What one layer copies and the next removes is still in the image."""
    last = IMAGE.strip().split("\n\n")[-1].splitlines()
    assert last[0].startswith("FROM ")
    copied = [line.split()[1:] for line in last if line.startswith(("COPY", "ADD"))]
    folder = Path(shlex.split(of_unit("ExecStart"))[0]).parents[1].as_posix()
    assert copied == [["--from=build", folder, folder]]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd's own check")
def test_systemd_understands_the_unit(tmp_path):
    there = UNIT.replace(shlex.split(of_unit("ExecStart"))[0], sys.executable)
    (tmp_path / "planner.service").write_text(there, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "planner.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    own = [line for line in done.stderr.splitlines() if "planner.service" in line]
    assert [line for line in own if "Unknown" in line or "Failed to parse" in line] == []
