package semcache

import (
	"regexp"
	"strings"
)

var (
	joins = set(`y and or pero but entonces then so entao tambien also tampoco osea aunque`)
	// reactions, picks and dangling words have no meaning of their own: a message of them alone takes up what was said.
	dangling = set(`cuesta cuestan vale valen sale salen cost costs demora tarda dura funciona sirve incluye custa custam inclui works work price precio preco valor
		explica explicas explique explain repite repetir repeat dices dijiste said more menos menos less ok okay bueno dale cuanto much many long
		claro listo perfecto yes yeah yep sure sim nao no not entiendo understand entendi entiende gracias thanks obrigado obrigada hoy hora entendo thank you great cool nice genial excelente buenisimo
		barbaro joya fine good right correct correcto correto exacto exactly isso legal beleza blz certo combinado acuerdo ese esa otro otra conviene convem recomiendas recomiendan recomienda recomendas recomenda
		recomendam recommend prefer prefiero prefiro quero quiero want take tomo elijo escolho llevo levo seria sera would bom bien bem bon sounds mais costaria saldria custaria quedaria valdria creo acho penso supongo guess think maybe quizas talvez later despues luego depois never mind asi assim verdad poco pouco bit conta cada significa
		economico economica entendido ta see show mandar enviar ver manda envia gusta gustaron gosto gostei quedo fico vou voy querer still yet dije dijo antes total prueba prova foto fotos picture pictures photo photos imagen imagenes
		detalles details link enlace diferencia diferencias diferenca diferencas difference differences medidas sizes tallas tamanhos please favor porfa porfavor porfis reembolsable refundable disponible available disponivel incluido incluida included
		mean refieres referis refiere referias intente tried tente probe ya already problema paso aconteceu happened interesa interessa interesting depende puede pode can same mismo mesmo igual`)
	picks = set(`azul rojo roja verde negro negra blanco blanca amarillo amarilla gris rosa morado naranja celeste marron beige dorado plateado violeta rojos negros blancos azules
		red blue green black white yellow grey gray pink purple orange brown silver gold vermelho vermelha preto preta branco branca amarelo cinza roxo laranja marrom pretos brancos
		grande chico chica pequeno pequena mediano mediana medio media largo corto chicos grandes large small medium big little tiny xl xxl xs s m l medio doble double single simple triple duplo dupla
		barato barata baratos baratas caro cara cheap cheaper cheapest expensive mejor peor better best worst melhor pior mayor menor maior mejores
		primero primera segundo segunda tercero tercera cuarto quinto ultimo ultima primer tercer first second third last primeiro primeira terceiro ultimas anterior siguiente next previous proximo proxima
		ambos ambas both either neither ninguno ninguna none todos todas all todo toda nada algo cualquiera any qualquer
		lunes martes miercoles jueves viernes sabado sabados domingo domingos monday tuesday wednesday thursday friday saturday sunday saturdays sundays weekend weekends weekdays segunda terca quarta quinta sexta feira
		manana tarde noche noches tomorrow tonight evening morning afternoon amanha manha noite mediodia hoy today ayer
		enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
		efectivo contado cuotas parcelado
		mensual anual monthly yearly annual basico basica basic premium gold pro familiar
		talla talle tamano tamanho size numero color colores cor cores colour colors colours opcion option options opcao opciones modelo model
		persona personas people person pessoas pessoa adultos ninos kids adults dias day days noites nights hora horas am pm hs horas minutos veces vez par pares unidad unidades
		izquierda derecha left right arriba abajo medio esquerda direita solo solamente only just somente apenas mas more menos aprox unos unas uno dos tres
		nuevo nueva nuevos new novo nova usado otra otro other another outro outra diferente different`)
	// attributes are asked of a thing: another colour, another size.
	attributes = set(`color colores talla talle tallas tamano modelo modelos opcion opciones horario hora fecha dia turno marca precio plan planes alternativa size color colour colours colors model option options
		date time day way brand price cor cores tamanho opcao opcoes data marca preco plano forma manera tipo`)
	// pointing words stand for something said.
	pointing = set(`eso esto aquello ese esa esos esas este estos aquel aquella aquellos aquellas it that this those these one ones isso isto esse essa esses essas aquele aquela aqueles aquelas
		otro otra otros otras other another outro outra outros outras mismo misma mismos mismas anterior previous same they them their theirs its he she him her his ellos ellas ella ele ela eles elas
		disso nisso desse dessa nesse nessa deles delas dele dela neste deste desta nesta ahi alli alla mesmo mesma`)
	// options are ways to pay and the like, picked by name: "con tarjeta".
	options = set(`transferencia tarjeta credito debito cash card credit debit pix boleto dinheiro cartao vista`)
	anyhow  = book(`what about|how about|que tal|e se|me lo|te lo|se lo|lo mismo|me la|se la|te la|me los|me las|se los|se las|o mesmo|which one|which ones|cual de|qual dos|qual das|qual deles|
		which of them|which of these|which of those|which of the|a que te refieres|a que te referis|do you mean|did you mean|you said|you told|you mentioned|dijiste|me dijiste|dijeron antes|como dijiste|no entendi|nao entendi|no entiendo|no te entiendo|nao entendo|
		i already tried that|i already did|ya lo|ya la|ya intente|ya probe|ja tentei|no funciono|asi es|de eso|as above|mentioned|anterior|no me sirve|nao serve|no me convence|el que dijiste|los dos|las dos|os dois|both of|the other|el otro|la otra|
		o outro|a outra|cual me|cual te|cual recomiendas|cual recomiendan|cual recomienda|cual conviene|cual es mejor|cual seria|qual voce|qual compensa|qual melhor|qual e melhor|which is|which do you|which would|
		que mas|algo mas|mais alguma|otra cosa|why is that|how so|como asi|como assim|eso es todo|me gusta el|me gusta la|me quedo|me quedaria|i will take|vou querer|vou levar|fico com|prefiero|prefiro|elijo|podrias repetir|podes repetir|en serio|de verdad|seguro que`)
	determiners = set(`a an the my your our any some un una unos unas el la los las al del mi mis su sus tu um uma o os as do da dos das no na meu minha seu sua nosso nossa algun alguna algum alguma cada every each another otra otro outro todos todas`)
	others      = set(`otro otra otros otras other another outro outra outros outras`)
	definiteArt = set(`el la los las the os as`)
	article     = set(`el la los las the o a os as`)
	// supposed are what an "it" that stands for nothing is.
	supposed = set(`possible ok okay necessary true safe legal raining snowing going supposed suppose cold hot warm sunny cloudy windy below above rain snow hail freezing chilly humid foggy dark nice weather late
		free allowed mandatory required compulsory normal illegal advisable hard easy difficult`)
	weathery = set(`like outside weather rain snow hail temperature degrees forecast fahrenheit celsius storm sunny cloudy warm cold hot today tomorrow weekend raining snowing humid windy`)
	here     = set(`card account tarjeta cuenta cartao conta area country pais app application bank company service store shop website site page aplicacion banco empresa servicio tienda pagina servico loja aplicativo bot
		numero number chat canal medio whatsapp program programa place lugar phone telefono city ciudad cidade world mundo life vida academia gimnasio gym clinica clinic hotel restaurant restaurante hospital escuela escola`)
	dated        = set(`lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday otono invierno verano spring winter autumn fall room house casa dispositivo space`)
	timely       = set(`mes ano semana fin month year week weekend evening morning afternoon moment momento tarde noche noite tipo sentido caso kind summer verano semestre time vez`)
	lastingAfter = set(`que mas mejor mismo de antes del siguiente antes`)
	haveVerbs    = set(`tienen tienes tiene venden vendes hacen haces puedo puedes puede pueden envian envias mandan quiero necesito dan das compro pago aceptan manejan traen ofrecen consigo consiguen encuentro puedes podria
		podrian hay llevo pido devuelvo cambio cambian muestran recomiendan veo uso reservo entregan arreglan cobran hago`)
	// objects before a verb, in Spanish, are pronouns when a pronoun or negation precedes them.
	clitics  = set(`me te se nos no ya tambien siempre`)
	enclitic = regexp.MustCompile(`^\p{L}{2,}(?:ar|er|ir|ando|iendo)(?:lo|la|los|las|melo|mela|selo|sela)$`)
	charla   = set(`charla charlas escarla`)
	// after "that" these begin a clause; "that" itself then points at nothing.
	clauses = set(`i you we the my your is are can will was has have do does a an our does not would should could`)
	askThat = set(`is are was were does do did of like for about in with on how much`)
	preps   = set(`para por en con a de sin desde hasta entre in on at for with from by until to em sem ate pelo pela pelos pelas ao aos via without pra num numa como than que than`)
	asks    = set(`que cual cuales cuanto cuanta cuantos cuantas quien quienes donde cuando como what which who whom whose how when where why qual quais quanto quanta quantos quantas quem onde quando porque cade adonde`)
	// subjectless verbs of the third person ask something of a thing; when no thing is named, one was spoken of before.
	subjectless = set(`es sera seria son esta estan viene vienen trae traen incluye incluyen funciona funcionan sirve sirven cubre cubren cuesta cuestan vale valen sale salen dura duran tarda tardan demora demoran pesa mide
		tiene requiere acepta permite consume soporta caduca vence aplica fica custa custam vem vence inclui serve funciona cobre dura pesa aceita e sao esta estao era fue queda quedan llega llegan resiste rinde`)
	// takers are those with an object, which is not their subject.
	takers = set(`viene vienen trae traen incluye incluyen cubre cubren tiene requiere acepta permite consume soporta inclui cobre vem aceita pesa mide sirve sirven`)
	// yourself are what a business or a bot is asked of itself.
	yourself    = set(`abiertos abierto abiertas ubicados ubicado ubicadas ustedes usted atendiendo cerrados cerrado contratando confiables localizados abertos aberto voces voce aberta`)
	impersonals = book(`es posible|es necesario|es obligatorio|es seguro|es cierto|es verdad|es mejor|es facil|es dificil|es gratis|es legal|es normal|es recomendable|e possivel|e necessario|e preciso|e obrigatorio|e seguro|e verdade|
		e permitido|e melhor|e gratis|es obligacion|es valido|es importante|es que|e que|es hora`)
	finite = set(`puedo puede pueden puedes podemos podria podrian podes hay tienen tiene tienes tenes es son esta estan estas estoy soy eres fue hago hace hacen haces quiero quisiera queria necesito debo necesita
		tengo tenemos is are am was were be do does did can could will would should may might have has had need want get know posso pode podem preciso quero tem tenho faz fazem fazer faco sao sou foi estou estao e
		dan da doy voy va van se help use work works make makes take takes cost costs let say show give tell find set turn play add call send start stop go`)
	// topics are what a business is asked about by a word alone. Options one picks, as a way to pay, are not among them.
	topics = set(`envios shipping precios precio prices pricing price preco precos planes plans planos horario horarios hours pagos payments pagamentos devoluciones returns cambios sucursales sucursal tiendas stores lojas menu
		contacto contact contato ubicacion location direccion address endereco promociones promos ofertas deals descuentos discounts descontos cursos courses garantia garantias warranty guarantee requisitos requirements
		ayuda help ajuda reembolso reembolsos refund refunds loyalty rewards seguro insurance frete entrega entregas prazo beneficios benefits costos costes fees taxes impuestos comisiones cuotas reglas rules regras terminos
		terms faq empleo trabajo jobs careers vagas telefono phone telefone email correo cupones coupons cancelacion politica politicas policy policies privacidad privacy servicios services servicos catalogo
		catalog catalogue productos products produtos inscripciones matricula edital isencao cache contrapartidas distributor franchise membership subscription account deposit
		formas medios metodos forma medio metodo tipos lista methods list costo custo opening return
		weather clima temperatura tempo exchange whatsapp cadastro registro login senha contrasena password contraentrega emi cod instagram facebook sitio website web app covid alergenos wifi estacionamiento parking`)
	topical   = regexp.MustCompile(`^\p{L}{3,}(?:cion|ciones|sion|siones|dad|dades|encia|encias|ancia|ancias|miento|mientos|cao|coes|dade|mento|mentos|tion|tions|sion|sions|ment|ments|ship|ships|bility|ility|ance|ence|logy|logia)$`)
	untopical = set(`opcion opciones option options opcao opcoes cancion verdad atencion confirmacion confirmation attention question questions pregunta cantidad mitad unidad unidades habitacion habitaciones
		momento moment versao version transferencia diferencia diferencias difference differences ciudad cidade edad idade posibilidad possibility felicitaciones situacion correccion moments instance calidad
		documento perdon permission direccion conclusion explicacion explanation presentation quantidade metade pensamento numeracion graduacion apartment apartamento`)
	comparing = regexp.MustCompile(`^\p{L}{3,}(?:er|est|isimo|isima)$`)
)

// followsUp says that the message cannot be understood alone.
func (m *spoken) followsUp() bool {
	switch {
	case len(m.rest) <= 5 && (m.says(again) || m.says(understands)):
		return true
	case len(m.rest) == 0, len(m.content) == 0 && !m.askedWhole(), m.joins():
		return true
	case len(m.rest) == 1:
		return !topic(m.rest[0])
	case m.says(anyhow) && !(m.accented["se"] && !m.says(refers)), m.fragment(), m.picksAmong(), m.pointsBack(), m.lacksSubject(), m.lacksObject():
		return true
	}
	return false
}

// askedWhole admits the few questions that function words alone make: "¿dónde están?", "who are you".
func (m *spoken) askedWhole() bool {
	first := m.at(0)
	return len(m.rest) >= 2 && asks[first] && (has(m.rest, businesses) && !has(m.rest, pointing))
}

var businesses = set(`you estan ustedes eres voces voce`)

// joins says that the message begins with what joins it to another.
func (m *spoken) joins() bool {
	for _, first := range []string{m.all[0], m.at(0)} {
		next := m.at(1)
		switch {
		case joins[first] && !(first == "so" && (next == "para" || next == "aceitam" || next == "tem")), first == "mas" && !m.accented["mas"],
			first == "e" && !m.accented["e"], first == "o" && (next == "sea" || haveVerbs[next] || next == "es" || next == "el" || next == "la" || next == "si"):
			return true
		}
	}
	return m.rest[len(m.rest)-1] == "tambien" || m.rest[len(m.rest)-1] == "tambem" || m.rest[len(m.rest)-1] == "too"
}

// topic says that a word alone names what a business is asked about.
func topic(w string) bool {
	return topics[w] || topical.MatchString(w) && !untopical[w] && !picks[w]
}

// courtesy is the words of greetings and thanks: "perfecto, muchas gracias" says no more than "perfecto".
var courtesy = func() map[string]bool {
	all := set(strings.ReplaceAll(greetings, "|", " "), strings.ReplaceAll(favours, "|", " "))
	for w := range set(`consulta question pregunta duda pergunta duvida team`) {
		delete(all, w)
	}
	return all
}()

// slight says that a word carries no matter of its own.
func slight(w string) bool {
	return functionWords[w] || preps[w] || courtesy[w] || addresses[w] || dangling[w] || picks[w] || isNumber(w)
}

// fragment says that the message is a piece of a sentence: "in red", "para dos personas", "el de 500 megas".
func (m *spoken) fragment() bool {
	matter, topical := 0, false
	for _, w := range m.content {
		if !slight(w) && !(options[w] && len(m.rest) <= 4 && m.at(0) != "how" && !m.verbs()) {
			matter++
		}
		topical = topical || topic(w)
	}
	if matter == 0 {
		return !(has(m.rest, asks) && topical && len(m.rest) > 3) && !m.aboutYou() && len(m.rest) <= 8
	}
	first, next := m.at(0), m.at(1)
	if article[first] && (next == "de" || next == "que" && first != "o" && first != "a" || next == "one" && first == "the" || next == "mas" || next == "menos" || next == "mais" || next == "do" || next == "da") {
		return true
	}
	verbs, inf, question := m.verbs(), false, has(m.rest, asks)
	for _, w := range m.rest {
		inf = inf || infinitive(w) || strings.HasSuffix(w, "ing")
	}
	if verbs || question || commands[first] || m.accented[first] && strings.HasSuffix(first, "a") || m.told() {
		return false
	}
	switch {
	case preps[first] && !(inf && (infinitive(next) || strings.HasSuffix(next, "ing") || first == "para" || first == "to" || first == "for" || first == "de")) && !asks[next] && !(first == "a" && len(m.rest) > 4):
		return true
	case definiteArt[first] && len(m.rest) <= 4 && !topical && !inf:
		return true
	case len(m.rest) <= 3 && !topical && !inf && (picks[first] || options[first] || picks[m.rest[len(m.rest)-1]] || isNumber(m.rest[len(m.rest)-1]) || comparing.MatchString(next) && definiteArt[first]):
		return true
	}
	return false
}

// aboutYou says that the bot or the business itself is asked or told something, which needs no antecedent.
func (m *spoken) aboutYou() bool {
	for i, w := range m.rest {
		if (w == "you" || w == "your") && i > 0 && len(m.rest) >= 3 && !has(m.rest, pointing) && m.at(0) != "do" && m.at(0) != "can" && m.at(0) != "would" && !has(m.rest, dangling) {
			return true
		}
	}
	return has(m.rest, yourself) && !has(m.rest, pointing) || m.at(0) == "eres" && len(m.rest) > 1
}

// verbs says that a word of the message is a finite verb, as far as forms tell.
func (m *spoken) verbs() bool {
	for i, w := range m.rest {
		if finite[w] && !(w == "e" && !m.accented["e"]) && !(w == "da" || w == "se" || w == "use") || subjectless[w] && w != "e" ||
			len(w) >= 5 && (strings.HasSuffix(w, "an") || strings.HasSuffix(w, "en") || strings.HasSuffix(w, "am") || strings.HasSuffix(w, "em") || strings.HasSuffix(w, "amos") || strings.HasSuffix(w, "emos")) ||
			i > 0 && (m.rest[i-1] == "se" || m.rest[i-1] == "me" || m.rest[i-1] == "i" || m.rest[i-1] == "you" || m.rest[i-1] == "no" && !(i == 1 && options[w])) && !preps[w] {
			return true
		}
	}
	return false
}

// picksAmong says that a "which" has no noun: "cuál conviene", "qual é melhor", "cuál es la diferencia".
func (m *spoken) picksAmong() bool {
	for i, w := range m.rest {
		if w != "cual" && w != "cuales" && w != "qual" && w != "quais" && w != "which" {
			continue
		}
		after := m.rest[i+1:]
		matter := 0
		for _, a := range after {
			if !slight(a) {
				matter++
			}
		}
		if matter == 0 && !(len(after) > 2 && has(after, topics)) {
			return true
		}
		last := m.rest[len(m.rest)-1]
		if strings.HasPrefix(last, "diferen") || strings.HasPrefix(last, "differen") {
			return true
		}
	}
	for i, w := range m.rest {
		if strings.HasPrefix(w, "diferenci") || strings.HasPrefix(w, "diferenca") || strings.HasPrefix(w, "difference") {
			return i == len(m.rest)-1
		}
	}
	return false
}

// pointsBack says that a pronoun has nothing in the message to stand for.
func (m *spoken) pointsBack() bool {
	antecedent := false
	before := 0
	for i, w := range m.rest {
		prev, next := m.at(i-1), m.at(i+1)
		free := antecedent && before >= 1
		switch {
		case w == "that":
			if !(i > 1 && clauses[next] && !askThat[prev]) && !free && !(i > 0 && !functionWords[prev] && next != "") {
				return true
			}
		case w == "it":
			if !free && !m.impersonal(i) {
				return true
			}
		case w == "one" && (prev == "from" || prev == "between" || next == "to" || isNumber(next)):
		case w == "one":
			if next == "" || functionWords[next] || prev == "the" || definiteArt[m.at(i-2)] && !functionWords[prev] {
				return true
			}
		case w == "ones":
			return true
		case others[w]:
			if prev == "each" || next == "persona" || next == "person" || next == "people" || next == "pessoa" {
				break
			}
			if next == "" || functionWords[next] || attributes[next] && i <= 3 || len(m.content) < 3 {
				return true
			}
		case w == "mismo" || w == "misma" || w == "same" || w == "mesmo" || w == "mesma":
			if next == "" || definiteArt[prev] && next == "" || i == 0 {
				return true
			}
		case w == "he" && (participle(next) || prev == "me" || prev == "te" || prev == "lo" || next == "puesto" || next == "hecho"):
		case w == "they" || w == "them" || w == "their" || w == "ellos" || w == "ellas" || w == "ella" || w == "ele" || w == "ela" || w == "eles" || w == "elas" || w == "he" || w == "she" || w == "him" || w == "his" || w == "her" || w == "its":
			if !free && before < 2 {
				return true
			}
		case w == "este" || w == "estos" || w == "this" || w == "these" || w == "neste" || w == "deste" || w == "desta" || w == "nesta" || w == "that" || w == "ese" || w == "esa" || w == "esse" || w == "essa":
			if !timely[next] && !here[next] && !dated[next] && !(free && next == "") {
				return true
			}
		case w == "ahi" || w == "alli" || w == "alla":
			return true
		case pointing[w]:
			if !timely[next] && !here[next] && !free {
				return true
			}
		case w == "there":
			if i > 1 && !free && prev != "is" && prev != "are" && prev != "was" && prev != "were" && prev != "will" && prev != "be" && next != "is" && next != "are" && next != "a" && next != "any" {
				return true
			}
		case w == "lo":
			if !free && !lastingAfter[next] {
				return true
			}
		case (w == "la" || w == "los" || w == "las") && (haveVerbs[next] || i > 0 && clitics[prev] && !(prev == "no" && i == 1) && next != "" && (haveVerbs[next] || strings.HasSuffix(next, "an") || strings.HasSuffix(next, "en"))):
			if !free {
				return true
			}
		case w == "el" && m.accented["el"]:
			if !free {
				return true
			}
		case w == "esta" && !m.accented["esta"]:
			// "esta camisa" but "esta bloqueada", "esta timely noun".
			if next != "" && !functionWords[next] && !participle(next) && !timely[next] && !here[next] && !picks[next] && !asks[prev] && i > 0 && i <= 3 && before < 2 && subjectless[prev] {
				return true
			}
		case len(w) > 6 && enclitic.MatchString(w) && !charla[w]:
			if !free {
				return true
			}
		}
		if !functionWords[w] {
			before++
		}
		if !slight(w) && !pointing[w] && !attributes[w] && (i > 0 && (determiners[prev] || asks[prev] || prev == "de" || prev == "of" || prev == "if" || prev == "si") || strings.HasSuffix(w, "s") && i > 0) {
			antecedent = true
		}
	}
	return false
}

// impersonal says of an "it" that it stands for nothing: "is it possible", "does it cost to send", "what does it mean if", "will it rain".
func (m *spoken) impersonal(i int) bool {
	after := m.rest[i+1:]
	if len(after) == 0 {
		return false
	}
	if supposed[after[0]] || has(m.rest, weathery) && !has(m.rest, own) {
		return true
	}
	for j, w := range after {
		switch w {
		case "to", "if", "when", "that":
			if j > 0 && len(after) > j+1 {
				return true
			}
		case "for":
			if j > 0 && has(after[j:], map[string]bool{"to": true}) {
				return true
			}
		}
	}
	return m.at(i-1) == "would" && after[0] == "be" || after[0] == "is" && len(after) > 1 && supposed[after[1]] || m.at(i-1) == "is" && after[0] == "time"
}

// lacksSubject says that a verb of the third person begins the sentence and no thing is named that it could speak of: "¿es reembolsable?".
func (m *spoken) lacksSubject() bool {
	at := -1
	for i, w := range m.rest {
		if w == "e" && !m.accented["e"] {
			continue
		}
		if subjectless[w] && !(w == "esta" && i > 0 && !functionWords[m.rest[i-1]] && !asks[m.at(i-2)]) {
			at = i
			break
		}
		// What comes before may only ask: "cuántos megas", "de qué material".
		asked := asks[w] || preps[w] || w == "no" || w == "si" || w == "mas" || w == "tambien" || w == "me" || w == "se" || w == "tiempo" || w == "tempo"
		if !asked && (i == 0 || !asks[m.rest[i-1]]) {
			return false
		}
	}
	if at < 0 || m.saysAt(impersonals, at) || has(m.rest[at:], yourself) {
		return false
	}
	verb := m.rest[at]
	if verb == "e" || verb == "es" || verb == "son" || verb == "sao" || verb == "era" || verb == "fue" || verb == "sera" || verb == "seria" {
		// "cuál es el horario", "qué es un CDT" name their subject.
		if at > 0 && asks[m.rest[at-1]] && len(m.rest) > at+2 {
			return false
		}
	}
	asking := has(m.rest[:at], asks)
	if asking && at >= 2 && !preps[m.at(0)] && copular[verb] && !attributes[m.rest[at-1]] && !slight(m.rest[at-1]) || m.at(at-1) == "quien" || m.at(at-1) == "quienes" || m.at(at-1) == "quem" || weatherly[m.at(at+1)] {
		return false
	}
	if verb == "estan" && (m.at(0) == "donde" || m.at(0) == "en" && asks[m.at(1)] && at > 2) {
		return false
	}
	if last := m.rest[len(m.rest)-1]; (verb == "demora" || verb == "tarda" || verb == "demoran" || verb == "tardan" || verb == "leva") && at > 0 && infinitive(last) && last != "llegar" && last != "chegar" && last != "salir" && last != "sair" {
		return false
	}
	subjects := 0
	for i := at + 1; i < len(m.rest); i++ {
		w, prev := m.rest[i], m.rest[i-1]
		switch {
		case w == "que" && i == at+1 && verb != "es", infinitive(w) && !(preps[prev] && prev != "a"):
			return false
		case determiners[prev] && !(prev == "a" && (m.accented["a"] || !lusitan[verb])) && !preps[m.at(i-2)] && !slight(w) && prev != "no" && prev != "na":
			if i-1 == at+1 && takers[verb] && !asking {
				continue
			}
			subjects++
		case i == at+1 && !takers[verb] && !slight(w) && !copular[verb]:
			subjects++
		case i > at+1 && !slight(w) && !slight(prev) && !preps[prev] && takers[verb] && strings.ToLower(w) != w:
			subjects++
		}
	}
	return subjects == 0
}

// lusitan verbs are Portuguese, where "a" is an article.
var lusitan = set(`e sao estao fica vem inclui custa custam serve cobre demora dura pesa tem aceita funciona`)

// lacksObject says that one may do something to nothing that is named: "¿se puede lavar?".
func (m *spoken) lacksObject() bool {
	last := m.rest[len(m.rest)-1]
	switch m.at(0) {
	case "se", "puedo", "puede", "posso", "pode", "podemos":
		return len(m.rest) <= 3 && infinitive(last)
	}
	return false
}

// weatherly is said of the sky.
var weatherly = set(`lloviendo nevando nublado ventoso soleado despejado granizando chovendo`)

var (
	refers      = book(`me lo|te lo|el otro|la otra|otra cosa|cual me`)
	again       = book(`por que no|why not|otra vez|de nuevo|de novo|again|what else|anything else|something else|are you sure`)
	understands = book(`i do not understand|i have tried`)
)

// told says that courtesy which was taken off asked to be told something, so that a noun alone is a whole request: "tell me the weather".
func (m *spoken) told() bool {
	if len(m.all) == len(m.rest) {
		return false
	}
	for _, w := range m.all[:len(m.all)-len(m.rest)] {
		if embedded[w] || told[w] {
			return true
		}
	}
	return false
}

var copular = set(`es son esta estan e sao estao fica era fue sera seria queda quedan`)
