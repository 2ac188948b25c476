package handoff

import "tania/internal/tania"

// words are those of the note, in one language.
type words struct {
	title, reason, contact, language, summary, unsaid, lastAnswer, restsOn, messages, procedure string
	customer, bot, human                                                                        string
	reasons                                                                                     map[tania.HandoffReason]string
	languages                                                                                   map[tania.Language]string
}

// wordsIn gives the words in a language, English where there are none.
func wordsIn(l tania.Language) words {
	if w, ok := allWords[l]; ok {
		return w
	}
	return allWords[tania.English]
}

func (w words) languageName(l tania.Language) string {
	if name := w.languages[l]; name != "" {
		return name
	}
	return oneLine(string(l))
}

// author names who wrote an entry.
func (w words) author(e tania.Entry) string {
	role := map[tania.Author]string{tania.FromCustomer: w.customer, tania.FromBot: w.bot, tania.FromHuman: w.human}[e.From]
	if name := oneLine(e.Name); name != "" {
		return "**" + role + "** (" + name + ")"
	}
	return "**" + role + "**"
}

var allWords = map[tania.Language]words{
	tania.Spanish: {
		title: "El bot pasa esta conversación a una persona", reason: "Motivo", contact: "Contacto", language: "Idioma",
		summary: "Resumen (lo escribió el modelo)", unsaid: "Lo que el bot quiso decir y el cliente no leyó",
		lastAnswer: "Lo último que respondió el bot",
		restsOn:    "Se apoya en", messages: "Últimos mensajes", procedure: "Procedimiento",
		customer: "Cliente", bot: "Bot", human: "Agente",
		reasons: map[tania.HandoffReason]string{
			tania.HandoffRequested:     "el cliente pidió hablar con una persona",
			tania.HandoffFrustration:   "el cliente está molesto",
			tania.HandoffSensitive:     "es un tema que debe atender una persona",
			tania.HandoffModel:         "el asistente no puede resolverlo",
			tania.HandoffFailed:        "el bot falló y no pudo responder",
			tania.HandoffLoop:          "contesta otra máquina una y otra vez; el bot dejó de responder y al otro lado no se le dijo nada",
			tania.HandoffLate:          "el cliente escribió hace demasiado tiempo para contestarle como si nada",
			tania.HandoffModelAway:     "ningún modelo de lenguaje responde",
			tania.HandoffNotKnown:      "el bot no supo responder más de una vez",
			tania.HandoffProcedure:     "el procedimiento sigue con una persona",
			tania.HandoffPaused:        "alguien del equipo pausó el bot; al cliente no se le dijo nada",
			tania.HandoffNotDelivered:  "el canal no entregó la respuesta del bot; el cliente no la leyó",
			tania.HandoffOutsideWindow: "el cliente escribió hace demasiado tiempo: el canal ya no acepta mensajes del bot, y al cliente no se le dijo nada",
			tania.HandoffApproval:      "nadie del equipo decidió a tiempo sobre lo que quiere el cliente; no se hizo",
		},
		languages: map[tania.Language]string{tania.Spanish: "español", tania.English: "inglés", tania.Portuguese: "portugués"},
	},
	tania.English: {
		title: "The bot hands this conversation to a human", reason: "Reason", contact: "Contact", language: "Language",
		summary: "Summary (written by the model)", unsaid: "What the bot had to say and the customer did not read",
		lastAnswer: "The bot's last answer",
		restsOn:    "It rests on", messages: "Last messages", procedure: "Procedure",
		customer: "Customer", bot: "Bot", human: "Agent",
		reasons: map[tania.HandoffReason]string{
			tania.HandoffRequested:     "the customer asked for a human",
			tania.HandoffFrustration:   "the customer is upset",
			tania.HandoffSensitive:     "a topic that a human must deal with",
			tania.HandoffModel:         "the assistant cannot solve it",
			tania.HandoffFailed:        "the bot failed and could not answer",
			tania.HandoffLoop:          "another machine answers again and again; the bot fell silent, and the other side was told nothing",
			tania.HandoffLate:          "the customer wrote too long ago to be answered as if nothing had happened",
			tania.HandoffModelAway:     "no language model answers",
			tania.HandoffNotKnown:      "the bot did not know the answer more than once",
			tania.HandoffProcedure:     "the procedure goes on with a human",
			tania.HandoffPaused:        "somebody of the team paused the bot; the customer was told nothing",
			tania.HandoffNotDelivered:  "the channel did not deliver the bot's reply; the customer has not read it",
			tania.HandoffOutsideWindow: "the customer wrote too long ago: the channel takes no messages of the bot any more, and the customer was told nothing",
			tania.HandoffApproval:      "nobody of the team decided in time on what the customer wants; it was not done",
		},
		languages: map[tania.Language]string{tania.Spanish: "Spanish", tania.English: "English", tania.Portuguese: "Portuguese"},
	},
	tania.Portuguese: {
		title: "O bot passa esta conversa para uma pessoa", reason: "Motivo", contact: "Contato", language: "Idioma",
		summary: "Resumo (escrito pelo modelo)", unsaid: "O que o bot quis dizer e o cliente não leu", lastAnswer: "A última resposta do bot",
		restsOn: "Baseia-se em", messages: "Últimas mensagens", procedure: "Procedimento",
		customer: "Cliente", bot: "Bot", human: "Atendente",
		reasons: map[tania.HandoffReason]string{
			tania.HandoffRequested:     "o cliente pediu para falar com uma pessoa",
			tania.HandoffFrustration:   "o cliente está irritado",
			tania.HandoffSensitive:     "é um assunto que uma pessoa deve tratar",
			tania.HandoffModel:         "o assistente não consegue resolver",
			tania.HandoffFailed:        "o bot falhou e não conseguiu responder",
			tania.HandoffLoop:          "outra máquina responde sem parar; o bot parou de responder e nada foi dito ao outro lado",
			tania.HandoffLate:          "o cliente escreveu há tempo demais para ser respondido como se nada fosse",
			tania.HandoffModelAway:     "nenhum modelo de linguagem responde",
			tania.HandoffNotKnown:      "o bot não soube responder mais de uma vez",
			tania.HandoffProcedure:     "o procedimento continua com uma pessoa",
			tania.HandoffPaused:        "alguém da equipe pausou o bot; nada foi dito ao cliente",
			tania.HandoffNotDelivered:  "o canal não entregou a resposta do bot; o cliente não a leu",
			tania.HandoffOutsideWindow: "o cliente escreveu há tempo demais: o canal já não aceita mensagens do bot, e nada foi dito ao cliente",
			tania.HandoffApproval:      "ninguém da equipe decidiu a tempo sobre o que o cliente quer; não foi feito",
		},
		languages: map[tania.Language]string{tania.Spanish: "espanhol", tania.English: "inglês", tania.Portuguese: "português"},
	},
}
