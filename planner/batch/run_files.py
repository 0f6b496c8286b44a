"""What the files are called by which a folder is known as the results of a run."""

from __future__ import annotations

RUN = "run.json"
FAILURES = "failures.csv"
