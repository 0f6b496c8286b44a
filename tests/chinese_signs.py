"""Where a text parts Chinese signs that belong together."""

import re

SIGN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
BETWEEN = re.compile(f"[{SIGN}] +[{SIGN}]")


def blanks_between_signs(text: str) -> list[str]:
    """Return each place of a text where a blank parts two Chinese signs."""
    return BETWEEN.findall(text)
