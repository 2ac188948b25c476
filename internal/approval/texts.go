package approval

import "tania/internal/tania"

// words are those of the notes, in one language.
type words struct {
	asks, how, why, named, customer, number           string
	done, failed, refused, doubtful, unmade, rejected string
	withdrawn                                         map[string]string
	way                                               map[tania.RuledBy]string
	answers                                           map[Came]string
}

func wordsIn(l tania.Language) words {
	if w, ok := allWords[l]; ok {
		return w
	}
	return allWords[tania.English]
}

var allWords = map[tania.Language]words{
	tania.Spanish: {
		asks: "Por aprobar, n.º %d:", customer: "cliente", why: "motivo", number: "N.º %d:",
		how:      "Escriba %s o %s en una nota privada, o decida en el panel. Si nadie decide en %s, una persona recibe la conversación.",
		named:    "La petición cambió: nombre el número.",
		done:     "hecho, lo aprobó %s. Resultado: %s",
		failed:   "lo aprobó %s, pero la llamada falló: %s",
		refused:  "lo aprobó %s, pero los límites ya no lo permiten: %s",
		doubtful: "lo aprobó %s, y no se sabe si se hizo: mírelo antes de repetirlo.",
		unmade:   "lo aprobó %s, pero el cliente escribió después y ya no lo quiso así: no se hizo.",
		rejected: "no se hace, lo rechazó %s.",
		withdrawn: map[string]string{
			tania.WithdrawnByCustomer: "retirado: el cliente ya no lo quiere. No se hizo nada.",
			tania.WithdrawnForAnother: "retirado: el cliente quiere otra cosa. No se hizo nada.",
			tania.WithdrawnForHuman:   "retirado: una persona atiende al cliente. No se hizo nada; si hace falta, hágalo usted.",
			tania.WithdrawnAtEnd:      "retirado: el bot ya no tiene la conversación. No se hizo nada.",
		},
		way: map[tania.RuledBy]string{
			tania.RuledByNote: "una nota", tania.RuledByLabel: "una etiqueta", tania.RuledByPage: "el panel", tania.RuledByCommand: "un comando",
		},
		answers: map[Came]string{
			Late: "Ya lo decidió %s: esto no cambia nada.", Nothing: "Aquí no hay nada que espere una aprobación.",
			Unnamed: "La petición cambió. Léala y nombre su número: %s", Other: "Espera otra petición: %s",
			Wordy: "Para aprobar, escriba solo `/approve`, o `/approve` y el número.",
		},
	},
	tania.English: {
		asks: "To approve, no. %d:", customer: "customer", why: "why", number: "No. %d:",
		how:      "Write %s or %s in a private note, or decide on the dashboard. If nobody has decided in %s, a person gets the conversation.",
		named:    "The request has changed: name its number.",
		done:     "done, approved by %s. Result: %s",
		failed:   "approved by %s, but the call failed: %s",
		refused:  "approved by %s, but the limits no longer allow it: %s",
		doubtful: "approved by %s, and nobody knows whether it was done: please look before it is done again.",
		unmade:   "approved by %s, but the customer wrote since and no longer wanted it so: it was not done.",
		rejected: "not done, rejected by %s.",
		withdrawn: map[string]string{
			tania.WithdrawnByCustomer: "withdrawn: the customer does not want it any more. Nothing was done.",
			tania.WithdrawnForAnother: "withdrawn: the customer wants something else. Nothing was done.",
			tania.WithdrawnForHuman:   "withdrawn: a person is with the customer. Nothing was done; do it yourself if it is needed.",
			tania.WithdrawnAtEnd:      "withdrawn: the bot no longer has the conversation. Nothing was done.",
		},
		way: map[tania.RuledBy]string{
			tania.RuledByNote: "a note", tania.RuledByLabel: "a label", tania.RuledByPage: "the dashboard", tania.RuledByCommand: "a command",
		},
		answers: map[Came]string{
			Late: "%s has decided already: this changes nothing.", Nothing: "Nothing waits for approval here.",
			Unnamed: "The request has changed. Read it and name its number: %s", Other: "Another request waits: %s",
			Wordy: "To approve, write `/approve` alone, or `/approve` and the number.",
		},
	},
	tania.Portuguese: {
		asks: "Para aprovar, n.º %d:", customer: "cliente", why: "motivo", number: "N.º %d:",
		how:      "Escreva %s ou %s numa nota privada, ou decida no painel. Se ninguém decidir em %s, uma pessoa recebe a conversa.",
		named:    "O pedido mudou: diga o número.",
		done:     "feito, aprovado por %s. Resultado: %s",
		failed:   "aprovado por %s, mas a chamada falhou: %s",
		refused:  "aprovado por %s, mas os limites já não permitem: %s",
		doubtful: "aprovado por %s, e não se sabe se foi feito: veja antes de repetir.",
		unmade:   "aprovado por %s, mas o cliente escreveu depois e já não quis assim: não foi feito.",
		rejected: "não será feito, rejeitado por %s.",
		withdrawn: map[string]string{
			tania.WithdrawnByCustomer: "retirado: o cliente não quer mais. Nada foi feito.",
			tania.WithdrawnForAnother: "retirado: o cliente quer outra coisa. Nada foi feito.",
			tania.WithdrawnForHuman:   "retirado: uma pessoa atende o cliente. Nada foi feito; se for preciso, faça você.",
			tania.WithdrawnAtEnd:      "retirado: o bot não tem mais a conversa. Nada foi feito.",
		},
		way: map[tania.RuledBy]string{
			tania.RuledByNote: "uma nota", tania.RuledByLabel: "uma etiqueta", tania.RuledByPage: "o painel", tania.RuledByCommand: "um comando",
		},
		answers: map[Came]string{
			Late: "%s já decidiu: isto não muda nada.", Nothing: "Nada espera aprovação aqui.",
			Unnamed: "O pedido mudou. Leia e diga o número: %s", Other: "Espera outro pedido: %s",
			Wordy: "Para aprovar, escreva só `/approve`, ou `/approve` e o número.",
		},
	},
}
