"""Write the pages from which the site is built: those of docs/, and the project's own from the top of the repository.

    python scripts/site_pages.py FOLDER

README.md becomes the first page. Links between pages are adapted to their new places. A link to a file of the sources,
which the site does not have, becomes the file's name.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
#: Pages at the top of the repository, and their names on the site.
PROJECT = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def target_on_the_site(target: str, page: Path) -> str | None:
    """Return a link of a page of the repository as a link of the site; None to a file that the site does not have."""
    path, _, anchor = target.partition("#")
    if not path or "://" in path:
        return target
    found = (page.parent / path).resolve().relative_to(ROOT)
    if found.parts[0] == "docs":
        name = str(PurePosixPath(*found.parts[1:]))
    elif str(found) in PROJECT:
        name = PROJECT[str(found)]
    else:
        return None
    own = page.parent.relative_to(ROOT / "docs") if page.is_relative_to(ROOT / "docs") else Path()
    name = posixpath.relpath(name, own.as_posix())
    return f"{name}#{anchor}" if anchor else name


def on_the_site(text: str, page: Path) -> str:
    """Return the text of a page of the repository with its links as on the site."""

    def link(match: re.Match[str]) -> str:
        image, words, target = match.groups()
        moved = target_on_the_site(target, page)
        return words if moved is None else f"{image}[{words}]({moved})"

    return LINK.sub(link, text)


def write_pages(folder: Path) -> None:
    """Write all pages and what belongs to them into a folder, which is replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("theme", "*.md"))
    pages = {page: page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    pages |= {ROOT / name: site_name for name, site_name in PROJECT.items()}
    for page, name in pages.items():
        (folder / name).write_text(on_the_site(page.read_text(), page))


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
