"""The samples of the original's document as they stand there, and what only Python has."""

import collections.abc
import enum
import threading

import numpy as np
import pytest

import packhouse
from packhouse import Cbor, DataPacker, Json, MsgPack, Pickle, auto_pack, auto_unpack


def test_document_dtypes():
    fixed = DataPacker("str:32:utf8")
    assert fixed.elem_size == 32 and not fixed.is_varsize

    var = DataPacker("vec:f32")
    assert var.elem_size == 0 and var.is_varsize


def test_document_packing():
    packer = DataPacker("msgpack")
    blob = packer.pack({"user": 1, "tags": ["vip", "beta"]})
    restored = packer.unpack(blob, offset=0)
    assert restored == {"user": 1, "tags": ["vip", "beta"]}


def test_document_batches():
    pack_i64 = DataPacker("i64")
    values = list(range(1_000))
    buffer = pack_i64.pack_many(values)
    assert pack_i64.unpack_many(buffer, count=len(values)) == values

    pack_vec = DataPacker("vec:f32:768")
    vectors = [np.random.randn(768).astype(np.float32) for _ in range(1_000)]
    buffer = pack_vec.pack_many(vectors)
    restored = pack_vec.unpack_many(buffer, count=len(vectors))
    assert all((a == b).all() for a, b in zip(restored, vectors))


def test_document_schema():
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
        },
        "required": ["id", "name"],
    }

    packer = DataPacker.with_json_schema(schema)
    packer.pack({"id": 1, "name": "Rin"})
    with pytest.raises(ValueError, match="Validation errors: .*is not of type"):
        packer.pack({"id": "oops"})  # raises ValueError


def test_cddl_is_refused():
    with pytest.raises(ValueError, match="CDDL schemas are not supported"):
        DataPacker.with_cddl_schema("person = { id: int }")


def test_mixing_count_and_offsets():
    with pytest.raises(ValueError, match="exclude each other"):
        DataPacker("i64").unpack_many(bytes(16), count=2, offsets=[0, 8])
    with pytest.raises(ValueError, match="require offsets"):
        DataPacker("str").unpack_many(b"ab", count=2)


@pytest.mark.parametrize("dtype", ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16", "f32", "f64", "bool"])
def test_arrays_of_scalars(dtype):
    names = {"i": "int", "u": "uint", "f": "float"}
    numpy_name = "bool" if dtype == "bool" else names[dtype[0]] + str(int(dtype[1:]))
    a = np.arange(20_000).astype(numpy_name)
    p = DataPacker(dtype)
    packed = p.pack_many(a)
    assert packed == a.tobytes()
    assert (p.unpack_array(packed) == a).all() and p.unpack_array(packed).dtype == a.dtype
    assert p.pack_many(a[:100].tolist()) == packed[: 100 * p.elem_size]
    assert p.unpack_many(packed, count=100) == a[:100].tolist()
    room = bytearray(len(packed) + 1)
    assert p.pack_many_into(a, room, 1) == len(packed) and room[1:] == packed
    with pytest.raises(ValueError, match="Buffer too small"):
        p.pack_many_into(a, bytearray(len(packed) - 1))


def test_layouts_and_orders():
    p = DataPacker("vec:i32:3")
    a = np.arange(12, dtype="<i4").reshape(4, 3)
    wanted = p.pack_many(a)
    for other in (np.asfortranarray(a), a.astype(">i4"), np.repeat(a, 2, axis=0)[::2], a.astype("i8"), a.astype("f8"), list(a), a.tolist(), [tuple(r) for r in a]):
        assert p.pack_many(other) == wanted
    assert p.pack_many(np.ma.masked_array(a, mask=False)) == wanted
    assert (p.unpack_array(wanted) == a).all()
    views = p.unpack_many(wanted, count=4)
    assert not views[0].flags.writeable and [v.tolist() for v in views] == a.tolist()


def test_views_keep_their_bytes():
    p = DataPacker("vec:f64:4")
    views = p.unpack_many(p.pack_many(np.ones((1000, 4))), count=1000)
    for _ in range(10):
        bytearray(40_000)
    assert all(v.sum() == 4 for v in views)


def test_views_hold_on_to_what_could_be_resized():
    p = DataPacker("vec:f64:4")
    data = bytearray(p.pack_many(np.ones((1000, 4))))
    views = p.unpack_many(data, count=1000)
    with pytest.raises(BufferError):
        data.clear()
    last = views[-1]
    del views
    with pytest.raises(BufferError):
        data.extend(b"x" * 100_000)
    assert last.sum() == 4
    del last
    data.clear()


class Meddler(collections.abc.Sequence):
    """Clears a container as soon as its own value is asked for."""

    def __init__(self, container):
        self.container = container

    def __index__(self):
        self.container.clear()
        return 1

    def __float__(self):
        return float(self.__index__())

    def __len__(self):
        return self.__index__()

    def __getitem__(self, i):
        return [7][i]


def test_containers_that_change_while_they_are_packed():
    def meddled():
        values = [1]
        values += [Meddler(values), *(str(i) * 50 for i in range(1000))]
        return values

    for dtype in ("i64", "u8", "f64", "msgpack", "cbor:64"):
        with pytest.raises(RuntimeError, match="the list changed while it was packed"):
            DataPacker(dtype).pack_many(meddled())
    for dtype in ("bytes", "bytes:2000", "msgpack", "cbor"):
        with pytest.raises(RuntimeError, match="the list changed while it was packed"):
            DataPacker(dtype).pack(meddled())
    for dtype in ("msgpack", "cbor"):
        for keys in ("sorted", "insertion"):
            p = DataPacker(dtype, keys=keys)
            record = {"a": None, **{f"b{i}": str(i) * 50 for i in range(1000)}}
            wanted = {**record, "a": [7]}
            record["a"] = Meddler(record)
            assert p.unpack(p.pack(record)) == wanted and not record


def test_shapes_and_ranges_are_checked():
    p = DataPacker("vec:f32:2")
    for values in ([[1, 2, 3]], [[1, 2], [3]], [1, 2], np.zeros((2, 3)), np.zeros(2), [np.zeros(3, "f4")]):
        with pytest.raises(ValueError):
            p.pack_many(values)
    with pytest.raises(ValueError, match="element 1"):
        p.pack_many([[1, 2], [1, 2, 3]])
    with pytest.raises(ValueError, match="can't hold"):
        DataPacker("vec:i8").pack([1, 300])
    assert DataPacker("vec:i8", cast="wrap").pack([1, 300])[-2:] == b"\x01\x2c"
    with pytest.raises(OverflowError, match="element 2: 300"):
        DataPacker("i8").pack_many([1, 2, 300])
    with pytest.raises(TypeError, match="element 1"):
        DataPacker("f64").pack_many([1.5, "x"])
    assert DataPacker("vec:u64").unpack(DataPacker("vec:u64").pack([2**64 - 1, 0])).tolist() == [2**64 - 1, 0]


def test_objects_of_python():
    class Color(enum.IntEnum):
        RED = 3

    Pair = collections.namedtuple("Pair", "a b")
    p = DataPacker("msgpack")
    for v, wanted in ((Color.RED, 3), (Pair(1, 2), [1, 2]), (range(3), [0, 1, 2]), (collections.deque([1]), [1]), (frozenset([7]), [7]), (2**64 - 1, 2**64 - 1)):
        assert p.unpack(p.pack(v)) == wanted
    for v in (object(), {1: 2}, 2**64, -(2**63) - 1, bytearray(b"a"), np.zeros(2), "\ud800", [object()]):
        with pytest.raises(ValueError):
            p.pack(v)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for dtype in ("msgpack", "cbor"):
        with pytest.raises(ValueError, match="nested too deeply"):
            DataPacker(dtype).pack(deep)
    loop = []
    loop.append(loop)
    with pytest.raises(ValueError, match="nested too deeply"):
        p.pack(loop)
    while deep:  # Python itself frees what is nested that deeply by recursion
        deep = deep[0]


def test_options():
    assert DataPacker("str:3", overlong="truncate").pack("h\u00e9llo") == b"h\xc3\xa9"
    assert DataPacker("msgpack", keys="insertion").pack({"b": 1, "a": 2}) == b"\x82\xa1b\x01\xa1a\x02"
    with pytest.raises(ValueError, match="cast must be"):
        DataPacker("i8", cast="c")
    assert DataPacker("string:8:UTF-8").dtype == "str:8:utf8" and repr(DataPacker("i64")) == "DataPacker('i64')"


def test_buffers_in_and_out():
    p = DataPacker("i32")
    packed = p.pack_many([1, 2, 3])
    for data in (bytearray(packed), memoryview(packed), np.frombuffer(packed, "u1")):
        assert p.unpack(data, 4) == 2 and p.unpack_many(data, count=3) == [1, 2, 3]
    room = bytearray(6)
    assert DataPacker("str").pack_into("abc", room, 2) == 3 and room == b"\0\0abc\0"
    with pytest.raises((BufferError, TypeError)):
        p.pack_into(1, b"1234")
    with pytest.raises((BufferError, TypeError, ValueError)):
        p.unpack(memoryview(packed)[::2])


def test_wrappers():
    v = {"b": [1, 2.5, None], "a": "\u00e9"}
    for wrapper in (MsgPack, Json, Cbor):
        assert auto_unpack(auto_pack(wrapper(v))) == v
    with pytest.raises(ValueError, match="foreign code"):
        Pickle(v)
    with pytest.raises(ValueError, match="foreign code"):
        auto_unpack(bytes.fromhex("894b010100000000564b80042e"))
    with pytest.raises(ValueError):
        auto_pack(Json(float("nan")))
    with pytest.raises(TypeError):
        auto_pack(object())
    for v in (0, -1, 2**63 - 1, -(2**63), 2**64 - 1, 0.0, 5e-324, 1.5, True, "x", b"\x89K\x01\x06\0\0\0\0VKabc", None, [], {}, np.arange(3, dtype="u8")):
        got = auto_unpack(auto_pack(v))
        assert type(got) is type(v) and (got == v if not isinstance(v, np.ndarray) else (got == v).all() and got.dtype == v.dtype)


def test_one_packer_many_threads():
    p = DataPacker("vec:f32:64")
    a = np.random.randn(5_000, 64).astype("f4")
    wanted = p.pack_many(a)
    wrong = []

    def work():
        for _ in range(10):
            if p.pack_many(a) != wanted or (p.unpack_array(wanted) != a).any():
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_it_is_typed():
    folder = packhouse.__path__[0]
    import pathlib

    assert (pathlib.Path(folder) / "py.typed").exists() and (pathlib.Path(folder) / "_packhouse.pyi").exists()
