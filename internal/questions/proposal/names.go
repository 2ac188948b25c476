package proposal

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"tania/internal/cache/reading"
	"tania/internal/lazyregexp"
	"tania/internal/words"
)

// given are common given names, folded.
var (
	//go:embed given.txt
	givenText string
	given     = reading.WordSet(commentless(givenText))
)

func commentless(text string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

const (
	// aName is one to four words with capitals, with what joins them.
	aName = `\p{Lu}[\pL'’]+(?:[ -](?:(?:de|del|da|do|dos|das|la|las|los|van|von|di)\s+){0,2}\p{Lu}[\pL'’]+){0,3}`
	// aTitle is what is put before a name.
	aTitle = `(?i:(?:el|la|o|a|the)\s+)?(?i:se[ñn]or(?:a|ita)?|sra?\.?|srta\.?|don|do[ñn]a|doctora?|doutora?|dra?\.?|ing\.?|lic\.?|profesora?|professora?|prof\.?|mr\.?|mrs\.?|ms\.?|miss|senhora?)\s+`
	// aRelation is who somebody is to another, or what they do for the business.
	aRelation = `(?:espos[oa]|marido|mujer|hij[oa]|herman[oa]|padre|madre|mam[áa]|pap[áa]|abuel[oa]|t[íi][oa]|prim[oa]|sobrin[oa]|novi[oa]|vecin[oa]|suegr[oa]|cu[ñn]ad[oa]|amig[oa]|compa[ñn]er[oa]|` +
		`colega|asesora?|agente|t[ée]cnic[oa]|conductora?|repartidora?|mensajer[oa]|domiciliari[oa]|vendedora?|jef[ea]|gerente|supervisora?|encargad[oa]|porter[oa]|recepcionista|secretari[oa]|abogad[oa]|` +
		`m[ée]dic[oa]|enfermer[oa]|paciente|alumn[oa]|filh[oa]|irm[ãa]o?|m[ãa]e|pai|av[óô]|vizinh[oa]|namorad[oa]|atendente|entregadora?|motorista|consultora?|funcion[áa]ri[oa]|` +
		`husband|wife|son|daughter|brother|sister|mother|father|mom|mum|dad|friend|neighbou?r|colleague|agent|technician|driver|courier|manager|supervisor|assistant|patient|partner|boss|nurse|receptionist)`
	// aRole is what stands before the name of one who was, or is to be, asked, and of whom something is.
	aRole = `(?i:a nombre de|en nombre de|em nome de|in the name of|under the name(?: of)?|(?:recibid|firmad|recebid|assinad)[oa]s? por|l[oa] recibi[óo]|(?:signed|received)(?: for)? by|` +
		`(?:pregunt[ea]r?|pergunt[ea]r?|procur[ea]r?) (?:por|pel[oa])|ask for)\s+`
	// aParting is how a message ends before its writer's name.
	aParting = `(?i:(?:saludos|cordialmente|atentamente|atte|att|abrazos?|abra[çc]os?|abs|(?:(?:best|kind|warm|many) )?(?:regards|wishes)|best|sincerely|cheers|atenciosamente)(?: cordiales)?)\s*[,.\n–—-]\s*`
)

var (
	introduced = lazyregexp.New(`((?:^|[^\pL])(?i:me llamo|mi nombre es|soy|le saluda|te saluda|le atiende|te atiende|le habla|my name is|i am|i'm|this is|me chamo|meu nome [eé]|sou|aqui [eé]|quem fala [eé])\s+(?i:(?:el|la|o|a|do|da)\s+)?)(` + aName + `)`)
	titled     = lazyregexp.New(`((?:^|[^\pL])` + aTitle + `)(` + aName + `)`)
	related    = lazyregexp.New(`((?:^|[^\pL])(?i:su|tu|mi|nuestr[oa]|seu|sua|teu|tua|meu|minha|noss[oa]|your|my|our|his|her|el|la|o|a|the)\s+` + aRelation + `\s+)(` + aName + `)`)
	asRole     = lazyregexp.New(`((?:^|[^\pL])` + aRole + `)(` + aName + `)`)
	parting    = lazyregexp.New(`(?m)((?:^|[^\pL])` + aParting + `)(` + aName + `)[\s.!]*$`)
	anyName    = lazyregexp.New(aName)
)

// noPerson are words with capitals that stand where a name may, folded: departments, and what companies are called.
var noPerson = reading.WordSet(`atencion atendimento soporte suporte support ventas vendas sales servicio servico service equipo equipe team
	departamento department tienda loja store shop caja caixa recepcion recepcao reception gerencia administracion administracao administration
	cliente clientes customer facturacion billing sas sa ltda ltd llc inc gmbh cia empresa compania company grupo group banco bank
	lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday segunda terca quarta
	quinta sexta enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gracias obrigado obrigada thanks
	sr sra srta dr dra don dona mr mrs ms miss ing lic prof senor senora doctor doctora`)

// places are words after which a name is that of a place or a brand, folded.
var places = reading.WordSet(`san santa santo sao st saint calle carrera avenida av barrio plaza parque estacion aeropuerto colegio escuela hospital clinica
	universidad torre edificio sede ciudad puerto villa rio lago isla monte marca rua bairro praca estacao cidade porto ilha street avenue road
	north south norte sur port lake mount fort new nueva nuevo nova novo cabo valle sierra provincia departamento municipio estado del`)

// replaceNames replaces the names of persons: those that are known, those before which something says that one follows, and those that
// begin with a common given name. A name that the bot's texts tell stays, unless it is the customer's or the agent's.
func (p Persons) replaceNames(text, mark string) string {
	for _, r := range []*lazyregexp.Regexp{introduced, titled, related, asRole, parting} {
		text = replaceGroup(r, text, func(found group) string {
			if p.nobody(found.text) {
				return found.text
			}
			return mark
		})
	}
	text = replaceAt(text, anyName.FindAllStringIndex(text, -1), func(at []int) string {
		return p.withoutGiven(text, at, mark)
	})
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if p.names[words.Fold(w)] {
			return mark
		}
		return w
	})
}

// withoutGiven replaces, in words with capitals at a place, what begins with a given name.
func (p Persons) withoutGiven(text string, at []int, mark string) string {
	found := text[at[0]:at[1]]
	before := lastWord(text[:at[0]])
	for _, w := range word.FindAllStringIndex(found, -1) {
		this := words.Fold(found[w[0]:w[1]])
		if given[this] && !places[before] {
			if name := found[w[0]:]; !p.nobody(name) {
				return found[:w[0]] + mark
			}
			return found
		}
		before = this
	}
	return found
}

// nobody reports whether words with capitals are no person's name, or one that the bot's texts tell everybody.
func (p Persons) nobody(name string) bool {
	all := word.FindAllString(words.Fold(name), -1)
	for i, w := range all {
		if p.names[w] {
			return false
		}
		if noPerson[w] || i == 0 && reading.FunctionWords[w] {
			return true
		}
	}
	return p.isPublic(name)
}

// lastWord is the last word of a text, folded; "" where it does not end in one.
func lastWord(text string) string {
	text = strings.TrimRight(text, " .")
	start := len(text)
	for start > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:start])
		if !unicode.IsLetter(r) {
			break
		}
		start -= size
	}
	return words.Fold(text[start:])
}
