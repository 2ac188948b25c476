// serve: an Express that puts every webhook into a BullMQ queue. pickup N: produces a job every five milliseconds, for a worker that is
// another process (work N 1). fill N: jobs for work N CONCURRENCY to drain. Redis is at REDIS_PORT.
'use strict'
const express = require('express')
const IORedis = require('ioredis')
const { Queue, Worker } = require('bullmq')

const connection = new IORedis({ host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null })
const name = 'tania-messages'
const now = () => performance.timeOrigin + performance.now()
const [mode, count, concurrency] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]

async function serve () {
  const queue = new Queue(name, { connection })
  const app = express()
  app.disable('x-powered-by')
  app.use(express.json({ limit: '1mb' }))
  app.get('/readyz', (_, res) => res.end())
  app.post('/chatwoot/webhook', async (req, res) => {
    const m = req.body
    await queue.add('message', {
      accountId: m.account.id, conversationId: m.conversation.id, messageId: m.id, content: m.content, contact: m.sender
    }, { jobId: 'message-' + m.id, attempts: 3, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: 1000 })
    res.json({ ok: true, status: 'queued' })
  })
  app.listen(Number(process.env.PORT), '127.0.0.1')
}

async function pickup () {
  const queue = new Queue(name, { connection })
  for (let i = 0; i < count; i++) {
    await queue.add('message', { at: now() })
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  process.exit(0)
}

async function fill () {
  const queue = new Queue(name, { connection })
  for (let i = 0; i < count; i += 1000) {
    await queue.addBulk(Array.from({ length: 1000 }, () => ({ name: 'message', data: { content: 'hola' } })))
  }
  process.exit(0)
}

function work () {
  const latencies = []
  let done = 0
  let began = 0
  const worker = new Worker(name, async job => {
    if (began === 0) began = now()
    if (job.data.at) latencies.push(Math.round((now() - job.data.at) * 1000))
  }, { connection, concurrency, autorun: true })
  worker.on('completed', () => {
    if (++done < count) return
    console.log(JSON.stringify({ latencies_us: latencies, per_second: count / (now() - began) * 1000 }))
    process.exit(0)
  })
  worker.waitUntilReady().then(() => console.log('ready'))
}

({ serve, pickup, fill, work })[mode]()
