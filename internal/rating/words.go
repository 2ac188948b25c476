package rating

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tania/internal/chatwoot/channels"
	"tania/internal/tania"
)

// quotedLimit is how much of an answer or a question a confirmation quotes, in characters.
const quotedLimit = 120

// Confirmation is the note, in the team's language, that says what became of a rating. rated are the records that it marked; none: it found
// nothing to rate. drafted says that there is a draft of what a human answered to a question that is wanted taught.
func Confirmation(l tania.Language, v tania.Verdict, rated []tania.Record, drafted bool) string {
	w, ok := allWords[l]
	if !ok {
		w = allWords[tania.English]
	}
	if len(rated) == 0 {
		return w.none[v]
	}
	last := rated[len(rated)-1]
	about := last.Reply
	if v == tania.RatedFAQ {
		about = last.Content
	}
	done := fmt.Sprintf(w.done[v], quoted(about))
	switch {
	case v != tania.RatedFAQ:
		return done
	case drafted:
		return done + " " + w.drafted
	}
	return done + " " + w.undrafted
}

// quoted is a text in one line, in a code span. Chatwoot runs no Liquid there: it puts a raw block around it, which a text must
// not end.
func quoted(text string) string {
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "'")
	if utf8.RuneCountInString(text) > quotedLimit {
		text = string([]rune(text)[:quotedLimit-1]) + "…"
	}
	return "`" + channels.Protect(text) + "`"
}

// words are those of the confirmations, in one language.
type words struct {
	done, none map[tania.Verdict]string
	// drafted and undrafted follow on what is done for a question that is wanted taught.
	drafted, undrafted string
}

var allWords = map[tania.Language]words{
	tania.Spanish: {
		done: map[tania.Verdict]string{
			tania.RatedBad:  "Anotado: la respuesta %s fue mala. Está en Preguntas, en el panel.",
			tania.RatedGood: "Anotado: la respuesta %s fue buena.",
			tania.RatedFAQ:  "Anotado: la pregunta %s está en Preguntas, en el panel.",
		},
		drafted:   "Allí hay un borrador con lo que respondió el equipo; no se publica nada hasta que alguien lo revise.",
		undrafted: "No hay un borrador: la respuesta se escribe allí.",
		none: map[tania.Verdict]string{
			tania.RatedBad:  "No hay aquí ninguna respuesta del bot que calificar.",
			tania.RatedGood: "No hay aquí ninguna respuesta del bot que calificar.",
			tania.RatedFAQ:  "No hay aquí ninguna pregunta que se pueda enseñar al bot.",
		},
	},
	tania.English: {
		done: map[tania.Verdict]string{
			tania.RatedBad:  "Noted: the answer %s was bad. It is on the Questions page of the dashboard.",
			tania.RatedGood: "Noted: the answer %s was good.",
			tania.RatedFAQ:  "Noted: the question %s is on the Questions page of the dashboard.",
		},
		drafted:   "There is a draft of what the team answered; nothing is published until somebody has checked it.",
		undrafted: "There is no draft: the answer is written there.",
		none: map[tania.Verdict]string{
			tania.RatedBad:  "There is no answer of the bot here to rate.",
			tania.RatedGood: "There is no answer of the bot here to rate.",
			tania.RatedFAQ:  "There is no question here that the bot could be taught.",
		},
	},
	tania.Portuguese: {
		done: map[tania.Verdict]string{
			tania.RatedBad:  "Anotado: a resposta %s foi ruim. Está em Perguntas, no painel.",
			tania.RatedGood: "Anotado: a resposta %s foi boa.",
			tania.RatedFAQ:  "Anotado: a pergunta %s está em Perguntas, no painel.",
		},
		drafted:   "Lá há um rascunho com o que a equipe respondeu; nada é publicado até que alguém o revise.",
		undrafted: "Não há um rascunho: a resposta é escrita lá.",
		none: map[tania.Verdict]string{
			tania.RatedBad:  "Não há aqui nenhuma resposta do bot para avaliar.",
			tania.RatedGood: "Não há aqui nenhuma resposta do bot para avaliar.",
			tania.RatedFAQ:  "Não há aqui nenhuma pergunta que se possa ensinar ao bot.",
		},
	},
}
