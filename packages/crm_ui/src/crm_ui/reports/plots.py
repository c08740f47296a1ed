"""A chart's words on paper: over its drawing or, for bars, beside them.

They are HTML, which the renderer shapes, joins and turns as each script wants it; of a drawing's text it sets every letter alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

WIDTH_MM = 178
"""Of a drawing, within the margins of A4."""
RISE_MM = 2.6
"""From a line of text's top to the line it stands on."""
ROOM_MM = 30
"""For a word that stands over the middle of something."""
PLOT = Markup('<div class="plot" style="width: {}mm; height: {:.1f}mm">{}{}</div>')
CENTRED = Markup('<span class="{}" style="left: {:.1f}mm; top: {:.1f}mm; width: {}mm"><bdi>{}</bdi></span>')
ENDING = Markup('<span style="right: {:.1f}mm; top: {:.1f}mm"><bdi>{}</bdi></span>')
BARS = Markup('<table class="bars">{}</table>')
BAR = Markup(
    '<tr><th>{}</th><td class="track"><div><i style="width: {}%"></i></div></td><td class="num"><bdi>{}</bdi></td></tr>'
)
NOTHING = Markup("")


def bars(found: Sequence[tuple[str, str, float]]) -> Markup:
    """By label, figure and percent of the longest."""
    return BARS.format(NOTHING.join(BAR.format(label, share, figure) for label, figure, share in found))


def plot(chart: Mapping[str, Any], drawing: Markup) -> Markup:
    """Columns or lines with the amounts of their grid, their own and their labels."""
    scale = WIDTH_MM / chart["width"]

    def words() -> Iterable[Markup]:
        for line in chart["lines"]:
            yield ENDING.format(WIDTH_MM - line["at"] * scale, (line["y"] + 4) * scale - RISE_MM, line["label"])
        for column in chart["columns"]:
            left = column["middle"] * scale - ROOM_MM / 2
            if column["sum"]:
                yield CENTRED.format("v", left, column["top"] * scale - RISE_MM, ROOM_MM, column["sum"])
            if column["label"]:
                yield CENTRED.format("", left, column["foot"] * scale - RISE_MM, ROOM_MM, column["label"])

    return PLOT.format(WIDTH_MM, chart["height"] * scale, drawing, NOTHING.join(words()))
