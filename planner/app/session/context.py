"""What every page is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from planner.analysis.assessment import Assessment
from planner.app.session.answers import assessments
from planner.app.session.answers.assessments import Question
from planner.app.session.catalogue import DEMO, Entry
from planner.district import District
from planner.district.defaults import STANDARD
from planner.errors import PlannerError
from planner.views.words.catalogue import BROWSER
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
        Id of a standard, one that ships or a reader's own.
    walk, rules_off, unmapped_m
        Profile of walking, its rules that are off, and from which way to a street on both ways are
        read, see
        :class:`planner.app.session.answers.assessments.Question`; of pages that offer them.
    """

    labels: Labels
    entry: Entry
    standard: str
    walk: str = ""
    rules_off: str = ""
    unmapped_m: float | None = None

    def word(self, code: str, **params: object) -> str:
        """Return a sentence of ``messages`` in the reader's language, such as ``"app.kind"``."""
        return self.labels.message(code, **params)

    def with_own_names(self) -> Context:
        """Return the same where places are told by the data's own names too, to mend them there."""
        names = self.labels.names
        return replace(self, labels=replace(self.labels, names=names.with_own)) if names else self

    @property
    def labels_of_files(self) -> Labels:
        """The words for files, which call places as the data does, in every language."""
        return replace(self.labels, names=None)

    def place(self, name: str) -> str:
        """Return what a place of the district is called in the reader's language."""
        return self.labels.place(name)

    def kind(self, kind: str) -> str:
        """Return the word for a kind of the district."""
        return self.labels.kind(kind, self.district().kinds)

    @property
    def question(self) -> Question:
        """What the shared answers of this district and standard are asked by."""
        return Question(
            self.entry,
            self.standard,
            walk=self.walk,
            rules_off=self.rules_off,
            unmapped_m=self.unmapped_m,
        )

    @property
    def stem(self) -> str:
        """How names of files of this district begin."""
        return Path(self.entry.id).stem

    def counting(self, group: str) -> Context:
        """Return the same with the words for what one group counts."""
        labels = Labels.of(self.district(), self.labels.language, group, BROWSER)
        return replace(self, labels=replace(labels, names=self.labels.names))

    def district(self) -> District:
        """Return the district, shared with all sessions."""
        return assessments.district(self.entry)

    def assessment(self) -> Assessment:
        """Return its assessment, shared with all sessions."""
        return self.question.assessment()


def counting(labels: Labels, entry: Entry) -> Labels:
    """Return words for what a district counts, with what its places are called in the language.

    They are as they were where the district cannot be read.

    What is wrong with the file is told by the page that opens it.
    """
    try:
        found = Labels.of(assessments.district(entry), labels.language, door=BROWSER)
        return replace(found, names=assessments.place_names(entry, labels.language))
    except PlannerError:
        return labels


def usual_standard(entry: Entry) -> str:
    """Return the standard of a district where nobody chose one; the usual where it is not read."""
    try:
        return assessments.district(entry).usual.standard
    except PlannerError:
        return STANDARD


def entry_word(labels: Labels, entry_id: str) -> str:
    """Return the words for an entry: its file's name without the ending, or that it is the demo."""
    if entry_id == DEMO:
        return labels.message("app.demo_district")
    return entry_id.removesuffix(".gpkg")
