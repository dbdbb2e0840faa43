#!/usr/bin/env python3
"""`packhouse tdtp …` from the shell. PACKHOUSE names the program."""
import os
import pathlib
import subprocess
import tempfile
import unittest

FILES = pathlib.Path(__file__).parent / "data/tdtp-files-open"


def run(*arguments, code=0):
    done = subprocess.run([os.environ["PACKHOUSE"], "tdtp", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done.stdout if code == 0 else done.stderr


class Command(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = pathlib.Path(self.folder.name) / "out.tdtp.xml"

    def tearDown(self):
        self.folder.cleanup()

    def rows(self, path):
        return [line.split("\t") for line in run("read", path).splitlines()[1:]]

    def test_read(self):
        self.assertEqual(len(self.rows(FILES / "users_z.tdtp.xml")), 6)
        self.assertIn("column\tBalance\tDECIMAL\n", run("read", FILES / "users.tdtp.xml", "--info"))
        self.assertIn("rows\t6\n", run("read", FILES / "users.tdtp.xml", "--info"))

    def test_filter_and_mask(self):
        self.assertEqual(run("filter", FILES / "users.tdtp.xml", "Balance > 900 AND NOT City = 'Omsk'", self.out), "3 of 6 rows\n")
        self.assertEqual([r[0] for r in self.rows(self.out)], ["2", "3", "4"])
        run("mask", FILES / "users.tdtp.xml", self.out, "--fields", "Name,City", "--visible", 2, "--where", "ID = 4")
        self.assertEqual([r[1:3] for r in self.rows(self.out)], [["*****ий", "*************рг"]])
        run("mask", FILES / "users.tdtp.xml", self.out, "--fields", "Name", "--pattern", "partial")
        self.assertEqual(self.rows(self.out)[0][1], "A***e")

    def test_diff(self):
        run("mask", FILES / "users.tdtp.xml", self.out, "--fields", "Name", "--visible", 3)
        answer = run("diff", FILES / "users.tdtp.xml", self.out)
        self.assertIn("~ 1\tName\tAlice\t**ice\n", answer)
        self.assertTrue(answer.endswith("0 added, 0 removed, 5 modified, 1 unchanged\n"))

    def test_export(self):
        files = run("export", FILES / "users.tdtp.xml", self.out, "--compress", "--part-bytes", 5400).split()
        self.assertEqual(len(files), 4)
        self.assertTrue(files[0].endswith("/out_part_1_of_4.tdtp.xml"))
        self.out.write_text("of before")
        files = run("export", FILES / "users.tdtp.xml", self.out, "--part-bytes", 5300).split()
        self.assertEqual({f.name for f in self.out.parent.iterdir()}, {pathlib.Path(f).name for f in files})
        self.assertEqual(len(files), 6)
        self.assertIn("--part-bytes", run("export", FILES / "users.tdtp.xml", self.out, "--part-bytes", 2**28 + 1, code=105))
        self.assertEqual([r for f in files for r in self.rows(f)], self.rows(FILES / "users.tdtp.xml"))

    def test_order_and_parts(self):
        self.assertEqual(run("filter", FILES / "users.tdtp.xml", "ID > 0 ORDER BY Balance DESC LIMIT 2", self.out), "2 of 6 rows\n")
        self.assertEqual([r[0] for r in self.rows(self.out)], ["4", "1"])
        self.assertEqual(len(self.rows(FILES / "multi_z.tdtp.xml")), sum(
            len(self.rows(FILES / f"multi_z.tdtp_part_{i}_of_3.xml")) for i in (1, 2, 3)))

    def test_import(self):
        data = pathlib.Path(self.folder.name) / "data"
        users = ("import", FILES / "users.tdtp.xml", "--data", data, "--label", "User")
        self.assertEqual(run(*users), "6 rows: 6 created, 0 updated, 0 unchanged\n")
        self.assertEqual(run(*users, "--batch", 2), "6 rows: 0 created, 0 updated, 6 unchanged\n")
        self.assertEqual(run(*users, "--where", "ID < 3", "--keys", "Name"), "2 rows: 0 created, 0 updated, 2 unchanged\n")
        self.assertIn("checksum", run("import", FILES / "in_comp_chk_bad.tdtp.xml", "--data", data, code=1))
        self.assertIn("no such file", run("import", "/nonexistent", "--data", data / "never", code=1))
        self.assertFalse((data / "never").exists())
        self.assertIn("'Nope' is not among", run("import", FILES / "users.tdtp.xml", "--data", data, "--keys", "Nope", code=1))
        with subprocess.Popen([os.environ["PACKHOUSE"], "serve", "--data", data, "--bolt", "127.0.0.1:0", "--http", "off"],
                              stdout=subprocess.PIPE, text=True) as server:
            self.assertIn("ready", server.stdout.readline())
            self.assertIn("packhouse: ", run(*users, code=1))
            server.terminate()

    def test_export_of_a_label(self):
        data = pathlib.Path(self.folder.name) / "data"
        run("import", FILES / "users.tdtp.xml", "--data", data, "--label", "User")
        export = ("export", self.out, "--data", data, "--label", "User")
        self.assertEqual(run(*export, "--keys", "ID", "--fields", "ID,Name"), f"{self.out}\n")
        self.assertEqual(sorted(r for r in self.rows(self.out)), sorted(r[:2] for r in self.rows(FILES / "users.tdtp.xml")))
        self.assertIn("column\tID\tINTEGER\tkey\n", run("read", self.out, "--info"))
        self.assertEqual(len(run(*export, "--compress", "--part-bytes", 5400).split()), 4)
        self.assertFalse(self.out.exists())
        self.assertIn("no nodes with the label 'Nobody'", run("export", self.out, "--data", data, "--label", "Nobody", code=1))
        self.assertIn("there is no store", run("export", self.out, "--data", data / "never", "--label", "User", code=1))
        self.assertIn("two files are needed", run("export", self.out, code=1))

    def test_progress(self):
        data = pathlib.Path(self.folder.name) / "data"
        users = FILES / "users.tdtp.xml"
        for arguments in (("read", users), ("filter", users, "ID > 0", self.out), ("mask", users, self.out, "--fields", "Name"),
                          ("diff", users, users), ("export", users, self.out), ("import", users, "--data", data),
                          ("export", self.out, "--data", data, "--label", "Users")):
            command = [os.environ["PACKHOUSE"], "tdtp", *map(str, arguments)]
            quiet = subprocess.run(command, capture_output=True, text=True, check=True)
            self.assertNotIn("%", quiet.stderr)
            shown = subprocess.run([*command, "--progress"], capture_output=True, text=True, check=True)
            self.assertIn("100 %", shown.stderr, arguments)

    def test_errors(self):
        self.assertIn("no such file", run("read", "/nonexistent", code=1))
        self.assertIn("expected operator", run("filter", FILES / "users.tdtp.xml", "x y", self.out, code=1))
        self.assertIn("checksum", run("filter", FILES / "in_comp_chk_bad.tdtp.xml", "ID > 0", self.out, code=1))
        self.assertIn("unknown field 'Nope'", run("mask", FILES / "users.tdtp.xml", self.out, "--fields", "Nope", code=1))
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main(verbosity=0)
