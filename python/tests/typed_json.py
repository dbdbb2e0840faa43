"""The typed values of tests/codec/datapacker/data/vectors.json as Python objects."""

import datetime
import decimal
import json
import pathlib
import struct
import uuid

import numpy as np

FILE = pathlib.Path(__file__).parents[2] / "tests/codec/datapacker/data/vectors.json"


def cases():
    return json.loads(FILE.read_text(encoding="utf-8"))["cases"]


def _array(t):
    order = np.dtype(t["dtype"]).newbyteorder("<")
    if "le_hex" not in t:
        pairs = [complex(re, im) for re, im in t["v"]]
        return np.array(pairs, dtype=t["dtype"])
    a = np.frombuffer(bytes.fromhex(t["le_hex"]), dtype=order).reshape(t["shape"])
    if t.get("layout") == "fortran":
        return np.asfortranarray(a)
    if t.get("layout") == "strided":
        return np.repeat(a, 2)[::2]
    if t.get("byteorder") == "big":
        return a.astype(a.dtype.newbyteorder(">"))
    return a


def _opaque(t):
    makers = {"complex": complex, "Decimal": decimal.Decimal, "UUID": uuid.UUID, "datetime": datetime.datetime.fromisoformat}
    return makers[t["py"]](t["str"])


def value(t):
    kind = t.get("t")
    if kind == "null":
        return None
    if kind == "bool":
        return t["v"]
    if kind == "int":
        return int(t["v"])
    if kind == "float":
        return struct.unpack(">d", bytes.fromhex(t["bits"]))[0]
    if kind == "str":
        if "utf16be" in t:
            return bytes.fromhex(t["utf16be"]).decode("utf-16-be", "surrogatepass")
        return t["repeat"] * t["n"] if "repeat" in t else t["v"]
    if kind in ("bytes", "bytearray"):
        raw = bytes.fromhex(t["repeat_hex"]) * t["n"] if "repeat_hex" in t else bytes.fromhex(t["hex"])
        return bytearray(raw) if kind == "bytearray" else raw
    if kind in ("list", "tuple", "set", "frozenset"):
        if "range" in t:
            return list(range(*t["range"]))
        items = [value(t["repeat"])] * t["n"] if "repeat" in t else [value(x) for x in t["v"]]
        return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](items)
    if kind == "nested":
        out = value(t["inner"])
        for _ in range(t["wrap"]):
            out = [out]
        return out
    if kind == "dict":
        if "keys" in t:
            return {t["keys"] % i: i for i in range(t["n"])}
        return {value(k): value(v) for k, v in t["v"]}
    if kind == "ndarray":
        return _array(t)
    if kind == "npscalar":
        v = t["v"]
        return np.dtype(t["dtype"]).type(int(v) if isinstance(v, str) else v)
    if kind == "opaque":
        return _opaque(t)
    raise AssertionError(t)


def same(a, b):
    """Equal, of the same type, bit by bit."""
    if isinstance(b, np.ndarray):
        return isinstance(a, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(b, float):
        return isinstance(a, float) and struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(b, list):
        return isinstance(a, list) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(b, dict):
        return isinstance(a, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in b)
    return type(a) is type(b) and a == b
