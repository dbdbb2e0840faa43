"""Who is connected and what runs: SHOW and TERMINATE TRANSACTIONS, connections, metadata."""
import threading

import neo4j
import neo4j.exceptions
import pytest
from neo4j.exceptions import ClientError, ServiceUnavailable, SessionExpired

from conftest import one

OTHERS = "SHOW TRANSACTIONS YIELD transactionId, connectionId, currentQuery, metaData WHERE NOT currentQuery STARTS WITH 'SHOW' RETURN *"


def wait_for(driver, query, **parameters):
    """Rows of the query once there are any: what is looked for was begun by another thread."""
    for _ in range(100_000):
        records = driver.execute_query(query, parameters)[0]
        if records:
            return records
    raise AssertionError("it never came")


def wait_until_none(driver, query):
    for _ in range(100_000):
        if not driver.execute_query(query)[0]:
            return
    raise AssertionError("they never went")


def in_background(work):
    result = {}

    def run():
        try:
            result["value"] = work()
        except Exception as e:  # noqa: BLE001 - looked at by the test
            result["error"] = e

    thread = threading.Thread(target=run)
    thread.start()
    return thread, result


def test_metadata_is_kept_and_shown(driver):
    with driver.session() as session:
        tx = session.begin_transaction(metadata={"app": "test", "when": neo4j.time.Date(2024, 2, 29)})
        row = wait_for(driver, OTHERS)[0]
        assert row["metaData"] == {"app": "test", "when": neo4j.time.Date(2024, 2, 29)}
        assert tx.run("CALL tx.getMetaData()").single()["metadata"]["app"] == "test"
        tx.run("CALL tx.setMetaData({app: 'changed'})").consume()
        assert wait_for(driver, OTHERS)[0]["metaData"] == {"app": "changed"}
        tx.rollback()
        query = neo4j.Query("CALL tx.getMetaData() YIELD metadata RETURN metadata.k AS k", metadata={"k": 7})
        assert session.run(query).single()["k"] == 7
    assert not driver.execute_query(OTHERS)[0]


def test_columns(driver):
    _, _, keys = driver.execute_query("SHOW TRANSACTIONS")
    assert keys == ["database", "transactionId", "currentQueryId", "connectionId", "clientAddress", "username", "currentQuery",
                    "startTime", "status", "elapsedTime"]
    records, summary, keys = driver.execute_query("SHOW TRANSACTIONS YIELD *")
    assert len(keys) == 39 and len(records) == 1
    row = records[0]
    assert row["currentQuery"] == "SHOW TRANSACTIONS YIELD *" and row["status"] == "Running" and row["protocol"] == "bolt"
    assert row["clientAddress"].startswith("127.0.0.1:") and isinstance(row["elapsedTime"], neo4j.time.Duration)
    assert summary.query_type == "r"


def test_an_endless_query_is_terminated(driver):
    def endless():
        with driver.session() as session:
            session.run("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)").consume()

    thread, result = in_background(endless)
    victim = wait_for(driver, "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE currentQuery STARTS WITH 'UNWIND'")[0]
    message = one(driver, "TERMINATE TRANSACTIONS $id", id=victim["transactionId"])
    assert message["message"] == "Transaction terminated."
    thread.join()
    assert result["error"].code in ("Neo.ClientError.Transaction.Terminated", "Neo.TransientError.Transaction.Terminated")


def test_what_waits_for_a_lock_is_terminated(driver):
    driver.execute_query("CREATE (:Locked {x: 1})")
    with driver.session() as session:
        holder = session.begin_transaction()
        holder.run("MATCH (n:Locked) SET n.x = 2").consume()

        def waiter():
            with driver.session() as other:
                other.run("MATCH (n:Locked) SET n.x = 3").consume()

        thread, result = in_background(waiter)
        wait_for(driver, "SHOW TRANSACTIONS YIELD status WHERE status = 'Blocked'")
        ended = driver.execute_query("SHOW TRANSACTIONS YIELD transactionId AS t, status WHERE status = 'Blocked' "
                                     "TERMINATE TRANSACTIONS t YIELD message RETURN message")[0]
        assert [r["message"] for r in ended] == ["Transaction terminated."]
        thread.join()
        assert result["error"].code.endswith("Transaction.Terminated")
        holder.commit()
    assert one(driver, "MATCH (n:Locked) RETURN n.x AS x")["x"] == 2


def test_an_idle_transaction_is_terminated_and_gives_its_locks_back(driver):
    driver.execute_query("CREATE (:Locked {x: 1})")
    with driver.session() as session:
        tx = session.begin_transaction(metadata={"idle": True})
        tx.run("MATCH (n:Locked) SET n.x = 2").consume()
        driver.execute_query("SHOW TRANSACTIONS YIELD transactionId AS t, metaData WHERE metaData.idle "
                             "TERMINATE TRANSACTIONS t YIELD message RETURN message")
        driver.execute_query("MATCH (n:Locked) SET n.x = n.x + 10")  # would wait for ever
        with pytest.raises(ClientError) as caught:
            tx.run("RETURN 1").consume()
        assert caught.value.code.endswith("Transaction.Terminated")
    assert one(driver, "MATCH (n:Locked) RETURN n.x AS x")["x"] == 11


def test_connections_are_listed_and_killed(server, driver):
    mine = driver.execute_query("CALL dbms.listConnections()")[0]
    assert mine and all(r["connector"] == "bolt" and r["userAgent"].startswith("neo4j-python/") for r in mine)
    assert {r["serverAddress"] for r in mine} == {server.uri.removeprefix("bolt://")}
    with neo4j.GraphDatabase.driver(server.uri, user_agent="victim/1", max_transaction_retry_time=0) as other:
        with other.session() as session:
            tx = session.begin_transaction()
            tx.run("CREATE (:Never)").consume()
            victim = one(driver, "CALL dbms.listConnections() YIELD connectionId, userAgent WITH * WHERE userAgent = 'victim/1' "
                                 "RETURN connectionId")["connectionId"]
            killed = one(driver, "CALL dbms.killConnection($id)", id=victim)
            assert killed["message"] == "Connection found"
            with pytest.raises((ServiceUnavailable, SessionExpired)):
                tx.run("RETURN 1").consume()
    assert one(driver, "MATCH (n:Never) RETURN count(n) AS n")["n"] == 0
    assert one(driver, "CALL dbms.killConnections(['bolt-0'])")["message"] == "No connection found with this id"


@pytest.mark.parametrize("query", [
    "CALL dbms.components()", "CALL dbms.components() YIELD name, versions, edition UNWIND versions AS v RETURN name, v, edition",
    "CALL dbms.clientConfig()", "CALL dbms.listConfig()", "CALL dbms.listConfig('bolt')", "CALL dbms.info()", "CALL db.info()",
    "CALL db.ping()", "CALL dbms.routing.getRoutingTable({})", "CALL dbms.cluster.routing.getRoutingTable({}, 'neo4j')",
    "CALL dbms.showCurrentUser()",
])
def test_procedures_that_clients_call(driver, query):
    assert driver.execute_query(query)[0]


def test_clients_live_on_while_others_end_what_they_do(server, driver):
    """Work, terminations and closed connections at random: every failure is one of these, and nothing stays behind."""
    driver.execute_query("UNWIND range(1, 3) AS id CREATE (:Busy {id: id, x: 0})")
    unexpected = []
    expected = {"Neo.ClientError.Transaction.Terminated", "Neo.TransientError.Transaction.Terminated",
                "Neo.TransientError.Transaction.Outdated", "Neo.TransientError.Transaction.DeadlockDetected"}

    def once(session, i):
        if i % 3 == 0:
            session.run("UNWIND range(1, 100000) AS a RETURN sum(a)").consume()
            return
        with session.begin_transaction() as tx:
            for id in (i % 3 + 1, (i + 1) % 3 + 1):
                tx.run("MATCH (n:Busy {id: $id}) SET n.x = n.x + 1", id=id).consume()
            tx.commit()

    def client(n):
        with neo4j.GraphDatabase.driver(server.uri, user_agent="busy/1") as own:
            for i in range(n, n + 40):
                try:
                    with own.session() as session:
                        once(session, i)
                except neo4j.exceptions.Neo4jError as e:
                    if e.code not in expected:
                        unexpected.append(e)
                except neo4j.exceptions.DriverError:
                    pass  # the connection was closed under it

    threads = [threading.Thread(target=client, args=(n,)) for n in range(4)]
    for t in threads:
        t.start()
    while any(t.is_alive() for t in threads):
        driver.execute_query("SHOW TRANSACTIONS YIELD transactionId AS t, currentQuery AS q WHERE NOT q STARTS WITH 'SHOW' AND rand() < 0.5 "
                             "TERMINATE TRANSACTIONS t YIELD message RETURN message")
        for record in driver.execute_query("CALL dbms.listConnections() YIELD connectionId AS id, userAgent AS a WITH * "
                                           "WHERE a = 'busy/1' AND rand() < 0.05 RETURN id")[0]:
            driver.execute_query("CALL dbms.killConnection($id)", id=record["id"])
    for t in threads:
        t.join()
    assert not unexpected
    wait_until_none(driver, OTHERS)  # of those whose connection was closed under them, too
    assert one(driver, "MATCH (n:Busy) SET n.x = 0 RETURN count(*) AS n")["n"] == 3  # no lock was left
