import pathlib

import pytest
from neo4j.exceptions import ClientError

from conftest import one

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<DataPacket protocol="TDTP" version="1.0">
  <Header><Type>reference</Type><TableName>People</TableName><MessageID>M-1</MessageID><Timestamp>2026-01-01T00:00:00Z</Timestamp></Header>
  <Schema>
    <Field name="Id" type="INTEGER" key="true"></Field><Field name="Name" type="TEXT"></Field><Field name="Born" type="DATE"></Field>
  </Schema>
  <Data>"""


@pytest.fixture
def people(server):
    folder = pathlib.Path(server.data) / "import"
    folder.mkdir(exist_ok=True)
    rows = "".join(f"<R>{i}|name {i}|19{i % 100:02}-01-02</R>\n" for i in range(20000))
    (folder / "people.tdtp.xml").write_text(HEAD + rows + "</Data></DataPacket>")
    yield folder
    for file in folder.iterdir():
        file.unlink()


def test_there_and_back(driver, people):
    counts = one(driver, "CALL tdtp.import('people.tdtp.xml', {label: 'Person'})")
    assert (counts["rows"], counts["created"]) == (20000, 20000)
    again = one(driver, "CALL tdtp.import('people.tdtp.xml', {label: 'Person', where: 'Id < 10'})")
    assert (again["rows"], again["unchanged"]) == (10, 10)
    assert one(driver, "MATCH (p:Person {Id: 1234}) RETURN p.Name + ' ' + p.Born.year AS v")["v"] == "name 1234 1934"
    written = one(driver, "CALL tdtp.export('Person', 'out.tdtp.xml', {compress: true, keys: ['Id'], table: 'People', partBytes: 500000})")
    assert written["rows"] == 20000 and len(written["files"]) > 1
    assert all((people / name).is_file() for name in written["files"])
    assert one(driver, "CALL tdtp.diff('people.tdtp.xml', '(:Person)') YIELD change RETURN count(*) AS n")["n"] == 0


def test_a_failed_import_leaves_nothing(driver, people):
    text = (people / "people.tdtp.xml").read_text().replace("<R>19000|name 19000|", "<R>19000|name 19000|x|")
    (people / "broken.tdtp.xml").write_text(text)
    with pytest.raises(ClientError) as failed:
        driver.execute_query("CALL tdtp.import('broken.tdtp.xml', {label: 'Broken'})")
    assert failed.value.code == "Neo.ClientError.Statement.ExternalResourceFailed"
    assert "row 19001 has 4 values" in failed.value.message
    assert one(driver, "MATCH (n:Broken) RETURN count(n) AS n")["n"] == 0


def test_reading_needs_no_write_transaction_but_writing_does(driver, people):
    with driver.session(default_access_mode="READ") as session:
        assert session.execute_read(lambda tx: tx.run("CALL tdtp.read('people.tdtp.xml') YIELD row RETURN count(*) AS n").single()["n"]) == 20000
        with pytest.raises(ClientError) as refused:
            session.execute_read(lambda tx: tx.run("CALL tdtp.write('w.tdtp.xml', 'T', null, [{a: 1}])").consume())
    assert refused.value.code == "Neo.ClientError.Statement.AccessMode"
    assert not (people / "w.tdtp.xml").exists()


def test_nothing_is_written_through_a_link(driver, people, tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("untouched")
    (people / "linked_part_1_of_2.tdtp.xml").symlink_to(outside)
    written = one(driver, "CALL tdtp.write('linked.tdtp.xml', 'T', null, [{a: 1}, {a: 2}], {partBytes: 1})")
    assert written["files"] == ["linked_part_1_of_2.tdtp.xml", "linked_part_2_of_2.tdtp.xml"]
    assert outside.read_text() == "untouched"
    assert one(driver, "CALL tdtp.read('linked.tdtp.xml') YIELD row RETURN sum(row.a) AS n")["n"] == 3
