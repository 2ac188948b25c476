package shareable

import (
	"strings"
	"unicode"

	"tania/internal/cache/reading"
)

var (
	// tasks are what is told to somebody who answers; said at the head of a clause they shape the answer.
	tasks = reading.WordSet(
		`answer reply respond say write act pretend ignore forget disregard remember repeat translate imagine assume suppose rhyme roleplay`,
		`responde respondeme responda respondan respondas responder respondelo respondame contesta contestame conteste contesten contestes contestar di diles dile diras digas digan diga decir escribe escriba escribas escribir
		actua actue actues actuar finge finja fingir ignora ignore ignores ignorar olvida olvidate olvidese olvides recuerda recuerde recuerdes repite repita repitas repetir traduce traduzca traducir imagina imagine imaginate
		supon suponga supongamos rima comportate comportese`,
		`responda respondam diz diga digam dizer escreva escrever aja agir finja ignore ignora esqueca esquece lembre repita repetir traduza traduzir imagine suponha suponhamos rime comporte`)
	// slackTasks shape an answer where they are the first word of a clause, and are asked about elsewhere.
	slackTasks = reading.WordSet(`speak talk use be keep start begin end stop avoid add behave se sea usa utiliza evita termina empieza agrega seja fale use termine comece evite mantenha`)
	// mannerly words follow a slack order.
	mannerly = reading.WordSet(`brief short concise polite funny kind friendly rude honest creative only always never like as in with every each your breve bem muy mas siempre solo solamente en como con cada tus tu
		sempre somente apenas em com suas sua conciso amable gracioso honesto educado engracado gentil emojis`)
	// urging words stand before an order and change nothing about it.
	urging = reading.WordSet(`please pls plz por favor porfavor porfa and y e but pero mas porem then entonces entao also tambien tambem now ahora agora just only solo solamente so apenas always siempre sempre never nunca jamas
		no not nao dont must should you debes debe deberas tienes que tem de deve ok okay bueno bien hey oye hola hello hi oi ola bot robot assistant asistente assistente chatbot amigo gracias thanks first primero primeiro
		quiero quisiera necesito quero preciso i want need like you to can could will puedes podes podrias puede podria pode poderia me te nos`)
	// answering is what an answer is called where its manner follows.
	answering = reading.WordSet(`answer reply respond answering replying responding responde responda respondas respondan responder respondeme contesta conteste contestes contestar contestame`)
	manners   = reading.WordSet(`in with only always like as that using yes no en con solo solamente siempre como que si usando em com somente apenas sempre sim nao`)

	standing = book(`from now on|from here on|from this point|from this moment on|from today on|in all your answers|in every answer|whenever someone asks|whenever somebody asks|whenever anyone asks|whenever anybody asks|
		when someone asks|when somebody asks|when anyone asks|if someone asks|if somebody asks|if anyone asks|if anybody asks|if they ask|when they ask|everyone who asks|anyone who asks|everybody who asks|anybody who asks|
		tell everyone|tell everybody|tell all|tell anyone|tell the next|tell people|tell other|tell others|tell customers|tell every|to the next customer|
		de ahora en adelante|de ahora en mas|desde ahora|a partir de ahora|a partir de este momento|de hoy en adelante|en todas tus respuestas|cuando alguien pregunte|cuando alguien te pregunte|cuando alguien mas pregunte|
		si alguien pregunta|si alguien te pregunta|si te preguntan|cuando te pregunten|cuando pregunten|cuando te pregunte|a todo el que pregunte|a todos los que pregunten|al que pregunte|al siguiente cliente|al proximo cliente|
		de agora em diante|daqui em diante|daqui para frente|daqui pra frente|a partir de agora|a partir deste momento|de hoje em diante|em todas as suas respostas|quando alguem perguntar|quando alguem te perguntar|se alguem perguntar|
		quando perguntarem|se perguntarem|a todos que perguntarem|para quem perguntar|a quem perguntar|ao proximo cliente`)
	styles = book(`in rhyme|in rhymes|in verse|in verses|in caps|all caps|capital letters|in uppercase|in lowercase|in 1 word|in one word|in one sentence|in 1 sentence|1 word answer|one word answer|as a poem|as a haiku|as a song|
		as a joke|as a rap|in pirate|like a pirate|as a pirate|as if you were|as though you|you are now|in the style|in the voice|in the tone|with emojis|without emojis|
		en rima|en rimas|en verso|en versos|rimando|en mayusculas|en minusculas|en 1 palabra|en una palabra|en una frase|en 1 frase|como poema|como un poema|como pirata|como un pirata|como si fueras|como si fuera un|haz de cuenta|
		hace de cuenta|ahora eres|eres ahora|al estilo de|en tono|con emojis|sin emojis|se breve|
		em rima|em rimas|em verso|em versos|em maiusculas|em 1 palavra|em uma palavra|em uma frase|em 1 frase|numa palavra|numa frase|como pirata|como se fosse um|como se voce fosse|faz de conta|faca de conta|agora voce e|
		voce agora e|no estilo de|em tom de|com emojis|sem emojis|seja breve`)
	tampering = book(`previous instructions|prior instructions|above instructions|earlier instructions|your instructions|system prompt|your prompt|developer mode|
		instrucciones anteriores|tus instrucciones|tus indicaciones|tu prompt|modo desarrollador|
		instrucoes anteriores|suas instrucoes|tuas instrucoes|seu prompt|modo desenvolvedor`)
	// saying verbs put words into the bot's mouth where "that" and a claim follow them.
	saying = reading.WordSet(`tell confirm promise admit acknowledge agree dime digame diganme dinos confirma confirme confirmame confirmeme confirmen promete prometa prometeme admite admita reconoce asegura asegurame asegureme
		diga diz diga-me prometa reconheca garanta garante`)
	asserted = reading.WordSet(`es son esta estan no si el la los las todo todos hay tengo puedo puedes me mi mis tu sera tendre e sao nao sim o a os as tudo ha tenho posso meu minha esta sera`)
	// wishing words make what follows the customer's own doing, unless somebody else is to do it.
	wishing = reading.WordSet(`i quiero quisiera necesito quero preciso`)
)

// instructs reports whether a message, given folded too, tells the bot how or what to answer: "always say it is free", "answer in rhyme".
func instructs(text, folded string) bool {
	accents := accented(text)
	for clause := range strings.FieldsFuncSeq(folded, endsClause) {
		m := spoken{rest: reading.Canonical(reading.Tokenise(clause)), accented: accents}
		if m.says(standing) || m.says(styles) || m.says(tampering) || m.ordered() || m.mannered() || m.putsWords() {
			return true
		}
	}
	return false
}

// endsClause reports whether a rune stands between two clauses. A quotation is a clause of its own.
func endsClause(r rune) bool {
	return strings.ContainsRune(".,;:!?¡¿()[]{}\"«»“”\n\r\t…—–|/", r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// ordered reports whether a clause begins with an order, behind words that only urge.
func (m *spoken) ordered() bool {
	i := 0
	for urging[m.at(i)] || m.at(i) == "do" && m.at(i+1) == "not" {
		i++
	}
	before, w := m.rest[:i], m.at(i)
	switch {
	case tellings[w] && (asks[m.at(i+1)] && m.at(i+1) != "que" || small[m.at(i+1)] || m.accented[m.at(i+1)]):
		return false // "di cómo funciona", "say something funny"
	case slackTasks[w]:
		return (i == 0 || !reading.HasAny(before, urgingSomebody)) && mannerly[m.at(i+1)]
	case reading.HasAny(before, wishing) && !reading.HasAny(before, someoneElse):
		return false // "I do not remember my password", "quiero escribir una reseña"
	case reading.HasAny(before, recipient) || recipient[m.at(i+1)]:
		return tasks[w] && !tellings[w] // "me puede decir", "me diga"
	}
	return tasks[w]
}

var (
	urgingSomebody = reading.WordSet(`i you to can could will would puedes podes podrias puede podria pode poderia quiero quisiera necesito quero preciso`)
	someoneElse    = reading.WordSet(`you que`)
	small          = reading.WordSet(`a an something anything more trivia my un una otro otra algo mas uma outro outra mais o el porque`)
	tellings       = reading.WordSet(`say decir diga digan digas dizer diz di answer respond responder contestar conteste contesta contesten responda`)
)

// mannered reports whether a clause has the manner of an answer: "reply only yes", "contesta en inglés".
func (m *spoken) mannered() bool {
	for i, w := range m.rest {
		if answering[w] && (manners[m.at(i+1)] || recipient[m.at(i+1)] && manners[m.at(i+2)]) {
			return true
		}
	}
	return false
}

// putsWords reports whether a clause begins with what the bot is to confirm: "tell me that it is free", "confirma que no se cobra".
func (m *spoken) putsWords() bool {
	i := 0
	for urging[m.at(i)] {
		i++
	}
	if !saying[m.at(i)] {
		return false
	}
	i++
	for recipient[m.at(i)] {
		i++
	}
	return m.at(i) == "that" && m.at(i+1) != "" || m.at(i) == "que" && asserted[m.at(i+1)] && m.at(i+2) != ""
}
