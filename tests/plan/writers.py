"""A process that writes to a plan and says what was acknowledged; run with a target and a count."""

import sys

from planner.plan.store.author import Author
from planner.plan.store.opening import open_store
from planner.plan.store.writing import Writing


def main(target: str, row_id: str, count: int) -> None:
    """Add 1 to the cost of a proposal so many times, each from what it is by then."""
    store = open_store(target)
    print("ready", flush=True)

    def add_one(writing: Writing) -> int:
        cost = writing.row("proposal", row_id)["cost"]
        row = writing.change("proposal", row_id, {"cost": cost + 1.0}, "edit", f"to {cost + 1}")
        return int(row["version"])

    for _ in range(count):
        print(store.write(Author("w", "w", "alone"), add_one), flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
