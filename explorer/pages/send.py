"""A form for any call of any pallet, made from the node's metadata; what it sends, and what became of it."""

from __future__ import annotations

from nicegui import ui

from ..node.forms import as_root, encode_call, fields_of
from ..node.interface import Interface
from ..node.values import clean
from ..readers import actions, text
from ..readers.accounts import NAMES
from ..state import Explorer
from .dev import attempt, field
from .parts import frame, heading, notice, page, panel, problems, query, soft


def register(explorer: Explorer) -> None:
    """Make the page known."""

    @page("/send")
    async def send_page(pallet: str = "Balances", call: str = "") -> None:
        with frame(explorer, "Send a call", "/dev"):
            heading("Send a call")
            if not explorer.may_act:
                notice("This node is not one for development, or the explorer listens to other machines.")
                return
            with problems():
                draw(explorer, await explorer.node.interface(), pallet, call)


def draw(explorer: Explorer, interface: Interface, pallet: str, call: str) -> None:
    """Draw the choice of a call, and its form."""
    pallets = [name for name in interface.pallets if interface.calls(name)]
    pallet = pallet if pallet in pallets else pallets[0]
    calls = interface.calls(pallet)
    call = call if call in calls else next(iter(calls))
    with ui.element("div").classes("row"):
        chosen = ui.select(pallets, value=pallet, label="Pallet", with_input=True).props("dense outlined")
        name = ui.select(list(calls), value=call, label="Call", with_input=True).props("dense outlined")
    chosen.on_value_change(lambda event: ui.navigate.to(f"/send?{query(pallet=event.value)}"))
    name.on_value_change(lambda event: ui.navigate.to(f"/send?{query(pallet=pallet, call=event.value)}"))
    with panel(f"{pallet}.{call}"):
        soft(calls[call].docs)
        draw_form(explorer, interface, pallet, call)


def draw_form(explorer: Explorer, interface: Interface, pallet: str, call: str) -> None:
    """Draw the fields of a call, and the button that sends it."""
    declared = interface.calls(pallet)[call]
    inputs: dict[str, ui.input | ui.select] = {}
    for each in fields_of(interface, declared):
        label = f"{each.name}: {each.type}"
        if each.choices:
            inputs[each.name] = ui.select(list(each.choices), value=each.choices[0], label=label).props(
                "dense outlined"
            )
        else:
            inputs[each.name] = ui.input(label, placeholder=each.hint).props(
                "dense outlined stack-label maxlength=100000"
            )
    signer = field("Signer: a secret URI", "//Alice", autocomplete=list(NAMES.values()))
    root = ui.checkbox("As root, by Sudo")
    result = ui.element("div")

    async def send() -> str:
        encoded = encode_call(interface, declared, {name: str(each.value or "") for name, each in inputs.items()})
        included = await actions.send(
            explorer.node, as_root(interface, encoded) if root.value else encoded, signer.value.strip()
        )
        result.clear()
        with result:
            if included.failure is not None:
                notice(f"{included.failure.name}: {included.failure.docs}")
            ui.link(clean(f"Extrinsic {included.block}-{included.index}"), included.link)
        if included.failure is not None:
            return f"It is in block {included.block:,}, and failed."
        return f"It is in block {included.block:,}, for a fee of {text.amount(included.fee)}."

    ui.button("Sign and send", on_click=lambda: attempt(send)).props("unelevated no-caps")
