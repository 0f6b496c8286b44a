"""What every page is given."""

from __future__ import annotations

from dataclasses import dataclass

from planner.analysis.assessment import Assessment
from planner.app.session import store
from planner.app.session.catalogue import DEMO, Entry
from planner.district import District
from planner.errors import PlannerError
from planner.views.words.labels import Labels


@dataclass(frozen=True)
class Context:
    """The reader's language and the district and standard looked at.

    Parameters
    ----------
    labels
        Words of the chosen language.
    entry
        The district.
    standard
        Id of a built-in standard.
    """

    labels: Labels
    entry: Entry
    standard: str

    def say(self, code: str, **params: object) -> str:
        """Return a sentence of ``messages/app.toml`` in the reader's language."""
        return self.labels.message(f"app.{code}", **params)

    def word(self, code: str, **params: object) -> str:
        """Return any sentence of ``messages`` in the reader's language, such as ``"app.kind"``."""
        return self.labels.message(code, **params)

    def district(self) -> District:
        """Return the district, shared with all sessions."""
        return store.district(self.entry)

    def assessment(self) -> Assessment:
        """Return its assessment, shared with all sessions."""
        return store.assessment(self.entry, self.standard)


def counting(labels: Labels, entry: Entry) -> Labels:
    """Return words for what a district counts; as they are where it cannot be read.

    What is wrong with the file is told by the page that opens it.
    """
    try:
        return Labels.of(store.district(entry), labels.language)
    except PlannerError:
        return labels


def entry_word(labels: Labels, entry_id: str) -> str:
    """Return the words for an entry: its file's name without the ending, or that it is the demo."""
    if entry_id == DEMO:
        return labels.message("app.demo_district")
    return entry_id.removesuffix(".gpkg")
