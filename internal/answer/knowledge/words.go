package knowledge

import "strings"

// stopwords carry no meaning for a search: function words, politeness, and what people write around a question.
var stopwords = set(spanishWords, englishWords, portugueseWords, `
	hola buenas buenos buen bom boa hello hi hey oi ola bot asistente assistant assistente`)

const spanishWords = `
	el la los las un una unos unas lo al del de a en y e o que con por para se su sus mi mis me nos te le les ti tu tus
	yo ella ello ellos ellas usted ustedes vos nosotros es son soy eres esta estan estoy estamos estaba ser estar sea fue era
	si ya muy mas pero como porque cuando cual cuales esto este estos estas esa ese eso esos aquel hay haya ha han he
	tengo tiene tienen tenes tienes tener tuve hago hace hacen hacer haces hice puedo puede pueden podes podria podrian podemos poder
	quiero quisiera queria quieren necesito necesita saber sabes conocer decir dime dinos decirme digan dicen dices dar dan das ver
	ir voy va van vamos favor gracias disculpa disculpe disculpen perdon oye oigan mira tambien solo algun alguna alguno
	algunos algunas algo todo todos toda todas otro otra otros otras sobre hasta sin desde entre dia noches tardes dias tarde manana
	pues entonces asi aqui ahi alli ahora hoy gustaria encantaria pregunta duda consulta consultar consultaba info informacion
	ayuda ayudar ayudame ayudan ayudas posible forma manera modo tipo cosa cosas parte caso vez mucha muchas mucho muchos seria debo
	deberia tengan sirve pasa pasaria
	hubiera haria ustds estimados saludos amigo amiga amigos pasan pasar paso llevar llevo manejan cuentan cuenta cuentas existe existen
	tenga hola dejan permiten permite hacerlo hacerla hacerle hacerme hacemos hagan harian`

const englishWords = `
	the an a of in on at to for from by with and or but if is are am was were be been being do does did done doing have has had having
	i you he she it we they me my mine your yours our ours us his her its their them this that these those there here what which who whom
	can could would should will shall may might must how when why any some all no not because as so than then too very just also about into
	over
	please thanks thank want wanted need like know tell let get got give gives say says ask asking question help hello
	hi hey dear ok okay possible way kind thing things id guys ya one ones anything something
	wondering wonder looking look find going go make makes made happens happen allow allowed able information accept take takes use using
	used bring`

const portugueseWords = `
	o os as um uma uns umas do da dos das no na nos nas ao aos pelo pela pelos pelas de em e ou que com por para pro se seu sua
	seus suas meu minha meus minhas eu voce voces ele ela eles elas nos lhe isso isto esse essa esses essas este esta aquele
	sao sou e foi era ser estar estou estao esta sim nao ja muito mais mas como porque quando qual quais tem tenho temos ter ha faz fazem
	fazer faco posso pode podem poder poderia quero queria gostaria preciso precisa saber sabe dizer diz dar ver vai vou ir favor
	muita muitas muitos obrigado obrigada desculpe desculpa tambem so algum alguma alguns algo tudo todo todos toda todas outro outra sobre
	ate desde entre
	dia tarde noite hoje agora aqui la ai entao duvida pergunta informacao ajuda ajudar possivel forma jeito coisa tipo caso existe existem`

// negations turn the word after them around. "no" is none: "¿no tienen talla M?" asks the same as without it.
var negations = set(`sin without sem`)

// weak words say how a question asks, not what about: they alone find nothing.
var weak = set(`
	cuanto cuanta cuantos cuantas donde quien quienes adonde much many long where whose quanto quanta quantos quantas onde quem
	tienda tiendas store stores shop loja lojas venden vender vende vendes ofrecen ofrece ofrecer sell sells selling offer offers offering
	vendem oferecem oferece
	aceptan acepta aceptar reciben recibe aceita aceitam producto productos articulo articulos product products item items produto produtos
	nuevo nueva new novo nova servicio servicios service services servico servicos persona personas people person pessoa pessoas
	proceso procesos paso pasos process steps step llegar llega llegan llegara arrive arrives chegar chega comprar compro compra compre
	purchase buy bought comprei compras empresa company negocio cliente clientes customer customers`)

const weakness = 0.35

// importance is the factor of a word's weight.
func importance(word string) float64 {
	if weak[word] {
		return weakness
	}
	return 1
}

func set(lists ...string) map[string]bool {
	m := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			m[w] = true
		}
	}
	return m
}
