"""Words that call what is counted people, in both languages."""

import re

PEOPLE = re.compile(
    r"\b(residents?|people|persons?|inhabitants?|population)\b"
    r"|居民(?!点|委)|人口|人次|人均|人数|(?<=\d) 人(?![行工])|[名每多少的有使]人(?![行工为])",
    re.IGNORECASE,
)
"""Words that would call an estimate people; place names and footbridges (人行桥) do not."""
