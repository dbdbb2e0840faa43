import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import neo4j from 'neo4j-driver'
import { Server } from './server.mjs'

const server = new Server()
let driver

before(async () => {
  await server.start()
  driver = neo4j.driver(server.uri)
})
after(async () => {
  await driver.close()
  assert.equal(await server.end('SIGTERM'), 0)
  server.remove()
})
beforeEach(async () => {
  await driver.executeQuery('MATCH (n) DETACH DELETE n')
  await driver.executeQuery('DROP CONSTRAINT user_id IF EXISTS')
})

const one = async (query, parameters = {}) => {
  const { records } = await driver.executeQuery(query, parameters)
  assert.equal(records.length, 1)
  return records[0]
}

const values = [
  null, true, false, 1.5, -0.25, Infinity, 'text', 'åß漢🎉', '', [1.5, 'two', null, [true]], { a: 1.5, b: { c: ['x'] } },
  neo4j.int(1), neo4j.int('9223372036854775807'), neo4j.int('-9223372036854775808'), new Int8Array([1, -2, 3]),
  new neo4j.types.Date(2024, 2, 29), new neo4j.types.LocalTime(12, 34, 56, 789), new neo4j.types.Time(1, 2, 3, 4, 5400),
  new neo4j.types.LocalDateTime(1969, 12, 31, 23, 59, 59, 1), new neo4j.types.DateTime(2024, 6, 1, 12, 0, 0, 5, 7200),
  new neo4j.types.DateTime(2024, 6, 1, 12, 0, 0, 5, undefined, 'Europe/Paris'), new neo4j.types.Duration(14, 25, 18367, 8),
  new neo4j.types.Point(neo4j.int(7203), 1, 2), new neo4j.types.Point(neo4j.int(4979), 12.5, 55.7, 3)
]

// toString() is what the driver's own types have in common; plain values compare as they are.
const shown = v => v === null || typeof v !== 'object' || Array.isArray(v) || v.constructor === Object ? JSON.stringify(v) : v.toString()

test('every value type, both ways', async () => {
  for (const value of values) {
    const got = (await one('RETURN $x AS x', { x: value })).get('x')
    if (value && typeof value === 'object' && value.timeZoneId) {
      assert.equal(got.timeZoneId, value.timeZoneId)
      assert.equal(got.hour.toString(), value.hour.toString())
    } else {
      assert.equal(shown(got), shown(value))
    }
  }
})

test('values as properties', async () => {
  for (const value of values.filter(v => v !== null && v.constructor !== Object && !Array.isArray(v) && !v.timeZoneId)) {
    await driver.executeQuery('CREATE (:V {p: $x})', { x: value })
    assert.equal(shown((await one('MATCH (n:V) RETURN n.p AS p')).get('p')), shown(value))
    await driver.executeQuery('MATCH (n:V) DELETE n')
  }
})

test('a graph is loaded and read', async () => {
  await driver.executeQuery('CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE')
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ id: neo4j.int(i), name: `user ${i}` }))
  await driver.executeQuery('UNWIND $rows AS r CREATE (:User {id: r.id, name: r.name})', { rows })
  for (let at = 0; at < 120_000; at += 20_000) {
    const edges = Array.from({ length: 20_000 }, (_, i) => ({ a: neo4j.int((at + i) % 10_000), b: neo4j.int(((at + i) * 7919 + 1) % 10_000) }))
    await driver.executeQuery('UNWIND $edges AS e MATCH (a:User {id: e.a}), (b:User {id: e.b}) CREATE (a)-[:KNOWS]->(b)', { edges })
  }
  assert.equal((await one('MATCH ()-[k:KNOWS]->() RETURN count(k) AS c')).get('c').toNumber(), 120_000)
  const seen = await driver.executeQuery('MATCH (:User {id: 17})-[:KNOWS]->(b) RETURN b.id AS id')
  assert.equal(seen.records.length, 12)
})

test('an explicit transaction is rolled back', async () => {
  const session = driver.session()
  const tx = await session.beginTransaction()
  await tx.run('CREATE (:Gone)')
  await tx.rollback()
  assert.equal((await session.run('MATCH (n:Gone) RETURN count(n) AS c')).records[0].get('c').toNumber(), 0)
  await session.close()
})

test('a conflict is retried in a managed transaction', async () => {
  await driver.executeQuery('CREATE (:Account {balance: 0})')
  let arrived = 0
  let open
  const both = new Promise(resolve => { open = resolve })
  const client = async () => {
    const session = driver.session()
    let met = false
    await session.executeWrite(async tx => {
      const balance = (await tx.run('MATCH (a:Account) RETURN a.balance AS b')).records[0].get('b')
      if (!met) {
        met = true
        if (++arrived === 2) open()
        await both
      }
      await tx.run('MATCH (a:Account) SET a.balance = $b', { b: neo4j.int(neo4j.int(balance).toNumber() + 1) })
    })
    await session.close()
  }
  await Promise.all([client(), client()])
  assert.equal((await one('MATCH (a:Account) RETURN a.balance AS b')).get('b').toNumber(), 2)
})

test('a counter raised by 16 clients ends exact', async () => {
  await driver.executeQuery('CREATE (:Counter {n: 0})')
  await Promise.all(Array.from({ length: 16 }, async () => {
    const session = driver.session()
    for (let i = 0; i < 20; i++) await session.run('MATCH (c:Counter) SET c.n = c.n + 1')
    await session.close()
  }))
  assert.equal((await one('MATCH (c:Counter) RETURN c.n AS n')).get('n').toNumber(), 320)
})

test('error codes', async () => {
  for (const [query, code] of [
    ['RETRUN 1', 'Neo.ClientError.Statement.SyntaxError'],
    ['RETURN $missing', 'Neo.ClientError.Statement.ParameterMissing'],
    ['RETURN 1 / 0', 'Neo.ClientError.Statement.ArithmeticError'],
    ['CALL no.such()', 'Neo.ClientError.Procedure.ProcedureNotFound']
  ]) {
    await assert.rejects(driver.executeQuery(query), error => error.code === code)
  }
})

test('a megabyte of bytes', async () => {
  const bytes = Int8Array.from({ length: 1 << 20 }, (_, i) => i * 31)
  assert.deepEqual((await one('RETURN $x AS x', { x: bytes })).get('x'), bytes)
})

test('a million rows are streamed', async () => {
  const session = driver.session({ fetchSize: 5000 })
  let rows = 0
  for await (const record of session.run('UNWIND range(1, 1000000) AS x RETURN x')) rows += record.length
  assert.equal(rows, 1_000_000)
  await session.close()
})

test('a running query is cancelled', async () => {
  const session = driver.session({ fetchSize: 10 })
  const result = session.run('UNWIND range(1, 100000000) AS x RETURN x')
  let rows = 0
  for await (const record of result) {
    rows += record.length
    if (rows === 25) break
  }
  await session.close()
  assert.equal((await one('RETURN 2 AS x')).get('x').toNumber(), 2)
})

test('what was committed is there after a kill', async () => {
  await driver.executeQuery('CREATE (:Kept {v: 1})')
  await driver.close()
  await server.end('SIGKILL')
  await server.start()
  driver = neo4j.driver(server.uri)
  assert.equal((await one('MATCH (k:Kept) RETURN count(k) AS c')).get('c').toNumber(), 1)
})
