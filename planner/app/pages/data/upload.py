"""A district of one's own: a workspace uploaded, an extract or files of several layers imported."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from planner.app.pages.data import import_rules, work
from planner.app.pages.data.answers import Answers
from planner.app.pages.data.files import box, flow, requests, set_aside, wording
from planner.app.pages.data.files.state import KEY, Given, given
from planner.app.server.reading import jobs, uploads
from planner.app.server.reading.jobs import Job
from planner.app.server.settings.settings import settings
from planner.app.session import choices, notices, sent_files
from planner.app.session.context import Context, entry_word
from planner.app.session.errors import markdown
from planner.app.session.reader import permissions
from planner.app.widgets import findings, inputs
from planner.district import District, known_kinds
from planner.district.layers import BUFFER_M
from planner.errors import Finding, InputError, PlannerError
from planner.sources.untrusted.uploads import TABLE_ENDINGS, WORKSPACE_ENDINGS
from planner.views.tables.set_aside import set_aside_rows
from planner.views.words.labels import Labels

TYPES = ["gpkg", "pbf", "osm", "gz", "bz2"]
TABLE_TYPES = sorted({ending.lstrip(".") for ending in TABLE_ENDINGS})
WHOLE = ""

Phase = Literal["look", "choose", "import", "workspace"]
_OPEN, _ROUND, _MADE = "add_upload", "add_round", "add_made"


@dataclass
class Upload:
    """What this session uploaded and what is being done with it.

    Parameters
    ----------
    folder
        Its folder on the server.
    file
        The file in it.
    phase
        What is done or asked: areas looked for, options chosen, import, check of a workspace.
    job
        The work at hand.
    areas
        Areas that the extract holds, as :class:`planner.sources.osm.areas.BoundaryChoice` has
        them.
    tables
        Tables uploaded with it, by option of the import.
    said
        What was chosen of its rules.
    """

    folder: Path
    file: Path
    phase: Phase
    job: Job
    areas: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, Path] = field(default_factory=dict)
    said: Answers = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Name of the file."""
        return self.file.name


def draw(context: Context, here: District) -> None:  # noqa: ARG001 - as the page's other parts
    """Draw what can be uploaded, or how far the upload is."""
    flow.begin_due()
    notices.draw(context)
    if not permissions.may_upload():
        st.info(context.word("corrections.not_permitted"), icon=":material/lock:")
        return
    upload: Upload | None = st.session_state.get(_OPEN)
    files = given()
    if files is not None and files.into is None and not _imported(files):
        flow.draw(context, files)
    elif upload is None:
        _made(context)  # kept while others are on their way, and shown again after them
        _offer(context)
    elif upload.job.state == "running":
        work.progress(context, _OPEN)
    elif upload.job.state == "done":
        _done(context, upload)
    else:
        _ended(context, upload)


def _imported(files: Given) -> bool:
    """Open the district that files became; return whether they did."""
    if files.phase != "import" or files.job.state != "done":
        return False
    del st.session_state[KEY]
    _open_made(files.job.answer)
    return True


def _open_made(answer: dict[str, Any]) -> None:
    st.session_state[_MADE] = answer
    choices.choices()["district"] = answer["id"]
    st.rerun()


def _offer(context: Context) -> None:
    """Draw the two boxes: files of several layers, or one file that holds a district whole."""
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True):
        _offer_files(context)
    with right, st.container(border=True):
        _offer_whole(context)


def _offer_files(context: Context) -> None:
    words = ("app_files.title", "app_files.intro", "app_files.box")
    box.draw(context, "files", words, requests.open_files)


def _offer_whole(context: Context) -> None:
    key = _key()
    st.markdown(f"##### {context.word('app_data.add_whole')}")
    st.markdown(context.word("app_data.add_intro"))
    with st.container():
        st.file_uploader(
            context.word("app_data.add_file"),
            type=TYPES,
            max_upload_size=settings().upload_limit_mb,
            key=key,
            help=context.word("app_data.add_help", most=settings().upload_limit_mb),
            on_change=_taken,
            args=(key,),
        )


def _key() -> str:
    """Return the name of the file box of this round."""
    return f"add_file_{st.session_state.get(_ROUND, 0)}"


def _taken(key: str) -> None:
    """Take over a file that arrived, and begin to read it."""
    given = st.session_state.get(key)
    if given is None or key != _key() or _OPEN in st.session_state:
        return  # a browser may send what it had in a file box that is gone
    # the browser's copy is let go: a new round has another file box
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    work.guarded(lambda: _open(given.getbuffer(), given.name))
    sent_files.let_go([given])


def _open(content: memoryview, name: str) -> None:
    if not permissions.may_upload():
        raise InputError("corrections.not_permitted")
    folder = uploads.new_folder(settings().workspaces)
    try:
        file = uploads.keep(content, name, folder, "source")
        phase: Phase = "workspace" if file.name.endswith(WORKSPACE_ENDINGS) else "look"
        request = {"do": phase, "file": file}
        stem = uploads.safe_stem(name)
        finish = partial(_publish, file, stem) if phase == "workspace" else dict
        job = jobs.start(request, folder, finish, partial(_clean, folder, phase))
    except PlannerError:
        uploads.discard(folder)
        raise
    st.session_state[_OPEN] = Upload(folder, file, phase, job)


def _clean(folder: Path, phase: Phase, outcome: jobs.State) -> None:
    """Leave nothing behind, unless there is still something to choose."""
    if phase != "look" or outcome != "done":
        uploads.discard(folder)


def _publish(file: Path, stem: str, answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"id": uploads.publish(file, settings().workspaces, stem).name}


def _publish_import(out: Path, stem: str, labels: Labels, answer: dict[str, Any]) -> dict[str, Any]:
    """Lay a workspace among the others, and the rows set aside of its tables beside it."""
    published = _publish(out, stem, answer)
    worded = partial(wording.worded, labels, kinds=known_kinds())
    notes = set_aside.keep(out.parent, settings().workspaces / published["id"], labels, worded)
    return published | {"findings": [*notes, *published["findings"]]}


def _done(context: Context, upload: Upload) -> None:
    if upload.phase == "look":
        upload.areas, upload.phase = upload.job.answer["areas"], "choose"
    if upload.phase == "choose":
        _options(context, upload)
        return
    del st.session_state[_OPEN]
    _open_made(upload.job.answer)


def _ended(context: Context, upload: Upload) -> None:
    """Draw why it ended, and a way back."""
    if upload.job.state == "cancelled":
        st.info(context.word("app_data.cancelled"), icon=":material/cancel:")
    elif upload.job.error is not None:
        sentence = context.labels.finding(upload.job.error)
        st.error(
            f"{markdown(sentence)}\n\n{context.word('app_data.nothing_kept')}",
            icon=":material/error:",
        )
    st.button(
        context.word("app_data.another_file"),
        icon=":material/upload:",
        key="add_again",
        on_click=_forget,
    )


def _forget() -> None:
    upload: Upload | None = st.session_state.pop(_OPEN, None)
    if upload is not None:
        upload.job.cancel()
        uploads.discard(upload.folder)


def _options(context: Context, upload: Upload) -> None:
    """Draw what an import can be told."""
    st.markdown(f"##### {context.word('app_data.import_title', file=markdown(upload.file.name))}")
    with st.form("add_options"):
        left, right = st.columns(2, gap="medium")
        with left:
            _place_options(context, upload)
        with right:
            _table_options(context)
        import_rules.draw(context, upload.said)
        with st.container(horizontal=True):
            inputs.submit(
                context.word("app_data.import"), "play_arrow", _import, upload, context.labels
            )
            st.form_submit_button(
                context.word("app_data.another_file"), icon=":material/undo:", on_click=_forget
            )


def _place_options(context: Context, upload: Upload) -> None:
    """Draw what of the extract is taken, and under which name."""
    names = {area["id"]: _area_word(context, area) for area in upload.areas}
    st.selectbox(
        context.word("app_data.boundary"),
        [WHOLE, *names],
        format_func=lambda own: names.get(own, context.word("app_data.boundary_whole")),
        key="add_boundary",
        help=context.word("app_data.boundary_help", count=len(names)),
    )
    if not names:
        st.caption(context.word("app_data.no_areas"))
    st.number_input(
        context.word("app_data.buffer"),
        0.0,
        10_000.0,
        BUFFER_M,
        step=100.0,
        format="%.0f",
        key="add_buffer",
        help=context.word("app_data.buffer_help"),
    )
    st.text_input(
        context.labels.column("name"),
        key="add_name",
        max_chars=80,
        placeholder=uploads.safe_stem(upload.file.name),
    )
    st.number_input(
        context.word("app_data.population"),
        1.0,
        None,
        None,
        step=1000.0,
        format="%.0f",
        key="add_population",
        help=context.word("app_data.population_help"),
    )


def _table_options(context: Context) -> None:
    """Draw what is read beside the extract."""
    for option in ("demand", "facilities"):
        st.file_uploader(
            context.word(f"app_data.table_{option}"),
            type=TABLE_TYPES,
            max_upload_size=settings().upload_limit_mb,
            key=f"add_{option}",
            help=context.word(f"app_data.table_{option}_help"),
        )
    st.text_input(
        context.word("app_data.table_crs"),
        key="add_crs",
        max_chars=40,
        placeholder=context.word("app_files.crs_example"),
        help=context.word("app_data.table_crs_help"),
    )
    st.checkbox(context.word("app_data.everyday"), key="add_everyday")


def _area_word(context: Context, area: dict[str, Any]) -> str:
    share = context.labels.percent(area["share"], 0)
    return context.word("app_data.area", name=area["name"], level=area["level"], share=share)


def _import(upload: Upload, labels: Labels) -> None:
    work.guarded(lambda: _start_import(upload, labels))


def _start_import(upload: Upload, labels: Labels) -> None:
    if upload.phase != "choose":
        return  # the second press of a button that was drawn before the first began
    if not permissions.may_upload():
        raise InputError("corrections.not_permitted")
    chosen = st.session_state
    for option in ("demand", "facilities"):
        given = chosen.get(f"add_{option}")
        if given is not None:
            content, name = given.getbuffer(), given.name
            upload.tables[option] = uploads.keep(content, name, upload.folder, option)
        else:
            upload.tables.pop(option, None)
    out = upload.folder / "workspace.gpkg"
    area = next((a["name"] for a in upload.areas if a["id"] == chosen["add_boundary"]), "")
    named = chosen["add_name"].strip() or area
    stem = uploads.safe_name(named) if named else uploads.safe_stem(upload.file.name)
    request = {
        "do": "import",
        "file": upload.file,
        "out": out,
        "boundary": chosen["add_boundary"],
        "buffer_m": chosen["add_buffer"],
        "name": chosen["add_name"].strip(),
        "population": chosen["add_population"],
        "everyday": chosen["add_everyday"],
        "crs": chosen["add_crs"].strip(),
        "folder": upload.folder,
        **import_rules.request(),
        **upload.tables,
    }
    clean = partial(_clean, upload.folder, "import")
    job = jobs.start(request, upload.folder, partial(_publish_import, out, stem, labels), clean)
    upload.phase, upload.job = "import", job


def _made(context: Context) -> None:
    """Draw what was made, with what must be known about it."""
    answer: dict[str, Any] | None = st.session_state.get(_MADE)
    if answer is None or answer["id"] != context.entry.id:
        return
    rows, labels = answer["rows"], context.labels
    layers = ("communities", "facilities", "streets", "demand")
    figures = {layer: labels.number(rows[layer]) for layer in layers}
    name = markdown(entry_word(labels, answer["id"]))
    st.success(context.word("app_data.made", name=name, **figures), icon=":material/check_circle:")
    st.button(
        context.word("app_data.open_map"),
        icon=":material/map:",
        type="primary",
        key="add_open_map",
        on_click=choices.go,
        args=("coverage",),
    )
    _set_aside(context, answer)
    found = import_rules.effects_first(
        [Finding(each["code"], each["params"]) for each in answer["findings"]]
    )
    findings.draw(
        context,
        [
            (each.code, wording.sentence(context, None, {"code": each.code, "params": each.params}))
            for each in found
        ],
    )


def _set_aside(context: Context, answer: dict[str, Any]) -> None:
    """Draw the rows of uploaded tables that did not fit, each with its reason, and offer all."""
    rows = answer.get("set_aside", [])
    if not rows:
        return
    count = context.labels.number(answer["count_set_aside"])
    table = set_aside_rows(rows, context.labels, partial(wording.sentence, context, None))
    listed = set_aside.kept(context.entry.path) if context.entry.path is not None else None
    with st.expander(context.word("app_data.set_aside", count=count), expanded=True):
        set_aside.draw(context, table, "add_set_aside")
        if listed is not None:
            set_aside.offer(context, "add_aside", count, partial(set_aside.read, listed))
