package language

import "testing"

func TestUnfinished(t *testing.T) {
	for _, text := range []string{
		"hola, quiero saber si", "tengo una pregunta", "Una consulta", "buenas,", "mi pedido es el", "I have a question",
		"I wanted to ask about my",
		"Quick question", "tenho uma dúvida", "queria saber o preço do", "les cuento…", "mira...", "estos son:", "no quiero",
	} {
		if !Read(text).Unfinished() {
			t.Errorf("%q is finished", text)
		}
	}
	for _, text := range []string{
		"", "👍", "¿tienen pastel de tres leches?", "cuánto cuesta el envío", "I have a question about my order 1042", "do you deliver on sundays",
		"tengo una duda sobre el envío a Puebla", "vocês abrem no domingo", "gracias", "no", "sí", "where do you ship to",
		"cuánto es", "¿qué?", "quiero cancelar mi pedido", "1042", "what is it for?",
	} {
		if Read(text).Unfinished() {
			t.Errorf("%q is not finished", text)
		}
	}
}
