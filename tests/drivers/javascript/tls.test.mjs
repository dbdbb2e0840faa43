import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import neo4j from 'neo4j-driver'
import { Server } from './server.mjs'

const folder = process.env.TLS_FOLDER
const server = new Server('--tls', 'required', '--tls-certificate', join(folder, 'server.pem'), '--tls-key', join(folder, 'server.key'))

before(() => server.start())
after(async () => {
  assert.equal(await server.end('SIGTERM'), 0)
  server.remove()
})

for (const scheme of ['bolt+s', 'bolt+ssc', 'neo4j+s', 'neo4j+ssc']) {
  test(`over ${scheme}`, async () => {
    const driver = neo4j.driver(server.uri.replace('bolt', scheme))
    try {
      const { records } = await driver.executeQuery('UNWIND range(1, 5000) AS i RETURN i, $text AS text', { text: 'å'.repeat(5000) })
      assert.equal(records.length, 5000)
      assert.ok(records.every(r => r.get('text').length === 5000))
    } finally {
      await driver.close()
    }
  })
}

test('without TLS where it is required', async () => {
  const driver = neo4j.driver(server.uri, undefined, { maxTransactionRetryTime: 0 })
  try {
    await assert.rejects(driver.getServerInfo(), { code: 'ServiceUnavailable' })
  } finally {
    await driver.close()
  }
})
