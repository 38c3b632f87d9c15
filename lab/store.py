"""Totals of runs, kept by what was run: a sweep that was interrupted goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from .experiment import Experiment
from .totals import Totals

#: Changes when totals change their meaning: kept ones are not used any more.
FORMAT = 1


def digest(experiment: Experiment) -> str:
    """Return the name of an experiment: equal experiments have equal ones."""
    text = json.dumps([FORMAT, asdict(experiment)], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Store(Protocol):
    """Where totals are kept."""

    def get(self, experiment: Experiment) -> Totals | None:
        """Return the totals of an experiment, None if it has not been run."""

    def put(self, experiment: Experiment, found: Totals) -> None:
        """Keep the totals of an experiment."""


class Memory:
    """Totals in this process."""

    def __init__(self) -> None:
        self._kept: dict[str, Totals] = {}

    def get(self, experiment: Experiment) -> Totals | None:
        """Return the totals of an experiment, None if it has not been run."""
        return self._kept.get(digest(experiment))

    def put(self, experiment: Experiment, found: Totals) -> None:
        """Keep the totals of an experiment."""
        self._kept[digest(experiment)] = found


class Folder:
    """Totals as files in a folder, one for each experiment; a file is whole or absent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    def _file(self, experiment: Experiment) -> Path:
        return self._path / f"{digest(experiment)}.json"

    def get(self, experiment: Experiment) -> Totals | None:
        """Return the totals of an experiment, None if it has not been run."""
        try:
            return Totals.from_json(json.loads(self._file(experiment).read_bytes()))
        except FileNotFoundError:
            return None

    def put(self, experiment: Experiment, found: Totals) -> None:
        """Keep the totals of an experiment."""
        file = self._file(experiment)
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(found.as_json(), sort_keys=True), "utf-8")
        os.replace(partial, file)
