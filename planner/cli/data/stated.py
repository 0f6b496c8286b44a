"""What is stated of the sources of an import: date, licence and credit of files that say none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.shared.option_groups import StatedOfSources
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.district import District, Source


def with_stated_sources(
    district: District, said: StatedOfSources, files: Mapping[str, Path | None]
) -> District:
    """Return the district with what was stated of its sources.

    Parameters
    ----------
    district
        As imported.
    said
        The options of the verb.
    files
        File by option of the import.

    Raises
    ------
    InputError
        ``cli.stated_nowhere`` where no source is meant, or those that are state their own.
    """
    from planner.district.provenance import with_stated

    for option, field, pair in said.by_field():
        key, value = _parted(pair, district, files)

        def meant(source: Source, key: str = key) -> bool:
            return not key or _is_meant(source, key, files)

        made = with_stated(district, meant, field, value) if value else None
        if made is None:
            known = ", ".join(dict.fromkeys(each.source for each in district.sources))
            raise InputError("cli.stated_nowhere", option=option, value=pair, known=known)
        district = made
    return district


def _parted(pair: str, district: District, files: Mapping[str, Path | None]) -> tuple[str, str]:
    """Return the option or file that is named and what is stated of it; a credit may have a '='."""
    key, equals, value = pair.partition("=")
    key = key.strip().removeprefix("--")
    named = {*files, *(each.source for each in district.sources), *district.layers}
    return (key, value.strip()) if equals and key in named else ("", pair.strip())


def _is_meant(source: Source, key: str, files: Mapping[str, Path | None]) -> bool:
    from planner.sources.files.intake import LAYER_OF_OPTION

    layer = LAYER_OF_OPTION.get(key, key)
    file = files.get(key)
    if file is None:
        return key == source.source or layer == source.layer
    # cells, totals and rasters become residents
    return file.name == source.source and (layer == source.layer or source.layer == "demand")
