"""How many proposals a plan's file has by workspace, told before the plan's programs are there.

The first page of a server asks this alone. SQLAlchemy and all that a plan is made of take half a
second to import, for which its reader would wait.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from planner.errors import InputError
from planner.plan.store.places import refuse_share

_ASKED = "SELECT workspace, count(*) FROM plan_proposals WHERE NOT deleted GROUP BY workspace"


def proposals_by_workspace(file: Path) -> Counter[str]:
    """Return the numbers of proposals by workspace; none of a file that cannot be read as a plan.

    What is wrong with it is told by whoever opens the plan.
    """
    try:
        refuse_share(file)
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as data:
            return Counter(dict(data.execute(_ASKED)))
    except (InputError, sqlite3.Error):
        return Counter()
