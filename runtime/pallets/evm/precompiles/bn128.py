"""Arithmetic of the curve alt_bn128: multiplication (7), pairing (8) and addition (9, on Ethereum 6)."""

from __future__ import annotations

from typing import Any

from .errors import failed
from .handle import Handle

WORD = 32
ADD_GAS, MULTIPLY_GAS, PAIRING_GAS, PAIR_GAS = 150, 6_000, 45_000, 34_000
#: Bytes of a point of the curve and one of its twist.
PAIR_LENGTH = 6 * WORD
FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583
ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617


def add(handle: Handle) -> bytes:
    """Return the sum of two points; an input that is too short is followed by zeros."""
    curve = library()
    handle.gas.charge(ADD_GAS)
    return _encode(curve.add(_point(handle.input, 0), _point(handle.input, 2 * WORD)))


def multiply(handle: Handle) -> bytes:
    """Return the product of a point and a number, which is taken modulo the order of the curve."""
    curve = library()
    handle.gas.charge(MULTIPLY_GAS)
    return _encode(curve.multiply(_point(handle.input, 0), _number(handle.input, 2 * WORD) % ORDER))


def pairing(handle: Handle) -> bytes:
    """Return 1 when the product of the pairings of all pairs of points is one, else 0."""
    curve, data = library(), handle.input
    if len(data) % PAIR_LENGTH:
        raise failed("bad elliptic curve pairing size")
    starts = range(0, len(data), PAIR_LENGTH)
    handle.gas.charge(PAIRING_GAS + PAIR_GAS * len(starts))
    product = curve.FQ12.one()
    # All points are checked first. A pair takes a tenth of a second.
    for first, second in [_pair(handle, at) for at in starts]:
        handle.ctx.pause()
        product *= curve.pairing(second, first, final_exponentiate=False)
    handle.ctx.pause()
    return int(curve.final_exponentiate(product) == curve.FQ12.one()).to_bytes(WORD, "big")


def library() -> Any:
    """Return the library of the curve, which is loaded at the first use: it is slow to load, and few chains use it."""
    from py_ecc import optimized_bn128

    return optimized_bn128


# --- points --------------------------------------------------------------------------------------------------


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + WORD].ljust(WORD, b"\0"), "big")


def _coordinate(data: bytes, at: int, name: str) -> int:
    value = _number(data, at)
    if value >= FIELD:
        raise failed(f"Invalid {name}")
    return value


def _point(data: bytes, at: int) -> Any:
    """Return the point at an offset; zeros are the point at infinity."""
    x, y = _coordinate(data, at, "point x coordinate"), _coordinate(data, at + WORD, "point y coordinate")
    return _on_curve(x, y, "Invalid curve point")


def _on_curve(x: int, y: int, error: str) -> Any:
    curve = library()
    if x == y == 0:
        return curve.Z1
    point = curve.FQ(x), curve.FQ(y), curve.FQ.one()
    if not curve.is_on_curve(point, curve.b):
        raise failed(error)
    return point


def _pair(handle: Handle, at: int) -> tuple[Any, Any]:
    """Return a point of the curve and one of its twist, which must be in the subgroup."""
    curve, data = library(), handle.input
    handle.ctx.pause()
    names = (
        *("a argument x coordinate", "a argument y coordinate"),
        *("b argument imaginary coeff x coordinate", "b argument imaginary coeff y coordinate"),
        *("b argument real coeff x coordinate", "b argument real coeff y coordinate"),
    )
    a_x, a_y, x_i, x_r, y_i, y_r = (_coordinate(data, at + WORD * index, name) for index, name in enumerate(names))
    second = curve.Z2
    if x_i or x_r or y_i or y_r:
        second = curve.FQ2([x_r, x_i]), curve.FQ2([y_r, y_i]), curve.FQ2.one()
        if not curve.is_on_curve(second, curve.b2) or not curve.is_inf(curve.multiply(second, ORDER)):
            raise failed("Invalid b argument - not on curve")
    return _on_curve(a_x, a_y, "Invalid a argument - not on curve"), second


def _encode(point: Any) -> bytes:
    curve = library()
    if curve.is_inf(point):
        return bytes(2 * WORD)
    x, y = curve.normalize(point)
    return int(x).to_bytes(WORD, "big") + int(y).to_bytes(WORD, "big")
