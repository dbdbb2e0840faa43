// The driver's build for browsers, over WebSocket: Node 20 has the browser's WebSocket behind a flag, which `run` sets.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Server } from './server.mjs'

const require = createRequire(import.meta.url)
const folder = process.env.TLS_FOLDER
const server = new Server('--tls', 'optional', '--tls-certificate', join(folder, 'server.pem'), '--tls-key', join(folder, 'server.key'))
let neo4j

before(async () => {
  const web = require('neo4j-driver/lib/browser/neo4j-web.js')
  neo4j = web.driver ? web : web.default ?? globalThis.neo4j
  await server.start()
})
after(async () => {
  assert.equal(await server.end('SIGTERM'), 0)
  server.remove()
})

for (const scheme of ['bolt', 'neo4j', 'bolt+s']) {
  test(`the browser's build over ${scheme}`, { skip: typeof WebSocket === 'undefined' && 'this Node has no WebSocket' }, async () => {
    const driver = neo4j.driver(server.uri.replace('bolt', scheme))
    try {
      const { records } = await driver.executeQuery('UNWIND range(1, 5000) AS i RETURN i, $text AS text', { text: 'å'.repeat(5000) })
      assert.equal(records.length, 5000)
      assert.ok(records.every(r => r.get('text').length === 5000))
      await assert.rejects(driver.executeQuery('RETRUN 1'), { code: 'Neo.ClientError.Statement.SyntaxError' })
      const session = driver.session()
      const counted = await session.executeWrite(tx => tx.run('CREATE (n:Web) RETURN count(n) AS c'))
      assert.equal(counted.records[0].get('c').toInt(), 1)
      await session.close()
    } finally {
      await driver.close()
    }
  })
}
