package reading

import (
	"slices"
	"strings"
)

// HasAny reports whether one of some words is in a set.
func HasAny(list []string, of map[string]bool) bool {
	return slices.ContainsFunc(list, func(w string) bool { return of[w] })
}

// WordSet makes a set of the words in lists.
func WordSet(lists ...string) map[string]bool {
	s := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			s[w] = true
		}
	}
	return s
}

// phrases makes a set of phrases that stand between bars.
func phrases(lists ...string) map[string]bool {
	s := map[string]bool{}
	for _, list := range lists {
		for p := range strings.SplitSeq(list, "|") {
			s[strings.Join(strings.Fields(p), " ")] = true
		}
	}
	return s
}

const greetings = `hola|holaa|holas|ola|olaa|hla|holi|wenas|buenass|buenas|buenos dias|buen dia|buenas tardes|buenas noches|muy buenas|
	saludos|que tal|como estan|como estas|como esta|disculpe|disculpa|disculpen|
	perdon|perdone|oye|oiga|oigan|una pregunta|tengo una pregunta|tengo una duda|una duda|una consulta|te hago una consulta|
	les hago una consulta|
	hi|hi there|hello|hello there|hey|hey there|good morning|good afternoon|good evening|excuse me|sorry|quick question|a question|
	i have a question|one question|
	just a question|dear team|dear sir|
	oi|ola|bom dia|boa tarde|boa noite|tudo bem|e ai|desculpe|desculpa|com licenca|uma pergunta|uma duvida|tenho uma duvida|
	tenho uma pergunta|opa`

const favours = `por favor|porfavor|porfa|porfis|please|pls|plz|por gentileza|se possivel|gracias|muchas gracias|mil gracias|de antemano|
	desde ya|thanks|thank you|thanks a lot|
	thank you very much|thanks in advance|thx|in advance|obrigado|obrigada|muito obrigado|muito obrigada|valeu|desde ja|saludos|un saludo|
	amigo|amiga|amigos|
	estimados|estimado|estimada|senor|senora`

// leading phrases come before the question and ask nothing themselves.
var leading = phrases(greetings, favours, `quiero saber|quiero saber si|quisiera saber|quisiera saber si|queria saber|queria saber si|
	me gustaria saber|me gustaria saber si|
	necesito saber|necesito saber si|deseo saber|deseo saber si|quiero preguntar|quisiera preguntar|queria preguntar|quisiera consultar|
	queria consultar|
	quiero preguntar si|quisiera preguntar si|queria preguntar si|quisiera consultar si|queria consultar si|me puedes decir|me puede decir|
	me podrias decir|me podria decir|
	podrias decirme|podria decirme|puedes decirme|puede decirme|me pueden decir|me podrian decir|me puedes decir si|me puede decir si|
	podrias decirme si|podria decirme si|
	me dicen|me dices|dime|digame|diganme|me gustaria preguntar|para saber|para saber si|
	i want to know|i want to know if|i would like to know|i would like to know if|i need to know|i need to know if|can you tell me|
	can you tell me if|could you tell me|
	could you tell me if|could you please tell me|can you please tell me|please tell me|tell me|i was wondering|i was wondering if|
	i am wondering|i am wondering if|
	do you know|do you know if|may i know|may i ask|can i ask|
	quero saber|quero saber se|queria saber|queria saber se|gostaria de saber|gostaria de saber se|preciso saber|preciso saber se|
	voce pode me dizer|
	voces podem me dizer|pode me dizer|podem me dizer|poderia me dizer|me diz|me diga|me fala`)

var trailing = phrases(favours, `hola|hello|hi|bye|adios|chau|tchau|un favor|a favor|if you can|if possible`)

var longestCourtesy = func() (n int) {
	for _, s := range []map[string]bool{leading, trailing} {
		for p := range s {
			n = max(n, strings.Count(p, " ")+1)
		}
	}
	return n
}()

// FunctionWords say how something is asked.
var FunctionWords = WordSet(
	`el la los las un una unos unas lo al del de a en y e o u que con por para se su sus mi mis me nos te le les ti tu tus yo ella ellos
	ellas usted ustedes
	es son soy eres esta estan estoy estamos estaba ser estar sea si ya muy mas pero como porque cual cuales esto este estos estas esa ese
	eso esos esas hay haya ha han he
	tengo tiene tienen tenes tienes tener tuve hago hace hacen hacer haces hice puedo puede pueden puedes podes podria podrian podemos
	poder quiero quisiera queria quieren
	necesito saber ver ir voy va van vamos tambien solo algun alguna alguno algunos algunas algo mi favor deseo gustaria debo seria cuanto
	cuanta cuantos cuantas
	donde quien quienes cuando aqui ahi alla qual hacia q k xq pq`,
	`the an of in on at to for from by with and or but if is are am was were be been being do does did done doing have has had having i you
	he she it we they my mine
	your yours our ours us his her its their them this that these those there here what which who whom can could would should will shall
	may might must how when why
	where any some all as so than then too very just also about into over want need like know tell let get got im`,
	`os um uma uns umas do da dos das no na nos nas ao aos pelo pela pelos pelas em ou com por pra pro seu sua seus suas meu minha meus
	minhas eu voce voces vc vcs ele eles
	elas isso isto aquele sao sou foi era estou estao sim ja muito mas quando quais tem tenho temos ter faz fazem fazer faco posso pode
	podem poder poderia quero queria
	gostaria preciso onde quem quanto quanta quantos quantas`)

// Asking words tell what is wanted to be known; two questions with other ones ask something else.
var Asking = func() map[string]string {
	m := map[string]string{}
	for sense, list := range map[string]string{
		"where": "donde adonde where onde aonde", "when": "cuando when quando", "who": "quien quienes who whom quem", "why": "porque why xq pq",
		"many": "cuanto cuanta cuantos cuantas quanto quanta quantos quantas many much", "how": "como how",
		"which": "cual cuales which qual quais",
	} {
		for _, w := range strings.Fields(list) {
			m[w] = sense
		}
	}
	return m
}()

// Addresses are for whom a message is.
var Addresses = WordSet(`bot sir madam maam mister pal friend friends buddy dude man guy guys mate team robot assistant dear bro bra
	amigo amiga amigos senor senora senorita
	companero companera colega colegas estimado estimada equipo asistente assistente senhor senhora moco moca tengas tenga tengan deseo dia
	dias`)

// writtenOut are the contractions without an apostrophe that the cache writes out, with the words that package language has for them. With
// all that language knows ("w", "n", "ta" among them) other questions seem to be the same: of those of the test, one more of those without
// repeats got a wrong hit.
var writtenOut = WordSet(`dont doesnt didnt isnt arent wasnt werent cant cannot couldnt wont wouldnt shouldnt havent hasnt hadnt im ive whats
	hows wheres q k xq pq tmb u ur pls plz vc vcs pra`)
