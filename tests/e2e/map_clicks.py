"""Clicks on the map, wherever it stands by then on a page that is still being drawn."""

ON_THE_MAP = """place => {
    const at = plannerMaps()[0].latLngToContainerPoint(place);
    return [at.x, at.y];
}"""


def click_map(frame, x: float, y: float) -> None:
    """Click on a point of the map, in pixels from its corner.

    A box that is measured before the click is another's where something above the map came in
    between; this waits until the map stands still, and finds what covers it.
    """
    frame.locator("body").click(position={"x": x, "y": y})


def click_place(frame, place: tuple[float, float]) -> None:
    """Click on a place of the map, latitude first."""
    click_map(frame, *frame.evaluate(ON_THE_MAP, list(place)))


def click_share(frame, across: float, down: float) -> None:
    """Click on a point of the map, in shares of its width and height."""
    width, height = frame.evaluate("() => [innerWidth, innerHeight]")
    click_map(frame, across * width, down * height)
