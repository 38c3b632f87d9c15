"""The site: its navigation lists all pages, all links lead somewhere, and the reference has all public names.

`make docs` builds it. These tests need none of its libraries.
"""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pysubtensor.chain.embed import pytest_plugin

import pysubtensor

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "site_pages.py"))
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in SCRIPT["PROJECT"])])
LINK: re.Pattern[str] = SCRIPT["LINK"]


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]+`", "`code`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"[-\s]+", "-", heading) for heading in plain}


def broken(page: Path) -> list[str]:
    """The links of a page, to files beside it or to headings, that lead nowhere."""
    links = [target for _, _, target in LINK.findall(prose(page.read_text())) if "://" not in target]
    return [target for target in links if not leads_somewhere(page, *target.partition("#")[::2])]


def leads_somewhere(page: Path, path: str, anchor: str) -> bool:
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


def listed(nav: list[Any]) -> Iterator[str]:
    """The pages of a navigation."""
    for entry in nav:
        for value in entry.values():
            if isinstance(value, str):
                yield value
            else:
                yield from listed(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages from which the site is built."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    write_pages: Callable[[Path], None] = SCRIPT["write_pages"]
    write_pages(folder)
    return folder


def test_the_navigation_lists_each_page_once(site: Path) -> None:
    assert sorted(listed(CONFIG["nav"])) == sorted(page.relative_to(site).as_posix() for page in site.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_in_the_repository_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_links_on_the_site_lead_somewhere(site: Path) -> None:
    assert {page.name: broken(page) for page in site.rglob("*.md") if broken(page)} == {}
    assert "(contributing.md)" in (site / "index.md").read_text(), "links between pages are kept"
    assert "runtime/pallets/subtensor/storage/after_425.py)" not in (site / "clients.md").read_text()


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A heading: with `code`\n[a](#a-heading-with-code) [b](#none) [c](other.md) `[d](d.md)`\n")
    assert broken(page) == ["#none", "other.md"]


def test_pages_ask_no_other_host_for_anything(site: Path) -> None:
    assert CONFIG["theme"]["font"] is False
    assert "analytics" not in CONFIG.get("extra", {})
    theme = (ROOT / CONFIG["theme"]["custom_dir"] / "main.html").read_text()
    (script,) = re.findall(r"<script src=\"\{\{ '([\w/.-]+)' \| url \}\}\">", theme)
    assert (site / script).is_file(), "the theme would load it from elsewhere"
    loading = re.compile(r"<(script|img|iframe|link)|!\[[^\]]*\]\(http")
    assert [page.name for page in site.rglob("*.md") if loading.search(page.read_text())] == []


# --- the reference ---------------------------------------------------------------------------------------------

DESCRIBED = re.findall(r"^::: (\S+)$", "".join(page.read_text() for page in PAGES), re.MULTILINE)


@pytest.mark.parametrize("name", pysubtensor.__all__)
def test_the_reference_has_each_public_name(name: str) -> None:
    assert f"pysubtensor.{name}" in DESCRIBED


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_the_reference_describes_exists(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    found = getattr(import_module(module), attribute, None) or import_module(name)
    assert found.__doc__


def test_the_reference_has_each_fixture_and_marker_of_the_plugin(pytestconfig: pytest.Config) -> None:
    described = pytest_plugin.__doc__ or ""
    fixtures = [name for name, value in vars(pytest_plugin).items() if isinstance(value, type(pytest_plugin.chain))]
    assert {"chain", "chain_url", "scenario", "alice"} <= set(fixtures)
    assert [name for name in fixtures if not name.startswith("_") and f"`{name}`" not in described] == []
    assert [name for name in ("chain", "scenario") if f"@pytest.mark.{name}(" not in described] == []
    declared = [line for line in pytestconfig.getini("markers") if "chain" in line.partition(":")[2]]
    assert {line.partition("(")[0] for line in declared} >= {"chain", "scenario"}
