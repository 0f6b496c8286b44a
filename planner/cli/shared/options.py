"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated, Any

import typer


def optional(metavar: str, text: str, *names: str, **more: Any) -> Any:
    """Return an option that may be left out; its help shows no default."""
    return typer.Option(*names, metavar=metavar, help=text, show_default=False, **more)


def at_least(metavar: str, text: str, least: float = 0) -> Any:
    """Return an option for a number that is no less than another."""
    return typer.Option(metavar=metavar, help=text, min=least)


Language = Annotated[
    str | None,
    optional(
        "en|zh",
        "Language of messages, tables and maps. [default: that of the system]",
        envvar="PLANNER_LANGUAGE",
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else there.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an unforeseen error came from.")]
Workspace = Annotated[
    Path,
    typer.Argument(
        metavar="WORKSPACE",
        help="A workspace GeoPackage, or 'demo' for the demo district.",
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    optional(
        "MOMENT", "Count only facilities open then: 'Su 22:00', a date and time, or 'always'."
    ),
]
Service = Annotated[str | None, optional("NAME", "Count only facilities that offer this service.")]
WITHHOLD_BELOW = "PLANNER_WITHHOLD_BELOW"
"""Variable of the environment that withholds small counts wherever nobody says otherwise."""

WithholdBelow = Annotated[
    int | None,
    optional(
        "PEOPLE",
        "Withhold counts of groups below so many people, and what would tell them, from all that "
        "is printed and written; 5 is usual.",
        min=2,
        envvar=WITHHOLD_BELOW,
    ),
]
OneGroup = Annotated[
    str | None,
    optional(
        "COLUMN", "The column of demand to count, such as pop_65plus. [default: all residents]"
    ),
]
Profile = Annotated[
    str | None,
    optional(
        "ID|FILE",
        "Whose walk is measured: wheelchair, elderly, or a profile file of your own (TOML). "
        "[default: everyone's]",
        "--profile",
    ),
]
ProfileRules = Annotated[
    list[str] | None,
    optional(
        "RULE=STATE",
        "Switch a rule of the profile on or off, or read streets that do not tell what it asks "
        "both ways (both) or as good (passes); may be repeated.",
        "--profile-rule",
    ),
]
UnmappedGround = Annotated[
    float | None,
    optional(
        "METRES",
        "Read homes farther than this from every mapped street both ways, as in compounds whose "
        "paths nobody mapped: straight, and round corners. [default: straight]",
        "--unmapped-m",
        min=0,
    ),
]
ElevationFile = Annotated[
    Path | None,
    optional("FILE", "Heights of the ground as a GeoTIFF: slopes of the streets.", "--elevation"),
]
Groups = Annotated[
    list[str] | None,
    optional(
        "COLUMN",
        "A column of demand to count, such as population or pop_65plus; may be repeated. "
        "[default: all]",
        "--group",
    ),
]
CostsFile = Annotated[Path | None, optional("FILE", "Prices of your own (TOML).")]
KindsFile = Annotated[
    str | None,
    optional(
        "FILE", "A kinds file of your own that the workspace lacks, or 'everyday'.", "--kinds"
    ),
]
DEFAULT_STANDARD = ""
"""Stands for the district's own standard."""
Standard = Annotated[
    str,
    typer.Option(
        metavar="ID|FILE",
        help="A standard by its id (planner standards) or a TOML file. [default: the district's, "
        "else gb50180-2018]",
        show_default=False,
    ),
]
SomeKinds = Annotated[
    list[str] | None,
    optional("KIND", "A kind that counts; may be repeated. [default: all with a limit]", "--kind"),
]
Where = Annotated[
    list[str] | None,
    optional(
        "ORIGIN",
        "Places to choose from: candidates, internal, premises, streets, homes or grid; "
        "may be repeated. [default: candidates and internal, streets where none is listed]",
        "--where",
    ),
]
OwnLimit = Annotated[float | None, optional("METRES", "A limit other than the standard's.", min=1)]
TimeLimit = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.01, help="Longest search, processor time.")
]
Steps = Annotated[
    int | None,
    optional(
        "NUMBER",
        "Steps of the search in place of its time: the answer is then the same on every machine.",
        min=1,
    ),
]
StopGap = Annotated[
    float,
    typer.Option(
        metavar="SHARE", min=0, max=1, help="Stop once this distance from the best is proven."
    ),
]
TablesFolder = Annotated[
    Path | None, optional("DIR", "Write tables, layers and a scenario to this folder.")
]
Spacing = Annotated[
    float,
    typer.Option(
        metavar="METRES", help="Least distance between places made up on streets, homes or a grid."
    ),
]
Inside = Annotated[
    list[str] | None,
    optional(
        "COMMUNITY|FILE",
        "Only places in a community (id, name or SUBDISTRICT/NAME) or in a polygon file; "
        "may be repeated.",
        "--within",
    ),
]
Outside = Annotated[
    list[str] | None,
    optional(
        "COMMUNITY|FILE",
        "No places in a community (id, name or SUBDISTRICT/NAME) or in a polygon file; "
        "may be repeated.",
        "--outside",
    ),
]
Layers = Annotated[
    list[str] | None,
    optional(
        "[OPTION=]NAME",
        "The layer or sheet to read of a file with several, such as demand=residents; "
        "may be repeated.",
        "--layer",
    ),
]
KindWords = Annotated[
    list[str] | None,
    optional(
        "WORD=KIND",
        "The kind that a word of a facility list stands for; nothing after = sets its rows aside. "
        "May be repeated.",
        "--kind-word",
    ),
]
CommunityNames = Annotated[
    list[str] | None,
    optional(
        "NAME=COMMUNITY",
        "The community that a row of --totals or of a table of growth is, where its name is "
        "written otherwise there; nothing after = leaves the row out. May be repeated.",
        "--community-name",
    ),
]
ListKinds = Annotated[
    list[str] | None,
    optional(
        "FILE=KIND",
        "The kind of all facilities of a list, or of all barriers of a file, that has no column "
        "for it; may be repeated.",
        "--list-kind",
    ),
]
StatusWords = Annotated[
    list[str] | None,
    optional(
        "WORD=STATUS",
        "What a word in the column status of facilities or streets means: existing, planned, "
        "proposed or closed; nothing after = sets rows of facilities aside. May be repeated.",
        "--status-word",
    ),
]
OwnershipWords = Annotated[
    list[str] | None,
    optional(
        "WORD=OWNERSHIP",
        "What a word in the column ownership of facilities means: public, partner or internal. "
        "May be repeated.",
        "--ownership-word",
    ),
]
StreetWords = Annotated[
    list[str] | None,
    optional(
        "WORD=CLASS",
        "The class of street that a word means, such as residential, service, footway or motorway; "
        "no: nobody walks there. May be repeated.",
        "--street-word",
    ),
]
AccessWords = Annotated[
    list[str] | None,
    optional(
        "WORD=yes|private|no",
        "Whether people walk on the streets of which a file says a word, such as private=yes for "
        "lanes of compounds that residents use. May be repeated.",
        "--access-word",
    ),
]
BarrierWords = Annotated[
    list[str] | None,
    optional(
        "WORD=KIND",
        "What a word of a file of barriers means: water, railway, motorway or wall; nothing "
        "after =: it is none, and its rows are set aside. May be repeated.",
        "--barrier-word",
    ),
]
GateWords = Annotated[
    list[str] | None,
    optional(
        "WORD=open|shut",
        "What a word of a file of gates means. May be repeated.",
        "--gate-word",
    ),
]
Datums = Annotated[
    list[str] | None,
    optional(
        "[OPTION=]DATUM",
        "Datum of the points' coordinates whatever the files say: wgs84, cgcs2000, gcj02 "
        "(高德, 腾讯) or bd09 (百度), for all layers of points or one (facilities=gcj02); may be "
        "repeated. auto: as headers say, else recognised by streets and communities. "
        "[default: auto]",
        "--datum",
    ),
]
MappingFile = Annotated[
    Path | None,
    optional("FILE", "How files of the same shape were read before (.mappings.json)."),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Refuse a file with a row that does not fit.")
]
SetAsideMost = Annotated[
    str | None,
    optional(
        "N|N%", "So many rows of each file may be set aside where they do not fit. [default: 5%]"
    ),
]
TotalsFile = Annotated[
    Path | None,
    optional(
        "FILE",
        "Residents as totals by community (table with code or name), spread over homes or streets.",
        "--totals",
    ),
]
CellsFile = Annotated[
    Path | None,
    optional("FILE", "Residents by cells of a grid: areas, or the middles of cells.", "--cells"),
]
RasterFile = Annotated[
    Path | None, optional("FILE", "Residents by pixel: a GeoTIFF such as WorldPop's.", "--raster")
]
HomesFile = Annotated[
    Path | None,
    optional("FILE", "Outlines of buildings that residents are spread over.", "--homes"),
]
GroupsFrom = Annotated[
    list[str] | None,
    optional(
        "GROUP=SHARE|COLUMN",
        "A group as a share of all residents (pop_60plus=18.6%) or a column that counts it or "
        "tells its share; may be repeated.",
        "--group-from",
    ),
]
Dated = Annotated[
    list[str] | None,
    optional(
        "[OPTION=]DATE",
        "Date of what a file tells where it does not say so itself, such as demand=2020 or "
        "2020-09-23: by option, by the file's name, or for all. May be repeated.",
    ),
]
Licence = Annotated[
    list[str] | None,
    optional(
        "[OPTION=]TEXT",
        "Licence of a file that does not state one, such as demand=MIT. May be repeated.",
    ),
]
Attribution = Annotated[
    list[str] | None,
    optional(
        "[OPTION=]TEXT",
        "Credit that a file asks for, shown with maps and exports, such as 'demand=© City of X'. "
        "May be repeated.",
    ),
]
PopulationYear = Annotated[
    int | None, optional("YEAR", "The year that the residents are of.", "--population-year")
]
Growth = Annotated[
    str | None,
    optional(
        "RATE|FILE",
        "Change a year to --to-year: one rate (1.2%), or a table with a rate, or the later "
        "residents, by community.",
        "--growth",
    ),
]
ToYear = Annotated[
    int | None, optional("YEAR", "Carry the residents on to this year.", "--to-year")
]
Show = Annotated[
    bool,
    typer.Option(
        "--show", "--dry-run", help="Show how each file would be read, and write nothing."
    ),
]
