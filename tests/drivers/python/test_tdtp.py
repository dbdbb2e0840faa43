import pathlib

import pytest
from neo4j.exceptions import ClientError, DatabaseError

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


def test_progress_reaches_the_client_while_the_import_goes_on(driver, people):
    with driver.session(fetch_size=1) as session, driver.session() as other:
        result = session.run("CALL tdtp.import('people.tdtp.xml', {label: 'Person', batch: 500})")
        first = result.fetch(1)[0]
        assert (first["rows"], first["created"], first["total"]) == (500, 500, 500)
        so_far = other.run("MATCH (p:Person) RETURN count(p) AS n").single()["n"]
        assert 500 <= so_far < 20000
        totals = [record["total"] for record in result]
        assert totals == list(range(1000, 20001, 500))
        assert result.consume().counters.nodes_created == 20000
    assert one(driver, "MATCH (p:Person) RETURN count(DISTINCT p.Id) AS n")["n"] == 20000


def test_transactions_that_were_committed_before_a_failure_stay(driver, people):
    text = (people / "people.tdtp.xml").read_text().replace("<R>13000|name 13000|", "<R>|name 13000|")
    (people / "broken.tdtp.xml").write_text(text)
    totals = []
    with driver.session() as session, pytest.raises(ClientError) as failed:
        for record in session.run("CALL tdtp.import('broken.tdtp.xml', {label: 'Part', batch: 5000}) YIELD total"):
            totals.append(record["total"])
    assert totals == [5000, 10000]
    assert "row 13001: the key field 'Id' is NULL" in failed.value.message
    assert one(driver, "MATCH (n:Part) RETURN count(n) AS n")["n"] == 10000
    with driver.session() as session:
        again = session.run("CALL tdtp.import('people.tdtp.xml', {label: 'Part', batch: 5000}) YIELD created, unchanged "
                            "RETURN sum(created) AS c, sum(unchanged) AS u").single()
    assert (again["c"], again["u"]) == (10000, 10000)


def test_many_transactions_need_one_of_their_own(driver, people):
    with driver.session() as session:
        tx = session.begin_transaction()
        with pytest.raises(DatabaseError) as failed:
            tx.run("CALL tdtp.import('people.tdtp.xml', {label: 'Never', batch: 10})").consume()
        tx.close()
    assert failed.value.code == "Neo.DatabaseError.Transaction.TransactionStartFailed"
    assert "in an implicit transaction" in failed.value.message


def test_the_result_of_a_query_becomes_a_table(driver, people):
    driver.execute_query("UNWIND range(1, 50000) AS i CREATE (:Big {i: i, name: 'number ' + i})")
    written = one(driver, "CALL tdtp.export($text, 'result.tdtp.xml', {parameters: {n: 10}, compress: true, table: 'Result', partBytes: 500000})",
                  text="MATCH (b:Big) WHERE b.i > $n RETURN b.i AS i, b.name AS name ORDER BY i DESC")
    assert written["rows"] == 49990 and len(written["files"]) > 1
    row = one(driver, "CALL tdtp.read('result.tdtp.xml') YIELD row RETURN min(row.i) AS low, max(row.i) AS high, count(*) AS n")
    assert (row["low"], row["high"], row["n"]) == (11, 50000, 49990)
