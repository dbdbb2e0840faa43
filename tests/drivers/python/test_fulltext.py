"""Full-text indexes through a driver, as graphiti, LangChain, LightRAG and neo4j-graphrag use them, and through restarts."""

import concurrent.futures

import neo4j
import pytest
from conftest import one
from server import Server

GRAPHITI = [
    "CREATE FULLTEXT INDEX episode_content IF NOT EXISTS FOR (e:Episodic) ON EACH [e.content, e.source, e.source_description, e.group_id]",
    "CREATE FULLTEXT INDEX node_name_and_summary IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.summary, n.group_id]",
    "CREATE FULLTEXT INDEX community_name IF NOT EXISTS FOR (n:Community) ON EACH [n.name, n.group_id]",
    "CREATE FULLTEXT INDEX edge_name_and_fact IF NOT EXISTS FOR ()-[e:RELATES_TO]-() ON EACH [e.name, e.fact, e.group_id]",
]


def names(driver, query, index="node_name_and_summary", **options):
    records = driver.execute_query(
        "CALL db.index.fulltext.queryNodes($index, $query, $options) YIELD node, score RETURN node.name AS name, score",
        index=index, query=query, options=options,
    )[0]
    return [r["name"] for r in records]


def test_as_graphiti_does_it(driver):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(driver.execute_query, GRAPHITI))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(driver.execute_query, GRAPHITI))
    rows = [
        {"name": "Alice Smith", "summary": "Works on the back-end of `Packhouse`", "group_id": "tenant-1"},
        {"name": "Bob", "summary": "Friend of Alice; likes C++ and \"quotes\"", "group_id": "tenant-1"},
        {"name": "Alice Jones", "summary": "Not related", "group_id": "tenant-2"},
    ]
    driver.execute_query("UNWIND $rows AS r CREATE (n:Entity) SET n = r", rows=rows)
    driver.execute_query(
        "MATCH (a:Entity {name: 'Alice Smith'}), (b:Entity {name: 'Bob'}) "
        "CREATE (a)-[:RELATES_TO {name: 'KNOWS', fact: 'Alice has known Bob since 2019', group_id: 'tenant-1', uuid: 'u1'}]->(b)"
    )
    assert names(driver, '(group_id:"tenant-1") AND (alice)', limit=10) == ["Bob", "Alice Smith"]
    assert names(driver, 'group_id:"tenant-2" AND (alice OR bob)') == ["Alice Jones"]
    assert names(driver, '(group_id:"tenant-1" OR group_id:"tenant-2") AND (smith jones)') == ["Alice Jones", "Alice Smith"]
    assert names(driver, r"(alice \- \(smith\) \`x\`)", limit=1) == ["Alice Smith"]
    assert names(driver, "back-end", limit=5) == ["Alice Smith"]
    row = one(
        driver,
        "CALL db.index.fulltext.queryRelationships('edge_name_and_fact', $words, {limit: $limit}) YIELD relationship AS rel, score "
        "MATCH (n:Entity)-[e:RELATES_TO {uuid: rel.uuid}]->(m:Entity) WHERE e.group_id IN $group_ids "
        "RETURN n.name AS source, m.name AS target, e.fact AS fact, score ORDER BY score DESC LIMIT $limit",
        words='group_id:"tenant-1" AND (known since)', limit=10, group_ids=["tenant-1"],
    )
    assert (row["source"], row["target"]) == ("Alice Smith", "Bob") and row["score"] > 0


def test_as_langchain_does_it(driver):
    create = "CREATE FULLTEXT INDEX $name IF NOT EXISTS FOR (n:`Chunk`) ON EACH [n.`text`]"
    for _ in range(2):
        driver.execute_query(create, name="keyword")
    driver.execute_query("UNWIND $texts AS t CREATE (:Chunk {name: t, text: t})", texts=["foo bar", "bar baz", "Something else"])
    row = one(
        driver,
        "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, options WHERE type = 'FULLTEXT' AND (name = $n OR "
        "(labelsOrTypes = [$label] AND properties = $properties)) RETURN name, labelsOrTypes, properties, options",
        n="keyword", label="Chunk", properties=["text"],
    )
    assert (row["name"], row["labelsOrTypes"], row["properties"]) == ("keyword", ["Chunk"], ["text"])
    assert row["options"]["indexConfig"] == {"fulltext.analyzer": "standard-no-stop-words", "fulltext.eventually_consistent": False}
    # Hybrid search: scores of the index are scaled by the best one.
    found = driver.execute_query(
        "CALL db.index.fulltext.queryNodes($index, $query, {limit: $k}) YIELD node, score "
        "WITH collect({node: node, score: score}) AS nodes, max(score) AS max UNWIND nodes AS n "
        "RETURN n.node.text AS text, (n.score / max) AS score",
        index="keyword", query="foo bar", k=2,
    )[0]
    assert [(r["text"], r["score"] == 1.0) for r in found] == [("foo bar", True), ("bar baz", False)]
    driver.execute_query("DROP INDEX $name IF EXISTS", name="keyword")
    assert driver.execute_query("SHOW FULLTEXT INDEXES")[0] == []


def test_as_lightrag_does_it(driver):
    assert driver.execute_query("SHOW FULLTEXT INDEXES")[0] == []
    driver.execute_query(
        "CREATE FULLTEXT INDEX entity_id_fulltext_idx_base FOR (n:`base`) ON EACH [n.entity_id] OPTIONS {indexConfig: "
        "{`fulltext.analyzer`: 'cjk', `fulltext.eventually_consistent`: true}}"
    )
    row = one(driver, "SHOW FULLTEXT INDEXES")
    assert (row["name"], row["state"], row["labelsOrTypes"]) == ("entity_id_fulltext_idx_base", "ONLINE", ["base"])
    driver.execute_query("UNWIND $ids AS id CREATE (:base {name: id, entity_id: id})", ids=["机器学习", "深度学习", "Machine Learning"])
    assert sorted(names(driver, "学习", "entity_id_fulltext_idx_base")) == sorted(["机器学习", "深度学习"])
    assert names(driver, "机器学习", "entity_id_fulltext_idx_base", limit=1) == ["机器学习"]
    assert names(driver, "machin*", "entity_id_fulltext_idx_base") == ["Machine Learning"]


def test_match_all_as_mcp_memory_does(driver):
    driver.execute_query("CREATE FULLTEXT INDEX search IF NOT EXISTS FOR (m:Memory) ON EACH [m.name, m.type, m.observations]")
    driver.execute_query("CREATE (:Memory {name: 'a', type: 't', observations: ['x', 'y']}), (:Memory {name: 'b'})")
    assert sorted(names(driver, "*", "search")) == ["a", "b"]
    assert names(driver, "y", "search") == ["a"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("CALL db.index.fulltext.queryNodes('none', 'x')", "There is no such fulltext schema index: none"),
        ("CALL db.index.fulltext.queryNodes('search', 'a AND')", "Cannot parse 'a AND'"),
        ("CALL db.index.fulltext.queryNodes('search', '/a')", "column 0"),
    ],
)
def test_errors(driver, query, text):
    driver.execute_query("CREATE FULLTEXT INDEX search FOR (m:Memory) ON EACH [m.name]")
    with pytest.raises(neo4j.exceptions.ClientError) as e:
        driver.execute_query(query)
    assert e.value.code == "Neo.ClientError.Procedure.ProcedureCallFailed" and text in e.value.message


def test_a_transaction_sees_its_own_words_and_nobody_else_does(driver):
    driver.execute_query("CREATE FULLTEXT INDEX search FOR (m:Memory) ON EACH [m.name]")
    with driver.session() as session:
        tx = session.begin_transaction()
        tx.run("CREATE (:Memory {name: 'hidden'})").consume()
        assert tx.run("CALL db.index.fulltext.queryNodes('search', 'hidden') YIELD node RETURN count(node)").single()[0] == 1
        assert names(driver, "hidden", "search") == []
        tx.rollback()
    assert names(driver, "hidden", "search") == []


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_an_index_survives(tmp_path, how):
    server = Server(data=str(tmp_path / "data")).start()
    with neo4j.GraphDatabase.driver(server.uri) as driver:
        driver.execute_query("CREATE FULLTEXT INDEX search FOR (m:Memory|Note) ON EACH [m.name, m.text]")
        for i in range(0, 6000, 2000):  # more than are searched on the connection's thread
            driver.execute_query("UNWIND range($i, $i + 1999) AS n CREATE (:Memory {name: 'n' + n, text: 'common word' + (n % 10)})", i=i)
        driver.execute_query("MATCH (m:Memory {name: 'n77'}) SET m.text = 'changed'")
    getattr(server, how)()
    with Server(data=str(tmp_path / "data")) as again, neo4j.GraphDatabase.driver(again.uri) as driver:
        assert sorted(names(driver, "n78 changed", "search")) == ["n77", "n78"]
        assert len(names(driver, "common", "search")) == 5999
        assert len(names(driver, "word3", "search")) == 600
        assert names(driver, "+common +n4321", "search") == ["n4321"]
