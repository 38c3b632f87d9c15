"""The state version of a runtime's Wasm, read from its custom section `runtime_version`.

Substrate's builder writes the runtime's version into that section, so that it can be read without running the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from ..runtime.scale import Reader, ScaleError, codec_of, u32
from ..runtime.scale.codec import TEXT

#: Compressed code begins with these bytes; a zstd frame follows.
COMPRESSED = bytes.fromhex("52bc537646db8e05")
MAGIC = b"\0asm\1\0\0\0"
#: The genuine node refuses code that is longer than this when decompressed, in bytes.
MAX_CODE = 50 * 1024 * 1024
CUSTOM = 0
#: An entry of the version's list of APIs: 8 bytes of id, and a u32.
API_ENTRY = 12


class WasmError(ValueError):
    """The state version cannot be read from the code."""


def state_version(code: bytes) -> int:
    """Return the version (0 or 1) of a runtime's state trie. Raises WasmError where it cannot be read."""
    for name, content in custom_sections(decompressed(code)):
        if name == b"runtime_version":
            return _state_version(content)
    # Code without the section is older than state version 1.
    return 0


def decompressed(code: bytes) -> bytes:
    """Return the decompressed Wasm. Raises WasmError without a zstd decompressor, and for more than MAX_CODE bytes."""
    if not code.startswith(COMPRESSED):
        return code
    decompress = _zstd()
    try:
        plain = decompress(code[len(COMPRESSED) :])
    except Exception as error:  # noqa: BLE001  # each library has errors of its own
        raise WasmError(f"the code is not compressed by zstd: {error}") from None
    if len(plain) > MAX_CODE:
        raise WasmError(f"expected code of at most {MAX_CODE} bytes, got more")
    return plain


def _zstd() -> Callable[[bytes], bytes]:
    """Return a decompressor that stops after MAX_CODE bytes: Python's own (3.14 and later), or that of `zstandard`."""
    try:
        standard = import_module("compression.zstd")
    except ImportError:
        pass
    else:
        return lambda data: bytes(standard.ZstdDecompressor().decompress(data, MAX_CODE + 1))
    try:
        package = import_module("zstandard")
    except ImportError:
        raise WasmError("the code is compressed: reading it needs Python 3.14 or the package zstandard") from None
    return lambda data: bytes(package.ZstdDecompressor().stream_reader(data).read(MAX_CODE + 1))


def custom_sections(wasm: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield names and contents of a module's custom sections. Raises WasmError when the bytes are not a module."""
    if not wasm.startswith(MAGIC):
        raise WasmError(f"expected a Wasm module of version 1, got bytes that begin with 0x{wasm[:8].hex()}")
    reader = Reader(wasm, len(MAGIC))
    try:
        while reader.at < reader.end:
            kind = reader.byte()
            section = Reader(reader.take(_leb128(reader)))
            if kind == CUSTOM:
                name = section.take(_leb128(section))
                yield name, section.data[section.at :]
    except ScaleError as error:
        raise WasmError(f"the Wasm module ends unexpectedly: {error}") from None


def _leb128(reader: Reader) -> int:
    """Read a u32 in LEB128: seven bits per byte, lowest first; the top bit is set in all bytes but the last."""
    value = 0
    for shift in range(0, 35, 7):
        byte = reader.byte()
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
    raise ScaleError("a length takes more than five bytes", reader.at)


def _state_version(content: bytes) -> int:
    """Return the state version of an encoded RuntimeVersion; 0 for older encodings, which end before it."""
    reader = Reader(content)
    try:
        TEXT.read(reader)  # spec name
        TEXT.read(reader)  # implementation name
        reader.take(12)  # authoring, spec and implementation version
        reader.take(API_ENTRY * reader.compact())
        if reader.end - reader.at <= 4:
            return 0
        codec_of(u32).read(reader)  # transaction version
        # System versions 1 and 2 differ in the extrinsics root only.
        return min(reader.byte(), 1)
    except ScaleError as error:
        raise WasmError(f"the section runtime_version is not a version: {error}") from None
