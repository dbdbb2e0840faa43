// The driver's build for browsers in a real one: headless Chromium opens a page of this machine, which connects over
// WebSocket, plain and encrypted, and one that claims to be of somebody else, which must not get in.
// BROWSER_TEST=BINARY:FOLDER-WITH-NODE_MODULES:TLS-FOLDER node --test browser_test.mjs
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'

const [binary, modules, tls] = process.env.BROWSER_TEST.split(':')
const data = mkdtempSync(join(tmpdir(), 'packhouse-browser-'))
const driverScript = readFileSync(join(modules, 'node_modules/neo4j-driver/lib/browser/neo4j-web.min.js'))
let server, uri, pages, exited, answered

const page = () => `<!doctype html><title>test</title><script src="/driver.js"></script><script>
(async () => {
  const answers = {}
  for (const scheme of ['bolt', 'bolt+s', 'neo4j+s']) {
    const driver = neo4j.driver('${uri}'.replace('bolt', scheme).replace('127.0.0.1', 'localhost'), undefined, { maxTransactionRetryTime: 0 })
    try {
      const { records } = await driver.executeQuery('UNWIND range(1, $n) AS i RETURN sum(i) AS s, $t AS t', { n: neo4j.int(1000), t: 'å'.repeat(1000) })
      answers[scheme] = records[0].get('s').toString() + records[0].get('t').length
    } catch (e) {
      answers[scheme] = e.code
    }
    await driver.close()
  }
  await fetch('/answers', { method: 'POST', body: JSON.stringify(answers) })
})()</script>`

before(async () => {
  server = spawn(binary, ['serve', '--data', data, '--bolt', '127.0.0.1:0', '--http', 'off', '--log-level', 'warn', '--tls', 'optional',
    '--tls-certificate', join(tls, 'server.pem'), '--tls-key', join(tls, 'server.key')], { stdio: ['ignore', 'pipe', 'inherit'] })
  exited = new Promise(resolve => server.on('exit', resolve))
  uri = await new Promise(resolve => createInterface({ input: server.stdout }).once('line', line => resolve(line.split(' ')[1])))
  pages = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.on('data', part => { body += part }).on('end', () => answered(JSON.parse(body)))
      return response.end()
    }
    const script = request.url === '/driver.js'
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(script ? driverScript : page())
  })
  await new Promise(resolve => pages.listen(0, '127.0.0.1', resolve))
})
after(async () => {
  pages.close()
  server.kill('SIGTERM')
  assert.equal(await exited, 0)
  rmSync(data, { recursive: true, force: true })
})

async function open(host) {
  const profile = mkdtempSync(join(tmpdir(), 'packhouse-chromium-'))
  const answers = new Promise(resolve => { answered = resolve })
  const chromium = spawn('chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--ignore-certificate-errors',
    '--disable-background-networking', `--user-data-dir=${profile}`, '--host-resolver-rules=MAP elsewhere.test 127.0.0.1',
    `http://${host}:${pages.address().port}/`], { stdio: 'ignore' })
  const gone = new Promise(resolve => chromium.on('exit', resolve))
  try {
    return await answers
  } finally {
    chromium.kill('SIGKILL')
    await gone
    // Its helper processes may still be writing.
    rmSync(profile, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 })
  }
}

const expected = '500500' + '1000'
test('a page of this machine', { timeout: 120_000 }, async () => {
  assert.deepEqual(await open('localhost'), { bolt: expected, 'bolt+s': expected, 'neo4j+s': expected })
})
test('a page of somebody else', { timeout: 120_000 }, async () => {
  assert.deepEqual(await open('elsewhere.test'), { bolt: 'ServiceUnavailable', 'bolt+s': 'ServiceUnavailable', 'neo4j+s': 'ServiceUnavailable' })
})
