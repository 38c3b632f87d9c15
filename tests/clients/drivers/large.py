"""Times the pages of a large chain in Chromium, and the memory of two pages that stay open while blocks come."""

import json
import sys
import time

from playwright.sync_api import sync_playwright

task = json.loads(sys.argv[1])
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--js-flags=--expose-gc"]
ROWS = "document.querySelectorAll('.data-table tbody tr').length > 1"
LOADED = "() => !document.querySelector('main').innerText.includes('Loading …')"
HEAP = "() => { window.gc(); return performance.memory.usedJSHeapSize }"


def timed(page, path):
    """Seconds until a page has its figures and rows, and until all of it is there; and how large it is."""
    start = time.monotonic()
    page.goto(task["url"] + path)
    page.wait_for_function(f"() => document.querySelector('main h1') && {ROWS}")
    figures = time.monotonic() - start
    page.wait_for_function(LOADED)
    return figures, time.monotonic() - start, page.evaluate("() => document.querySelectorAll('*').length")


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
