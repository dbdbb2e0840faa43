"""DataPacker: values of a dtype as packed bytes, and back.

The packing is done in C++; a packer is immutable and serves any number of threads, and batches of NumPy arrays are
copied without holding the interpreter's lock. See docs/DATAPACKER.md of Packhouse for the dtypes and the bytes.
"""

from __future__ import annotations

from typing import Any

from ._packhouse import DataPacker, auto_pack, auto_unpack

__all__ = ["Cbor", "DataPacker", "Json", "MsgPack", "Pickle", "auto_pack", "auto_unpack"]
__version__ = "0.1.0"


class _Wrapper:
    """A value for auto_pack() with the encoding that it shall have."""

    encoding_name: str
    __slots__ = ("data",)

    def __init__(self, data: Any) -> None:
        self.data = data

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.data!r})"


class MsgPack(_Wrapper):
    """Packed as MessagePack."""

    __slots__ = ()
    encoding_name = "msgpack"


class Json(_Wrapper):
    """Packed as JSON text."""

    __slots__ = ()
    encoding_name = "json"


class Cbor(_Wrapper):
    """Packed as CBOR."""

    __slots__ = ()
    encoding_name = "cbor"


class Pickle(_Wrapper):
    """Refused: reading a pickle runs whatever code it names."""

    __slots__ = ()
    encoding_name = "pickle"

    def __init__(self, data: Any) -> None:
        raise ValueError("pickle is refused: reading it would run foreign code; use MsgPack, Json or Cbor")
