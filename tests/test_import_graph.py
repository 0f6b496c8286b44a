"""No modules import one another in a circle, type hints and late imports counted too."""

import ast
from functools import cache
from pathlib import Path

import networkx as nx

import planner

PACKAGE = Path(planner.__file__).parent

ALLOWED = {
    # a network hands out distances and areas that hint at its type
    "planner.network.walk_network": {"planner.network.areas", "planner.network.distances"},
}
"""A module and those that may import it and be imported by it, with the reason."""


def modules() -> dict[str, Path]:
    found = {}
    for file in PACKAGE.rglob("*.py"):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imported(tree: ast.Module, known: dict[str, Path]) -> set[str]:
    """Return the modules of the package that a module names, wherever the import stands."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= inner & known.keys() or {str(node.module)}
    return names & known.keys()


def circles(graph: nx.DiGraph) -> list[set[str]]:
    return [each for each in nx.strongly_connected_components(graph) if len(each) > 1]


@cache
def import_graph() -> nx.DiGraph:
    known = modules()
    graph = nx.DiGraph()
    graph.add_nodes_from(known)
    for name, file in known.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        graph.add_edges_from((name, other) for other in imported(tree, known) - {name})
    return graph


def test_the_graph_is_that_of_the_package():
    graph = import_graph()
    assert graph.number_of_nodes() > 300
    assert graph.has_edge("planner.result", "planner.analysis.gaps.gaps")
    assert graph.has_edge("planner.result", "planner.views.maps.assessment")


def test_a_circle_is_seen():
    graph = import_graph().copy()
    graph.add_edge("planner.district.district", "planner.result")
    assert any("planner.analysis.gaps.gaps" in each for each in circles(graph))


def test_no_modules_import_one_another():
    allowed = [{name, *others} for name, others in ALLOWED.items()]
    found = [sorted(each) for each in circles(import_graph()) if each not in allowed]
    assert found == []
