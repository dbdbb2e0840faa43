//! neo4rs 0.8 offers Bolt 4.1 and 4.0 only, sends its login in HELLO and drops the socket without GOODBYE.
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use neo4rs::{query, Error, Graph, Node, Path, Point2D, Point3D};
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
    let mut rows = graph
        .execute(query("CREATE p = (n:A {x: 1})-[:T {y: 2}]->(:B) RETURN n, p, point({x: 1, y: 2}) AS q, point({longitude: 1, latitude: 2, height: 3}) AS r, null AS z"))
        .await
        .unwrap();
    let row = rows.next().await.unwrap().unwrap();
    let node: Node = row.get("n").unwrap();
    assert_eq!(node.get::<i64>("x").unwrap(), 1);
    let path: Path = row.get("p").unwrap();
    assert_eq!(path.nodes().len(), 2);
    let flat: Point2D = row.get("q").unwrap();
    assert_eq!((flat.sr_id(), flat.x(), flat.y()), (7203, 1.0, 2.0));
    let high: Point3D = row.get("r").unwrap();
    assert_eq!((high.sr_id(), high.x(), high.y(), high.z()), (4979, 1.0, 2.0, 3.0));
    assert_eq!(row.get::<Option<i64>>("z").unwrap(), None);
}

#[tokio::test]
async fn moments_and_bytes() {
    let folder = empty_folder("moments");
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    let date = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_nano_opt(12, 34, 56, 789).unwrap();
    let local = NaiveDateTime::new(date, time);
    let moment: DateTime<FixedOffset> = DateTime::parse_from_rfc3339("2024-06-01T12:00:00.000000005+02:00").unwrap();
    let duration = std::time::Duration::new(18367, 8);
    let bytes: Vec<u8> = (0..1 << 20).map(|i: u32| (i * 31) as u8).collect();
    let mut rows = graph
        .execute(query("RETURN $d AS d, $t AS t, $l AS l, $m AS m, $u AS u, $b AS b").param("d", date).param("t", time).param("l", local)
            .param("m", moment).param("u", duration).param("b", bytes.clone()))
        .await
        .unwrap();
    let row = rows.next().await.unwrap().unwrap();
    assert_eq!(row.get::<NaiveDate>("d").unwrap(), date);
    assert_eq!(row.get::<NaiveTime>("t").unwrap(), time);
    assert_eq!(row.get::<NaiveDateTime>("l").unwrap(), local);
    assert_eq!(row.get::<DateTime<FixedOffset>>("m").unwrap(), moment);
    assert_eq!(row.get::<std::time::Duration>("u").unwrap(), duration);
    assert_eq!(row.get::<neo4rs::BoltBytes>("b").unwrap().value, bytes);
}

/// The driver has no managed transactions: what fails for a conflict is done again here.
#[tokio::test]
async fn a_conflict_is_retried() {
    let folder = empty_folder("conflict");
    let server = Server::start(&folder);
    let graph = connect(&server).await;
    graph.run(query("CREATE (:Account {balance: 0})")).await.unwrap();
    let mut slow = graph.start_txn().await.unwrap();
    let mut rows = slow.execute(query("MATCH (a:Account) RETURN a.balance AS c")).await.unwrap();
    let balance: i64 = rows.next(slow.handle()).await.unwrap().unwrap().get("c").unwrap();
    while rows.next(slow.handle()).await.unwrap().is_some() {}
    graph.run(query("MATCH (a:Account) SET a.balance = a.balance + 1")).await.unwrap();
    match slow.run(query("MATCH (a:Account) SET a.balance = $b").param("b", balance + 1)).await {
        Err(Error::Neo4j(e)) => assert!(e.code().starts_with("Neo.TransientError.Transaction."), "{}", e.code()),
        other => panic!("no conflict: {other:?}"),
    }
    drop(slow);
    graph.run(query("MATCH (a:Account) SET a.balance = a.balance + 1")).await.unwrap();
    assert_eq!(count(&graph, "MATCH (a:Account) RETURN a.balance AS c").await, 2);
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
    for (text, code) in [
        ("RETRUN 1", "Neo.ClientError.Statement.SyntaxError"),
        ("RETURN $missing", "Neo.ClientError.Statement.ParameterMissing"),
        ("UNWIND [0] AS x RETURN 1 / x", "Neo.ClientError.Statement.ArithmeticError"),
        ("CALL no.such()", "Neo.ClientError.Procedure.ProcedureNotFound"),
    ] {
        match graph.run(query(text)).await {
            Err(Error::Neo4j(e)) => assert_eq!(e.code(), code),
            other => panic!("{text}: {other:?}"),
        }
    }
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
    // A result that is left early is given up: the next query does not wait for it.
    let mut rows = graph.execute(query("UNWIND range(1, 100000000) AS x RETURN x")).await.unwrap();
    assert!(rows.next().await.unwrap().is_some());
    drop(rows);
    assert_eq!(count(&graph, "RETURN 2 AS c").await, 2);
}
