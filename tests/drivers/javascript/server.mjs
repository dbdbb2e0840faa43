// Starts the real binary on a free port and a folder of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export class Server {
  constructor(...options) {
    this.data = mkdtempSync(join(tmpdir(), 'packhouse-js-'))
    this.options = options
  }

  async start() {
    this.process = spawn(process.env.SERVER_BINARY,
      ['serve', '--data', this.data, '--bolt', '127.0.0.1:0', '--http', 'off', '--log-level', 'warn', ...this.options],
      { stdio: ['ignore', 'pipe', 'inherit'] })
    this.exited = new Promise(resolve => this.process.on('exit', (code, signal) => resolve(code ?? signal)))
    const lines = createInterface({ input: this.process.stdout })
    const line = await new Promise((resolve, reject) => {
      lines.once('line', resolve)
      lines.once('close', () => reject(new Error('the server did not start')))
    })
    this.uri = line.split(' ')[1]
    return this
  }

  async end(signal) {
    this.process.kill(signal)
    return this.exited
  }

  remove() { rmSync(this.data, { recursive: true, force: true }) }
}
