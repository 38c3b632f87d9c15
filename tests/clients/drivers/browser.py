"""Opens the explorer's pages in Chromium, uses its forms, and reports what they show and what goes wrong."""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

task = json.loads(sys.argv[1])
URL, TIMEOUT = task["url"], task["timeout"] * 1000
SHOTS = Path(task["shots"])
FLAGS = [
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Width of the window, and theme.
LOOKS = {"wide": (1280, "light"), "narrow": (400, "dark")}
OWN = (URL, URL.replace("http", "ws"), "data:", "blob:")
#: Figures by their names, tables by their captions, all text.
READ = """
() => {
  const text = e => e.innerText.trim();
  const pairs = box => [...document.querySelectorAll(box)].map(
    e => [e.querySelector('.name'), e.querySelector('.value')]);
  const facts = [...document.querySelectorAll('.facts')].flatMap(box => {
    const parts = [...box.children];
    return parts.filter((_, i) => i % 2 == 0).map((name, i) => [text(name), text(parts[2 * i + 1])]);
  });
  const tables = [...document.querySelectorAll('.data-table table')].map(box => [
    box.getAttribute('aria-label'),
    [...box.querySelectorAll('tr')].map(row => [...row.querySelectorAll('th, td')].map(text)),
  ]);
  return {
    heading: text(document.querySelector('main h1')),
    tiles: Object.fromEntries(pairs('.tile').map(([name, value]) => [text(name), text(value)])),
    facts: facts,
    tables: Object.fromEntries(tables),
    text: document.body.innerText.slice(0, 200000),
    nodes: document.querySelectorAll('*').length,
    overflows: document.documentElement.scrollWidth > document.documentElement.clientWidth + 1,
    hacked: window.hacked === undefined ? null : String(window.hacked),
    strange: document.querySelectorAll('main script, main iframe, main object, main b, main img').length,
    dark: document.body.classList.contains('body--dark'),
    ground: getComputedStyle(document.body).backgroundColor,
    canvases: document.querySelectorAll('main canvas').length,
  };
}
"""


class Watched:
    """A page whose complaints and foreign requests are collected."""

    def __init__(self, context):
        self.page = context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        self.errors, self.foreign = [], []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda asked: asked.url.startswith(OWN) or self.foreign.append(asked.url))
        self.page.on("websocket", lambda opened: opened.url.startswith(OWN) or self.foreign.append(opened.url))

    def open(self, path):
        """Open a page, and wait until all of it is there."""
        sys.stderr.write(f"{path}\n")  # a failure shows where it was
        self.page.goto(URL + path)
        self.page.wait_for_selector("main h1")
        self.page.wait_for_function("() => !document.querySelector('main').innerText.includes('Loading …')")
        return self

    def report(self):
        """What the page shows, and what went wrong."""
        return self.page.evaluate(READ) | {"errors": self.errors, "foreign": self.foreign}

    def said(self, words):
        """The notification with these words."""
        found = self.page.locator(".q-notification", has_text=words).first
        found.wait_for()
        return found.inner_text()


def look_at_all(browser):
    """Every page in one look, with a picture."""
    seen, (width, theme) = {}, LOOKS[task["look"]]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    for name, path in task["pages"].items():
        watched = Watched(context).open(path)
        watched.page.wait_for_timeout(300)  # charts are drawn in the next frames
        watched.page.screenshot(path=SHOTS / f"{name}-{task['look']}.png", full_page=True, timeout=4 * TIMEOUT)
        seen[name] = watched.report()
        watched.page.close()
    context.close()
    return seen


def act(browser):
    """Use the forms; a page that stays open sees the new blocks."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    home, dev = Watched(context).open("/"), Watched(context).open("/dev")
    first = "[aria-label='Latest blocks'] tbody tr:first-child td:first-child"
    home.page.wait_for_selector(first)
    seen = {"before": home.page.inner_text(first)}
    dev.page.get_by_label("Account").fill("//Poor")
    dev.page.get_by_label("Amount").fill("7.5tao")
    dev.page.get_by_role("button", name="Fund").click()
    seen["funded"] = dev.said("//Poor has")
    dev.page.get_by_label("Label").fill("<b>before</b>")
    dev.page.get_by_role("button", name="Take a snapshot").click()
    seen["snapshot"] = dev.said("was taken")
    dev.page.get_by_label("Blocks").fill("3")
    dev.page.get_by_role("button", name="Mine").click()
    seen["mined"] = dev.said("3 blocks were made")
    wanted = f"{int(seen['before'].replace(',', '')) + 3:,}"
    home.page.wait_for_function(
        f"wanted => document.querySelector({json.dumps(first)}).innerText === wanted", arg=wanted
    )
    seen["after"] = home.page.inner_text(first)
    dev.page.get_by_label("Subnet, netuid").fill("2")
    dev.page.get_by_role("button", name="Next epoch").click()
    seen["epoch"] = dev.said("the epoch has run")
    dev.page.get_by_role("button", name="Go back").first.click()
    seen["reverted"] = dev.said("again")
    dev.page.get_by_label("Amount").fill("much")
    dev.page.get_by_role("button", name="Fund").click()
    seen["refused"] = dev.said("expected")
    seen["sent"] = send(context)
    seen["errors"], seen["foreign"] = home.errors + dev.errors, home.foreign + dev.foreign
    context.close()
    return seen


def send(context):
    """Send a transfer by its form, and open its extrinsic."""
    watched = Watched(context).open("/send?pallet=Balances&call=transfer_keep_alive")
    watched.page.get_by_label("dest").fill("//Poor")
    watched.page.get_by_label("value").fill("2.5tao")
    watched.page.get_by_role("button", name="Sign and send").click()
    said = watched.said("It is in block")
    watched.page.get_by_role("link", name="Extrinsic").click()
    watched.page.wait_for_selector("main .facts")
    return {"said": said} | watched.report()


def by_keyboard(browser):
    """Skip to the content, search, sort and change the theme with keys alone."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    watched = Watched(context).open("/subnet/2")
    page = watched.page
    page.keyboard.press("Tab")
    seen = {"first": page.evaluate("() => document.activeElement.innerText")}
    page.locator("[aria-label='Neurons'] th button").first.focus()
    column = "[aria-label='Neurons'] tbody tr td:first-child"
    seen["unsorted"] = page.locator(column).all_inner_texts()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => document.querySelector({json.dumps(column)}).innerText !== '0'")
    seen["sorted"] = page.locator(column).all_inner_texts()
    page.get_by_label("Filter neurons").fill(task["filter"])
    page.wait_for_function(f"() => document.querySelectorAll({json.dumps(column)}).length === 1")
    seen["filtered"] = page.locator(column).all_inner_texts()
    page.get_by_role("button", name="Light or dark").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.body.classList.contains('body--dark')")
    page.get_by_label("Search").focus()
    page.keyboard.type("//Bob")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/*")
    page.wait_for_selector("main h1")
    page.wait_for_function("() => document.body.classList.contains('body--dark')")
    seen["found"] = watched.report()
    context.close()
    return seen


SHOTS.mkdir(parents=True, exist_ok=True)
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=task["browser"], args=FLAGS)
    report = look_at_all(chromium) if task["look"] else {"keyboard": by_keyboard(chromium), "forms": act(chromium)}
    chromium.close()
sys.stdout.write(json.dumps(report) + "\n")
