#!/usr/bin/env python3
"""Writes the corpora of fuzz_packstream, fuzz_json and fuzz_msgpack beside this file.

PackStream's comes from tests/packstream/data/packstream-open.json (a few cases of each group), the others
from the lists below. Run it after changing either, and commit what it writes.
"""
import json
import pathlib

here = pathlib.Path(__file__).parent
vectors = here.parent / "packstream" / "data" / "packstream-open.json"
per_group, longest = 8, 3000

JSON = {
    "scalars": '[null,true,false,0,-1,9223372036854775807,1.0,-0.0,1e300,5e-324,""]',
    "escapes": '"\\u0041\\ud83d\\udc18\\n\\\\\\/\\"\\u0000"',
    "nested": '{"a":{"b":[{},[],{"c":[[[1]]]}]},"":null}',
    "duplicate": '{"a":1,"\\u0061":2}',
    "surrogate": '"\\ud800"',
    "big_integer": "[9223372036854775808]",
    "big_real": "1e999",
    "cut": '{"a":[1,{"b":"c',
    "deep": "[" * 1100,
    "space": " [ 1 ,\n2\t,\r3 ] ",
    "dollar": '{"$type":"Map","_value":{"$type":"Map","_value":{"$type":1}}}',
    "base64": '{"$type":"Base64","_value":"AQIDBA=="}',
    "nan": '[{"$type":"Float","_value":"NaN"},{"$type":"Float","_value":"-Infinity"}]',
    "date": '{"$type":"Date","_value":"2024-02-29"}',
    "far_date": '{"$type":"Date","_value":"-999999999-01-01"}',
    "local_time": '{"$type":"LocalTime","_value":"23:59:59.999999999"}',
    "time": '{"$type":"Time","_value":"12:34:56.789-18:00"}',
    "local_datetime": '{"$type":"LocalDateTime","_value":"1969-12-31T23:59:59.999999999"}',
    "offset_datetime": '{"$type":"OffsetDateTime","_value":"2024-06-01T12:00:00.5+02:00"}',
    "zoned_datetime": '{"$type":"ZonedDateTime","_value":"2024-10-27T02:30:00+01:00[Europe/Paris]"}',
    "duration": '{"$type":"Duration","_value":"P1Y2M25DT5H6M7.000000008S"}',
    "negative_duration": '{"$type":"Duration","_value":"PT-0.999999999S"}',
    "point": '{"$type":"Point","_value":"SRID=4326;POINT (12.5 -33.25)"}',
    "point_3d": '{"$type":"Point","_value":"SRID=9157;POINT Z (1.0 2.0 3.0)"}',
    "vector": '{"$type":"Vector","_value":{"coordinatesType":"INT8","coordinates":["1","-128"]}}',
    "vector_f32": '{"$type":"Vector","_value":{"coordinatesType":"FLOAT32","coordinates":["0.1","NaN"]}}',
    "unknown_type": '{"$type":"Nope","_value":"1"}',
}

MSGPACK = {
    "scalars": "9ac0c2c3007fffe0ccffcdffffceffffffff",
    "integers": "96cf7fffffffffffffffd080d18000d280000000d38000000000000000cf8000000000000000",
    "reals": "92ca3fc00000cb3ff8000000000000",
    "texts": "94a161d90161da000161db0000000161",
    "bytes": "93c40101c5000101c60000000101",
    "lists": "93920102dc000101dd0000000101",
    "maps": "9381a16101de0001d9016101df00000001db0000000161c0",
    "int_key": "810101",
    "duplicate": "82a16101a16102",
    "bad_text": "a2c328",
    "huge_list": "ddffffffff01",
    "huge_map": "df7fffffff",
    "cut": "9301a2",
    "deep": "91" * 1100,
    "reserved": "c1",
    "timestamp32": "d6ff00000001",
    "timestamp64": "d7ff0000000400000001",
    "timestamp96": "c70cff00000001ffffffffffffffff",
    "date": "d7010000000000004d46",
    "local_time": "d70200004e94914effff",
    "time": "c70c0300002932 7b048f40 00001518",
    "local_datetime": "c70c04ffffffffffffffff3b9ac9ff",
    "datetime_offset": "d8050000000065600000000000050000 0e10",
    "datetime_zone": "c71806000000006560000000000005" + b"Europe/Paris".hex(),
    "duration": "c71c07000000000000000e000000000000001900000000000047bf00000008",
    "point": "c712081c233ff00000000000004000000000000000",
    "point_3d": "c71a0823c53ff000000000000040000000000000004008000000000000",
    "vector": "c70d0902010000000200000003000000",
    "vector_f64": "c7090905000000000000f03f",
}


def write(folder, items):
    target = here / folder
    target.mkdir(exist_ok=True)
    for old in target.iterdir():
        old.unlink()
    for name, content in items.items():
        (target / name).write_bytes(content)


def packstream():
    taken, groups = {}, {}
    for case in json.loads(vectors.read_text())["cases"]:
        data = case.get("data", case)
        if "hex" in data:
            content = bytes.fromhex(data["hex"])
        elif "pieces" in data:
            content = b"".join(bytes.fromhex(h) * min(n, 1500) for h, n in data["pieces"])
        else:
            continue
        group = (case["op"], case["group"])
        groups[group] = groups.get(group, 0) + 1
        if groups[group] <= per_group and len(content) <= longest and content not in taken.values():
            taken[f"{case['id'][3:]}_{case['group']}"] = content
    return taken


write("packstream_corpus", packstream())
write("json_corpus", {name: text.encode() for name, text in JSON.items()})
write("msgpack_corpus", {name: bytes.fromhex(text) for name, text in MSGPACK.items()})
