import threading

import neo4j
import pytest
from neo4j.exceptions import ClientError, ConstraintError, CypherSyntaxError, TransientError

from conftest import one


def test_rollback_leaves_nothing(driver):
    with driver.session() as session:
        tx = session.begin_transaction()
        tx.run("CREATE (:Gone)").consume()
        assert tx.run("MATCH (n:Gone) RETURN count(n) AS c").single()["c"] == 1
        tx.rollback()
        assert session.run("MATCH (n:Gone) RETURN count(n) AS c").single()["c"] == 0


def test_others_do_not_see_what_is_not_committed(driver):
    with driver.session() as writer, driver.session() as reader:
        tx = writer.begin_transaction()
        tx.run("CREATE (:Hidden)").consume()
        assert reader.run("MATCH (n:Hidden) RETURN count(n) AS c").single()["c"] == 0
        tx.commit()
        assert reader.run("MATCH (n:Hidden) RETURN count(n) AS c").single()["c"] == 1


def test_a_conflict_is_retried(driver):
    """Both transactions read before they write; the loser's work is done again by the driver."""
    driver.execute_query("CREATE (:Account {id: 1, balance: 0})")
    barrier = threading.Barrier(2, timeout=20)
    attempts = []

    def work(tx, met):
        balance = tx.run("MATCH (a:Account {id: 1}) RETURN a.balance AS b").single()["b"]
        if not met:
            met.append(True)
            barrier.wait()  # only the first attempts meet: both have read the same balance
        attempts.append(balance)
        tx.run("MATCH (a:Account {id: 1}) SET a.balance = $b", b=balance + 1).consume()

    def client():
        with driver.session() as session:
            session.execute_write(work, [])

    threads = [threading.Thread(target=client) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert one(driver, "MATCH (a:Account) RETURN a.balance AS b")["b"] == 2
    assert len(attempts) >= 3


def test_a_counter_raised_by_16_clients_ends_exact(driver):
    driver.execute_query("CREATE (:Counter {n: 0})")
    each, clients, errors = 25, 16, []

    def client():
        try:
            with driver.session() as session:
                for _ in range(each):
                    session.run("MATCH (c:Counter) SET c.n = c.n + 1").consume()
        except Exception as e:  # noqa: BLE001 - reported below
            errors.append(e)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors
    assert one(driver, "MATCH (c:Counter) RETURN c.n AS n")["n"] == each * clients


def test_a_deadlock_is_found(driver):
    driver.execute_query("CREATE (:D {id: 1}), (:D {id: 2})")
    outcomes, barrier = [], threading.Barrier(2, timeout=20)

    def client(first, second):
        with driver.session() as session:
            tx = session.begin_transaction()
            try:
                tx.run("MATCH (d:D {id: $i}) SET d.by = $i", i=first).consume()
                barrier.wait()
                tx.run("MATCH (d:D {id: $i}) SET d.by = $i", i=second).consume()
                tx.commit()
                outcomes.append("done")
            except TransientError as e:
                outcomes.append(e.code)

    threads = [threading.Thread(target=client, args=pair) for pair in ((1, 2), (2, 1))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert any(o.startswith("Neo.TransientError.Transaction.") for o in outcomes), outcomes


@pytest.mark.parametrize("query, code", [
    ("RETRUN 1", "Neo.ClientError.Statement.SyntaxError"),
    ("RETURN x", "Neo.ClientError.Statement.SyntaxError"),
    ("RETURN $missing", "Neo.ClientError.Statement.ParameterMissing"),
    ("RETURN 1 / 0", "Neo.ClientError.Statement.ArithmeticError"),
    ("RETURN nosuch(1)", "Neo.ClientError.Statement.SyntaxError"),
    ("CALL no.such()", "Neo.ClientError.Procedure.ProcedureNotFound"),
    ("RETURN date('x')", "Neo.ClientError.Statement.SyntaxError"),
    ("CREATE (n {p: {a: 1}})", "Neo.ClientError.Statement.TypeError"),
    ("CREATE (a)-[:T]->(b) DELETE a", "Neo.ClientError.Schema.ConstraintValidationFailed"),
])
def test_error_codes(driver, query, code):
    with driver.session() as session, pytest.raises(ClientError) as caught:
        session.run(query).consume()
    assert caught.value.code == code
    assert one(driver, "RETURN 1 AS x")["x"] == 1  # the connection lives on


def test_a_write_in_a_read_transaction_is_refused(driver):
    with driver.session(default_access_mode=neo4j.READ_ACCESS) as session, pytest.raises(ClientError) as caught:
        session.run("CREATE (:No)").consume()
    assert caught.value.code == "Neo.ClientError.Statement.AccessMode"


def test_an_unknown_database(driver):
    with driver.session(database="nosuch") as session, pytest.raises(ClientError) as caught:
        session.run("RETURN 1").consume()
    assert caught.value.code == "Neo.ClientError.Database.DatabaseNotFound"


def test_unique_constraint(driver):
    driver.execute_query("CREATE CONSTRAINT person_id FOR (p:Person) REQUIRE p.id IS UNIQUE")
    driver.execute_query("CREATE (:Person {id: 1})")
    with pytest.raises(ConstraintError):
        driver.execute_query("CREATE (:Person {id: 1})")
    assert one(driver, "MATCH (p:Person) RETURN count(p) AS c")["c"] == 1


def test_a_failed_statement_leaves_no_trace(driver):
    with driver.session() as session:
        with pytest.raises(ClientError):
            session.run("UNWIND [1, 2, 0] AS x CREATE (:Half {v: 10 / x})").consume()
        assert session.run("MATCH (h:Half) RETURN count(h) AS c").single()["c"] == 0


def test_syntax_errors_say_where(driver):
    with pytest.raises(CypherSyntaxError) as caught:
        driver.execute_query("MATCH (n) RETURN n.")
    assert "line 1, column" in caught.value.message


def test_timeout_stops_a_query(driver):
    with driver.session() as session, pytest.raises(ClientError) as caught:
        session.run(neo4j.Query("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)", timeout=0.2)).consume()
    assert "TransactionTimedOut" in caught.value.code


def test_timeout_while_waiting_for_a_lock(driver):
    driver.execute_query("CREATE (:Held {x: 1})")
    with driver.session() as session, driver.session() as other:
        holder = session.begin_transaction()
        holder.run("MATCH (n:Held) SET n.x = 2").consume()
        with pytest.raises(ClientError) as caught:
            other.run(neo4j.Query("MATCH (n:Held) SET n.x = 3", timeout=0.2)).consume()
        assert caught.value.code == "Neo.ClientError.Transaction.LockClientStopped"
        holder.commit()
        assert other.run("MATCH (n:Held) RETURN n.x AS x").single()["x"] == 2


def test_failures_carry_gql_statuses(driver):
    for query, statuses in (("RETRUN 1", ["42001", "42I06"]), ("RETURN 1 / 0", ["22012", "22N28"]), ("RETURN $p", ["42001", "42N81"])):
        with pytest.raises(ClientError) as caught:
            driver.execute_query(query)
        error, found = caught.value, []
        while error is not None:
            found.append(error.gql_status)
            error = error.__cause__
        assert found == statuses


def test_bookmarks_chain(driver):
    with driver.session() as session:
        session.run("CREATE (:B)").consume()
        first = session.last_bookmarks()
    with driver.session(bookmarks=first) as session:
        assert session.run("MATCH (b:B) RETURN count(b) AS c").single()["c"] == 1
        session.run("CREATE (:B)").consume()
        assert session.last_bookmarks().raw_values != first.raw_values
    with pytest.raises(ClientError) as caught:
        with driver.session(bookmarks=neo4j.Bookmarks.from_raw_values([next(iter(first.raw_values))[:-1] + "-"])) as session:
            session.run("RETURN 1").consume()
    assert caught.value.code == "Neo.ClientError.Transaction.InvalidBookmark"


def test_summary_counters(driver):
    _, summary, _ = driver.execute_query("CREATE (a:S1 {x: 1, y: 2})-[r:T {z: 1}]->(b:S1:S2)")
    c = summary.counters
    assert (c.nodes_created, c.relationships_created, c.properties_set, c.labels_added) == (2, 1, 3, 3)
    assert summary.query_type == "w" and summary.database == "neo4j"
    _, summary, _ = driver.execute_query("MATCH (n:S1) DETACH DELETE n")
    assert (summary.counters.nodes_deleted, summary.counters.relationships_deleted) == (2, 1)
    _, summary, _ = driver.execute_query("RETURN 1")
    assert summary.query_type == "r" and not summary.counters.contains_updates
