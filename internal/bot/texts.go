package bot

import "tania/internal/tania"

// defaultPersona is the persona of a bot whose bot.yaml has none.
const defaultPersona = "You are warm, brief and honest. Answer in one to three short sentences, in the customer's language. " +
	"Say only what the knowledge says; when it does not say, admit it and offer a human. Never invent prices, dates or promises."

// texts gives the built-in texts in the bot's name, by their place in the bot.
func (b *Bot) texts() map[*Text]Text {
	es, en, pt := b.introduction()
	return map[*Text]Text{
		&b.Greeting: say(
			"¡Hola! "+es+" ¿En qué te puedo ayudar?",
			"Hi! "+en+" How can I help you?",
			"Olá! "+pt+" Em que posso ajudar?"),
		&b.Thanks: say(
			"¡Con gusto! Aquí estoy si necesitas algo más.",
			"You're welcome! I'm here if you need anything else.",
			"De nada! Estou aqui se precisar de mais alguma coisa."),
		&b.Farewell: say(
			"¡Hasta luego! Que tengas un excelente día.",
			"Goodbye! Have a great day.",
			"Até logo! Tenha um ótimo dia."),
		&b.Handoff: say(
			"Te comunico con una persona del equipo. Ya tiene nuestra conversación, así que no tendrás que repetirla.",
			"I'm passing you to a person on our team. They have our conversation, so you won't need to repeat it.",
			"Vou passar você para uma pessoa da equipe. Ela já tem a nossa conversa, então não vai ser preciso repetir."),
		&b.OfferHuman: say(
			"Si prefieres, te comunico con una persona: solo dímelo.",
			"If you'd rather talk to a person, just tell me.",
			"Se preferir falar com uma pessoa, é só me dizer."),
		&b.Apology: say(
			"Perdón, tuve un problema y no pude responderte. Te comunico con una persona del equipo.",
			"Sorry, something went wrong and I couldn't answer you. I'm passing you to a person on our team.",
			"Desculpe, tive um problema e não consegui responder. Vou passar você para uma pessoa da equipe."),
		&b.Late: say(
			"Perdón por la demora: recién ahora pude ver tu mensaje. Te comunico con una persona del equipo.",
			"Sorry for the delay: I could only see your message now. I'm passing you to a person on our team.",
			"Desculpe a demora: só agora consegui ver a sua mensagem. Vou passar você para uma pessoa da equipe."),
		&b.Unknown: say(
			"Eso no lo sé, y prefiero no inventarlo. ¿Quieres que te comunique con una persona del equipo?",
			"I don't know that, and I'd rather not make it up. Shall I connect you with a person on our team?",
			"Isso eu não sei, e prefiro não inventar. Quer que eu chame uma pessoa da equipe?"),
		&b.AskBack: say(
			"¿Te refieres a una de estas? Responde con el número:",
			"Do you mean one of these? Reply with the number:",
			"Você se refere a uma destas? Responda com o número:"),
		&b.PickOne: say(
			"¿Te refieres a una de estas?",
			"Do you mean one of these?",
			"Você se refere a uma destas?"),
		&b.NoneOfThese: say(
			"Ninguna de estas",
			"None of these",
			"Nenhuma destas"),
		&b.RateLimited: say(
			"Recibí tus mensajes. Dame un minuto y te contesto todo junto.",
			"I got your messages. Give me a minute and I'll answer them all together.",
			"Recebi suas mensagens. Me dê um minuto e respondo tudo junto."),
		&b.OutsideHours: say(
			"Gracias por escribir. Ahora estamos fuera de horario. Tu mensaje quedó guardado y el equipo lo verá al volver.",
			"Thanks for writing. We're outside our service hours right now. Your message is saved, and the team will see it when we're back.",
			"Obrigado por escrever. Agora estamos fora do horário de atendimento. Sua mensagem ficou guardada e a equipe vai vê-la quando voltar."),
		&b.Attachment: say(
			"Gracias por el archivo. Todavía no puedo leer imágenes, audios ni documentos: ¿me lo cuentas por escrito?",
			"Thanks for the file. I can't read pictures, audio or documents yet: could you tell me in writing?",
			"Obrigado pelo arquivo. Ainda não consigo ler imagens, áudios nem documentos: pode me contar por escrito?"),
		&b.TooLong: say(
			"Tu mensaje es más largo de lo que puedo leer de una vez. ¿Me lo resumes en unas frases?",
			"Your message is longer than I can read at once. Could you sum it up in a few sentences?",
			"Sua mensagem é mais longa do que consigo ler de uma vez. Pode resumir em algumas frases?"),
		&b.Approval: say(
			"Lo está viendo una persona del equipo. Te aviso por aquí en cuanto haya una respuesta.",
			"A person on our team is looking at this. I'll tell you here as soon as there is an answer.",
			"Uma pessoa da equipe está vendo isso. Aviso você por aqui assim que houver uma resposta."),
	}
}

// introduction says who speaks, and that it is not a human.
func (b *Bot) introduction() (es, en, pt string) {
	if b.Business == "" {
		return "Soy " + b.Name + ", un asistente virtual.", "I'm " + b.Name + ", a virtual assistant.", "Sou " + b.Name + ", assistente virtual."
	}
	return "Soy " + b.Name + ", asistente virtual de " + b.Business + ".",
		"I'm " + b.Name + ", the virtual assistant of " + b.Business + ".",
		"Sou " + b.Name + ", assistente virtual de " + b.Business + "."
}

func say(es, en, pt string) Text {
	return Text{tania.Spanish: es, tania.English: en, tania.Portuguese: pt}
}
