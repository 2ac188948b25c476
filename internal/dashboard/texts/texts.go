// Package texts is what the dashboard says, in its languages, and how each writes numbers, times and money. The words are in the files
// en.yaml, es.yaml and pt.yaml; nothing but the name of a text comes in.
package texts

import (
	"cmp"
	"embed"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	g "maragu.dev/gomponents"

	"tania/internal/tania"
)

// Say is a text by its key, as text.
func (t *Texts) Say(key string, args ...any) g.Node { return g.Text(t.Text(key, args...)) }

//go:embed *.yaml
var textFiles embed.FS

// languages are those of the pages; the first is for browsers that want none of them.
var languages = []tania.Language{tania.English, tania.Spanish, tania.Portuguese}

// regions are where most readers of a language write their numbers: 1,076 and 0.97 in Mexico, 1.076 and 0,97 in Brazil.
var regions = map[tania.Language]language.Tag{
	tania.English: language.AmericanEnglish, tania.Spanish: language.MustParse("es-MX"), tania.Portuguese: language.BrazilianPortuguese,
}

// Texts are one language's.
type Texts struct {
	Lang    tania.Language
	by      map[string]string
	printer *message.Printer
}

// Load reads the texts of a language.
func Load(lang tania.Language) (*Texts, error) {
	raw, err := textFiles.ReadFile(string(lang) + ".yaml")
	if err != nil {
		return nil, err
	}
	t := &Texts{Lang: lang, printer: message.NewPrinter(regions[lang])}
	if err := yaml.Unmarshal(raw, &t.by); err != nil {
		return nil, fmt.Errorf("dashboard: texts in %s: %w", lang, err)
	}
	return t, nil
}

// Text gives a text by its key, with what it speaks of put in. A key that is missing is shown, and a test finds it.
func (t *Texts) Text(key string, args ...any) string {
	format, ok := t.by[key]
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return format
	}
	return t.printer.Sprintf(format, args...)
}

// Term gives the text of a value of a closed set, the value itself where there is none: another version may have written it.
func (t *Texts) Term(set string, value any) string {
	v := fmt.Sprint(value)
	if s, ok := t.by[set+"."+v]; ok {
		return s
	}
	return v
}

// Values are those of a closed set that have a text, in the order of their texts.
func (t *Texts) Values(set string) []string {
	var found []string
	for key := range t.by {
		if value, ok := strings.CutPrefix(key, set+"."); ok {
			found = append(found, value)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(t.Term(set, a), t.Term(set, b)) })
	return found
}

// Number shows a whole number.
func (t *Texts) Number(n any) string { return t.printer.Sprint(n) }

// Short shows a figure with three digits.
func (t *Texts) Short(f float64) string {
	if math.Abs(f) >= 1000 { // three digits would be 1.08e+03
		return t.printer.Sprintf("%.0f", f)
	}
	return t.printer.Sprintf("%.3g", f)
}

// Decimal shows a figure with one digit behind the point.
func (t *Texts) Decimal(f float64) string { return t.printer.Sprintf("%.1f", f) }

// Millis shows a duration in milliseconds, in the unit that suits it.
func (t *Texts) Millis(ms float64) string {
	switch {
	case ms < 1:
		return t.printer.Sprintf("%.2f ms", ms)
	case ms < 10:
		return t.printer.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return t.printer.Sprintf("%.0f ms", ms)
	case ms < 60_000:
		return t.printer.Sprintf("%.1f s", ms/1000)
	}
	return t.Duration(time.Duration(ms) * time.Millisecond)
}

// Duration shows a long duration with two units at most.
func (t *Texts) Duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return t.printer.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return t.printer.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return t.printer.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return t.printer.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}

// Percent shows a share between 0 and 1.
func (t *Texts) Percent(share float64) string { return t.printer.Sprintf("%.1f %%", share*100) }

// Dollars shows micro-USD.
func (t *Texts) Dollars(micro int64) string {
	digits := 2
	if micro != 0 && micro < 1_000_000 {
		digits = 4
	}
	return t.printer.Sprintf("%.*f\u00a0USD", digits, float64(micro)/1e6)
}

// matcher finds the language a browser wants most.
var matcher = func() language.Matcher {
	tags := make([]language.Tag, len(languages))
	for i, l := range languages {
		tags[i] = language.Make(string(l))
	}
	return language.NewMatcher(tags)
}()

// LanguageOf gives the language of the pages that a browser wants most, by its Accept-Language.
func LanguageOf(accept string) tania.Language {
	if len(accept) > 200 {
		accept = accept[:strings.LastIndexByte(accept[:200], ',')+1]
	}
	_, i := language.MatchStrings(matcher, accept)
	return languages[i]
}
