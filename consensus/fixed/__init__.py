"""Fixed-point numbers as integers: formats, arithmetic, functions, u16 proportions, and NumPy arrays of I32F32."""

from .format import I32F32, I64F64, I96F32, U64F64, U96F32, Format, truncating_div
from .functions import checked_pow, checked_sqrt, exp, exp_safe, ln, log2, safe_ln, sigmoid_safe
from .proportions import max_upscale_to_u16, normalise, normalise_stake, proportion, to_u16_proportion

__all__ = [
    "I32F32",
    "I64F64",
    "I96F32",
    "U64F64",
    "U96F32",
    "Format",
    "checked_pow",
    "checked_sqrt",
    "exp",
    "exp_safe",
    "ln",
    "log2",
    "max_upscale_to_u16",
    "normalise",
    "normalise_stake",
    "proportion",
    "safe_ln",
    "sigmoid_safe",
    "to_u16_proportion",
    "truncating_div",
]
