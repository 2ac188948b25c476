package fact

import (
	"strings"

	"tania/internal/cache/reading"
	"tania/internal/guard/fact/token"
	"tania/internal/guard/fact/unit"
)

// run is where letters, figures and what joins them end without a space, and how many tokens have letters and figures.
func (r *reader) run(i int) (end, letters, numbers int) {
	end = i
	for j := i; ; j++ {
		t := r.tokens[j]
		switch {
		case j > i && t.Spaced || t.Sort == 0:
			return end, letters, numbers
		case t.Sort == token.Word:
			letters++
			end = j + 1
		case t.Sort == token.Figures:
			numbers++
			end = j + 1
		case t.Low != "-" && t.Low != "_":
			return end, letters, numbers
		}
	}
}

// codeOfLetters reads a code that begins with a letter: VERANO20, AB-1234, PED_20394.
func (r *reader) codeOfLetters(i int) (next int) {
	end, letters, numbers := r.run(i)
	if numbers == 0 || letters == 0 || strings.HasPrefix(r.parts[i], "n°") {
		return i
	}
	t := r.tokens[i]
	if t.Low == "nº" || t.Low == "no" || t.Low == "num" {
		return i
	}
	joined := r.tokens[i+1].Sort == token.Sign
	if joined && (!t.Shouted() && len(t.Raw) > 1 || strings.ToUpper(t.Raw) != t.Raw) {
		return i
	}
	if _, isUnit := unit.ByWord[t.Low]; isUnit && unit.Money[unit.ByWord[t.Low].Base] {
		return i
	}
	if t.Low == "t" && i > 0 && r.tokens[i-1].Sort == token.Figures && !t.Spaced {
		return i + 1 // 2026-05-03T14:30
	}
	r.add(fact{kind: Code, id: squeezed(r.text[t.At:r.tokens[end-1].End])}, i, end)
	return end
}

// codeOfFigures reads a code that begins with a figure and is no number with a unit.
func (r *reader) codeOfFigures(i int) (next int) {
	end, letters, _ := r.run(i)
	next1 := r.tokens[i+1]
	if letters == 0 {
		return i
	}
	if next1.Sort == token.Word {
		_, isUnit := unit.ByWord[next1.Low]
		if isUnit || placeEndings[next1.Low] || scales[next1.Low] != 0 || clockLetters[next1.Low] {
			return i
		}
	} else if !r.tokens[end-1].Shouted() && !r.tokens[i+2].Shouted() {
		return i // "3-en-1", "24-hour"
	}
	r.add(fact{kind: Code, id: squeezed(r.text[r.tokens[i].At:r.tokens[end-1].End])}, i, end)
	return end
}

var clockLetters = reading.WordSet(`h hs hr hrs am pm a p`)

// numbered reads "#4821" and "#A12".
func (r *reader) numbered(i int) (next int) {
	if r.tokens[i+1].Spaced || r.tokens[i+1].Sort == token.Sign || steps[r.before(i, 1)] {
		return i
	}
	end, _, numbers := r.run(i + 1)
	if numbers == 0 {
		return i
	}
	r.add(fact{kind: Code, id: squeezed(r.text[r.tokens[i+1].At:r.tokens[end-1].End])}, i, end)
	return end
}

// ofCodes are words before a code that may be of letters alone.
var ofCodes = reading.WordSet(`codigo code cupon coupon cupom voucher clave promo promocional promocode`)

// named reads a code of letters alone, by the word for it: "el código BIENVENIDO".
func (r *reader) named(i int) (next int) {
	t := r.tokens[i]
	if !t.Shouted() || len(t.Raw) < 4 {
		return i
	}
	for by := 1; by <= 3; by++ {
		if ofCodes[r.before(i, by)] {
			r.add(fact{kind: Code, id: squeezed(t.Raw)}, i, i+1)
			return i + 1
		}
	}
	return i
}

var (
	planWords = reading.WordSet(`plan planes plano planos paquete paquetes pacote pacotes tarifa tarifas membresia membresias
		suscripcion assinatura edicion edicao
		tarjeta tarjetas cartao cuenta conta bono pase nivel`)
	planBehind = reading.WordSet(`plan plans package packages tier membership subscription card account bundle edition pass`)
	// noPlans are words that begin a sentence, and others that name no plan.
	noPlans = reading.WordSet(`the a an our your this that which each every what any no my their these those all both one if with is
		are and or for of in on to
		we you it some another other new current existing monthly annual yearly credit debit gift bank action data sim id business
		de del con sin para por telefono movil internet credito debito regalo cliente usuario
		el la los las su sus tu tus nuestro nuestra um uma o os as seu sua nosso nossa do da com sem em que se y e es un una si no`)
)

// plan reads the name of a plan: "plan Pro", "the Gold plan", "planes Básico, Pro y Premium".
func (r *reader) plan(i int) (next int) {
	t := r.tokens[i]
	if planWords[t.Low] {
		if next = r.plansBehind(i + 1); next > i+1 || !planBehind[t.Low] {
			return next
		}
	}
	if !planBehind[t.Low] || i == 0 {
		return i
	}
	// The words in capitals before it are its name; one that begins a sentence may be any word.
	from := i
	for from > 0 && r.tokens[from-1].Capital() && !noPlans[r.parts[from-1]] && r.tokens[from].Spaced {
		from--
	}
	if from < i && r.beginsSentence(from) {
		if tiers[r.parts[from]] == "" {
			from++
		}
	}
	for k := from; k < i; k++ {
		r.add(fact{kind: Plan, id: r.parts[k]}, k, k+1)
	}
	return i + 1
}

// plansBehind reads the names behind a word for plans.
func (r *reader) plansBehind(i int) (next int) {
	j, named := i, 0
	for {
		for r.tokens[j].Sort != 0 && (r.parts[j] == "\"" || r.parts[j] == "“" || r.parts[j] == "«" || r.parts[j] == "'") {
			j++
		}
		if t := r.tokens[j]; t.Capital() && !noPlans[t.Low] && !planWords[t.Low] && unit.ByWord[t.Low].Base == "" && !r.beginsSentence(j) {
			r.add(fact{kind: Plan, id: t.Low}, j, j+1)
			named++
			j++
			continue
		}
		joint := r.parts[j]
		if named == 0 || !between[joint] || !r.tokens[j+1].Capital() {
			return max(j, i)
		}
		j++
	}
}

var between = reading.WordSet(", y o e ou")

// beginsSentence reports whether a token is the first of a sentence.
func (r *reader) beginsSentence(i int) bool {
	if i == 0 || r.tokens[i].First {
		return true
	}
	b := r.tokens[i-1]
	return b.Sort == token.Sign && strings.Contains(".!?:¡¿•-–—", b.Low)
}

// tiers are names of plans that are translated, each with a name for all.
var tiers = func() map[string]string {
	m := map[string]string{}
	for _, row := range []string{
		`gold oro ouro`, `silver plata prata`, `basic basico basica`, `professional profesional profissional pro`, `business empresa
		empresas empresarial negocio negocios`,
		`family familia familiar`, `standard estandar padrao`, `premium`, `free gratis gratuito gratuita`, `annual anual`, `monthly
		mensual mensal`, `plus`,
		`bronze bronce`, `platinum platino platina`, `starter inicial inicio`, `advanced avanzado avancado`, `student estudiante
		estudante`, `essential esencial essencial`,
		`individual`, `enterprise corporativo`, `max`, `lite`, `vip`, `unlimited ilimitado`, `team equipo equipe`, `personal pessoal`,
	} {
		names := strings.Fields(row)
		for _, n := range names {
			m[n] = names[0]
		}
	}
	return m
}()
