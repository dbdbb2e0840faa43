#!/usr/bin/env python3
"""The samples of the library's own document, run as they stand there but for paths; and what it promises beside them:
memory, NULL, errors, threads, limits. LIBTDTP names the library."""
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import types
import unittest
import uuid
from datetime import datetime

from structs import D_FilterSpec, D_MaskConfig, D_Packet, lib


class TDTPError(Exception):
    pass


def free_string(ptr):
    lib.J_FreeString(ptr)


def answer(ptr):
    try:
        return json.loads(ctypes.string_at(ptr))
    finally:
        lib.J_FreeString(ptr)


# What samples import: tdtp._loader
loader = types.ModuleType("tdtp._loader")
loader.lib, loader.free_string = lib, free_string
sys.modules.update({"tdtp": types.ModuleType("tdtp"), "tdtp._loader": loader})

SCHEMA = {"fields": [{"name": "ID", "type": "INTEGER", "is_key": True}, {"name": "Name", "type": "TEXT"},
                     {"name": "Score", "type": "DECIMAL", "precision": 18, "scale": 2}]}
HEADER = {"type": "DATA", "table_name": "Users", "message_id": "abc-123", "timestamp": "2025-11-10T15:30:00Z"}
ROWS = [["1", "Alice", "9.50"], ["2", "Bob", "7.20"]]
PEOPLE = {"schema": {"fields": [{"name": n, "type": t} for n, t in
                                [("Name", "TEXT"), ("Phone", "TEXT"), ("Email", "TEXT"), ("City", "TEXT"), ("Balance", "DECIMAL")]]},
          "header": HEADER, "data": [[" Ann ", "+7 916 1234567", "ann@example.com", "Omsk", "1500.00"], ["Bo", "12", "b@c.de", "Omsk", "10.00"]]}


def packet(rows=ROWS, **more):
    return json.dumps({"schema": SCHEMA, "header": HEADER, "data": rows, **more}).encode()


class Document(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "users.tdtp.xml").encode()

    def tearDown(self):
        self.folder.cleanup()

    def test_version(self):
        ptr = lib.J_GetVersion()
        version = ctypes.string_at(ptr).decode()
        lib.J_FreeString(ptr)
        self.assertEqual(version, "1.6.0")

    def test_write_and_read(self):
        payload = json.dumps({"schema": SCHEMA, "header": HEADER, "data": ROWS}).encode()
        ptr = lib.J_WriteFile(payload, self.path)
        result = json.loads(ctypes.string_at(ptr))
        lib.J_FreeString(ptr)
        self.assertEqual(result, {"ok": True})

        ptr = lib.J_ReadFile(self.path)
        try:
            raw = ctypes.string_at(ptr)
            result = json.loads(raw)
        finally:
            lib.J_FreeString(ptr)
        self.assertEqual(result, {"schema": SCHEMA, "header": HEADER, "data": ROWS})  # the document's sample answer

        ptr = lib.J_ReadFile(b"/data/users.tdtp.xml")
        result = json.loads(ctypes.string_at(ptr))
        lib.J_FreeString(ptr)
        with self.assertRaises(TDTPError):
            if "error" in result:
                raise TDTPError(result["error"])

    def test_export(self):
        payload = packet([[str(i), "x" * 900_000, ""] for i in range(5)])
        options = json.dumps({"compress": True, "level": 3, "checksum": True}).encode()
        base = os.path.join(self.folder.name, "Users.tdtp.xml")
        ptr = lib.J_ExportAll(payload, base.encode(), options)
        result = json.loads(ctypes.string_at(ptr))
        lib.J_FreeString(ptr)
        self.assertEqual(result["total_parts"], 3)
        self.assertEqual([os.path.basename(f) for f in result["files"]], [f"Users_part_{n}_of_3.tdtp.xml" for n in (1, 2, 3)])
        rows = [row[0] for f in result["files"] for row in answer(lib.J_ReadFile(f.encode()))["data"]]
        self.assertEqual(rows, ["0", "1", "2", "3", "4"])

    def test_filter(self):
        payload = json.dumps(PEOPLE).encode()
        where = b"Balance > 1000 AND City = 'Omsk'"
        ptr = lib.J_FilterRows(payload, where, ctypes.c_int(0))
        result = json.loads(ctypes.string_at(ptr))
        lib.J_FreeString(ptr)
        self.assertEqual(len(result["data"]), 1)

    def test_page(self):
        payload = packet([[str(i), "n", "1.00"] for i in range(47)])
        offset, seen = 0, 0
        while True:
            page = answer(lib.J_FilterRowsPage(payload, b"ID >= 0", 10, offset))
            seen += len(page["data"])
            context = page["query_context"]
            offset += page["query_context"]["returned_records"]
            if not context["more_available"]:
                break
            self.assertEqual(context["next_offset"], offset)
        self.assertEqual((seen, context["matched_records"], context["total_records"]), (47, 47, 47))

    def test_processors(self):
        payload = json.dumps(PEOPLE).encode()
        config = json.dumps({"fields": ["Phone", "Email"], "visible_chars": 4}).encode()
        ptr = lib.J_ApplyProcessor(payload, b"field_masker", config)
        self.assertEqual([row[1] for row in answer(ptr)["data"]], ["**********4567", "12"])

        chain = json.dumps([
            {"type": "field_normalizer", "params": {"field": "Name", "rules": ["trim", "upper"]}},
            {"type": "field_masker",     "params": {"fields": ["Phone"], "visible_chars": 4}},
        ]).encode()
        ptr = lib.J_ApplyChain(payload, chain)
        self.assertEqual([row[:2] for row in answer(ptr)["data"]], [["ANN", "**********4567"], ["BO", "12"]])

        rules = json.dumps({"field": "Email", "rules": ["required", "email"]}).encode()
        self.assertEqual(answer(lib.J_ApplyProcessor(payload, b"field_validator", rules))["data"], PEOPLE["data"])

    def test_diff(self):
        old = [["1", "Alice", "9.50"], ["2", "Bob", "7.20"], ["3", "Carol", "6.50"], ["4", "Dan", "5.00"]]
        new = [["1", "Alice", "9.50"], ["2", "Bob", "7.50"], ["5", "Eve", "8.00"], ["4", "Dan", "5.00"]]
        self.assertEqual(answer(lib.J_Diff(packet(old), packet(new))), {
            "added": [["5", "Eve", "8.00"]],
            "removed": [["3", "Carol", "6.50"]],
            "modified": [{"key": "2", "old_row": ["2", "Bob", "7.20"], "new_row": ["2", "Bob", "7.50"],
                          "changes": {"2": {"field_name": "Score", "old_value": "7.20", "new_value": "7.50"}}}],
            "stats": {"total_in_a": 4, "total_in_b": 4, "added": 1, "removed": 1, "modified": 1, "unchanged": 2}})
        loud = [[a, b.upper(), c] for a, b, c in old]
        self.assertEqual(answer(lib.J_Diff(packet(old), packet(loud)))["stats"]["modified"], 4)
        self.assertEqual(answer(lib.J_Diff(packet(old, options={"ignore_case": True}), packet(loud)))["stats"]["modified"], 0)
        self.assertIn("'7'", answer(lib.J_Diff(packet([["7", "", ""], ["7", "", ""]]), packet(new)))["error"])

    def test_adapter(self):
        def _go_serialize(tdtp_type: str, value: str) -> str:
            from tdtp._loader import lib, free_string
            ptr = lib.J_SerializeValue(tdtp_type.encode(), value.encode())
            raw = ctypes.string_at(ptr)
            free_string(ptr)
            result = json.loads(raw)
            if "error" in result:
                raise ValueError(result["error"])
            return result["value"]

        dt = datetime(2025, 11, 12, 9, 15, 0, 123456)
        self.assertEqual(_go_serialize("BLOB", b"\xde\xad\xbe\xef".hex()), "3q2+7w==")
        self.assertEqual(_go_serialize("TIMESTAMP", dt.replace(microsecond=0).isoformat()), "2025-11-12T09:15:00Z")
        self.assertEqual(_go_serialize("TIMESTAMP", dt.isoformat()), "2025-11-12T09:15:00Z")
        self.assertEqual(_go_serialize("JSON", json.dumps({"b": [1, 2], "a": 12345678901234567890}, ensure_ascii=False)), '{"a":12345678901234567890,"b":[1,2]}')
        with self.assertRaises(ValueError):
            _go_serialize("BLOB", "xyz")

        serialized_rows = [["1", "Alice", "AP/erv/6=="]]
        payload = json.dumps({
            "schema": {
                "fields": [
                    {"name": "ID",   "type": "INTEGER", "is_key": True},
                    {"name": "Name", "type": "TEXT"},
                    {"name": "Data", "type": "BLOB"},
                ]
            },
            "header": {
                "type":       "DATA",
                "table_name": "MyTable",
                "message_id": str(uuid.uuid4()),
                "timestamp":  datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "data": serialized_rows,
        }).encode()
        self.assertEqual(answer(lib.J_WriteFile(payload, self.path)), {"ok": True})
        self.assertEqual(answer(lib.J_ReadFile(self.path)), json.loads(payload))

    def test_direct(self):
        answer(lib.J_WriteFile(packet(), self.path))
        src = D_Packet()
        rc = lib.D_ReadFile(self.path, ctypes.byref(src))
        if rc != 0:
            raise TDTPError(src.error.decode())
        try:
            f = D_FilterSpec()
            f.field[:5] = b"Score"
            f.op[:1]    = b">"
            f.value[:3] = b"8.0"

            out = D_Packet()
            rc = lib.D_FilterRows(
                ctypes.byref(src), ctypes.byref(f),
                ctypes.c_int(1), ctypes.c_int(0),
                ctypes.byref(out),
            )
            self.assertEqual((rc, out.row_count, out.rows[0].values[1]), (0, 1, b"Alice"))
            lib.D_FreePacket(ctypes.byref(out))

            names = (ctypes.c_char_p * 1)(b"Name")
            config = D_MaskConfig(fields=ctypes.cast(names, ctypes.POINTER(ctypes.c_char_p)), field_count=1, visible_chars=2)
            self.assertEqual(lib.D_ApplyMask(src, config, out), 0)
            self.assertEqual(out.rows[0].values[1], b"***ce")
            lib.D_FreeMaskConfig(config)
            lib.D_FreePacket(out)

            self.assertEqual(lib.D_ApplyCompress(src, 3, out), 0)
            self.assertEqual(lib.D_WriteFile(out, self.path), 0)  # a compressed file, and readable
            lib.D_FreePacket(out)
            again = D_Packet()
            self.assertEqual(lib.D_ReadFile(self.path, again), 0)
            self.assertEqual([again.rows[i].values[2] for i in range(2)], [b"9.50", b"7.20"])
            lib.D_FreePacket(again)
        finally:
            lib.D_FreePacket(ctypes.byref(src))

    def test_mask_of_all_kinds_of_cells(self):
        rows = [["1", "Alice", "9.50"], ["2", "Алиса", ""], ["3", "", "7.20"], ["4", "x" * 3_000_000, "1"], ["5", "ab", "2"]]
        answer(lib.J_WriteFile(packet(rows), self.path))
        names = (ctypes.c_char_p * 1)(b"Name")
        config = D_MaskConfig(fields=ctypes.cast(names, ctypes.POINTER(ctypes.c_char_p)), field_count=1, visible_chars=2)
        for sign, shown in (("", "*"), ("#", "#"), ("·", "·")):
            src, out = D_Packet(), D_Packet()
            self.assertEqual(lib.D_ReadFile(self.path, src), 0)
            src.rows[4].values[0] = None  # no cells one behind the other
            config.mask_char = sign.encode()
            self.assertEqual(lib.D_ApplyMask(src, config, out), 0)
            masked = [[out.rows[i].values[j].decode() for j in range(3)] for i in range(5)]
            hidden = [shown * max(0, len(r[1]) - 2) + r[1][-2:] for r in rows]
            self.assertEqual([r[1] for r in masked], hidden)
            self.assertEqual([r[0] + r[2] for r in masked], ["19.50", "2", "37.20", "41", "2"])
            self.assertEqual(src.rows[0].values[1], b"Alice")
            lib.D_FreePacket(src)
            lib.D_FreePacket(out)

    def test_head_behind_the_rows(self):
        answer(lib.J_WriteFile(packet([["1", "a", "1"], ["2", "b", "2"]]), self.path))
        wanted = answer(lib.J_ReadFile(self.path))
        with open(self.path, encoding="utf-8") as file:
            text = file.read()
        head, data = text.index("<Header>"), text.index("<Data>")
        end = text.index("</Data>") + len("</Data>")
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text[:head] + text[data:end] + text[head:data] + text[end:])
        self.assertEqual(answer(lib.J_ReadFile(self.path)), wanted)

    def test_line_feeds_survive(self):
        rows = [["1", "a\nb|c\\d\r\t<&>\"'", ""], ["2", "\\n", "\\"], ["3", "", "|"]]
        answer(lib.J_WriteFile(packet(rows), self.path))
        self.assertEqual(answer(lib.J_ReadFile(self.path))["data"], rows)
        answer(lib.J_ExportAll(packet(rows), self.path, b'{"compress":true}'))
        self.assertEqual(answer(lib.J_ReadFile(self.path))["data"], rows)
        packed = answer(lib.J_ApplyProcessor(packet(rows), b"compress", b"{}"))
        self.assertEqual(answer(lib.J_ApplyProcessor(json.dumps(packed).encode(), b"decompress", b"{}"))["data"], rows)

    def test_null(self):
        for name, arguments in {"ReadFile": 1, "WriteFile": 2, "ExportAll": 3, "ApplyProcessor": 3, "ApplyChain": 2, "Diff": 2, "SerializeValue": 2}.items():
            for empty in range(arguments):
                given = [packet()] * arguments
                given[empty] = None
                result = answer(getattr(lib, "J_" + name)(*given))
                self.assertIn("NULL", result["error"], name)
                self.assertIn("error_code", result)
        self.assertIn("NULL", answer(lib.J_FilterRows(None, b"ID = 1", 0))["error"])
        self.assertIn("NULL", answer(lib.J_FilterRowsPage(packet(), None, 0, 0))["error"])
        out, p = D_Packet(), D_Packet()
        self.assertEqual(lib.D_ReadFile(None, out), 1)
        self.assertIn(b"NULL", out.error)
        self.assertEqual(lib.D_ReadFile(b"x", None), 1)
        self.assertEqual(lib.D_WriteFile(None, b"x"), 1)
        self.assertEqual(lib.D_WriteFile(p, None), 1)
        self.assertEqual(lib.D_FilterRows(None, None, 0, 0, out), 1)
        self.assertEqual(lib.D_ApplyMask(p, None, out), 1)
        self.assertEqual(lib.D_ApplyCompress(p, 3, None), 1)
        self.assertEqual(lib.D_ApplyDecompress(None, out), 1)
        p.row_count = 5  # rows that are not there
        self.assertEqual(lib.D_ApplyCompress(p, 3, out), 1)
        p.row_count = -1
        self.assertEqual(lib.D_FilterRows(p, None, 0, 0, out), 1)
        lib.J_FreeString(None)
        lib.D_FreePacket(None)
        lib.D_FreePacket(out)
        lib.D_FreePacket(out)

    def test_where_errors_say_where(self):
        result = answer(lib.J_FilterRows(packet(), b"ID = 1 garbage", 0))
        self.assertEqual((result["position"], result["error_code"]), (8, "FILTER_ERROR"))
        deep = b"(" * 100_000 + b"ID = 1" + b")" * 100_000
        self.assertIn("too deeply", answer(lib.J_FilterRows(packet(), deep, 0))["error"])
        self.assertIn("depth", answer(lib.J_FilterRows(b"[" * 100_000, b"ID = 1", 0))["error"])

    def test_threads(self):
        payload, failures = packet([[str(i), "n%d" % i, "1.00"] for i in range(200)]), []

        def work():
            for _ in range(20):
                if len(answer(lib.J_FilterRows(payload, b"ID < 100", 0))["data"]) != 100:
                    failures.append(1)

        threads = [threading.Thread(target=work) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        self.assertEqual(failures, [])

    def test_limits_of_the_environment(self):
        answer(lib.J_ExportAll(packet([["1", "x" * 2_000_000, ""]]), self.path, b'{"compress":true}'))
        code = "from structs import lib; import ctypes, sys; print(ctypes.string_at(lib.J_ReadFile(sys.argv[1].encode())).decode())"
        for name, limit in {"TDTP_MAX_DECOMPRESSED_BYTES": "100000", "TDTP_MAX_FILE_BYTES": "300"}.items():
            run = subprocess.run([sys.executable, "-c", code, self.path.decode()], env={**os.environ, name: limit}, cwd=os.path.dirname(os.path.abspath(__file__)),
                                 capture_output=True, text=True, check=True)
            self.assertIn("limit of " + limit, json.loads(run.stdout)["error"])


if __name__ == "__main__":
    unittest.main(verbosity=0)
