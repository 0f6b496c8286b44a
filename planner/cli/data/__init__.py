"""Verbs that bring data in, check it and mend it."""
