"""Columns through a driver: bytes in and out, slices that are pulled, transactions."""
import array
import threading

import pytest
from neo4j.exceptions import ClientError

from conftest import one


@pytest.fixture
def column(driver):
    driver.execute_query("CALL column.drop('c', {ifExists: true})")
    yield "c"
    driver.execute_query("CALL column.drop('c', {ifExists: true})")


def test_packed_bytes_in_and_out(driver, column):
    numbers = array.array("d", (i / 2 for i in range(100_000)))
    driver.execute_query("CALL column.create($c, 'f64')", c=column)
    assert one(driver, "CALL column.extend($c, $b)", c=column, b=numbers.tobytes())["length"] == 100_000
    assert one(driver, "CALL column.sliceBytes($c, 10, 12)", c=column)["bytes"] == numbers[10:12].tobytes()
    assert one(driver, "CALL column.sliceBytes($c)", c=column)["bytes"] == numbers.tobytes()
    assert one(driver, "CALL column.sliceList($c, -3)", c=column)["values"] == list(numbers[-3:])


def test_a_slice_is_pulled_as_far_as_wanted(driver, column):
    driver.execute_query("CALL column.create($c, 'str')", c=column)
    driver.execute_query("UNWIND range(1, 30000) AS i CALL column.append($c, 'v' + i) YIELD length RETURN count(*)", c=column)
    with driver.session(fetch_size=100) as session:
        result = session.run("CALL column.slice($c)", c=column)
        assert [next(result)["value"] for _ in range(250)] == [f"v{i}" for i in range(1, 251)]
        result.consume()


def test_rollback_and_errors(driver, column):
    driver.execute_query("CALL column.create($c, 'u8')", c=column)
    with driver.session() as session, session.begin_transaction() as tx:
        tx.run("CALL column.extend($c, [1, 2, 3])", c=column).consume()
        tx.run("CREATE (:Seen)").consume()
        assert tx.run("CALL column.length($c)", c=column).single()["length"] == 3
        tx.rollback()
    assert one(driver, "CALL column.length($c)", c=column)["length"] == 0
    with pytest.raises(ClientError, match="element 1"):
        driver.execute_query("CALL column.extend($c, [1, 256])", c=column)
    with pytest.raises(ClientError, match="out of range"):
        driver.execute_query("CALL column.get($c, 0)", c=column)
    assert one(driver, "MATCH (n:Seen) RETURN count(n) AS n")["n"] == 0


def test_writers_at_once(driver, column):
    driver.execute_query("CALL column.create($c, 'i64')", c=column)

    def write(writer):
        with driver.session() as session:
            for i in range(25):
                session.execute_write(lambda tx: tx.run("CALL column.append($c, $v)", c=column, v=writer * 25 + i).consume())

    threads = [threading.Thread(target=write, args=(w,)) for w in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(one(driver, "CALL column.sliceList($c)", c=column)["values"]) == list(range(100))
