"""``python -m planner``: the command ``planner``, where no console script is on the path."""

from planner.cli import main

# a process that is started anew for work runs this file as well, and must not run the verb again
if __name__ == "__main__":
    main()
