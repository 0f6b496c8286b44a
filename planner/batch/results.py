"""The results of many districts, read from their folder: figures, gaps and league tables."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from planner.batch.rankings import Rankings
from planner.district.layers import GROUP_PREFIX
from planner.errors import InputError


class Results(Rankings):
    """The results of a run.

    Parameters
    ----------
    folder
        Where they are kept.
    resumed
        Districts that had been done before and were not assessed again.
    """

    @property
    def withhold_below(self) -> int | None:
        """People of a group below whom counts are withheld; None where the results hold them."""
        below = self._run.get("withhold_below")
        return below if isinstance(below, int) else None

    def shown_below(self, threshold: int | None, group: str | None) -> Results:
        """Return the results, where they may be shown to whom small counts are withheld.

        Parameters
        ----------
        threshold
            People of a group below whom counts are withheld; None where all may be shown.
        group
            What is to be shown; of everybody no count is withheld.

        Raises
        ------
        InputError
            ``batch.not_withheld`` where the results hold smaller counts of the group: what would
            tell them cannot be known from results.
        """
        below = self.withhold_below
        if threshold is None or group is None or not group.startswith(GROUP_PREFIX):
            return self
        if below is None or below < threshold:
            raise InputError("batch.not_withheld", file=str(self.folder), threshold=threshold)
        return self

    def in_doubt(self) -> int:
        """Return of how many districts remarks say that figures may be wrong."""
        if not (self.districts()["state"] == "done").any():
            return 0
        rows = self._read("summary", shapes=False)
        return len(rows.loc[rows["doubts"] > 0, ["province", "district"]].drop_duplicates())

    def summary(self) -> gpd.GeoDataFrame:
        """Return a row for each district, kind and group, at a point inside the district.

        Returns
        -------
        GeoDataFrame
            In degrees (EPSG:4326): ``province``, ``district``, ``district_name``, ``demand_unit``,
            ``standard``, then the columns of :meth:`planner.Assessment.summary` with people in
            ``total``, and ``doubts``: how many remarks of the assessment, which ``planner assess``
            lists, say that figures may be wrong. Figures of several units or standards add up to
            nothing.
        """
        return self._read("summary")

    def communities(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return a row for each community, kind and group, with its outline, in degrees.

        Parameters
        ----------
        kind
            Only this kind is read; all where none is given.
        """
        return self._read("communities", kind)

    def subdistricts(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return a row for each subdistrict, kind and group, as :meth:`communities` does."""
        return self._read("subdistricts", kind)

    def gaps(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return the gaps of all districts and groups, as :meth:`communities` does."""
        return self._read("gaps", kind)

    def checkup(self) -> gpd.GeoDataFrame:
        """Return the check-up of each community, with its outline, in degrees.

        Returns
        -------
        GeoDataFrame
            ``area_id`` and the columns of ``scores`` of
            :class:`planner.analysis.compliance.checkup.Checkup`; ``rank`` is among the communities
            of one district.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for it.
        """
        return self._answers("checkup")

    def links(self) -> gpd.GeoDataFrame:
        """Return the best links of each district, in degrees.

        Returns
        -------
        GeoDataFrame
            The columns of :meth:`planner.Assessment.links`; ``rank`` is among those of one
            district, and a kind that a district does not judge has no figure there.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("links")

    def siting(self) -> gpd.GeoDataFrame:
        """Return what new sites of each kind bring together, at a point inside each district.

        Returns
        -------
        GeoDataFrame
            A row a district and judged kind: ``asked`` and ``sites`` (how many were sought and
            found among ``places``), ``covered``, ``unknown`` and ``share`` with its range today
            and, ``…_after``, with the sites, ``gained`` and ``bound`` (no choice among the places
            brings more), ``gap`` (the share by which it may be less than the best, 0 to 1),
            ``optimal``, ``stopped``; people of ``group``. ``why_not`` is the code of why there
            are none, empty where there are, and ``why_not_en``, ``why_not_zh`` its sentence;
            ``remarks_en`` and ``remarks_zh`` what must be known, a sentence a line.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for it.
        """
        return self._answers("siting")

    def sites(self) -> gpd.GeoDataFrame:
        """Return the sites that are proposed for each kind, in degrees.

        Returns
        -------
        GeoDataFrame
            ``kind``, ``rank`` (those that bring most first, of one kind and district),
            ``gained`` on top of the sites before, ``alone`` and ``serves``, ``site_id``,
            ``origin``, ``name`` and ``facility_id`` as :attr:`planner.siting.Proposal.sites`.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("siting", "sites")

    def curves(self) -> gpd.GeoDataFrame:
        """Return what 0, 1, 2, … new sites of each kind bring, at a point inside each district.

        Returns
        -------
        GeoDataFrame
            The columns of :meth:`siting`, a row a district, judged kind and ``count`` of sites, 0
            for today, ``required``, how many of them must be built, and ``reachable``, what all
            its places together would bring.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("curves")

    def curve_sites(self) -> gpd.GeoDataFrame:
        """Return the sites of each row of :meth:`curves`, in degrees.

        Returns
        -------
        GeoDataFrame
            The columns of :meth:`sites`, and of which ``count`` they are.

        Raises
        ------
        InputError
            ``batch.not_asked`` where the run did not ask for them.
        """
        return self._answers("curves", "curve_sites")

    def has(self, question: str) -> bool:
        """Return whether the run asked for more than coverage, such as ``"checkup"``."""
        return (self.folder / question).is_dir()

    def _answers(self, question: str, folder: str | None = None) -> gpd.GeoDataFrame:
        name = folder or question
        if not self.has(name):
            raise InputError("batch.not_asked", question=question, file=str(self.folder))
        return self._read(name)


def open_results(folder: str | Path) -> Results:
    """Open the results of many districts.

    Parameters
    ----------
    folder
        Where :func:`planner.batch.run` or ``planner batch`` wrote them.

    Raises
    ------
    MissingFileError, InputError
        ``batch.no_results`` where there are none, ``batch.newer_results``.
    """
    results = Results(Path(folder))
    results.districts()
    return results
