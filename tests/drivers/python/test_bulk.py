import asyncio

import neo4j
import pytest
from neo4j.exceptions import ClientError

from conftest import one
from server import Server

NODES, EDGES, BATCH = 10_000, 120_000, 10_000


def load(driver):
    driver.execute_query("CREATE CONSTRAINT user_id IF NOT EXISTS FOR (u:User) REQUIRE u.id IS UNIQUE")
    rows = [{"id": i, "age": 13 + i * 7 % 60, "name": f"user {i}"} for i in range(NODES)]
    for at in range(0, NODES, BATCH):
        driver.execute_query("UNWIND $rows AS r CREATE (:User {id: r.id, age: r.age, name: r.name})", rows=rows[at:at + BATCH])
    edges = [{"a": i % NODES, "b": (i * 7919 + i // NODES + 1) % NODES, "w": i} for i in range(EDGES)]
    for at in range(0, EDGES, BATCH):
        driver.execute_query("UNWIND $rows AS r MATCH (a:User {id: r.a}), (b:User {id: r.b}) CREATE (a)-[:KNOWS {w: r.w}]->(b)",
                             rows=edges[at:at + BATCH])
    return edges


def check(driver, edges):
    assert one(driver, "MATCH (u:User) RETURN count(u) AS c")["c"] == NODES
    assert one(driver, "MATCH ()-[k:KNOWS]->() RETURN count(k) AS c, sum(k.w) AS s").values() == [EDGES, sum(e["w"] for e in edges)]
    wanted = sorted(e["b"] for e in edges if e["a"] == 17)
    got = driver.execute_query("MATCH (:User {id: 17})-[:KNOWS]->(b) RETURN b.id AS id ORDER BY id")[0]
    assert [r["id"] for r in got] == wanted


def test_load_restart_and_read_back():
    with Server() as server:
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            edges = load(driver)
            check(driver, edges)
        server.kill()
        server.start()
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            check(driver, edges)
            assert one(driver, "SHOW CONSTRAINTS YIELD name RETURN collect(name) AS n")["n"] == ["user_id"]
            with pytest.raises(ClientError):
                driver.execute_query("CREATE (:User {id: 17})")
        assert server.stop() == 0
        server.start()
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            check(driver, edges)


def test_a_million_rows_are_streamed_not_held():
    with Server() as server, neo4j.GraphDatabase.driver(server.uri) as driver, driver.session(fetch_size=1000) as session:
        session.run("RETURN 1").consume()
        seen = total = 0
        before, most = server.memory_mb(), 0.0
        for record in session.run("UNWIND range(1, 1000000) AS x RETURN x, 'row ' + x AS text"):
            seen += 1
            total += record["x"]
            if seen % 100_000 == 0:
                most = max(most, server.memory_mb())
        assert (seen, total) == (1_000_000, 500_000_500_000)
        assert most - before < 64, f"grew by {most - before} MB"


def test_leaving_a_result_early(driver):
    with driver.session(fetch_size=10) as session:
        result = session.run("UNWIND range(1, 100000000) AS x RETURN x")
        assert [next(iter(result))["x"] for _ in range(5)] == [1, 2, 3, 4, 5]
        session.reset() if hasattr(session, "reset") else result.consume()
        assert session.run("RETURN 2 AS x").single()["x"] == 2


def test_cancelling_stops_the_query(server, driver):
    """Whoever cancels a task in the middle of a long query gets away at once and leaves nothing that blocks others."""
    endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)"

    async def client():
        async with neo4j.AsyncGraphDatabase.driver(server.uri) as other:
            session = other.session()
            tx = await session.begin_transaction()
            await (await tx.run("CREATE (:Locked {id: 1})")).consume()
            task = asyncio.create_task(tx.run(endless))
            done, _ = await asyncio.wait([task], timeout=0.2)  # it would take hours
            if done:  # RUN is answered before the work is done; then it is the PULL that takes long
                task = asyncio.create_task(task.result().consume())
                done, _ = await asyncio.wait([task], timeout=0.2)
            assert not done
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            session.cancel()

    asyncio.run(client())
    driver.execute_query("MERGE (l:Locked {id: 2}) SET l.free = true")
    assert one(driver, "MATCH (l:Locked) RETURN collect(l.id) AS ids")["ids"] == [2]
