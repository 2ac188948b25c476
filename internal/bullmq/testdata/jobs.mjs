// Writes jobs as the Node version does, with BullMQ itself, into the Redis at REDIS_PORT. Standard input is a list of {state, data, priority}.
// It says "written" when every job is in its state, and then keeps the active ones until it is killed.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(process.cwd() + '/')
const IORedis = require('ioredis')
const { Queue, Worker } = require('bullmq')

const connection = new IORedis({ host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null })
const [name, dead] = ['tania-messages', 'tania-dlq']
const queue = new Queue(name, { connection })
const dlq = new Queue(dead, { connection })
const jobs = JSON.parse(readFileSync(0))
const of = (...states) => jobs.filter(j => states.includes(j.state))
const add = (job, opts) => queue.add('process-message', job.data, { attempts: 3, backoff: { type: 'exponential', delay: 1000 }, ...opts })

// What fails for good, and what goes on to the dead letters as the Node version's worker does it.
const failing = of('failed', 'dead')
if (failing.length > 0) {
  let ended = 0
  await new Promise((resolve, reject) => {
    const worker = new Worker(name, async job => { throw new Error('OpenAI 500') }, { connection })
    worker.on('failed', async job => {
      try {
        const { state } = jobs.find(j => JSON.stringify(j.data) === JSON.stringify(job.data))
        if (state === 'dead') {
          await dlq.add('dead', { originalJobId: job.id, originalJob: job.data, error: job.failedReason, failedAt: new Date().toISOString() })
        }
        if (++ended === failing.length) worker.close().then(resolve, reject)
      } catch (e) { reject(e) }
    })
    Promise.all(failing.map(job => add(job, { attempts: 1 }))).catch(reject)
  })
}

// What a worker has when it dies. It takes no more than these.
const active = of('active')
if (active.length > 0) {
  let begun = 0
  await new Promise((resolve, reject) => {
    const worker = new Worker(name, () => {
      if (++begun === active.length) resolve()
      return new Promise(() => {})
    }, { connection, concurrency: active.length, lockDuration: 1000 })
    worker.on('error', reject)
    Promise.all(active.map(job => add(job, {}))).catch(reject)
  })
}

for (const job of of('wait')) await add(job, {})
for (const job of of('prioritized')) await add(job, { priority: job.priority })
for (const job of of('delayed')) await add(job, { delay: 3600000 })
console.log('written')
setInterval(() => {}, 1000)
