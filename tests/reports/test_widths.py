"""Columns of a table on paper are wide enough that no figure of it is broken."""

import datetime as dt
from io import BytesIO

import docx
import pytest

from planner.reports.content import ON_PAPER, Column, Table
from planner.reports.document import Paper
from planner.reports.widths import BROAD, PADDING, pieces
from planner.reports.word import _sized
from planner.views.words.labels import Labels


def test_a_sum_is_as_wide_as_it_is_written() -> None:
    columns = (Column("Name"), Column("Homes", "whole", summed=True))
    rows = tuple(("A", 9.0) for _ in range(ON_PAPER))
    beyond = ("B", 123_000_000.0)  # below what paper shows, and in the sum
    (piece,) = pieces(Table("t", "Homes", columns, (*rows, beyond)), Labels("en"), 12.0)
    assert piece.places == (0, 1)
    assert piece.widths[1] >= len("123,000,360") * BROAD + PADDING
    (narrow,) = pieces(Table("t", "Homes", columns, rows), Labels("en"), 12.0)
    assert narrow.widths[1] < piece.widths[1]


def test_a_code_is_not_broken_by_a_broader_font_nor_a_unit_by_a_narrow_column() -> None:
    columns = (Column("社区代码"), Column("限值（米）", "whole"), Column("条款"))
    rows = (("990702001001", 300.0, "服务半径不宜大于三百米" * 9),)
    (piece,) = pieces(Table("t", "c", columns, rows), Labels("zh"), 60.0)
    assert piece.widths[0] >= 12 * BROAD + PADDING
    assert piece.widths[1] >= len("（米）") * 2 + PADDING
    share = Table("t", "c", (Column("街道"), Column("下限（%）", "percent")), (("甲", 65.6),))
    (piece,) = pieces(share, Labels("zh"), 60.0)
    assert piece.widths[1] >= len("（%）") * 2 + PADDING


def test_no_piece_of_a_torn_table_has_a_single_column_where_others_have_room_to_share() -> None:
    for count in range(4, 40):
        columns = (Column("Name"), *(Column(f"Kind {n:03}", "percent") for n in range(count)))
        table = Table("t", "c", columns, (("A", *[9.0] * count),))
        torn = pieces(table, Labels("en"), 70.0)
        assert [place for piece in torn for place in piece.places[1:]] == [*range(1, count + 1)]
        sizes = [len(piece.places) - 1 for piece in torn]
        assert max(sizes) - min(sizes) <= 1
        assert all(sum(piece.widths) <= 70.0 for piece in torn)


def test_a_column_broader_than_the_page_stands_alone() -> None:
    columns = (Column("Name"), Column("A" * 90), Column("B"), Column("C"))
    (first, second) = pieces(Table("t", "c", columns, (("a", "b", "c", "d"),)), Labels("en"), 60.0)
    assert (first.places, second.places) == ((0, 1), (0, 2, 3))


def test_a_date_below_signatures_and_a_remark_below_a_table_do_not_stand_alone() -> None:
    for remark in (Paper.small, Paper.at_the_right):
        paper = Paper("en")
        paper.table(["A", "B"], [["1", "2"], ["3", "4"]])
        remark(paper, "told of it")
        paper.table(["A"], [["1"]])
        paper.paragraph("of something else")
        written = docx.Document(BytesIO(paper.written("t", dt.datetime(2026, 1, 1))))
        (first, second) = written.tables

        def kept(table):
            return [c.paragraphs[0].paragraph_format.keep_with_next for c in table.rows[-1].cells]

        assert kept(first) == [True, True]
        assert kept(second) == [None]


def ten_columns(language: str) -> Table:
    """Return the table of kinds as the demo has it: a name, counts of residents and shares."""
    names = {
        "zh": ("设施类别", "限值（米）", "人数", "已覆盖", "超出限值", "覆盖情况未知", "设施"),
        "en": ("Kind of facility", "Limit (m)", "People", "Covered", "Beyond", "Unknown", "Open"),
    }[language]
    shares = {"zh": ("限值以内", "下限", "上限"), "en": ("Within", "At least", "At most")}[language]
    columns = [Column(names[0]), *(Column(each, "whole") for each in names[1:])]
    columns += [Column(f"{each}（%）" if language == "zh" else f"{each} (%)") for each in shares]
    kind = {"zh": "社区卫生服务站", "en": "Community health station (clinic)"}[language]
    return Table(
        "t", "c", tuple(columns), ((kind, 300.0, *[120_163.0] * 3, 18.0, 54.0, *["44.9"] * 3),)
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ten_columns_of_figures_stand_on_one_page(language) -> None:
    table, labels, paper = ten_columns(language), Labels(language), Paper(language)
    size, found = _sized(paper, table, labels)
    assert [piece.places for piece in found] == [tuple(range(10))]
    assert sum(found[0].widths) <= paper.letters(size) + 0.01
    # a table that fits has the usual letters, and one that is far too broad keeps them
    narrow = Table("t", "c", table.columns[:4], tuple(row[:4] for row in table.rows))
    assert _sized(paper, narrow, labels)[0] == "Tight"
    wide = Table("t", "c", (Column("A"), *[Column("B" * 60)] * 3), (("a", "b", "c", "d"),))
    assert _sized(paper, wide, labels)[0] == "Tight"


def test_smaller_letters_are_those_of_the_widths() -> None:
    paper = Paper("zh")
    paper.table(["A"], [["1"]], letters="Tightest")
    written = docx.Document(BytesIO(paper.written("t", dt.datetime(2026, 1, 1))))
    (table,) = written.tables
    sizes = {run.font.size.pt for row in table.rows for run in row.cells[0].paragraphs[0].runs}
    assert sizes == {9.0}
    assert paper.letters("Tightest") / paper.letters("Tight") == pytest.approx(10.5 / 9)
