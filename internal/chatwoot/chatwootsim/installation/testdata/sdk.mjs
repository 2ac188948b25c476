// Uses the simulator at BASE as @figuro/chatwoot-sdk's users do, and prints what came of it as JSON.
import { createRequire } from 'node:module'

const require = createRequire(process.cwd() + '/')
const { default: Client } = require('@figuro/chatwoot-sdk')

const { BASE, TOKEN, ACCOUNT, INBOX, IDENTIFIER, AGENT } = process.env
const config = { basePath: BASE, with_credentials: true, credentials: 'include', token: TOKEN }
const client = new Client({ config })
const accountId = Number(ACCOUNT)
const out = {}

const inboxes = await client.inboxes.list({ accountId })
out.inboxes = inboxes.payload.map(i => i.id)
out.inbox = (await client.inboxes.get({ accountId, id: Number(INBOX) })).name

const made = await client.contacts.create({
  accountId,
  data: { inbox_id: Number(INBOX), name: 'Ana Pérez', email: 'ana@example.com', phone_number: '+5215512345678', custom_attributes: { plan: 'gold' } }
})
const contact = made.payload.contact
out.source = made.payload.contact_inbox.source_id
out.found = (await client.contacts.search({ accountId, q: 'pérez' })).payload.map(c => c.id)
out.listed = (await client.contacts.list({ accountId })).payload.map(c => c.id)
out.contact = contact.id
await client.contacts.update({ accountId, id: contact.id, data: { name: 'Ana María Pérez' } })
out.renamed = (await client.contacts.get({ accountId, id: contact.id })).payload.name

const conversation = await client.conversations.create({
  accountId, data: { source_id: out.source, inbox_id: Number(INBOX), contact_id: contact.id, status: 'open' }
})
const conversationId = conversation.id
out.conversation = conversationId
const message = await client.messages.create({
  accountId,
  conversationId,
  data: {
    content: 'Hola, ¿en qué puedo ayudarle?',
    message_type: 'outgoing',
    private: false,
    content_attributes: { order: { id: 7 } },
    attachments: [{ content: Buffer.from('factura').toString('base64'), encoding: 'base64', filename: 'factura.pdf' }]
  }
})
out.message = message
out.history = (await client.messages.list({ accountId, conversationId })).payload.map(m => m.content)
out.open = (await client.conversations.list({ accountId, status: 'open', inboxId: Number(INBOX) })).data.payload.map(c => c.id)

out.assignee = (await client.conversationAssignment.assign({ accountId, conversationId, data: { assignee_id: Number(AGENT) } })).id
out.labels = (await client.conversationLabels.add({ accountId, conversationId, data: { labels: ['vip', 'factura'] } })).payload
out.mine = (await client.conversations.list({ accountId, assigneeType: 'assigned', labels: ['vip'] })).data.meta
out.filtered = (await client.conversations.filter({
  accountId,
  page: 1,
  payload: [
    { attribute_key: 'status', filter_operator: 'equal_to', values: ['open'], query_operator: 'AND' },
    { attribute_key: 'labels', filter_operator: 'equal_to', values: ['factura'], query_operator: null }
  ]
})).payload.map(c => c.id)
out.resolved = (await client.conversations.toggleStatus({ accountId, conversationId, data: { status: 'resolved' } })).payload.current_status

// The public API, as a contact's own program.
const visitor = await client.client.contacts.create({ inboxIdentifier: IDENTIFIER, data: { name: 'Luis', identifier: 'luis-1' } })
const at = { inboxIdentifier: IDENTIFIER, contactIdentifier: visitor.source_id }
const theirs = await client.client.conversations.create(at)
await client.client.messages.create({ ...at, conversationId: theirs.id, data: { content: '¿Abren hoy?' } })
out.visitor = { id: theirs.id, said: (await client.client.messages.list({ ...at, conversationId: theirs.id })).map(m => m.content) }
out.visits = (await client.client.conversations.list(at)).map(c => c.id)

console.log('done ' + JSON.stringify(out))
