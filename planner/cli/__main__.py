"""``python -m planner.cli``: the command where no console script is installed."""

from planner.cli import main

if __name__ == "__main__":
    main()
