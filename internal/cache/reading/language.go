package reading

import (
	"slices"
	"strings"

	"tania/internal/tania"
)

// languages are those that the tables know. Where a text tells nothing the first is assumed.
var languages = []tania.Language{tania.Spanish, tania.English, tania.Portuguese}

// tellers are words that one of the three languages has alone.
var tellers = func() map[string]tania.Language {
	m := map[string]tania.Language{}
	for t, list := range map[tania.Language]string{
		tania.Spanish: `el los las del y una unas con cual cuales cuanto cuanta cuantos cuantas donde cuando tienen tiene hay mi mis quiero puedo puede pueden hacen muy pero usted ustedes
			estan soy son yo su sus aceptan abren cierran al lo`,
		tania.English: `the an of is are does what how your my you can with and where when which for have it we our much many want need i to not will`,
		tania.Portuguese: `um uma em nao voce voces vcs meu minha meus minhas qual quais quanto quanta quantos quantas quando onde posso pode podem quero na nas nos ao aos sao tem tenho faz fazem
			muito mais sim ate ja eu seu sua aceitam pra foi`,
	} {
		for _, w := range strings.Fields(list) {
			m[w] = t
		}
	}
	return m
}()

// lean tells a text's language by its telling words, and whether they are of one mind.
func lean(parts []string, text string) (best tania.Language, sure bool) {
	votes := map[tania.Language]int{}
	best = languages[0]
	for _, p := range parts {
		if t, ok := tellers[p]; ok {
			votes[t]++
		}
	}
	switch {
	case strings.ContainsAny(text, "ñÑ¿¡") || strings.Contains(text, "ión"):
		votes[tania.Spanish]++
	case strings.ContainsAny(text, "ãÃõÕçÇêÊâÂôÔàÀ") || strings.Contains(text, "ário") || strings.Contains(text, "ária"):
		votes[tania.Portuguese]++
	}
	second := 0
	for _, t := range languages {
		if votes[t] > votes[best] {
			best = t
		}
	}
	for _, t := range languages {
		if t != best {
			second = max(second, votes[t])
		}
	}
	return best, votes[best] > 0 && second == 0
}

// tablesFor gives the language whose tables a text is read by: the one given if there are tables for it, and else what its words tell. told is what
// they tell, empty where they tell none or several.
func tablesFor(parts []string, text string, lang tania.Language) (tables, told tania.Language) {
	tables, sure := lean(parts, text)
	if sure {
		told = tables
	}
	if slices.Contains(languages, lang) {
		tables = lang
	}
	return tables, told
}
