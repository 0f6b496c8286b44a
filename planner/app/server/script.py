"""The dashboard as a script."""

from planner.app.main import run

run()
