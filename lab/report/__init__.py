"""Reports: one HTML file with figures and pictures, which asks no other host for anything, and the pictures as PNG."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..answers import answers
from ..bisection import Interval
from ..reading import Study
from ..record import Record
from ..sweep import Result
from ..totals import totals
from . import findings, plots, tables
from .page import page_of

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
table { display: block; overflow-x: auto; }
th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #8884; }
th:first-child, td:first-child { text-align: left; }
img { max-width: 100%; height: auto; background: white; border-radius: 4px; }
.found { border-left: 4px solid #c44; padding: .2rem 1rem; background: #8881; }
code { background: #8882; padding: 0 .3em; border-radius: 3px; }
"""


@dataclass(frozen=True, slots=True)
class Played:
    """All that was run of a study: the experiment with and without its attack, its sweep, its threshold."""

    study: Study
    record: Record
    honest: Record
    results: Sequence[Result] = ()
    interval: Interval | None = None

    def sentences(self) -> list[str]:
        """Return what came out."""
        found = [*findings.of_experiment(self.answers()), *findings.of_sweep(self.results)]
        if self.interval is not None:
            found.append(findings.of_threshold(self.study, self.interval))
        return found

    def answers(self) -> list[Any]:
        """Return what each cast got."""
        return answers(self.study.experiment, totals(self.record), totals(self.honest))


def write_report(folder: Path, played: Played) -> Path:
    """Write the pictures, page.md and report.html into a folder, and return the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = draw(played)
    for name, content in pictures.items():
        (folder / f"{name}.png").write_bytes(content)
    markdown = page_of(played.study, played.sentences(), played.answers(), played.results, played.record.failures)
    (folder / "page.md").write_text(markdown, "utf-8")
    page = folder / "report.html"
    page.write_text(html_of(played, pictures), "utf-8")
    return page


def draw(played: Played) -> dict[str, bytes]:
    """Return the pictures of a study by their names."""
    found = {
        "earnings": plots.earnings(played.record, played.honest),
        "concentration": plots.concentration(played.record),
        "market": plots.market(played.record),
    }
    if played.results:
        found["sweep"] = plots.swept(played.results)
    wanted = played.study.threshold
    if played.interval is not None and wanted is not None:
        found["threshold"] = plots.threshold(played.interval, wanted.path, wanted.measure)
    return found


def html_of(played: Played, pictures: Mapping[str, bytes]) -> str:
    """Return the report as one HTML document; texts of the study are shown as text."""
    study, listed = played.study, "".join(f"<li>{escape(each)}</li>" for each in played.sentences())
    title = escape(study.experiment.title or study.name)
    parts = [
        f"<h1>{title}</h1><p>{escape(study.question)}</p>",
        f'<div class="found"><ul>{listed}</ul></div>',
        f"<h2>What each actor got</h2>{table(tables.HEADER, [tables.row(answer) for answer in played.answers()])}",
        _image(pictures, "earnings"),
        _settings(played, pictures),
        f"<h2>Threshold</h2>{_image(pictures, 'threshold')}" if "threshold" in pictures else "",
        f"<h2>Concentration and prices</h2>{_image(pictures, 'concentration')}{_image(pictures, 'market')}",
        *(f"<h2>{heading}</h2><p>{escape(text)}</p>" for heading, text in _texts(study) if text),
        f"<h2>Parameters</h2>{_parameters(study, played.record)}",
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "".join(parts)
    return f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


def _texts(study: Study) -> list[tuple[str, str]]:
    return [("What an owner can do", study.advice), ("Assumptions", study.assumptions), ("Limits", study.limits)]


def _settings(played: Played, pictures: Mapping[str, bytes]) -> str:
    if not played.results:
        return ""
    found = table(*tables.sweep_table(played.study, played.results))
    return f"<h2>Settings</h2>{_image(pictures, 'sweep')}{found}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _image(pictures: Mapping[str, bytes], name: str) -> str:
    data = base64.b64encode(pictures[name]).decode()
    return f'<p><img alt="{escape(name)}" src="data:image/png;base64,{data}"></p>'


def _parameters(study: Study, record: Record) -> str:
    experiment = study.experiment
    values: dict[str, Any] = {
        "epochs": experiment.epochs,
        "blocks of an epoch": experiment.tempo,
        "seed": experiment.seed,
        "pool, TAO": experiment.pool,
        **experiment.subnet_parameters(),
        **{f"evaluation: {name}": value for name, value in asdict(experiment.evaluation).items()},
        "failed calls": ", ".join(f"{name} {count}x" for name, count in record.failures) or "none",
    }
    again = f"<p>Run it again: <code>pysubtensor lab report {escape(study.name)}</code></p>"
    return table(("parameter", "value"), [(name, str(value)) for name, value in values.items()]) + again
