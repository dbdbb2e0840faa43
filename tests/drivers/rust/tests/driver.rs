//! neo4rs 0.8 offers Bolt 4.1 and 4.0 only, sends its login in HELLO and drops the socket without GOODBYE.
use neo4rs::{query, BoltType, Graph, Node, Path};
use packhouse_drivers::{empty_folder, Server};

async fn connect(server: &Server) -> Graph {
    Graph::new(&server.address, "neo4j", "any").await.expect("connects")
}

async fn count(graph: &Graph, text: &str) -> i64 {
    let mut rows = graph.execute(query(text)).await.unwrap();
    rows.next().await.unwrap().unwrap().get("c").unwrap()
}

#[tokio::test]
async fn values_and_structures() {
    let folder = empty_folder("values");
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    let mut rows = graph
        .execute(query("RETURN $i AS i, $f AS f, $s AS s, $l AS l, $b AS b").param("i", i64::MIN).param("f", 1.5).param("s", "åß漢🎉")
            .param("l", vec![1i64, 2, 3]).param("b", true))
        .await
        .unwrap();
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(row.get::<i64>("i").unwrap(), i64::MIN);
    assert_eq!(row.get::<f64>("f").unwrap(), 1.5);
    assert_eq!(row.get::<String>("s").unwrap(), "åß漢🎉");
    assert_eq!(row.get::<Vec<i64>>("l").unwrap(), vec![1, 2, 3]);
    assert!(row.get::<bool>("b").unwrap());
    let mut rows = graph.execute(query("CREATE p = (n:A {x: 1})-[:T {y: 2}]->(:B) RETURN n, p, date('2024-02-29') AS d, datetime('2024-06-01T12:00:00+02:00') AS t, point({x: 1, y: 2}) AS q")).await.unwrap();
    let row = rows.next().await.unwrap().unwrap();
    let node: Node = row.get("n").unwrap();
    assert_eq!(node.get::<i64>("x").unwrap(), 1);
    let path: Path = row.get("p").unwrap();
    assert_eq!(path.nodes().len(), 2);
    assert!(matches!(row.get::<BoltType>("d").unwrap(), BoltType::Date(_)));
    assert!(matches!(row.get::<BoltType>("t").unwrap(), BoltType::DateTime(_)));
    assert!(matches!(row.get::<BoltType>("q").unwrap(), BoltType::Point2D(_)));
    server.kill();
}

#[tokio::test]
async fn transactions_errors_restart() {
    let folder = empty_folder("transactions");
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    graph.run(query("CREATE (:Counter {n: 0})")).await.unwrap();
    let mut tx = graph.start_txn().await.unwrap();
    tx.run(query("CREATE (:Gone)")).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(count(&graph, "MATCH (n:Gone) RETURN count(n) AS c").await, 0);
    assert!(graph.run(query("RETRUN 1")).await.is_err());
    let mut clients = Vec::new();
    for _ in 0..16 {
        let graph = graph.clone();
        clients.push(tokio::spawn(async move {
            for _ in 0..10 {
                graph.run(query("MATCH (c:Counter) SET c.n = c.n + 1")).await.unwrap();
            }
        }));
    }
    for c in clients {
        c.await.unwrap();
    }
    drop(graph);
    server.kill();
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    assert_eq!(count(&graph, "MATCH (c:Counter) RETURN c.n AS c").await, 160);
    server.kill();
}

#[tokio::test]
async fn load_and_stream() {
    let folder = empty_folder("load");
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    graph.run(query("CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE")).await.unwrap();
    let ids: Vec<i64> = (0..10_000).collect();
    graph.run(query("UNWIND $ids AS i CREATE (:User {id: i})").param("ids", ids)).await.unwrap();
    for at in (0..120_000i64).step_by(40_000) {
        let steps: Vec<i64> = (at..at + 40_000).collect();
        graph
            .run(query("UNWIND $steps AS i MATCH (a:User {id: i % 10000}), (b:User {id: (i * 7919 + 1) % 10000}) CREATE (a)-[:KNOWS]->(b)").param("steps", steps))
            .await
            .unwrap();
    }
    assert_eq!(count(&graph, "MATCH ()-[k:KNOWS]->() RETURN count(k) AS c").await, 120_000);
    let mut rows = graph.execute(query("UNWIND range(1, 1000000) AS x RETURN x")).await.unwrap();
    let mut seen = 0;
    while rows.next().await.unwrap().is_some() {
        seen += 1;
    }
    assert_eq!(seen, 1_000_000);
    server.kill();
}
