"""Words that call what is counted people, in both languages."""

import re

PEOPLE = re.compile(
    r"\b(residents?|people|persons?|inhabitants?|(?<!floating )population)\b"
    r"|居民(?!点|委)|(?<!流动)人口|人次|人均|人数"
    r"|(?<=\d) 人(?![行工])|[名每多少的有使]人(?![行工为])",
    re.IGNORECASE,
)
"""Words that would call an estimate people; place names, footbridges (人行桥) and
the service for the floating population (流动人口) do not."""
