import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import neo4j from 'neo4j-driver'
import { Server } from './server.mjs'

const password = 'first-password'
const server = new Server('--auth', '--initial-password', password)

before(() => server.start())
after(async () => {
  assert.equal(await server.end('SIGTERM'), 0)
  server.remove()
})

async function as(user, secret, work) {
  const driver = neo4j.driver(server.uri, secret === undefined ? undefined : neo4j.auth.basic(user, secret), { maxTransactionRetryTime: 0 })
  try {
    return await work(driver)
  } finally {
    await driver.close()
  }
}

async function refusal(promise) {
  try {
    await promise
  } catch (error) {
    return error.code
  }
  return 'nothing was refused'
}

test('only the right password logs in', async () => {
  await as('neo4j', password, async driver => {
    assert.ok(await driver.verifyAuthentication())
    assert.equal((await driver.executeQuery('RETURN 1 AS x')).records[0].get('x').toInt(), 1)
    assert.equal(await driver.verifyAuthentication({ auth: neo4j.auth.basic('neo4j', 'wrong') }), false)
  })
  for (const [user, secret] of [['neo4j', 'wrong'], ['nobody', password], ['neo4j', undefined]]) {
    await as(user, secret, async driver =>
      assert.equal(await refusal(driver.executeQuery('RETURN 1')), 'Neo.ClientError.Security.Unauthorized'))
  }
})

test('a password that must be changed', async () => {
  await as('neo4j', password, driver => driver.executeQuery("CREATE USER fresh SET PASSWORD 'fresh-password' CHANGE REQUIRED"))
  await as('fresh', 'fresh-password', async driver => {
    assert.equal(await refusal(driver.executeQuery('RETURN 1')), 'Neo.ClientError.Security.CredentialsExpired')
    await driver.executeQuery("ALTER CURRENT USER SET PASSWORD FROM 'fresh-password' TO 'changed-password'", {}, { database: 'system' })
  })
  await as('fresh', 'changed-password', async driver => assert.ok(await driver.verifyAuthentication()))
})

test('roles, and another user on the same connection', async () => {
  await as('neo4j', password, async driver => {
    await driver.executeQuery("CREATE USER reader1 SET PASSWORD 'reader-password' CHANGE NOT REQUIRED")
    await driver.executeQuery('GRANT ROLE reader TO reader1')
    const auth = neo4j.auth.basic('reader1', 'reader-password')
    for (let i = 0; i < 3; ++i) {  // the pool hands the same connection to both: LOGOFF, LOGON
      const reader = driver.session({ auth })
      assert.equal((await reader.run('SHOW CURRENT USER YIELD user RETURN user')).records[0].get('user'), 'reader1')
      assert.equal(await refusal(reader.run('CREATE (:No)')), 'Neo.ClientError.Security.Forbidden')
      await reader.close()
      const admin = driver.session()
      assert.equal((await admin.run('SHOW CURRENT USER YIELD user RETURN user')).records[0].get('user'), 'neo4j')
      await admin.run('CREATE (:Yes)')
      await admin.close()
    }
  })
})
