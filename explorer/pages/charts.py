"""Charts, drawn on canvas in the browser. Texts of tooltips are drawn, too: nothing becomes markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from nicegui import ui
from numpy.typing import NDArray

#: Colours that differ clearly from each other, on a light and on a dark background.
COLOURS = ("#2f7de1", "#e0792b", "#2aa567", "#c94f9b", "#8a63d2", "#b8a01f", "#22a3b8", "#d4504a")
SOFT, LINE = "#8492a3", "rgba(128,140,155,0.25)"
TOOLTIP = {"renderMode": "richText", "confine": True}
#: Colours of cells, from little to much.
HEAT = ("rgba(47,125,225,0.10)", "#2f7de1", "#123f80")

SIDES = {"left": 56, "right": 16}
CONSENSUS = {"showSymbol": False, "color": COLOURS[1], "areaStyle": {"opacity": 0.25}}
#: The scale of colours below a picture.
SCALE = {
    "type": "continuous",
    "min": 0,
    "seriesIndex": 1,
    "orient": "horizontal",
    "left": "center",
    "bottom": 0,
    "itemHeight": 120,
    "itemWidth": 12,
    "inRange": {"color": list(HEAT)},
    "textStyle": {"color": SOFT},
    "precision": 3,
    "calculable": True,
}


def axis(name: str, **more: Any) -> dict[str, Any]:
    """Return an axis with a name."""
    return {
        "name": name,
        "nameLocation": "middle",
        "nameGap": 28,
        "nameTextStyle": {"color": SOFT},
        "axisLabel": {"color": SOFT, "hideOverlap": True},
        "axisLine": {"lineStyle": {"color": LINE}},
        "splitLine": {"lineStyle": {"color": LINE}},
        **more,
    }


def lines(
    label: str,
    across: str,
    up: str,
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]],
    *,
    unit: str = "",
) -> ui.echart | None:
    """Draw lines through points; `label` describes the chart to those who cannot see it."""
    if not any(points for _, points in series):
        ui.label(f"{label}: nothing yet.").classes("soft small")
        return None
    drawn = ui.echart(
        {
            "color": list(COLOURS),
            "animation": False,
            "tooltip": {**TOOLTIP, "trigger": "axis"},
            "legend": {"type": "scroll", "top": 0, "textStyle": {"color": SOFT}, "pageTextStyle": {"color": SOFT}},
            "grid": {"left": 64, "right": 18, "top": 34, "bottom": 46},
            "xAxis": axis(across, type="value", scale=True, splitLine={"show": False}),
            "yAxis": axis(f"{up}{f', {unit}' if unit else ''}", type="value", scale=True, nameGap=50),
            "series": [
                {
                    "name": name,
                    "type": "line",
                    "showSymbol": len(points) < 60,
                    "symbolSize": 5,
                    "data": list(map(list, points)),
                }
                for name, points in series
            ],
        }
    )
    return described(drawn, label)


def heat(
    label: str, matrix: NDArray[np.float64], rows: Sequence[int], columns: Sequence[int], line: NDArray[np.float64]
) -> ui.echart:
    """Draw a matrix of proportions as cells, with a line of the same columns above it."""
    places = np.argwhere(matrix > 0)
    cells = [[int(column), int(row), round(float(matrix[row, column]), 4)] for row, column in places]
    across = {"type": "category", "data": [str(column) for column in columns], "axisTick": {"show": False}}
    down = {"type": "category", "data": [str(row) for row in rows], "inverse": True}
    values = [round(float(value), 4) for value in line]
    drawn = ui.echart(
        {
            "animation": False,
            "tooltip": {**TOOLTIP, ":formatter": TELL},
            "grid": [{**SIDES, "top": 22, "height": 70}, {**SIDES, "top": 112, "bottom": 74}],
            "xAxis": [
                axis("", **across, gridIndex=0, axisLabel={"show": False}),
                axis("miner, uid", **across, gridIndex=1),
            ],
            "yAxis": [
                axis("", type="value", gridIndex=0, splitNumber=2),
                axis("validator, uid", **down, gridIndex=1, nameGap=36),
            ],
            "visualMap": {**SCALE, "max": max([cell[2] for cell in cells], default=1.0)},
            "series": [
                {"name": "consensus", "type": "line", "step": "middle", "data": values, **CONSENSUS},
                {"name": "weight", "type": "heatmap", "xAxisIndex": 1, "yAxisIndex": 1, "data": cells},
            ],
        }
    )
    return described(drawn, label).classes("tall")


#: Says validator, miner and weight of a cell; `value` is column, row and weight.
TELL = """
p => p.seriesType === 'heatmap'
  ? 'weight ' + p.value[2] + ' on miner ' + p.name
  : 'consensus ' + p.value + ' of miner ' + p.name
"""


def described(drawn: ui.echart, label: str) -> ui.echart:
    """Give a chart its size, and words for those who cannot see it."""
    drawn.classes("chart").props(f'role="img" aria-label="{label}"')
    return drawn
