package alert

import (
	"embed"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tania/internal/tania"
)

// Words are a text in each language of the operators.
type Words map[tania.Language]string

// In gives the words in a language, the English ones where there are none.
func (w Words) In(lang tania.Language) string {
	if s := w[lang]; s != "" {
		return s
	}
	return w[tania.English]
}

//go:embed texts/*.yaml
var textFiles embed.FS

// regions are where most readers of a language write their numbers: 1,076 in Mexico, 1.076 in Brazil.
var regions = map[tania.Language]language.Tag{
	tania.English: language.AmericanEnglish, tania.Spanish: language.MustParse("es-MX"), tania.Portuguese: language.BrazilianPortuguese,
}

// catalogue has the alerts' texts by language and key.
type catalogue map[tania.Language]map[string]string

// words are read when the first alert is raised, or the first page asks for one.
var words = lazy(sync.OnceValue(loadCatalogue))

// lazy is a catalogue that is read when it is first asked for.
type lazy func() catalogue

func (l lazy) say(key string, args ...any) Words { return l().say(key, args...) }

func loadCatalogue() catalogue {
	c := catalogue{}
	for lang := range regions {
		raw, err := textFiles.ReadFile("texts/" + string(lang) + ".yaml")
		texts := map[string]string{}
		if err == nil {
			err = yaml.Unmarshal(raw, &texts)
		}
		if err != nil {
			panic(fmt.Sprintf("alert: texts in %s: %v", lang, err)) // they are in the binary, and tested
		}
		c[lang] = texts
	}
	return c
}

// say gives a text in every language, with what it speaks of put in.
func (c catalogue) say(key string, args ...any) Words {
	w := Words{}
	for lang, texts := range c {
		w[lang] = message.NewPrinter(regions[lang]).Sprintf(texts[key], args...)
	}
	return w
}
