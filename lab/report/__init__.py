"""Reports: one HTML file with figures and pictures, which asks no other host for anything, and the pictures as PNG."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from ..answers import RAO, Answer, answers
from ..bisection import Interval
from ..reading import Study
from ..record import Record
from ..sweep import MILLION, Result
from ..totals import totals
from . import findings, plots

#: Columns of a sweep about the whole run.
WHOLE = ("gain TAO", "stake Gini at first", "at the end", "quality paid", "price at the end")
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
HEADER = (
    "actors",
    "stake %",
    "emission %",
    "without attack %",
    "per stake %",
    "paid TAO",
    "profit TAO",
    "more than honestly",
)


def write_report(
    folder: Path,
    study: Study,
    record: Record,
    honest: Record,
    results: Sequence[Result],
    interval: Interval | None,
) -> Path:
    """Write the pictures and report.html into a folder, and return the path of the latter."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = draw(study, record, honest, results, interval)
    for name, content in pictures.items():
        (folder / f"{name}.png").write_bytes(content)
    page = folder / "report.html"
    page.write_text(html_of(study, record, honest, results, interval, pictures), "utf-8")
    return page


def draw(
    study: Study, record: Record, honest: Record, results: Sequence[Result], interval: Interval | None
) -> dict[str, bytes]:
    """Return the pictures of a study by their names."""
    found = {
        "earnings": plots.earnings(record, honest),
        "concentration": plots.concentration(record),
        "market": plots.market(record),
    }
    if results:
        found["sweep"] = plots.swept(results)
    if interval is not None and study.threshold is not None:
        found["threshold"] = plots.threshold(interval, study.threshold.path, study.threshold.measure)
    return found


def html_of(
    study: Study,
    record: Record,
    honest: Record,
    results: Sequence[Result],
    interval: Interval | None,
    pictures: Mapping[str, bytes],
) -> str:
    """Return the report as one HTML document; texts of the study are shown as text."""
    experiment = study.experiment
    found = answers(experiment, totals(record), totals(honest))
    sentences = [*findings.of_experiment(found), *findings.of_sweep(study, results)]
    if interval is not None:
        sentences.append(findings.of_threshold(study, interval))
    title = escape(experiment.title or study.name)
    parts = [
        f"<h1>{title}</h1><p>{escape(study.question)}</p>",
        f'<div class="found"><ul>{"".join(f"<li>{escape(each)}</li>" for each in sentences)}</ul></div>',
        f"<h2>What each actor got</h2>{table(HEADER, [_row(answer) for answer in found])}",
        _image(pictures, "earnings"),
        *([f"<h2>Settings</h2>{_image(pictures, 'sweep')}{_sweep_table(study, results)}"] if results else []),
        *([f"<h2>Threshold</h2>{_image(pictures, 'threshold')}"] if "threshold" in pictures else []),
        f"<h2>Concentration and prices</h2>{_image(pictures, 'concentration')}{_image(pictures, 'market')}",
        f"<h2>Assumptions</h2><p>{escape(study.assumptions)}</p><h2>Limits</h2><p>{escape(study.limits)}</p>",
        f"<h2>Parameters</h2>{_parameters(study, record)}",
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    body = "".join(parts)
    return f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>\n'


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an HTML table."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _row(answer: Answer) -> list[str]:
    shares = (answer.stake_began, answer.emission, answer.emission_honest, answer.per_stake)
    amounts = (answer.paid, answer.profit, answer.gain)
    return [
        f"{answer.cast} (attack)" if answer.attacker else answer.cast,
        *("-" if share is None else f"{100 * share:.1f}" for share in shares),
        *(f"{amount:,.2f}" for amount in amounts),
    ]


def _sweep_table(study: Study, results: Sequence[Result]) -> str:
    names = [cast.name for cast in study.experiment.actors if cast.attacker]
    header = [*study.sweep, *(f"{name}: {what} %" for name in names for what in ("emission", "per stake")), *WHOLE]
    rows = []
    for result in results:
        shares = [
            share for name in names for share in (result.answer_of(name).emission, result.answer_of(name).per_stake)
        ]
        cells = ["-" if share is None else f"{100 * share:.1f}" for share in shares]
        rows.append([*map(str, result.values.values()), *cells, f"{result.gain:+,.2f}", *_whole(result)])
    return table(header, rows)


def _whole(result: Result) -> list[str]:
    """Return the columns `WHOLE` but the first."""
    found = result.totals
    ginis = [f"{part / MILLION:.3f}" for part in found.stake_gini]
    return [*ginis, f"{found.quality / MILLION:.3f}", f"{found.price / RAO:.3f}"]


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
