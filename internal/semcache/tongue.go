package semcache

import (
	"strings"

	"tania/internal/tania"
)

// tongue is a language that the tables know.
type tongue uint8

const (
	spanish tongue = iota
	english
	portuguese
	tongues
)

// tellers are words that one of the three languages has alone.
var tellers = func() map[string]tongue {
	m := map[string]tongue{}
	for t, list := range [tongues]string{
		spanish: `el los las del y una unas con cual cuales cuanto cuanta cuantos cuantas donde cuando tienen tiene hay mi mis quiero puedo puede pueden hacen muy pero usted ustedes
			estan soy son yo su sus aceptan abren cierran al lo`,
		english: `the an of is are does what how your my you can with and where when which for have it we our much many want need i to not will`,
		portuguese: `um uma em nao voce voces vcs meu minha meus minhas qual quais quanto quanta quantos quantas quando onde posso pode podem quero na nas nos ao aos sao tem tenho faz fazem
			muito mais sim ate ja eu seu sua aceitam pra foi`,
	} {
		for _, w := range strings.Fields(list) {
			m[w] = tongue(t)
		}
	}
	return m
}()

// lean tells a text's tongue by its telling words, and whether they are of one mind.
func lean(parts []string, text string) (best tongue, sure bool) {
	var votes [tongues]int
	for _, p := range parts {
		if t, ok := tellers[p]; ok {
			votes[t]++
		}
	}
	switch {
	case strings.ContainsAny(text, "ñÑ¿¡") || strings.Contains(text, "ión"):
		votes[spanish]++
	case strings.ContainsAny(text, "ãÃõÕçÇêÊâÂôÔàÀ") || strings.Contains(text, "ário") || strings.Contains(text, "ária"):
		votes[portuguese]++
	}
	second := 0
	for t := spanish; t < tongues; t++ {
		if votes[t] > votes[best] {
			best = t
		}
	}
	for t := spanish; t < tongues; t++ {
		if t != best {
			second = max(second, votes[t])
		}
	}
	return best, votes[best] > 0 && second == 0
}

// tongueOf is the language if the tables know it, and what the words tell otherwise.
func tongueOf(parts []string, text string, lang tania.Language) (t tongue, own int8) {
	t, sure := lean(parts, text)
	own = -1
	if sure {
		own = int8(t) //nolint:gosec // there are three
	}
	switch lang {
	case tania.Spanish:
		t = spanish
	case tania.English:
		t = english
	case tania.Portuguese:
		t = portuguese
	}
	return t, own
}

// sameLanguage says that nothing tells two questions to be in two languages.
func sameLanguage(a, b *Question) bool {
	return a.Language == b.Language && (a.facts.own < 0 || b.facts.own < 0 || a.facts.own == b.facts.own)
}
