"""Serving: the endpoints that neurons publish, valid addresses, and rate limits."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest
from pysubtensor.runtime.frame.call import Call
from pysubtensor.runtime.frame.context import Context
from pysubtensor.runtime.frame.errors import BadOrigin
from pysubtensor.runtime.frame.origin import NONE
from pysubtensor.runtime.frame.weight import DispatchClass, Pays, weight_of
from pysubtensor.runtime.pallets.subtensor.declared.errors import Error
from pysubtensor.runtime.pallets.subtensor.declared.events import AxonServed, PrometheusServed
from pysubtensor.runtime.pallets.subtensor.declared.types import AxonInfo, NeuronCertificate, PrometheusInfo
from pysubtensor.runtime.pallets.subtensor.neurons.serving import (
    get_axon_info,
    get_prometheus_info,
    is_valid_ip_address,
    is_valid_ip_type,
    parse_certificate,
    serve_axon,
    serve_axon_tls,
    serve_prometheus,
)
from pysubtensor.runtime.pallets.subtensor.neurons.uids import append_neuron
from pysubtensor.runtime.pallets.subtensor.storage.rate_limits import ServingRateLimit
from pysubtensor.runtime.pallets.subtensor.storage.serving import Axons, NeuronCertificates, Prometheus

from tests.costs import own_info
from tests.world import ALICE, BOB, AddNetwork, Dispatch, Events, GoTo, RefusedCall

NETUID = 1
HOTKEY, STRANGER = ALICE, BOB
VERSION, IP, PORT = 2, 1_676_056_785, 128


@pytest.fixture(autouse=True)
def neuron(ctx: Context, add_network: AddNetwork) -> None:
    """`HOTKEY` is uid 0 of the subnet."""
    append_neuron(ctx, add_network(NETUID, 13), HOTKEY, 1)


def axon(ip: int = IP, port: int = PORT, ip_type: int = 4, netuid: int = NETUID) -> Call:
    return serve_axon.call(netuid, VERSION, ip, port, ip_type, 1, 2, 3)


def axon_tls(certificate: bytes) -> Call:
    return serve_axon_tls.call(NETUID, VERSION, IP, PORT, 4, 1, 2, 3, certificate)


def prometheus(ip: int = IP, port: int = PORT, ip_type: int = 4, netuid: int = NETUID) -> Call:
    return serve_prometheus.call(netuid, VERSION, ip, port, ip_type)


SERVE = pytest.mark.parametrize("serve", [axon, prometheus])
Serve = Callable[..., Call]


# --- what is published ---------------------------------------------------------------------------------------------


def test_an_axon_is_published(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    assert get_axon_info(ctx, NETUID, HOTKEY) == AxonInfo(0, 0, 0, 0, 0, 0, 0, 0)
    dispatch(HOTKEY, axon())
    assert Axons.get(ctx, NETUID, HOTKEY) == AxonInfo(1, VERSION, IP, PORT, 4, 1, 2, 3)
    assert events()[-1] == AxonServed(NETUID, HOTKEY)
    assert not NeuronCertificates.contains(ctx, NETUID, HOTKEY)


def test_metrics_are_published(ctx: Context, dispatch: Dispatch, events: Events) -> None:
    assert get_prometheus_info(ctx, NETUID, HOTKEY) == PrometheusInfo(0, 0, 0, 0, 0)
    dispatch(HOTKEY, prometheus())
    assert Prometheus.get(ctx, NETUID, HOTKEY) == PrometheusInfo(1, VERSION, IP, PORT, 4)
    assert events()[-1] == PrometheusServed(NETUID, HOTKEY)


def test_a_new_publication_replaces_the_former_one(ctx: Context, dispatch: Dispatch, go_to: GoTo) -> None:
    dispatch(HOTKEY, axon())
    dispatch(HOTKEY, prometheus())
    go_to(2)
    dispatch(HOTKEY, serve_axon.call(NETUID, VERSION + 1, IP + 1, PORT + 1, 6, 2, 3, 4))
    dispatch(HOTKEY, serve_prometheus.call(NETUID, VERSION + 1, IP + 1, PORT + 1, 6))
    assert get_axon_info(ctx, NETUID, HOTKEY) == AxonInfo(2, VERSION + 1, IP + 1, PORT + 1, 6, 2, 3, 4)
    assert get_prometheus_info(ctx, NETUID, HOTKEY) == PrometheusInfo(2, VERSION + 1, IP + 1, PORT + 1, 6)


def test_a_certificate_comes_with_the_axon(ctx: Context, dispatch: Dispatch) -> None:
    for certificate in (b"CERT", b"UPDATED_CERT"):
        dispatch(HOTKEY, axon_tls(certificate))
        stored = NeuronCertificates.get(ctx, NETUID, HOTKEY)
        assert stored == NeuronCertificate(public_key=certificate[1:], algorithm=certificate[0])
    assert get_axon_info(ctx, NETUID, HOTKEY).port == PORT


@pytest.mark.parametrize(
    ("length", "accepted"), [(65, True), (33, True), (1, True), (66, False), (88, False), (0, False)]
)
def test_a_certificate_is_an_algorithm_and_a_key_of_up_to_64_bytes(length: int, accepted: bool) -> None:
    certificate = parse_certificate(bytes(length))
    assert (certificate is not None) is accepted
    assert certificate is None or len(certificate.public_key) == length - 1


@pytest.mark.parametrize("unusable", [b"", bytes(88)])
def test_a_certificate_of_another_length_is_ignored(ctx: Context, dispatch: Dispatch, unusable: bytes) -> None:
    dispatch(HOTKEY, axon_tls(b"CERT"))
    dispatch(HOTKEY, axon_tls(unusable))
    assert NeuronCertificates.get(ctx, NETUID, HOTKEY) == NeuronCertificate(b"ERT", ord("C"))


# --- addresses -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ip_type", "valid"), [(4, True), (6, True), (10, False), (0, False)])
def test_an_ip_type_is_4_or_6(ip_type: int, valid: bool) -> None:
    assert is_valid_ip_type(ip_type) is valid


@pytest.mark.parametrize(
    ("ip_type", "address", "valid"),
    [
        (4, "8.8.8.8", True),
        (4, "192.168.0.1", True),
        (4, "255.255.255.254", True),
        (4, "255.255.255.255", False),
        (4, "127.0.0.1", False),
        (4, "ffff:2:3:4:5:6:7:8", False),
        (4, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
        (6, "1:2:3:4:5:6:7:8", True),
        (6, "::7f00:1", True),
        (6, "::1", False),
        (6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False),
    ],
)
def test_localhost_and_broadcast_addresses_are_refused(ip_type: int, address: str, valid: bool) -> None:
    for allow_zero in (True, False):
        assert is_valid_ip_address(ip_type, int(ip_address(address)), allow_zero) is valid


@pytest.mark.parametrize("ip_type", [4, 6])
def test_the_address_zero_is_allowed_for_axons_only(dispatch: Dispatch, refused: RefusedCall, ip_type: int) -> None:
    dispatch(HOTKEY, axon(ip=0, ip_type=ip_type))
    refused(HOTKEY, prometheus(ip=0, ip_type=ip_type), Error.InvalidIpAddress)


# --- refusals ------------------------------------------------------------------------------------------------------


@SERVE
def test_only_neurons_of_the_subnet_publish(refused: RefusedCall, serve: Serve) -> None:
    refused(STRANGER, serve(), Error.HotKeyNotRegisteredInNetwork)
    refused(HOTKEY, serve(netuid=2), Error.HotKeyNotRegisteredInNetwork)
    refused(NONE, serve(), BadOrigin())


@SERVE
def test_type_address_and_port_must_be_usable(refused: RefusedCall, serve: Serve) -> None:
    refused(HOTKEY, serve(ip_type=5), Error.InvalidIpType)
    refused(HOTKEY, serve(ip=0x7F00_0001), Error.InvalidIpAddress)
    refused(HOTKEY, serve(port=0), Error.InvalidPort)


def test_errors_are_checked_in_the_chains_order(refused: RefusedCall) -> None:
    refused(STRANGER, axon(ip_type=5), Error.HotKeyNotRegisteredInNetwork)
    refused(STRANGER, prometheus(ip_type=5, port=0), Error.InvalidIpType)
    refused(STRANGER, prometheus(ip=0, port=0), Error.InvalidIpAddress)
    refused(STRANGER, prometheus(port=0), Error.HotKeyNotRegisteredInNetwork)


@SERVE
def test_without_a_rate_limit_publications_are_unlimited(dispatch: Dispatch, serve: Serve) -> None:
    for _ in range(4):
        dispatch(HOTKEY, serve())


@SERVE
def test_publications_are_rate_limited(
    ctx: Context, dispatch: Dispatch, refused: RefusedCall, go_to: GoTo, serve: Serve
) -> None:
    ServingRateLimit.put(ctx, NETUID, 2)
    dispatch(HOTKEY, serve())
    for block in (1, 2):
        go_to(block)
        refused(HOTKEY, serve(), Error.ServingRateLimitExceeded)
        refused(HOTKEY, serve(port=0), Error.ServingRateLimitExceeded)
    go_to(3)
    dispatch(HOTKEY, serve())


def test_axon_and_metrics_have_separate_rate_limits(ctx: Context, dispatch: Dispatch) -> None:
    ServingRateLimit.put(ctx, NETUID, 2)
    dispatch(HOTKEY, axon())
    dispatch(HOTKEY, prometheus())
    assert get_prometheus_info(ctx, NETUID, HOTKEY).block == 1


def test_publishing_is_free() -> None:
    for call, weight in (
        (axon(), weight_of(31_278_000, 4178, 3, 1)),
        (axon_tls(b""), weight_of(30_617_000, 4149, 3, 1)),
        (prometheus(), weight_of(29_294_000, 4277, 3, 1)),
    ):
        info = own_info(call)
        assert (info.call_weight, info.class_, info.pays_fee) == (weight, DispatchClass.Normal, Pays.No)
