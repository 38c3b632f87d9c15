"""Endpoints of neurons: a registered hotkey publishes its axon, its TLS certificate and its metrics endpoint.

Addresses are numbers (an IPv4 address in the low 32 bits). Publishing is free, so `guards` checks the calls with the
same `validate_…` functions before they enter a block.
"""

from __future__ import annotations

from ....frame.context import Context
from ....frame.errors import ensure
from ....frame.weight import Pays, weight_of
from ....scale import u8, u16, u32, u128
from ...shared.types import NetUid
from .. import storage
from ..declared import events
from ..declared.errors import Error
from ..declared.pallet import pallet
from ..declared.types import MAX_CERTIFICATE_KEY_BYTES, AxonInfo, NeuronCertificate, PrometheusInfo
from .uids import is_hotkey_registered_on_network

IPV4, IPV6 = 4, 6
#: Addresses that are refused: localhost; in IPv4 all from 255.255.255.255 on; in IPv6 the last one.
IPV4_LOCALHOST, IPV4_END = 0x7F00_0001, 0xFFFF_FFFF
IPV6_LOCALHOST, IPV6_LAST = 1, (1 << 128) - 1


# --- published endpoints -------------------------------------------------------------------------------------------


def get_axon_info(ctx: Context, netuid: int, hotkey: bytes) -> AxonInfo:
    """Return the axon of a hotkey on the subnet; all zeros when it has published none."""
    return storage.Axons.get(ctx, netuid, hotkey) or AxonInfo()


def get_prometheus_info(ctx: Context, netuid: int, hotkey: bytes) -> PrometheusInfo:
    """Return the metrics endpoint of a hotkey on the subnet; all zeros when it has published none."""
    return storage.Prometheus.get(ctx, netuid, hotkey) or PrometheusInfo()


def parse_certificate(data: bytes) -> NeuronCertificate | None:
    """Return the certificate in `data`: one byte for the algorithm, then the key; None when it is empty or too long."""
    if not 1 <= len(data) <= 1 + MAX_CERTIFICATE_KEY_BYTES:
        return None
    return NeuronCertificate(public_key=data[1:], algorithm=data[0])


# --- checks --------------------------------------------------------------------------------------------------------


def is_valid_ip_type(ip_type: int) -> bool:
    """Return whether the type is 4 or 6."""
    return ip_type in (IPV4, IPV6)


def is_valid_ip_address(ip_type: int, address: int, allow_zero: bool) -> bool:
    """Return whether a neuron may serve from the address.

    Addresses of private networks are valid, localhost is not, and 0 only with `allow_zero`.
    """
    if address == 0:
        return allow_zero
    if ip_type == IPV4:
        return address < IPV4_END and address != IPV4_LOCALHOST
    return address not in (IPV6_LOCALHOST, IPV6_LAST)


def validate_serve_axon(
    ctx: Context,
    hotkey: bytes,
    netuid: int,
    version: int,
    ip: int,
    port: int,
    ip_type: int,
    protocol: int,
    placeholder1: int,
    placeholder2: int,
) -> AxonInfo:
    """Return the axon to publish. The address may be 0, the port may not.

    Fails with HotKeyNotRegisteredInNetwork, InvalidIpType, InvalidIpAddress, ServingRateLimitExceeded and
    InvalidPort.
    """
    ensure(is_hotkey_registered_on_network(ctx, netuid, hotkey), Error.HotKeyNotRegisteredInNetwork)
    ensure(is_valid_ip_type(ip_type), Error.InvalidIpType)
    ensure(is_valid_ip_address(ip_type, ip, allow_zero=True), Error.InvalidIpAddress)
    _ensure_not_too_soon(ctx, netuid, get_axon_info(ctx, netuid, hotkey).block)
    ensure(port != 0, Error.InvalidPort)
    return AxonInfo(ctx.block.number, version, ip, port, ip_type, protocol, placeholder1, placeholder2)


def validate_serve_prometheus(
    ctx: Context, hotkey: bytes, netuid: int, version: int, ip: int, port: int, ip_type: int
) -> PrometheusInfo:
    """Return the metrics endpoint to publish. Neither address nor port may be 0.

    Fails with InvalidIpType, InvalidIpAddress, HotKeyNotRegisteredInNetwork, ServingRateLimitExceeded and
    InvalidPort.
    """
    ensure(is_valid_ip_type(ip_type), Error.InvalidIpType)
    ensure(is_valid_ip_address(ip_type, ip, allow_zero=False), Error.InvalidIpAddress)
    ensure(is_hotkey_registered_on_network(ctx, netuid, hotkey), Error.HotKeyNotRegisteredInNetwork)
    _ensure_not_too_soon(ctx, netuid, get_prometheus_info(ctx, netuid, hotkey).block)
    ensure(port != 0, Error.InvalidPort)
    return PrometheusInfo(ctx.block.number, version, ip, port, ip_type)


def _ensure_not_too_soon(ctx: Context, netuid: int, last_served: int) -> None:
    """Refuse to publish within `ServingRateLimit` blocks after `last_served` (ServingRateLimitExceeded).

    A limit of 0 means no limit, a last block of 0 that the hotkey has never published.
    """
    limit = storage.ServingRateLimit.get(ctx, netuid)
    passes = limit == 0 or last_served == 0 or ctx.block.number - last_served >= limit
    ensure(passes, Error.ServingRateLimitExceeded)


# --- calls ---------------------------------------------------------------------------------------------------------


def _publish_axon(ctx: Context, netuid: int, hotkey: bytes, axon: AxonInfo) -> None:
    storage.Axons.put(ctx, netuid, hotkey, axon)
    ctx.deposit(events.AxonServed(netuid, hotkey))


@pallet.call(4, weight=weight_of(31_278_000, 4178, reads=3, writes=1), pays=Pays.No)
def serve_axon(
    ctx: Context,
    netuid: NetUid,
    version: u32,
    ip: u128,
    port: u16,
    ip_type: u8,
    protocol: u8,
    placeholder1: u8,
    placeholder2: u8,
) -> None:
    """Publish the endpoint at which the signer, a hotkey registered on the subnet, serves.

    `ip` is the address as a number and may be 0, `ip_type` is 4 or 6, `protocol` 0 for TCP or 1 for UDP. Fails with
    HotKeyNotRegisteredInNetwork, InvalidIpType, InvalidIpAddress, InvalidPort for port 0, and
    ServingRateLimitExceeded.
    """
    hotkey = ctx.ensure_signed()
    axon = validate_serve_axon(ctx, hotkey, netuid, version, ip, port, ip_type, protocol, placeholder1, placeholder2)
    _publish_axon(ctx, netuid, hotkey, axon)


@pallet.call(40, weight=weight_of(30_617_000, 4149, reads=3, writes=1), pays=Pays.No)
def serve_axon_tls(
    ctx: Context,
    netuid: NetUid,
    version: u32,
    ip: u128,
    port: u16,
    ip_type: u8,
    protocol: u8,
    placeholder1: u8,
    placeholder2: u8,
    certificate: bytes,
) -> None:
    """Publish an endpoint as `serve_axon` does, together with a TLS certificate.

    `certificate` is one byte for the algorithm and the public key; an empty one or one above 65 bytes is ignored.
    Fails as `serve_axon`.
    """
    hotkey = ctx.ensure_signed()
    axon = validate_serve_axon(ctx, hotkey, netuid, version, ip, port, ip_type, protocol, placeholder1, placeholder2)
    parsed = parse_certificate(certificate)
    if parsed is not None:
        storage.NeuronCertificates.put(ctx, netuid, hotkey, parsed)
    _publish_axon(ctx, netuid, hotkey, axon)


@pallet.call(5, weight=weight_of(29_294_000, 4277, reads=3, writes=1), pays=Pays.No)
def serve_prometheus(ctx: Context, netuid: NetUid, version: u32, ip: u128, port: u16, ip_type: u8) -> None:
    """Publish the endpoint at which the signer, a hotkey registered on the subnet, serves its metrics.

    `ip` is the address as a number, `ip_type` 4 or 6. Fails with InvalidIpType, InvalidIpAddress (0 is none),
    HotKeyNotRegisteredInNetwork, InvalidPort for port 0, and ServingRateLimitExceeded.
    """
    hotkey = ctx.ensure_signed()
    endpoint = validate_serve_prometheus(ctx, hotkey, netuid, version, ip, port, ip_type)
    storage.Prometheus.put(ctx, netuid, hotkey, endpoint)
    ctx.deposit(events.PrometheusServed(netuid, hotkey))
