"""How far slow work is, told in a notebook and elsewhere."""

import IPython.display
import pytest

import planner
from planner.errors import InputError
from planner.views.notebooks import progress


def test_elsewhere_each_step_is_a_line_of_stderr(capsys):
    bar = planner.progress_bar()
    for fraction in (0.0, 0.001, 0.25):
        bar("analysis.progress_network", fraction)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Building the street network (0%)",
        "Building the street network (25%)",
    ]


def test_in_a_notebook_one_bar_is_drawn_anew(monkeypatch):
    drawn = []

    class Handle:
        def update(self, shown):
            drawn.append(shown.data)

    def display(shown, display_id):
        assert display_id
        drawn.append(shown.data)
        return Handle()

    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", display)
    bar = planner.progress_bar("zh")
    bar("analysis.progress_network", 0.5)
    bar("analysis.progress_distances", 1.0)
    assert 'value="0.50"' in drawn[0]
    assert "正在构建步行路网 (50%)" in drawn[0]
    assert 'value="1.00"' in drawn[1]


def test_an_assessment_tells_its_steps_to_the_end(capsys):
    planner.assess(planner.demo_district(), progress=planner.progress_bar())
    assert capsys.readouterr().err.splitlines()[-1].endswith("(100%)")


def test_an_unknown_language_is_refused():
    with pytest.raises(InputError):
        planner.progress_bar("fr")
