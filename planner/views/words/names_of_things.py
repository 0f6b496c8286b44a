"""What kinds, columns, departments, services, profiles and clauses are called."""

from __future__ import annotations

from collections.abc import Mapping

from planner.district import (
    EVERYONE,
    Kinds,
    Rule,
    Standard,
    WalkProfile,
    builtin_kinds,
    builtin_profiles,
    known_kinds,
)
from planner.district.kinds import DEPARTMENTS, SERVICE_LINES
from planner.errors import messages
from planner.views.words.columns import COLUMNS, GROUPS, VALUES
from planner.views.words.numbers import Numbers


class Names(Numbers):
    """Names in one language; parameters as of :class:`planner.views.words.labels.Labels`."""

    def kind(self, kind: str, kinds: Kinds | None = None) -> str:
        """Return the name of a kind; an id that no table knows stays as it is."""
        table = kinds if kinds is not None and kind in kinds else known_kinds()
        return table[kind].name(self.language) if kind in table else kind

    def column(self, name: str, kinds: Kinds | None = None) -> str:
        """Return the heading of a table's column, ``share_clinic`` and the like included."""
        if name in GROUPS or name.startswith("pop_"):
            return self.group(name)
        if name in COLUMNS:
            return self.text(COLUMNS[name])
        for figure in sorted(COLUMNS, key=len, reverse=True):
            kind = name.removeprefix(f"{figure}_")
            if kind != name and kind in (builtin_kinds() if kinds is None else kinds):
                return self.text(
                    "{kind}: {figure}", kind=self.kind(kind, kinds), figure=self.column(figure)
                )
        return name

    def value(self, value: str) -> str:
        """Return the word for a status, ownership, measure or circle; others stay as they are."""
        return self.text(VALUES[value]) if value in VALUES else value

    def meaning(self, asked: str, value: str) -> str:
        """Return the word for what a word of a file means.

        Parameters
        ----------
        asked, value
            One of :data:`planner.sources.tables.words.states.MATTERS`, and one of its values.
        """
        if asked == "barrier":
            return self.message(f"gaps.barrier_{value}")
        code = f"tables.{asked}_{value}"
        return self.message(code) if code in messages() else self.value(value)

    def values(self, joined: str) -> str:
        """Return a ``;``-separated list with the language's own commas."""
        return self.text(", ").join(part.strip() for part in joined.split(";") if part.strip())

    def department(self, department: str) -> str:
        """Return the name of a department; an id that is not known stays as it is."""
        return self._pair(DEPARTMENTS, department)

    def service_line(self, line: str) -> str:
        """Return the name of a service line; an id that is not known stays as it is."""
        return self._pair(SERVICE_LINES, line)

    def service(self, service: str) -> str:
        """Return the name of a service; one that is not known stays as it is.

        Examples
        --------
        >>> Names("zh").service("meals"), Names("en").service("juggling")
        ('助餐', 'juggling')
        """
        code = f"matching.service_{service}"
        return self.message(code) if code in messages() else self.text(service)

    def profile(self, profile: str | WalkProfile, own: str = "") -> str:
        """Return the name of a profile of walking.

        Parameters
        ----------
        profile
            The profile, or its id.
        own
            What one that does not ship is called; its id where that is not known.
        """
        if isinstance(profile, WalkProfile):
            return profile.name(self.language)
        if profile == EVERYONE:
            return self.message("profiles.everyone")
        known = builtin_profiles()
        return known[profile].name(self.language) if profile in known else own or profile

    def standard(self, standard: Standard) -> str:
        """Return the name of a standard."""
        return standard.name(self.language)

    def clause(self, rule: Rule | None) -> str:
        """Return where a standard sets a limit, and that it was not checked where it was not."""
        if rule is None:
            return self.text("not judged: the standard has no limit")
        clause = self.text(rule.clause)
        if rule.verified and rule.verified_by and rule.verified_on:
            day = self.date(rule.verified_on)
            return self.message(
                "standards.clause_checked", clause=clause, name=rule.verified_by, day=day
            )
        if rule.verified:
            return clause
        if rule.basis == "assumption":
            return self.message("standards.clause_assumed", clause=clause)
        return self.text("{clause} (not yet checked against the official text)", clause=clause)

    def _pair(self, table: Mapping[str, tuple[str, str]], key: str) -> str:
        return table[key][self.language == "zh"] if key in table else key
