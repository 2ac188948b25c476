package reading

import (
	"strings"

	"tania/internal/tania"
)

// factSort is what kind of fact a phrase states.
type factSort uint8

const (
	// Date phrases are days, months, seasons and what places them: "next".
	Date factSort = iota + 1
	// negating phrases turn what follows around: "not", "dejar de".
	negating
	// lacking phrases take what follows out: "sin", "except".
	lacking
	// nobody phrases are negations that stand for a thing: "nada", "nadie".
	nobody
	// limiting phrases leave nothing else: "only".
	limiting
	// polar phrases are one side of a pair of opposites.
	polar
)

// factPhrase is a phrase that states a fact.
type factPhrase struct {
	// rest are its words behind the first.
	rest []string
	sort factSort
	name string
	pole Pole
}

// factPhrases by language and first word, the longest first.
var factPhrases = func() map[tania.Language]map[string][]factPhrase {
	tables := map[tania.Language]map[string][]factPhrase{}
	for _, t := range languages {
		tables[t] = map[string][]factPhrase{}
	}
	add := func(t tania.Language, phrase string, m factPhrase) {
		f := strings.Fields(phrase)
		if len(f) == 0 {
			return
		}
		m.rest = f[1:]
		list := append(tables[t][f[0]], m)
		for i := len(list) - 1; i > 0 && len(list[i].rest) > len(list[i-1].rest); i-- {
			list[i], list[i-1] = list[i-1], list[i]
		}
		tables[t][f[0]] = list
	}
	read := func(s factSort, table string) {
		for line := range strings.SplitSeq(table, "\n") {
			name, lists, ok := strings.Cut(line, ":")
			if !ok {
				continue
			}
			for t, list := range strings.Split(lists, "|") {
				for phrase := range strings.SplitSeq(list, ",") {
					add(languages[t], phrase, factPhrase{sort: s, name: strings.TrimSpace(name)})
				}
			}
		}
	}
	read(Date, momentPhrases)
	read(negating, negations)
	read(lacking, exclusions)
	read(nobody, nobodies)
	read(limiting, limits)
	for phrase, p := range polarPhrases() {
		for _, t := range languages {
			add(t, phrase, factPhrase{sort: polar, pole: p})
		}
	}
	return tables
}()

// factPhraseAt is the longest mark that begins at parts[i].
func factPhraseAt(parts []string, i int, t tania.Language) *factPhrase {
	list := factPhrases[t][parts[i]]
next:
	for k := range list {
		m := &list[k]
		if i+len(m.rest) >= len(parts) {
			continue
		}
		for n, w := range m.rest {
			if parts[i+1+n] != w {
				continue next
			}
		}
		return m
	}
	return nil
}

// The tables say a name, and the phrases for it in Spanish, English and Portuguese.
const (
	momentPhrases = `
	mon: lunes | monday, mondays, mon | segunda feira, segunda, segundas feiras, segundas
	tue: martes | tuesday, tuesdays, tue | terca feira, terca, tercas feiras, tercas
	wed: miercoles | wednesday, wednesdays, wed | quarta feira, quarta, quartas feiras, quartas
	thu: jueves | thursday, thursdays, thu | quinta feira, quinta, quintas feiras, quintas
	fri: viernes | friday, fridays, fri | sexta feira, sexta, sextas feiras, sextas
	sat: sabado, sabados | saturday, saturdays, sat | sabado, sabados
	sun: domingo, domingos | sunday, sundays, sun | domingo, domingos
	jan: enero | january, jan | janeiro
	feb: febrero | february, feb | fevereiro
	mar: marzo | march | marco
	apr: abril | april, apr | abril
	may: mayo | in may, of may, this may, next may, last may, until may, since may, by may, before may, after may, for may, during may | maio
	jun: junio | june | junho
	jul: julio | july | julho
	aug: agosto | august, aug | agosto
	sep: septiembre, setiembre | september, sept | setembro
	oct: octubre | october, oct | outubro
	nov: noviembre | november, nov | novembro
	dec: diciembre | december, dec | dezembro
	spring: primavera | spring, springtime | primavera
	summer: verano, veranos | summer, summers, summertime | verao
	autumn: otono | autumn, the fall, in fall, fall season | outono
	winter: invierno | winter, winters, wintertime | inverno
	today: hoy, hoy dia, hoy mismo | today | hoje
	tonight: esta noche | tonight | esta noite, hoje a noite
	yesterday: ayer | yesterday | ontem
	before yesterday: anteayer, antier, antes de ayer | day before yesterday | anteontem
	last night: anoche | last night | ontem a noite
	tomorrow: manana | tomorrow | amanha
	after tomorrow: pasado manana | day after tomorrow | depois de amanha
	am: am | am | am
	pm: pm | pm | pm
	morning: la manana, las mananas, mananas, por la manana | morning, mornings | manha, manhas
	afternoon: la tarde, las tardes, esta tarde, tardes | afternoon, afternoons | a tarde, tarde, tardes
	evening: | evening, evenings |
	night: noche, noches | night, nights | noite, noites
	dawn: madrugada | dawn | madrugada
	12:00: mediodia, medio dia | noon, midday | meio dia
	0:00: medianoche, media noche | midnight | meia noite
	weekend: fin de semana, fines de semana, finde, findes | weekend, weekends | fim de semana, fins de semana, final de semana, finais de semana
	weekday: entre semana, dias de semana, dia de semana | weekday, weekdays, week days | dias de semana, dia de semana, durante a semana
	workday: dias habiles, dia habil, dias laborables, dia laborable, dias laborales | business days, business day, working days, workdays | dias uteis, dia util
	day: diario, diaria, diarios, diarias, diariamente, al dia, por dia, cada dia, todos los dias | daily, per day, every day, everyday | diario, diaria, diariamente, por dia, todos os dias, ao dia
	week: semana, semanas, semanal, semanales, semanalmente | week, weeks, weekly | semana, semanas, semanal, semanais, semanalmente
	fortnight: quincena, quincenal, quincenalmente | biweekly, fortnight, fortnightly | quinzena, quinzenal
	month: mes, meses, mensual, mensuales, mensualmente | month, months, monthly | mes, meses, mensal, mensais, mensalmente
	quarter: trimestre, trimestral | quarterly | trimestre, trimestral
	halfyear: semestre, semestral | semester | semestre, semestral
	year: ano, anos, anual, anuales, anualmente | year, years, yearly, annual, annually | ano, anos, anual, anuais, anualmente
	this month: este mes | this month | este mes, neste mes, deste mes
	this week: esta semana | this week | esta semana, nesta semana, desta semana
	this year: este ano | this year | este ano, neste ano, deste ano
	now: ahora, ahorita | now | agora
	next: proximo, proxima, proximos, proximas, que viene, que vienen, siguiente, siguientes | next, coming, following, upcoming | proximo, proxima, proximos, proximas, que vem, seguinte
	last: pasado, pasada, pasados, pasadas, anterior, anteriores | last, previous, past | passado, passada, passados, passadas, anterior
	before: antes | before, prior | antes
	after: despues, luego de, tras | after, afterwards | depois, apos
	christmas: navidad, navidades | christmas, xmas | natal
	christmas eve: nochebuena, noche buena | christmas eve | vespera de natal
	new year: ano nuevo | new year, new years | ano novo
	new years eve: nochevieja, fin de ano, noche vieja | new year eve, new years eve | reveillon, vespera de ano novo, fim de ano
	easter: semana santa, pascua, pascuas | easter, holy week | semana santa, pascoa
	holiday: feriado, feriados, festivo, festivos | holiday, holidays | feriado, feriados
	vacation: vacaciones | vacation, vacations | ferias
	carnival: carnaval, carnavales | carnival | carnaval`
	negations = `
	not: no, nunca, jamas, dejar de, dejo de, deje de, dejen de, deja de | not, no, never, stop receiving, stop getting | nao, nunca, jamais, deixar de, deixo de, parar de, paro de`
	exclusions = `
	without: sin, excepto, salvo, menos el, menos la, menos los, menos las, todo menos, todos menos, todas menos, a excepcion de, con excepcion de, aparte de, libre de, libres de | without, except, excluding, excepting, apart from, unless, other than, free of | sem, exceto, salvo, menos o, menos a, menos os, menos as, tirando, livre de, a menos que`
	nobodies = `
	nobody: nada, nadie, ningun, ninguno, ninguna, tampoco, ni | nothing, nobody, none, neither, nor, nowhere, noone | nada, nem, nenhum, nenhuma, ninguem, tampouco`
	limits = `
	only: solo, solamente, unicamente, exclusivamente, nomas, nada mas | only, solely, exclusively, nothing but | so, somente, apenas, unicamente, exclusivamente`
)
