// One query a line, of the kinds that applications and libraries send; `bench_cypher` measures what planning them costs.
RETURN 1
RETURN $x AS x
MATCH (n) RETURN n LIMIT 25
MATCH (n:User {id: $id}) RETURN n
MATCH (n:User {id: $id}) RETURN n.name AS name, n.age AS age
MATCH (n:User) WHERE n.age >= 18 RETURN count(*) AS c
MATCH (n:User) RETURN n.age AS age, count(*) AS c ORDER BY c DESC LIMIT 10
MATCH (n:User) WHERE n.name STARTS WITH $prefix RETURN n.name ORDER BY n.name SKIP $skip LIMIT $limit
MATCH (n:User) WHERE n.id IN $ids RETURN n
MATCH (n:User) WHERE n.age > 20 AND n.age < 30 AND n.city = $city RETURN n.name
MATCH (n:User) WHERE n.email =~ '.*@example[.]com' RETURN n.email
MATCH (n:User) WHERE n.name CONTAINS $part OR n.email ENDS WITH $end RETURN n
MATCH (n) WHERE elementId(n) = $id RETURN n
MATCH (n) WHERE id(n) IN $ids RETURN n
MATCH ()-[r]->() WHERE elementId(r) IN $ids RETURN r
MATCH (n:User) RETURN DISTINCT n.city AS city
MATCH (n:User)-[:FRIEND]->(m:User) RETURN n.name, collect(m.name) AS friends
MATCH (s:User {id: $id})-[:FRIEND]->(n:User) RETURN n.id AS id
MATCH (s:User {id: $id})-[:FRIEND]->()-[:FRIEND]->(n:User) RETURN DISTINCT n.id AS id
MATCH (s:User {id: $id})-[:FRIEND]->()-[:FRIEND]->()-[:FRIEND]->(n:User) RETURN DISTINCT n.id AS id
MATCH (s:User {id: $id})-[:FRIEND*1..3]->(n) RETURN DISTINCT n.id
MATCH p = shortestPath((a:User {id: $a})-[:FRIEND*..15]-(b:User {id: $b})) RETURN length(p) AS hops, [n IN nodes(p) | n.id] AS ids
MATCH p = allShortestPaths((a:User {id: $a})-[:FRIEND*]-(b:User {id: $b})) RETURN p
MATCH (a:User)-[:FRIEND]->(b:User)-[:FRIEND]->(c:User)-[:FRIEND]->(a) RETURN count(*) AS triangles
MATCH (a:User {id: $id})-[:FRIEND]->(b)<-[:FRIEND]-(c) WHERE a <> c RETURN c.id, count(b) AS common ORDER BY common DESC LIMIT 10
MATCH (u:User {id: $id}) OPTIONAL MATCH (u)-[:WROTE]->(p:Post) RETURN u, collect(p) AS posts
MATCH (u:User)-[:WROTE]->(p:Post) WHERE p.created > datetime() - duration('P7D') RETURN u.name, count(p) AS n ORDER BY n DESC
MATCH (u:User) WHERE NOT (u)-[:WROTE]->(:Post) RETURN u.name
MATCH (u:User) WHERE EXISTS { MATCH (u)-[:WROTE]->(p:Post) WHERE p.likes > 10 } RETURN u.name
MATCH (u:User) RETURN u.name, COUNT { (u)-[:WROTE]->() } AS posts
MATCH (u:User) RETURN u {.name, .age, posts: [(u)-[:WROTE]->(p:Post) | p {.title, .created}]} AS user
MATCH (u:User) RETURN u.name, [(u)-[:FRIEND]->(f) WHERE f.age > 30 | f.name] AS old
MATCH (u:User) WITH u, size([(u)-[:FRIEND]->() | 1]) AS degree WHERE degree > 5 RETURN u.name, degree
MATCH (a:User {id: $a}), (b:User {id: $b}) RETURN a, b
MATCH (a:User {id: $a}), (b:User {id: $b}) CREATE (a)-[:KNOWS {since: $since}]->(b)
MATCH (a:User {id: $a}), (b:User {id: $b}) MERGE (a)-[r:KNOWS]->(b) ON CREATE SET r.since = $since ON MATCH SET r.seen = r.seen + 1
CREATE (n:User {id: $id, name: $name, age: $age})
CREATE (n:User $props) RETURN n
CREATE (a:User {name: 'a'})-[:FRIEND]->(b:User {name: 'b'})-[:FRIEND]->(c:User {name: 'c'})
MERGE (n:User {id: $id}) RETURN n
MERGE (n:User {id: $id}) ON CREATE SET n.created = timestamp() ON MATCH SET n.seen = timestamp() SET n += $props RETURN n
MATCH (n:User {id: $id}) SET n.age = $age
MATCH (n:User {id: $id}) SET n += $props
MATCH (n:User {id: $id}) SET n = $props
MATCH (n:User {id: $id}) SET n:Admin REMOVE n:Guest
MATCH (n:User {id: $id}) REMOVE n.age RETURN n
MATCH (n:User {id: $id}) DETACH DELETE n
MATCH (:User {id: $a})-[r:FRIEND]->(:User {id: $b}) DELETE r
MATCH (n) DETACH DELETE n
UNWIND $rows AS row CREATE (n:User) SET n = row
UNWIND $rows AS row MERGE (n:User {id: row.id}) SET n += row.props
UNWIND $rows AS row MATCH (a:User {id: row.a}), (b:User {id: row.b}) CREATE (a)-[:FRIEND {w: row.w}]->(b)
UNWIND $rows AS row MATCH (a:User {id: row.a}) MATCH (b:User {id: row.b}) MERGE (a)-[r:FRIEND]->(b) SET r += row.props
UNWIND $rows AS row CALL (row) { MERGE (n:User {id: row.id}) SET n += row.props } IN TRANSACTIONS OF 1000 ROWS
UNWIND range(1, 100) AS x RETURN sum(x), avg(x), min(x), max(x), count(x), stDev(x)
UNWIND $xs AS x WITH x WHERE x % 2 = 0 RETURN collect(x) AS even
UNWIND $events AS e MATCH (y:Year {year: e.year}) MERGE (y)<-[:IN]-(ev:Event {id: e.id}) RETURN ev.id AS x ORDER BY x
WITH $list AS list RETURN reduce(total = 0, x IN list | total + x) AS total, [x IN list WHERE x > 0 | x * x] AS squares
RETURN all(x IN $list WHERE x > 0) AS a, any(x IN $list WHERE x > 0) AS b, none(x IN $list WHERE x > 0) AS c, single(x IN $list WHERE x > 0) AS d
RETURN CASE WHEN $x < 0 THEN 'negative' WHEN $x = 0 THEN 'zero' ELSE 'positive' END AS sign
RETURN date('2024-02-29') + duration({years: 1, months: 1}) AS d, datetime.truncate('month', datetime($t)) AS m
RETURN point({latitude: 12.5, longitude: 56.1}) AS p, point.distance(point({x: 1, y: 2}), point({x: 4, y: 6})) AS d
RETURN toUpper(trim($s)) + substring($s, 0, 3) AS s, split($s, ',') AS parts, replace($s, 'a', 'b') AS r
RETURN coalesce($a, $b, 'none') AS x, toInteger($s) AS i, toFloat($s) AS f, toString($n) AS t
RETURN keys($map) AS k, $map.inner.value AS v, $list[0] AS head, $list[-1] AS last, $list[1..3] AS slice
MATCH (n:Person)-[r:ACTED_IN]->(m:Movie) WHERE m.title = $title RETURN n.name AS actor, r.roles AS roles
MATCH (p:Person {name: $name})-[:ACTED_IN]->(m)<-[:ACTED_IN]-(co:Person) RETURN DISTINCT co.name ORDER BY co.name
MATCH (p:Person {name: $name})-[:ACTED_IN]->(m)<-[:ACTED_IN]-(co), (co)-[:ACTED_IN]->(m2)<-[:ACTED_IN]-(coco) WHERE NOT (p)-[:ACTED_IN]->()<-[:ACTED_IN]-(coco) AND p <> coco RETURN coco.name AS recommended, count(*) AS strength ORDER BY strength DESC LIMIT 5
MATCH (m:Movie)<-[:DIRECTED]-(d:Person) WITH d, collect(m.title) AS movies, count(*) AS n WHERE n > 2 RETURN d.name, movies ORDER BY n DESC
MATCH (m:Movie) WHERE m.released >= 1990 AND m.released < 2000 RETURN m.title, m.released ORDER BY m.released, m.title
MATCH (m:Movie {title: $title})<-[r]-(p:Person) RETURN p.name AS name, head(split(toLower(type(r)), '_')) AS job, r.roles AS roles
MATCH (m:Movie)<-[:ACTED_IN]-(a:Person) RETURN m.title AS movie, collect(a.name) AS cast LIMIT $limit
MATCH (a:Person)-[:ACTED_IN]->(m:Movie) WITH a, count(m) AS n ORDER BY n DESC SKIP 5 LIMIT 5 MATCH (a)-[:DIRECTED]->(d) RETURN a.name, n, collect(d.title) AS directed
MATCH (n:Person) WHERE n.born IS NOT NULL RETURN min(n.born) AS first, max(n.born) AS last, percentileCont(n.born, 0.5) AS median
MATCH (n)-[r]->(m) RETURN type(r) AS type, labels(n) AS from, labels(m) AS to, count(*) AS n ORDER BY n DESC
MATCH (n:A|B&!C) RETURN n LIMIT 10
MATCH (a)-[r:X|Y|Z]-(b) WHERE r.weight > $w RETURN a, r, b LIMIT 100
MATCH path = (a:Device {id: $id})-[:CONNECTS*1..5]-(b:Device) WHERE all(r IN relationships(path) WHERE r.up) RETURN b.id, length(path) AS hops ORDER BY hops
MATCH (c:Customer {id: $id})-[:BOUGHT]->(:Order)-[:HAS]->(p:Product)<-[:HAS]-(:Order)<-[:BOUGHT]-(o:Customer)-[:BOUGHT]->(:Order)-[:HAS]->(rec:Product) WHERE NOT (c)-[:BOUGHT]->(:Order)-[:HAS]->(rec) RETURN rec.name, count(*) AS score ORDER BY score DESC LIMIT 5
MATCH (o:Order)-[h:HAS]->(p:Product) RETURN o.id AS id, sum(h.quantity * p.price) AS total ORDER BY total DESC LIMIT 20
MATCH (c:Category {name: $name})<-[:PART_OF*0..]-(sub)<-[:IN]-(p:Product) RETURN p.name, p.price ORDER BY p.price
MATCH (e:Employee)-[:REPORTS_TO*]->(boss:Employee {name: $name}) RETURN e.name
MATCH (a:Account {id: $id}) CALL { WITH a MATCH (a)-[t:SENT]->(b:Account) RETURN b, sum(t.amount) AS total } RETURN b.id, total
MATCH (a:Account) CALL (a) { MATCH (a)-[:SENT]->(x) RETURN count(x) AS sent UNION MATCH (a)<-[:SENT]-(x) RETURN count(x) AS sent } RETURN a.id, sum(sent) AS all
MATCH (a:Account)-[t:SENT]->(b:Account) WHERE t.amount > 10000 AND t.time > $since WITH a, b, count(t) AS n, sum(t.amount) AS total WHERE n >= 3 RETURN a.id, b.id, n, total ORDER BY total DESC
MATCH (n:Entity) WHERE n.name IN $names WITH n MATCH (n)-[r]-(o:Entity) RETURN n.name AS source, type(r) AS type, o.name AS target LIMIT 200
MATCH (d:Document)<-[:PART_OF]-(c:Chunk) WHERE d.id = $id RETURN c.text ORDER BY c.position
MATCH (this:User) WHERE this.name = $param0 CALL { WITH this MATCH (this)-[r:WROTE]->(p:Post) WITH p {.title, .id} AS p RETURN collect(p) AS var1 } RETURN this {.name, posts: var1} AS this
CYPHER 5 MATCH (this:Movie) WITH * ORDER BY this.title ASC LIMIT $param0 CALL (this) { MATCH (this)<-[a:ACTED_IN]-(p:Person) WITH DISTINCT p WITH p {.name} AS p RETURN collect(p) AS var2 } RETURN this {.title, actors: var2} AS this
MATCH (n:`Weird Label` {`odd key`: $v}) WHERE n.`odd key` <> 'x' RETURN n.`odd key` AS `strange name`
MATCH (n:Log) WHERE n.at >= datetime($from) AND n.at < datetime($to) RETURN n.at.hour AS hour, count(*) AS n ORDER BY hour
MATCH (s:Sensor)-[:READ]->(r:Reading) WITH s, r ORDER BY r.at DESC WITH s, collect(r)[..10] AS recent RETURN s.id, [r IN recent | r.value] AS values
MATCH (a:Place {name: $name}) MATCH (b:Place) WHERE point.distance(a.at, b.at) < 1000 AND a <> b RETURN b.name
FOREACH (x IN $names | MERGE (:Tag {name: x}))
MATCH (u:User {id: $id}) FOREACH (t IN $tags | MERGE (g:Tag {name: t}) MERGE (u)-[:LIKES]->(g))
MATCH (n:User) RETURN n.name AS name UNION MATCH (n:Company) RETURN n.name AS name
MATCH (n:User) WITH n.city AS city, avg(n.age) AS age, count(*) AS n WHERE n > 10 RETURN city, round(age, 1) AS age ORDER BY n DESC, city
CALL db.labels() YIELD label RETURN label ORDER BY label
MATCH (t:Task {status: 'open'}) WITH t ORDER BY t.priority DESC, t.created LIMIT 1 SET t.status = 'taken', t.by = $worker RETURN t
MATCH (n:User) WHERE n.id = $a OR n.id = $b RETURN n
