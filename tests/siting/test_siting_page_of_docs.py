"""The examples of docs/siting.md run, one after another."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "siting.md"


# they run in tests/docs/test_printed_python.py; promises are kept in tests/siting
@pytest.mark.long
def test_the_examples_run_and_keep_their_word():
    names: dict[str, object] = {}
    blocks = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(blocks) >= 5
    for block in blocks:
        exec(block, names)
    assert names["proposal"].gained == names["proposal"].bound
    assert names["moved"].net == names["moved"].most_net
