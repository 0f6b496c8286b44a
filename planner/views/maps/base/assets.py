"""Leaflet and jQuery from installed packages, and maps that ask the internet for nothing."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from planner.errors import WorkError
from planner.views.escaping import data, safe

if TYPE_CHECKING:
    from planner.views.words.labels import Labels

_URL = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)["']?\)""")
_OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|link|source)\b[^>]*?\b(?:src|href)\s*=\s*["']?(?!data:|about:)([^"'\s>]+)""",
    re.IGNORECASE,
)


def _package_folder(module: str, *parts: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise WorkError("views.missing_package", package=module)
    return Path(spec.submodule_search_locations[0]).joinpath(*parts)


def leaflet_folder() -> Path:
    """Return the folder that holds ``leaflet.js``, ``leaflet.css`` and ``images/``."""
    return _package_folder("js_lib_leaflet", "static", "js_lib_leaflet")


def jquery_folder() -> Path:
    """Return the folder that holds ``jquery.min.js``."""
    return _package_folder("xstatic.pkg.jquery", "data")


@dataclass(frozen=True)
class AssetUrls:
    """Where a server offers the asset folders; each ends with a slash.

    Parameters
    ----------
    leaflet, jquery
        Addresses of :func:`leaflet_folder` and :func:`jquery_folder`.
    """

    leaflet: str
    jquery: str

    @property
    def scripts(self) -> list[tuple[str, str]]:
        """Names and addresses of the scripts, as folium wants them."""
        return [
            ("leaflet", f"{self.leaflet}leaflet.js"),
            ("jquery", f"{self.jquery}jquery.min.js"),
        ]

    @property
    def styles(self) -> list[tuple[str, str]]:
        """Names and addresses of the style sheets, as folium wants them."""
        return [("leaflet_css", f"{self.leaflet}leaflet.css")]


def _script(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", source).replace("</script", r"<\/script")


def _style(path: Path) -> str:
    """Return a style sheet with its images inside."""

    def inline(found: re.Match[str]) -> str:
        image = path.parent / found.group(1)
        mime = mimetypes.guess_type(image.name)[0] or "application/octet-stream"
        return f"url(data:{mime};base64,{base64.b64encode(image.read_bytes()).decode('ascii')})"

    return _URL.sub(inline, path.read_text(encoding="utf-8"))


def library_script() -> str:
    """Return Leaflet's script."""
    return _script(leaflet_folder() / "leaflet.js")


def library_style() -> str:
    """Return Leaflet's style sheet with its images inside."""
    return _style(leaflet_folder() / "leaflet.css")


@cache
def _embedded() -> str:
    """Return the head of a page that needs nothing else."""
    scripts = [leaflet_folder() / "leaflet.js", jquery_folder() / "jquery.min.js"]
    return "\n".join(
        [
            f"<style>{_style(leaflet_folder() / 'leaflet.css')}</style>",
            *(f"<script>{_script(script)}</script>" for script in scripts),
        ]
    )


@cache
def web_file(name: str) -> str:
    """Return a file of this package's ``web`` folder."""
    return resources.files("planner.views.maps").joinpath("web", name).read_text(encoding="utf-8")


class _Head(Element):
    """Text put into the head as it is; a plain Element would take it for a template."""

    _template = Template("{{ this.content }}")

    def __init__(self, content: str) -> None:
        super().__init__()
        self._name = "Head"
        self.content = content


MAP_SCRIPTS = ("layers.js", "tooltips.js")
"""This package's scripts, in the order in which a page runs them after Leaflet."""


class _MapLibrary(MacroElement):
    """The script that draws this package's layers, with the panes they are drawn in."""

    _template = Template(
        """
        {% macro header(this, kwargs) %}<style>{{ this.style }}</style>{% endmacro %}
        {% macro script(this, kwargs) %}
        {{ this.code }}
        plannerLayers.prepare({{ this._parent.get_name() }}, {{ this.options }});
        {% endmacro %}
        """
    )

    def __init__(self, attribution: str, buttons: Sequence[str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapLibrary"
        self.code = "\n".join(map(web_file, MAP_SCRIPTS))
        self.style = web_file("layers.css")
        self.options = data([attribution, *buttons])


class OfflineMap(folium.Map):
    """A folium map that loads nothing from outside.

    Without `urls` its page carries script, style and images inside, so ``save()``, a notebook
    and :func:`self_contained_html` give a page that works from disk. With `urls` it points to the
    folders that a server offers there.

    Parameters
    ----------
    urls
        Addresses of the asset folders, None to embed them.
    attribution
        Credit in the corner of the map, HTML.
    buttons
        What the buttons to zoom in, zoom out and choose layers are called, and how metres and
        kilometres are written with ``{}`` for the figure, plain text; see :func:`control_words`.
    **options
        Options of :class:`folium.Map`.
    """

    def __init__(
        self,
        *,
        urls: AssetUrls | None = None,
        attribution: str = "",
        buttons: Sequence[str] = ("Zoom in", "Zoom out", "Layers", "{} m", "{} km"),
        **options: Any,
    ) -> None:
        settings = {
            "tiles": None,
            "prefer_canvas": True,
            "zoom_snap": 0.25,
            "zoom_delta": 0.5,
            "wheel_px_per_zoom_level": 110,
            **options,
        }
        super().__init__(**settings)
        self.default_js = urls.scripts if urls else []
        self.default_css = urls.styles if urls else []
        if urls is None:
            figure: Any = self.get_root()
            figure.header.add_child(_Head(_embedded()), name="assets")
        self.add_child(_MapLibrary(attribution, buttons), name="library")


def control_words(labels: Labels) -> list[str]:
    """Return the words of a map's own controls, in the order in which its script takes them."""
    buttons = [labels.text("Zoom in"), labels.text("Zoom out"), labels.text("Layers")]
    return [*buttons, labels.text("{metres} m", metres="{}"), labels.text("{km} km", km="{}")]


def self_contained_html(folium_map: folium.Map, title: str = "") -> str:
    """Return a map as one page that works from disk with all requests blocked.

    Parameters
    ----------
    folium_map
        An :class:`OfflineMap` without `urls`.
    title
        Title of the page, plain text.

    Raises
    ------
    WorkError
        Where the page would load something from outside, for instance a plugin's script.
    """
    root = folium_map.get_root()
    page: str = root.render()
    without_code = re.sub(r"(?s)(<script>).*?(</script>)", r"\1\2", page)
    outside = _OUTSIDE.search(without_code)
    if outside:
        raise WorkError("views.outside_asset", url=outside.group(1))
    if title:
        page = page.replace("<head>", f"<head>\n<title>{safe(title)}</title>", 1)
    return page


def layer_id(seed: str) -> str:
    """Return what a feature group is called once :func:`stable_ids` has given it its id."""
    return f"feature_group_{_stable_id(seed)}"


def _stable_id(seed: str) -> str:
    return hashlib.sha256(seed.encode("utf-8")).hexdigest()[:32]


def stable_ids(element: Element, seed: str) -> None:
    """Give an element and all below it ids that depend on `seed` and their place only.

    The same map then has the same page, so that a dashboard need not draw it anew and two
    exports can be compared.
    """
    element._id = _stable_id(seed)
    children: Sequence[Element] = list(element._children.values())
    for number, child in enumerate(children):
        stable_ids(child, f"{element._id}/{number}")
