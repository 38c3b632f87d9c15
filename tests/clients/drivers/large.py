"""Times the pages of a large chain in Chromium, and the memory of two pages that stay open while blocks come."""

import json
import os
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

task = json.loads(sys.argv[1])
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--js-flags=--expose-gc"]
ROWS = "document.querySelectorAll('.data-table tbody tr').length > 1"
LOADED = "() => !document.querySelector('main').innerText.includes('Loading …')"
HEAP = "() => { window.gc(); return performance.memory.usedJSHeapSize }"


def spent():
    """Seconds of processor time so far: of node and explorer, of this process and of all that it started."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        process = int(path.parent.name)
        parents[process], ticks[process] = int(fields[1]), int(fields[11]) + int(fields[12])
    mine = set(task["processes"]) | {os.getpid()}
    while more := {each for each, parent in parents.items() if parent in mine and each not in mine}:
        mine |= more
    return sum(ticks.get(each, 0) for each in mine) / os.sysconf("SC_CLK_TCK")


def timed(page, path):
    """Seconds until a page has its figures and rows, by the clock and of processor time; seconds until it has all."""
    start, before = time.monotonic(), spent()
    page.goto(task["url"] + path)
    page.wait_for_function(f"() => document.querySelector('main h1') && {ROWS}")
    figures, used = time.monotonic() - start, spent() - before
    page.wait_for_function(LOADED)
    whole = time.monotonic() - start
    elements = page.evaluate("() => document.querySelectorAll('*').length")
    return {
        "figures": figures,
        "processor": used,
        "whole": whole,
        "whole_processor": spent() - before,
        "elements": elements,
    }


with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=task["browser"], args=FLAGS)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    first = context.new_page()
    first.set_default_timeout(task["timeout"] * 1000)
    timed(first, "/subnets")  # fills the browser's cache
    seen = {"table": timed(first, "/subnets")}
    seen["subnet"] = [timed(first, f"/subnet/{netuid}") for netuid in task["netuids"]]
    second = context.new_page()
    second.goto(task["url"] + "/")
    second.wait_for_function(f"() => {ROWS}")
    seen["heap"] = []
    for _ in range(task["looks"]):
        seen["heap"].append([page.evaluate(HEAP) for page in (first, second)])
        sys.stdout.write(json.dumps(seen["heap"][-1]) + "\n")
        sys.stdout.flush()
        first.wait_for_timeout(1000 * task["every"])
    seen["latest"] = second.inner_text("[aria-label='Latest blocks'] tbody tr:first-child td:first-child")
    chromium.close()
sys.stdout.write(json.dumps(seen) + "\n")
