"""NeuronInfoRuntimeApi: the neurons of a subnet."""

from __future__ import annotations

from ..frame.context import Context
from ..frame.runtime_api import RuntimeApi
from ..pallets.shared.types import NetUid
from ..pallets.subtensor.views import neuron_info as views
from ..pallets.subtensor.views.neuron_info import NeuronInfo, NeuronInfoLite
from ..scale import u16

api = RuntimeApi("NeuronInfoRuntimeApi", 1, docs="Reads the neurons of a subnet.")


@api.method
def get_neurons(ctx: Context, netuid: NetUid) -> list[NeuronInfo]:
    """Return all neurons of a subnet, with weights and bonds."""
    return views.get_neurons(ctx, netuid)


@api.method
def get_neuron(ctx: Context, netuid: NetUid, uid: u16) -> NeuronInfo | None:
    """Return one neuron, with weights and bonds; None when there is none."""
    return views.get_neuron(ctx, netuid, uid)


@api.method
def get_neurons_lite(ctx: Context, netuid: NetUid) -> list[NeuronInfoLite]:
    """Return all neurons of a subnet, without weights and bonds."""
    return views.get_neurons_lite(ctx, netuid)


@api.method
def get_neuron_lite(ctx: Context, netuid: NetUid, uid: u16) -> NeuronInfoLite | None:
    """Return one neuron, without weights and bonds; None when there is none."""
    return views.get_neuron_lite(ctx, netuid, uid)
