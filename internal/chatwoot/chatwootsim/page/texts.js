// The words of the page in its languages, and the sentences its sample buttons send.

const en = {
  demo: "demo", subtitle: "A simulated Chatwoot inbox: write as the customer, work as the agent.",
  panes: "Sides", customer: "Customer", agent: "Agent", inbox: "Inbox", newConversation: "New conversation",
  customerMessages: "Messages the customer sees", typing: "The bot is typing", samples: "Sample messages",
  sampleGreeting: "Greeting", sampleFaq: "A question", sampleBurst: "Three in a row", sampleHuman: "I want a human",
  sampleAttachment: "A photo", customerInput: "Write as the customer", send: "Send",
  conversations: "Conversations", actions: "Status", takeOver: "Take over", giveBack: "Give back to the bot", resolve: "Resolve",
  assignee: "Assignee", team: "Team", labels: "Labels", attributes: "Attributes", agentMessages: "The whole conversation",
  mode: "Kind of message", reply: "Reply", note: "Private note", as: "as", agentInput: "Write to the customer", noteInput: "A note that only the team sees",
  none: "none", bot: "the bot", newCustomer: "New customer", nobodyYet: "No conversation yet. Write the first message as the customer.",
  connected: "Live", disconnected: "Reconnecting…", photo: "Photo", audio: "Voice note", file: "File", deleted: "Deleted",
  privateNote: "Private note", template: "Automatic", phone: "Phone",
  pending: "With the bot", open: "With humans", resolved: "Resolved", snoozed: "Snoozed",
  why: "Why", waitingForWhy: "Tania is working on it…", noWhy: "No record from Tania yet.", whyFailed: "Tania cannot be asked: ",
  route: "Route", sources: "Sources", cache: "Cache", model: "Model", tokens: "tokens", time: "Time", attempt: "Attempt", restarts: "Restarts",
  unchecked: "Not checked", error: "Error", handoff: "Handed over", language: "Language", together: "answered together",
  outcome: { answered: "Answered", not_known: "Did not know", asked_back: "Asked back", handed_over: "Handed over", silent: "Silent", waiting: "Waiting", retrying: "Trying again", failed: "Failed" },
  reason: {
    proceed: "the bot may answer", outgoing: "not from the customer", own_message: "the bot's own message", private: "a private note",
    template: "an automatic message", unsupported_event: "an event it does not handle", empty: "nothing to read", too_long: "too long",
    duplicate: "came twice", rate_limited: "too many messages", inbox_not_allowed: "not one of its inboxes", blocked_contact: "a blocked contact",
    human_active: "a human is writing", human_assigned: "a human has it", not_pending: "not with the bot", outside_hours: "outside service hours",
    snoozed: "snoozed", cannot_reply: "the channel does not allow a reply", deleted: "the message was deleted",
    reaction: "an emoji on a message", auto_reply: "an automatic reply", imported: "imported history", other_bot: "another bot has it",
    opted_out: "the customer opted out", group: "a group", loop: "another machine answers", not_delivered: "the channel did not deliver the reply",
    chatwoot_away: "Chatwoot is away", model_away: "no model is there", approval: "the team has to approve",
  },
  routes: {
    handoff_request: "asks for a human", frustration: "frustration", sensitive_topic: "a sensitive topic", greeting: "greeting", thanks: "thanks",
    farewell: "farewell", faq: "frequent question", cached: "cached answer", model: "knowledge and model", procedure: "a procedure",
  },
  handoffs: { requested: "the customer asked", frustration: "the customer is upset", sensitive_topic: "a sensitive topic", model: "the model decided", failed: "the answer failed", loop: "another machine answers", late: "the message is too old", model_away: "no model was there", not_known: "the bot did not know, twice",
    not_delivered: "not delivered", outside_window: "outside the channel's window", approval: "nobody decided in time", procedure: "a procedure" },
  sample: {
    greeting: "Hi there!", faq: "What are your opening hours?", human: "I want to talk to a human",
    burst: ["Hi", "I have a question", "how much is delivery?"],
  },
};

const es = {
  demo: "demo", subtitle: "Una bandeja de Chatwoot simulada: escribe como cliente, trabaja como agente.",
  panes: "Lados", customer: "Cliente", agent: "Agente", inbox: "Bandeja", newConversation: "Nueva conversación",
  customerMessages: "Mensajes que ve el cliente", typing: "El bot está escribiendo", samples: "Mensajes de ejemplo",
  sampleGreeting: "Un saludo", sampleFaq: "Una pregunta", sampleBurst: "Tres seguidos", sampleHuman: "Quiero un humano",
  sampleAttachment: "Una foto", customerInput: "Escribe como cliente", send: "Enviar",
  conversations: "Conversaciones", actions: "Estado", takeOver: "Tomar", giveBack: "Devolver al bot", resolve: "Resolver",
  assignee: "Asignado a", team: "Equipo", labels: "Etiquetas", attributes: "Atributos", agentMessages: "La conversación completa",
  mode: "Tipo de mensaje", reply: "Responder", note: "Nota privada", as: "como", agentInput: "Escribe al cliente", noteInput: "Una nota que solo ve el equipo",
  none: "nadie", bot: "el bot", newCustomer: "Cliente nuevo", nobodyYet: "Aún no hay conversación. Escribe el primer mensaje como cliente.",
  connected: "En vivo", disconnected: "Reconectando…", photo: "Foto", audio: "Nota de voz", file: "Archivo", deleted: "Borrado",
  privateNote: "Nota privada", template: "Automático", phone: "Teléfono",
  pending: "Con el bot", open: "Con humanos", resolved: "Resuelta", snoozed: "Pospuesta",
  why: "Por qué", waitingForWhy: "Tania está en ello…", noWhy: "Tania aún no tiene registro.", whyFailed: "No se puede preguntar a Tania: ",
  route: "Ruta", sources: "Fuentes", cache: "Caché", model: "Modelo", tokens: "tokens", time: "Tiempo", attempt: "Intento", restarts: "Reinicios",
  unchecked: "Sin comprobar", error: "Error", handoff: "Entregada", language: "Idioma", together: "respondidos juntos",
  outcome: { answered: "Respondido", not_known: "No lo sabía", asked_back: "Preguntó de vuelta", handed_over: "A un humano", silent: "En silencio", waiting: "En espera", retrying: "Reintentando", failed: "Falló" },
  reason: {
    proceed: "el bot puede responder", outgoing: "no es del cliente", own_message: "mensaje del propio bot", private: "una nota privada",
    template: "un mensaje automático", unsupported_event: "un evento que no atiende", empty: "nada que leer", too_long: "demasiado largo",
    duplicate: "llegó dos veces", rate_limited: "demasiados mensajes", inbox_not_allowed: "no es una de sus bandejas", blocked_contact: "contacto bloqueado",
    human_active: "un humano está escribiendo", human_assigned: "la tiene un humano", not_pending: "no está con el bot", outside_hours: "fuera de horario",
    snoozed: "pospuesta", cannot_reply: "el canal no permite responder", deleted: "el mensaje fue borrado",
    reaction: "un emoji sobre un mensaje", auto_reply: "una respuesta automática", imported: "historial importado", other_bot: "otro bot la tiene",
    opted_out: "el cliente pidió la baja", group: "un grupo", loop: "contesta otra máquina", not_delivered: "el canal no entregó la respuesta",
    chatwoot_away: "Chatwoot no responde", model_away: "no hay ningún modelo", approval: "el equipo tiene que aprobar",
  },
  routes: {
    handoff_request: "pide un humano", frustration: "molestia", sensitive_topic: "tema delicado", greeting: "saludo", thanks: "agradecimiento",
    farewell: "despedida", faq: "pregunta frecuente", cached: "respuesta en caché", model: "conocimiento y modelo", procedure: "un procedimiento",
  },
  handoffs: { requested: "lo pidió el cliente", frustration: "el cliente está molesto", sensitive_topic: "tema delicado", model: "lo decidió el modelo", failed: "la respuesta falló", loop: "contesta otra máquina", late: "el mensaje es demasiado viejo", model_away: "no había ningún modelo", not_known: "el bot no supo, dos veces",
    not_delivered: "no se entregó", outside_window: "fuera de la ventana del canal", approval: "nadie decidió a tiempo", procedure: "un procedimiento" },
  sample: {
    greeting: "¡Hola, buenas tardes!", faq: "¿A qué hora abren?", human: "Quiero hablar con una persona",
    burst: ["Hola", "tengo una pregunta", "¿cuánto cuesta el envío?"],
  },
};

const pt = {
  demo: "demo", subtitle: "Uma caixa de entrada simulada do Chatwoot: escreva como cliente, trabalhe como agente.",
  panes: "Lados", customer: "Cliente", agent: "Agente", inbox: "Caixa de entrada", newConversation: "Nova conversa",
  customerMessages: "Mensagens que o cliente vê", typing: "O bot está digitando", samples: "Mensagens de exemplo",
  sampleGreeting: "Uma saudação", sampleFaq: "Uma pergunta", sampleBurst: "Três seguidas", sampleHuman: "Quero um humano",
  sampleAttachment: "Uma foto", customerInput: "Escreva como cliente", send: "Enviar",
  conversations: "Conversas", actions: "Estado", takeOver: "Assumir", giveBack: "Devolver ao bot", resolve: "Resolver",
  assignee: "Responsável", team: "Equipe", labels: "Etiquetas", attributes: "Atributos", agentMessages: "A conversa inteira",
  mode: "Tipo de mensagem", reply: "Responder", note: "Nota privada", as: "como", agentInput: "Escreva ao cliente", noteInput: "Uma nota que só a equipe vê",
  none: "ninguém", bot: "o bot", newCustomer: "Cliente novo", nobodyYet: "Ainda não há conversa. Escreva a primeira mensagem como cliente.",
  connected: "Ao vivo", disconnected: "Reconectando…", photo: "Foto", audio: "Áudio", file: "Arquivo", deleted: "Apagada",
  privateNote: "Nota privada", template: "Automática", phone: "Telefone",
  pending: "Com o bot", open: "Com humanos", resolved: "Resolvida", snoozed: "Adiada",
  why: "Por quê", waitingForWhy: "A Tania está cuidando disso…", noWhy: "A Tania ainda não tem registro.", whyFailed: "Não é possível perguntar à Tania: ",
  route: "Rota", sources: "Fontes", cache: "Cache", model: "Modelo", tokens: "tokens", time: "Tempo", attempt: "Tentativa", restarts: "Recomeços",
  unchecked: "Não verificado", error: "Erro", handoff: "Entregue", language: "Idioma", together: "respondidas juntas",
  outcome: { answered: "Respondida", not_known: "Não sabia", asked_back: "Perguntou de volta", handed_over: "Para um humano", silent: "Em silêncio", waiting: "Em espera", retrying: "Tentando de novo", failed: "Falhou" },
  reason: {
    proceed: "o bot pode responder", outgoing: "não é do cliente", own_message: "mensagem do próprio bot", private: "uma nota privada",
    template: "uma mensagem automática", unsupported_event: "um evento que não atende", empty: "nada para ler", too_long: "longa demais",
    duplicate: "chegou duas vezes", rate_limited: "mensagens demais", inbox_not_allowed: "não é uma de suas caixas", blocked_contact: "contato bloqueado",
    human_active: "um humano está escrevendo", human_assigned: "está com um humano", not_pending: "não está com o bot", outside_hours: "fora do horário",
    snoozed: "adiada", cannot_reply: "o canal não permite responder", deleted: "a mensagem foi apagada",
    reaction: "um emoji numa mensagem", auto_reply: "uma resposta automática", imported: "histórico importado", other_bot: "outro bot está com ela",
    opted_out: "o cliente pediu para sair", group: "um grupo", loop: "outra máquina responde", not_delivered: "o canal não entregou a resposta",
    chatwoot_away: "o Chatwoot não responde", model_away: "não há nenhum modelo", approval: "a equipe precisa aprovar",
  },
  routes: {
    handoff_request: "pede um humano", frustration: "irritação", sensitive_topic: "assunto delicado", greeting: "saudação", thanks: "agradecimento",
    farewell: "despedida", faq: "pergunta frequente", cached: "resposta em cache", model: "conhecimento e modelo", procedure: "um procedimento",
  },
  handoffs: { requested: "o cliente pediu", frustration: "o cliente está irritado", sensitive_topic: "assunto delicado", model: "o modelo decidiu", failed: "a resposta falhou", loop: "outra máquina responde", late: "a mensagem é antiga demais", model_away: "não havia nenhum modelo", not_known: "o bot não soube, duas vezes",
    not_delivered: "não foi entregue", outside_window: "fora da janela do canal", approval: "ninguém decidiu a tempo", procedure: "um procedimento" },
  sample: {
    greeting: "Olá, boa tarde!", faq: "Qual é o horário de funcionamento?", human: "Quero falar com uma pessoa",
    burst: ["Oi", "tenho uma pergunta", "quanto custa a entrega?"],
  },
};

const languages = { en, es, pt };

export const language = (navigator.languages ?? [navigator.language])
  .map((l) => l.slice(0, 2).toLowerCase())
  .find((l) => l in languages) ?? "en";

export const texts = languages[language];

// translate fills the page's fixed words in.
export function translate() {
  document.documentElement.lang = language;
  for (const e of document.querySelectorAll("[data-text]")) e.textContent = texts[e.dataset.text];
  for (const e of document.querySelectorAll("[data-label]")) e.setAttribute("aria-label", texts[e.dataset.label]);
  for (const e of document.querySelectorAll("[data-placeholder]")) e.placeholder = texts[e.dataset.placeholder];
}
