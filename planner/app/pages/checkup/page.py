"""Check-up: a score for each area and its card, clauses, benchmarks, checklists, service lines."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment, Level
from planner.analysis.compliance.benchmarks import floor_area_per_100_households, premises, presence
from planner.analysis.compliance.checklists import completeness, line_coverage
from planner.analysis.compliance.checkup import Checkup
from planner.app.session import background, checkup_store, choices
from planner.app.session.context import Context
from planner.app.session.errors import markdown, told
from planner.app.session.loading import loaded
from planner.app.widgets import components, key_figures
from planner.district.benchmarks import find_benchmark
from planner.district.checklists import builtin_checklists
from planner.district.weights import Weights, default_weights, weights_of, weights_toml
from planner.views.exports.card import cards_html
from planner.views.exports.files import write_csv
from planner.views.tables.checkups import clauses_table, scores_table
from planner.views.words.checkups import requirement_word, score_word
from planner.views.words.labels import Labels

BENCHMARK = "china-2005"
CARD_HEIGHT = 1130
HIGHEST = 1000.0


def page(context: Context) -> None:
    """Draw the page."""
    _view(context, loaded(context))


@st.fragment
def _view(context: Context, result: Assessment) -> None:
    """Draw it, telling here what goes wrong, since a fragment runs again by itself."""
    with told(context.labels):
        _draw(context, result)


def _say(context: Context, code: str, **params: object) -> str:
    return context.word(f"checkup.{code}", **params)


def _comfort(context: Context, code: str) -> str:
    return context.word(f"app_comfort.{code}")


def _draw(context: Context, result: Assessment) -> None:
    components.heading(context, result.district, result.kinds_without_data)
    st.markdown(_say(context, "intro", standard=context.labels.standard(result.standard)))
    level = _pick_level(context, result)
    tabs: dict[str, Callable[[], None]] = {
        "scores": lambda: _scores(context, result, level),
        "clauses": lambda: _clauses(context, result, level),
        "benchmarks": lambda: _benchmarks(context, result),
        "checklists": lambda: _checklists(context, result, level),
        "lines": lambda: _lines(context, result, level),
    }
    boxes = st.tabs([_say(context, f"tab_{name}") for name in tabs])
    for box, draw in zip(boxes, tabs.values(), strict=True):
        with box, told(context.labels):
            draw()
    components.notes(context, result, None)
    choices.write_address()


def _pick_level(context: Context, result: Assessment) -> Level:
    levels: list[Level] = ["community"]
    if (result.district.communities["subdistrict"] != "").any():
        levels.append("subdistrict")
    if len(levels) == 1:
        return "community"
    chosen: Level | None = st.segmented_control(
        context.say("level"),
        levels,
        default="community",
        format_func=lambda level: context.say(f"level_{level}"),
        key="checkup_level",
        label_visibility="collapsed",
    )
    return chosen or "community"


def _weights(context: Context) -> Weights:
    """Draw the weights to edit and return them."""
    shipped = default_weights()
    with st.popover(_say(context, "pick_weights"), icon=":material/tune:"):
        st.caption(_say(context, "weights_note"))
        points = {
            name: st.number_input(
                requirement_word(context.labels, name),
                min_value=0.0,
                max_value=HIGHEST,
                value=value,
                step=5.0,
                key=f"checkup_weight_{name}",
            )
            for name, value in shipped.requirement.items()
        }
        changed = points != dict(shipped.requirement)
        own = {"id": "own", "en": "Own", "zh": "自定", "requirement": points}
        chosen = weights_of(own, _say(context, "pick_weights")) if changed else shipped
        _download(context, "weights", "toml", lambda: weights_toml(chosen).encode())
    return chosen


def _scores(context: Context, result: Assessment, level: Level) -> None:
    labels, language = context.labels, context.labels.language
    with st.container(horizontal=True, vertical_alignment="center"):
        weights = weights_toml(_weights(context))
        asked = (context.entry, context.standard, level, weights)
        links = st.checkbox(_say(context, "links_tried"), key="checkup_links")
    found = background.value(
        context,
        ("checkup", *asked),
        lambda _: checkup_store.made(*asked),
        _comfort(context, "checkup"),
    )
    if found is None:
        return
    left, right = st.columns([6, 7])
    with left:
        table = scores_table(found, language)
        score = _say(context, "score")
        st.dataframe(
            table,
            hide_index=True,
            key="checkup_scores",
            height=components.TABLE_HEIGHT,
            column_order=[
                str(name)
                for name in table
                if name not in {labels.column("area_id"), *_spans(context, table)}
            ],
            column_config={
                score: st.column_config.ProgressColumn(
                    score, min_value=0, max_value=100, format="%.1f", width=110
                ),
                _say(context, "rank"): st.column_config.NumberColumn(width=44),
                labels.column("name"): st.column_config.TextColumn(width=100),
                labels.column("subdistrict"): st.column_config.TextColumn(width=76),
                labels.group(result.groups[0]): st.column_config.NumberColumn(
                    format="localized", width=64
                ),
                **{
                    _say(context, f"col_{each}"): st.column_config.NumberColumn(width=60)
                    for each in ("met", "missed", "open")
                },
            },
            placeholder="–",
        )
        with st.container(horizontal=True):
            key_figures.sidecar(context, result, f"{Path(context.entry.id).stem}-checkup")
            areas = list(found.scores.index)
            _download(context, "scores", "csv", lambda: _csv(table))
            _download(
                context,
                "cards",
                "html",
                lambda: cards_html(found, areas, language, links=links).encode(),
            )
    with right:
        ranked = found.scores.sort_values("rank", ascending=False, kind="stable")
        area = st.selectbox(
            _say(context, "pick_area"),
            list(ranked.index),
            format_func=lambda name: _area(found, name, context.labels),
            key=f"checkup_area_{level}",
        )
        html = background.value(
            context,
            ("card", *asked, area, language, links),
            lambda _: checkup_store.card(*asked, area, language, links),
            _comfort(context, "card"),
        )
        if html is None:
            return
        _download(context, "card", "html", html.encode)
        _show(html)


def _spans(context: Context, table: pd.DataFrame) -> list[str]:
    """Return the columns of the range of the score where it is no range anywhere."""
    ends = [_say(context, "col_score_low"), _say(context, "col_score_high")]
    return ends if table[ends[0]].equals(table[ends[1]]) else []


def _show(html: str) -> None:
    """Show a document in a frame that has no access to this page."""
    from streamlit.components.v1 import iframe

    source = f"data:text/html;base64,{base64.b64encode(html.encode()).decode()}"
    frame = getattr(st, "iframe", iframe)
    frame(source, height=CARD_HEIGHT)


def _area(found: Checkup, area: str, labels: Labels) -> str:
    row: dict[Any, Any] = found.scores.loc[area].to_dict()
    return f"{row['name'] or area} · {score_word(labels, row['score'])}"


def _clauses(context: Context, result: Assessment, level: Level) -> None:
    found = checkup_store.made(
        context.entry, context.standard, level, weights_toml(default_weights())
    )
    table = clauses_table(result, found.parts, context.labels.language)
    table = table.drop(
        columns=[_say(context, f"col_{n}") for n in ("max_points", "points", "lost")]
    )
    st.dataframe(table, hide_index=True, key="checkup_clauses", placeholder="–")
    _download(context, "audit", "csv", lambda: _csv(table))


def _benchmarks(context: Context, result: Assessment) -> None:
    labels, mark = context.labels, find_benchmark(BENCHMARK)
    name = mark.name(labels.language)
    st.markdown(_say(context, "benchmark_note", name=name))
    rows = presence(result, mark)
    rows = rows[rows["benchmark"].notna()]
    percent = st.column_config.NumberColumn(format="%.1f%%")
    headings = {
        "kind": labels.column("kind"),
        "having": _say(context, "col_having"),
        "share": _say(context, "col_presence"),
        "benchmark": _say(context, "col_benchmark"),
        "difference": _say(context, "col_difference"),
        "missing": _say(context, "col_missing"),
    }
    kinds = [labels.kind(kind, result.district.kinds) for kind in rows["kind"]]
    shown = rows.assign(
        kind=kinds, **{k: rows[k] * 100 for k in ("share", "benchmark", "difference")}
    )
    st.dataframe(
        shown[list(headings)].rename(columns=headings),
        hide_index=True,
        column_config={
            **{headings[name]: percent for name in ("share", "benchmark")},
            headings["difference"]: st.column_config.NumberColumn(format="%+.1f"),
        },
        key="checkup_benchmarks",
        placeholder="–",
    )
    for row in premises(result, mark).to_dict("records"):
        low, high, asked = (
            labels.percent(row[k]) for k in ("share_low", "share_high", "benchmark")
        )
        counts = {k: labels.number(row[k]) for k in ("reaching", "premises", "unknown")}
        area = labels.number(row["floor_area_m2"])
        text = _say(
            context, "premises", area=area, low=low, high=high, name=name, benchmark=asked, **counts
        )
        st.markdown(f"- {markdown(text)}")
    st.markdown(f"- {markdown(_floor_area(context, result))}")


def _floor_area(context: Context, result: Assessment) -> str:
    """Return the community service floor area of the whole district as a sentence."""
    labels = context.labels
    row: dict[Any, Any] = floor_area_per_100_households(result).loc[""].to_dict()
    figure = labels.number(row["m2_per_100_households_low"], 1)
    if row["unknown"]:
        figure = _say(context, "at_least", figure=figure)
    asked = 100 * row["target_m2"] / row["households"] if row["households"] > 0 else float("nan")
    return _say(
        context,
        "floor_area",
        figure=figure,
        target=labels.number(asked),
        unknown=labels.number(row["unknown"]),
        facilities=labels.number(row["facilities"]),
    )


def _checklists(context: Context, result: Assessment, level: Level) -> None:
    labels = context.labels
    for checklist in builtin_checklists().values():
        names = {item.id: item.name(labels.language) for item in checklist.items}
        table = completeness(result, checklist, level)
        table = table[table["facilities"] > 0].reset_index(drop=True)
        missing = [
            labels.text(", ").join(names[item] for item in text.split(";") if item)
            for text in table["missing"]
        ]
        columns = {
            labels.column("name"): table["name"],
            labels.column("facilities"): table["facilities"],
            _say(context, "col_unknown"): table["unknown"],
            _say(context, "col_complete"): table["complete"],
            _say(context, "col_share"): table["share"] * 100,
            _say(context, "col_share_low"): table["share_low"] * 100,
            _say(context, "col_share_high"): table["share_high"] * 100,
            _say(context, "col_lacks"): missing,
        }
        st.markdown(f"#### {markdown(checklist.name(labels.language))}")
        percent = st.column_config.NumberColumn(format="%.1f%%")
        shares = [_say(context, f"col_{name}") for name in ("share", "share_low", "share_high")]
        st.dataframe(
            pd.DataFrame(columns),
            hide_index=True,
            column_config=dict.fromkeys(shares, percent),
            key=f"checkup_list_{checklist.id}",
            placeholder="–",
        )


def _lines(context: Context, result: Assessment, level: Level) -> None:
    labels = context.labels
    st.markdown(_say(context, "lines_note"))
    rows = pd.concat([line_coverage(result), line_coverage(result, level)], ignore_index=True)
    kinds = [
        labels.text(", ").join(
            labels.kind(kind, result.district.kinds) for kind in text.split(";") if kind
        )
        for text in rows["kinds"]
    ]
    shares = {name: _say(context, f"col_{name}") for name in ("share_any", "share_all")}
    columns = {
        labels.column("name"): rows["name"],
        _say(context, "col_line"): [labels.service_line(line) for line in rows["line"]],
        **{heading: rows[name] * 100 for name, heading in shares.items()},
        _say(context, "col_unknown_any"): rows["unknown_any"].round(),
        _say(context, "col_kinds"): kinds,
    }
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        column_config=dict.fromkeys(
            shares.values(), st.column_config.NumberColumn(format="%.1f%%")
        ),
        key="checkup_lines",
        placeholder="–",
    )


def _csv(table: pd.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.csv"
        write_csv(table, file)
        return file.read_bytes()


def _download(context: Context, what: str, ending: str, data: Callable[[], bytes]) -> None:
    types = {"csv": "text/csv", "html": "text/html", "toml": "application/toml"}
    st.download_button(
        _say(context, f"download_{what}"),
        data,
        file_name=f"{Path(context.entry.id).stem}-{context.standard}-{what}.{ending}",
        mime=types[ending],
        on_click="ignore",
        icon=":material/download:",
        key=f"checkup_download_{what}",
    )
