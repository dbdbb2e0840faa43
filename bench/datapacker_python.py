"""The Python module beside the original (kohakuvault, where it is installed) in one run, CPU time of the thread, best of 7.

    python bench/datapacker_python.py
"""

import time

import numpy as np

import packhouse

try:
    from kohakuvault import DataPacker as Original
except ImportError:
    Original = None

N = 100_000
RECORD = {"user": "alice cooper", "id": 123456, "score": 0.75, "tags": ["vip", "beta"], "active": True, "note": None}
BATCHES = {
    "i64": list(range(N)),
    "f64": [i * 0.5 for i in range(N)],
    "str:utf8": ["fourteen bytes"] * N,
    "str:32:utf8": ["fourteen bytes"] * N,
    "str:32:utf16le": ["fourteen bytes"] * N,
    "bytes:32": [b"thirty-two bytes, nothing but so"] * N,
    "msgpack": [RECORD] * (N // 10),
    "cbor": [RECORD] * (N // 10),
    "vec:f32:8": list(np.ones((N // 10, 8), "f4")),
    "vec:f32:768": list(np.ones((1_000, 768), "f4")),
}
ARRAYS = {"i64": np.arange(1_000_000), "f32": np.ones(1_000_000, "f4"), "vec:f32:8": np.ones((125_000, 8), "f4"), "vec:f32:768": np.ones((1_302, 768), "f4")}


def best(f):
    times = []
    for _ in range(7):
        began = time.thread_time()
        f()
        times.append(time.thread_time() - began)
    return max(min(times), 1e-9)


def rates(make, dtype, values):
    p = make(dtype)
    packed = p.pack_many(values)
    pack = len(values) / best(lambda: p.pack_many(values)) / 1e6
    if p.is_varsize:
        offsets, at = [], 0
        for v in values:
            offsets.append(at)
            at += len(p.pack(v))
        unpack = len(values) / best(lambda: p.unpack_many(packed, offsets=offsets)) / 1e6
    else:
        unpack = len(values) / best(lambda: p.unpack_many(packed, count=len(values))) / 1e6
    return pack, unpack


print(f"{'M values/s':<16}{'pack_many':>12}{'original':>12}{'unpack_many':>14}{'original':>12}")
for dtype, values in BATCHES.items():
    ours = rates(packhouse.DataPacker, dtype, values)
    theirs = rates(Original, dtype, values) if Original else (float("nan"),) * 2
    print(f"{dtype:<16}{ours[0]:>12.2f}{theirs[0]:>12.2f}{ours[1]:>14.2f}{theirs[1]:>12.2f}")

print(f"\n{'arrays, GB/s':<16}{'pack_many':>12}{'into':>12}{'unpack_array':>14}{'numpy copy':>12}")
for dtype, a in ARRAYS.items():
    p = packhouse.DataPacker(dtype)
    packed, room, copy = p.pack_many(a), bytearray(p.elem_size * len(a)), np.empty_like(a)
    row = [best(lambda: p.pack_many(a)), best(lambda: p.pack_many_into(a, room)), best(lambda: p.unpack_array(packed)), best(lambda: np.copyto(copy, a))]
    print(f"{dtype:<16}" + "".join(f"{a.nbytes / t / 1e9:>{w}.1f}" for t, w in zip(row, (12, 12, 14, 12))))
