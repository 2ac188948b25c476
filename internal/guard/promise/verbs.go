package promise

import (
	"strings"
)

// form is a form of a verb.
type form uint8

const (
	participle form = iota + 1 // cancelado; cancelled, which is past too
	past1                      // cancelé, cancelei
	we                         // cancelamos
	future1                    // cancelaré, cancelaremos
	future3                    // cancelará, cancelarán
	present1                   // cancelo
	they                       // cancelan
	it                         // cancela
	infinitive                 // cancelar; cancel
	gerund                     // cancelando; cancelling
)

// stemTable has the folded stems of verbs by their acts: of Spanish, Portuguese and English, each behind its mark.
const stemTable = `cancel es cancel anul pt cancel anul en cancel annul void
book es reserv agend apart program pt reserv agend program marc marqu en book reserv schedul
refund es reembols devolv devuelv devolvi reintegr abon pt reembols devolv estorn ressarc en refund reimburs return
send es envi mand despach remit reenvi entreg entregu lleg llegu recib pt envi mand despach remet reenvi entreg entregu receb
		cheg en send ship dispatch forward resend deliver email mail receiv arriv giv
contact es llam contact avis notific notifiqu inform respond escrib contest pt lig ligu contat contact avis notific notifiqu
		inform respond retorn escrev en call contact notif inform reply text phone ring writ
change es cambi modific modifiqu actualiz correg corrig reprogram ajust aplaz mud pt alter mud troc troqu atualiz modific
		modifiqu corrig remarc ajust adi en chang updat modif correct amend adjust reschedul upgrad downgrad mov swap replac
register es registr apunt anot tramit gestion solicit ped pid cre gener guard elev escal inici proces notari pas inclu pt registr
		anot solicit ped cri ger escal cadastr process protocol abr pass coloc coloqu inclu en regist process submit creat open fil log
		rais request record plac escalat not pass put includ
confirm es confirm pt confirm en confirm
charge es cobr carg cargu factur descont pt cobr fatur descont en charg bill deduct
switch es activ desactiv bloque desbloque elimin borr suspend habilit deshabilit aplic apliqu agreg agregu anad quit asign extend
		prorrog renov reinici restablec rebaj pt ativ desativ bloque desbloque exclu apag remov suspend aplic apliqu adicion acrescent
		renov prorrog liber redefin en activat deactivat block unblock delet remov disabl enabl appl add reset freez lock unlock
		suspend extend renew credit issu waiv assign
check es revis comprob verific verifiqu investig consult pt verific verifiqu revis investig confer en check verif review investigat
hand es deriv transfer transfier traslad conect pt transfer transfir direcion encaminh conect en transfer connect
solve es resolv resuelv solucion arregl repar pt resolv solucion consert arrum en fix resolv solv arrang repair`

// irregular has forms that their stems do not show.
const irregular = `sent send 1|made register 1|abierto register 1|resuelto solve 1|devuelto refund 1|escrito contact 1|escrevi
		contact 2|fiz register 2|hice register 2|hecho register 1|feito register 1
 gave send 1|put register 1|set register 1|froze switch 1|frozen switch 1|left register 1
 abri register 2|abriré register 4|pedi register 2|rang
		contact 1|dado switch 1|dada switch 1|puesto register 1|posto register 1|told contact 1|spoken contact 1|spoke contact 1
 let contact 9|pongo register 6|pondre contact 4|pondremos contact 4|pondra contact 5|pondran contact 5|ponemos contact 3`

// oneLine joins the rows of a table that go on.
var oneLine = strings.NewReplacer("\n\t\t", " ")

type verb struct {
	act Act
	// spoken are the languages of the stem: 1 Spanish, 2 Portuguese, 4 English.
	spoken uint8
}

const (
	inSpanish = 1 << iota
	inPortuguese
	inEnglish
)

// stems have the verbs by their stems.
var stems = func() map[string]verb {
	table := map[string]verb{}
	for line := range strings.SplitSeq(oneLine.Replace(stemTable), "\n") {
		fields := strings.Fields(line)
		act := Act(fields[0])
		if act == "hand" {
			act = HandOver
		}
		spoken := uint8(0)
		for _, w := range fields[1:] {
			if mark := map[string]uint8{"es": inSpanish, "pt": inPortuguese, "en": inEnglish}[w]; mark != 0 {
				spoken = mark
				continue
			}
			if have := table[w]; have.act == "" || have.act == act {
				table[w] = verb{act, have.spoken | spoken}
			}
		}
	}
	return table
}()

// known is a form that is known as a whole.
type known struct {
	act  Act
	form form
}

var irregulars = func() map[string]known {
	table := map[string]known{}
	for entry := range strings.SplitSeq(strings.ReplaceAll(oneLine.Replace(irregular), "\n ", "|"), "|") {
		fields := strings.Fields(entry)
		table[fields[0]] = known{Act(fields[1]), form(fields[2][0] - '0')}
	}
	return table
}()

// things look like forms of verbs.
var things = endings(`pedido pedidos entrada entradas llamada llamadas registro registros credito creditos cancelacion`)

var participles = endings(`ado ada ados adas ido ida idos idas`)

func endings(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// formOf reads a verb of the tables: folded, and with its accents.
func formOf(folded, low string) (act Act, f form) {
	if things[folded] {
		return "", 0
	}
	if e, ok := irregulars[folded]; ok {
		return e.act, e.form
	}
	for n := min(len(folded), 10); n >= 2; n-- {
		v, ok := stems[folded[:n]]
		if !ok {
			continue
		}
		if f = v.form(folded[n:], folded, low); f != 0 {
			return v.act, f
		}
	}
	return "", 0
}

// form is that of an ending.
func (v verb) form(ending, folded, low string) form {
	romance := v.spoken&(inSpanish|inPortuguese) != 0
	if romance {
		if f := v.romance(ending, low); f != 0 {
			return f
		}
	}
	if v.spoken&inEnglish == 0 {
		return 0
	}
	return english(ending, folded)
}

func (v verb) romance(ending, low string) form {
	if participles[ending] {
		return participle
	}
	switch ending {
	case "o":
		if strings.HasSuffix(low, "ó") {
			return it
		}
		return present1
	case "e":
		if strings.HasSuffix(low, "é") {
			return past1
		}
		return it
	case "i":
		if strings.HasSuffix(low, "í") || v.spoken&inPortuguese != 0 {
			return past1
		}
	case "ei", "uei":
		return past1
	case "amos", "emos", "imos":
		return we
	case "are", "ere", "ire", "arei", "erei", "irei":
		if strings.HasSuffix(low, "é") || strings.HasSuffix(low, "i") {
			return future1
		}
	case "aremos", "eremos", "iremos":
		return future1
	case "ara", "era", "ira", "aran", "eran", "iran", "arao", "erao", "irao", "aras", "eras", "iras":
		if strings.ContainsAny(low, "áã") {
			return future3
		}
	case "a":
		return it
	case "an", "en", "am", "em":
		return they
	case "ar", "er", "ir", "arte", "arle", "arlo", "arla", "arles", "erte", "erle", "irte", "arselo", "arlos", "arlas", "erlo", "arse",
		"erse":
		return infinitive
	case "ando", "iendo", "endo", "indo", "andote", "andolo", "andole":
		return gerund
	}
	return 0
}

// english forms double letters and drop an e: cancelled, shipping, replied.
func english(ending, folded string) form {
	switch {
	case ending == "" || ending == "e" || ending == "y":
		return infinitive
	case strings.HasSuffix(ending, "ing") && len(ending) <= 4:
		return gerund
	case strings.HasSuffix(ending, "ed") && len(ending) <= 3 || ending == "ied":
		return participle
	case ending == "ment" || strings.HasSuffix(folded, "ion"):
		return 0
	}
	return 0
}
