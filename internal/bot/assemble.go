package bot

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tania/internal/chatwoot/template"
	"tania/internal/setting"
	"tania/internal/tania"
)

// Limits of bot.yaml, in characters and entries.
const (
	maxText = 4000
	maxFAQ  = 1000
)

var (
	languageCode = regexp.MustCompile(`^[a-z]{2}$`)
	faqID        = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,79}$`)
	categories   = []string{"faq", "general", "transient"}
)

// assemble checks what the file says and completes it with the built-in texts.
func (s *botSource) assemble() (*Bot, setting.Problems) {
	f := s.file
	b := &Bot{
		Name: strings.TrimSpace(f.Name), Business: strings.TrimSpace(f.Business), Persona: strings.TrimSpace(f.Persona),
		Forbidden: trimmed(f.Forbidden),
		Sensitive: trimmed(f.Sensitive), HandoffWords: trimmed(f.HandoffWords), FrustrationWords: trimmed(f.FrustrationWords),
	}
	if b.Name == "" {
		b.Name = "Tania"
	}
	if b.Persona == "" {
		b.Persona = defaultPersona
	}
	ps := s.languages(b)
	ps = append(ps, s.texts(b)...)
	b.Warnings = append(b.Warnings, s.strangePlaceholders("$", textFile{"persona": f.Persona}, true)...)
	ps = append(ps, s.faq(b)...)
	ps = append(ps, s.prices(b)...)
	ps = append(ps, s.unknownLimit(b)...)
	b.AsksBack = f.AskBack == nil || *f.AskBack
	b.Recalls = f.Memory == nil || *f.Memory
	b.SumsUp = f.HandoffSummary == nil || *f.HandoffSummary
	ps = append(ps, s.context(b)...)
	ps = append(ps, s.citations(b)...)
	ps = append(ps, s.sources(b)...)
	ps = append(ps, s.tools(b)...)
	if text, fix := f.Bubbles.Check(); text != "" {
		ps = append(ps, s.problem("$.bubbles", text, fix))
	}
	for _, p := range template.Check(f.Templates) {
		ps = append(ps, s.problem("$.templates."+p.Path, p.Text, p.Fix))
	}
	b.Templates, b.Bubbles = f.Templates, int(f.Bubbles)
	ps = append(ps, s.procedures(b)...)
	return b, ps
}

// defaultUnknownLimit brings a human with the second answer that the bot does not know.
const defaultUnknownLimit = 2

func (s *botSource) unknownLimit(b *Bot) setting.Problems {
	b.UnknownLimit = defaultUnknownLimit
	if n := s.file.UnknownLimit; n != nil {
		b.UnknownLimit = *n
	}
	if b.UnknownLimit < 0 || b.UnknownLimit > tania.NotKnownLimit {
		return setting.Problems{s.problem("$.unknown_limit", fmt.Sprintf("is %d", b.UnknownLimit),
			fmt.Sprintf("write 1 to %d, or 0 for no limit", tania.NotKnownLimit))}
	}
	return nil
}

func (s *botSource) languages(b *Bot) (ps setting.Problems) {
	code := func(path, l string) tania.Language {
		l = strings.TrimSpace(l)
		if l != "" && !languageCode.MatchString(l) {
			ps = append(ps, s.problem(path, fmt.Sprintf("%q is not a language", l), "write two small letters: es, en, pt"))
		}
		return tania.Language(l)
	}
	for i, l := range s.file.Languages {
		b.Languages = append(b.Languages, code(fmt.Sprintf("$.languages[%d]", i), l))
	}
	b.Language = code("$.language", s.file.Language)
	switch {
	case len(b.Languages) == 0 && b.Language == "":
		b.Language, b.Languages = tania.Spanish, Default().Languages
	case len(b.Languages) == 0:
		b.Languages = []tania.Language{b.Language}
		for _, l := range Default().Languages {
			if l != b.Language {
				b.Languages = append(b.Languages, l)
			}
		}
	case b.Language == "":
		b.Language = b.Languages[0]
	case !slices.Contains(b.Languages, b.Language):
		ps = append(ps, s.problem("$.language", fmt.Sprintf("%q is not among the languages", b.Language), "add it to languages"))
	}
	return ps
}

// texts takes the texts of the file; a language that a text does not have keeps the built-in one.
func (s *botSource) texts(b *Bot) (ps setting.Problems) {
	builtin := b.texts()
	t := s.file.Texts
	for _, w := range []struct {
		key   string
		given textFile
		place *Text
	}{
		{"greeting", t.Greeting, &b.Greeting},
		{"thanks", t.Thanks, &b.Thanks},
		{"farewell", t.Farewell, &b.Farewell},
		{"handoff", t.Handoff, &b.Handoff},
		{"offer_human", t.OfferHuman, &b.OfferHuman},
		{"apology", t.Apology, &b.Apology},
		{"unknown", t.Unknown, &b.Unknown},
		{"rate_limited", t.RateLimited, &b.RateLimited},
		{"outside_hours", t.OutsideHours, &b.OutsideHours},
		{"attachment", t.Attachment, &b.Attachment},
		{"too_long", t.TooLong, &b.TooLong},
		{"late", t.Late, &b.Late},
		{"approval", t.Approval, &b.Approval},
		{"ask_back", t.AskBack, &b.AskBack},
		{"pick_one", t.PickOne, &b.PickOne},
		{"none_of_these", t.NoneOfThese, &b.NoneOfThese},
	} {
		text, more := s.text("$.texts."+w.key, w.given)
		ps = append(ps, more...)
		b.Warnings = append(b.Warnings, s.strangePlaceholders("$.texts."+w.key, w.given, slices.Contains(filledTexts, w.key))...)
		*w.place = builtin[w.place]
		if _, forAll := text[AnyLanguage]; forAll {
			*w.place = text
			continue
		}
		for l, said := range text {
			(*w.place)[l] = said
		}
	}
	// Who words the question and not the one beside buttons speaks in one tone all the same.
	for l := range t.AskBack {
		if own := tania.Language(l); t.PickOne[l] == "" && t.PickOne["default"] == "" && b.AskBack[own] != "" {
			b.PickOne[own] = b.AskBack[own]
		}
	}
	if t.AskBack["default"] != "" && len(t.PickOne) == 0 {
		b.PickOne = b.AskBack
	}
	return ps
}

// text checks one text.
func (s *botSource) text(path string, given textFile) (Text, setting.Problems) {
	var ps setting.Problems
	text := Text{}
	for key, said := range given {
		at, l := path+"."+key, tania.Language(key)
		if key == "default" {
			l = AnyLanguage
		} else if !languageCode.MatchString(key) {
			ps = append(ps, s.problem(at, "is not a language", "write two small letters (es, en, pt), or default for every language"))
		}
		said = strings.TrimSpace(said)
		switch {
		case said == "":
			ps = append(ps, s.problem(at, "is empty", "write a text, or remove it"))
		case utf8.RuneCountInString(said) > maxText:
			ps = append(ps, s.problem(at, fmt.Sprintf("is longer than %d characters", maxText), "shorten it"))
		}
		text[l] = said
	}
	slices.SortFunc(ps, func(a, b setting.Problem) int { return strings.Compare(a.Name, b.Name) })
	return text, ps
}

func (s *botSource) faq(b *Bot) (ps setting.Problems) {
	if len(s.file.FAQ) > maxFAQ {
		return setting.Problems{s.problem("$.faq", fmt.Sprintf("has more than %d entries", maxFAQ), "move what is long or rare to knowledge")}
	}
	taken, owner := map[string]bool{}, map[string]string{}
	for _, f := range s.file.FAQ {
		taken[f.ID] = true
	}
	seen := map[string]bool{}
	for i, f := range s.file.FAQ {
		path := fmt.Sprintf("$.faq[%d]", i)
		q := FAQ{ID: f.ID, Questions: trimmed(f.Questions), Keywords: trimmed(f.Keywords), Category: f.Category}
		bad := func(key, text, fix string) { ps = append(ps, s.problem(path+key, text, fix)) }
		if len(q.Questions) == 0 {
			bad(".questions", "has no question", "write at least one way to ask it")
		}
		switch {
		case f.ID == "" && len(q.Questions) > 0:
			q.ID = freeID(slug(q.Questions[0]), taken)
		case f.ID == "":
		case !faqID.MatchString(f.ID):
			bad(".id", fmt.Sprintf("%q is not an id", f.ID), "write small letters, digits, - and _, or remove it")
		case seen[f.ID]:
			bad(".id", fmt.Sprintf("%q is the id of an earlier entry", f.ID), "give each entry an id of its own, or none")
		}
		seen[f.ID] = f.ID != ""
		b.Warnings = append(b.Warnings, s.strangePlaceholders(path+".answer", f.Answer, true)...)
		if q.Category == "" {
			q.Category = categories[0]
		} else if !slices.Contains(categories, q.Category) {
			bad(".category", fmt.Sprintf("%q is not a category", q.Category), "write "+strings.Join(categories, ", ")+", or remove it")
		}
		for j, k := range q.Keywords {
			if first, ok := owner[folded(k)]; ok && first != q.ID {
				bad(fmt.Sprintf(".keywords[%d]", j), fmt.Sprintf("%q is a keyword of the entry %s too", k, first), "keep it in one of them")
			}
			owner[folded(k)] = q.ID
		}
		var more, wrong setting.Problems
		q.Answer, more = s.text(path+".answer", f.Answer)
		q.URL, wrong = s.link(path+".url", f.URL)
		ps = append(append(ps, more...), wrong...)
		if len(f.Answer) == 0 {
			bad(".answer", "has no answer", "write it")
		}
		b.FAQ = append(b.FAQ, q)
	}
	return ps
}

func (s *botSource) prices(b *Bot) (ps setting.Problems) {
	for _, model := range slices.Sorted(maps.Keys(s.file.Prices)) {
		p := s.file.Prices[model]
		for _, v := range []float64{p.Input, p.Output} {
			if v < 0 || math.IsNaN(v) || math.IsInf(v, 0) {
				ps = append(ps, s.problem("$.prices", fmt.Sprintf("has no price for %s", model), "write dollars per million tokens, 0 or more"))
				break
			}
		}
		if b.Prices == nil {
			b.Prices = map[string]Price{}
		}
		b.Prices[model] = Price(p)
	}
	return ps
}

// trimmed drops what is empty.
func trimmed(list []string) []string {
	var kept []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

// slug makes an id from a question: "¿Cuánto cuesta el envío?" is "cuanto-cuesta-el-envio".
func slug(question string) string {
	words := strings.FieldsFunc(folded(question), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	id := strings.Join(words, "-")
	if len(id) > 60 {
		id = strings.TrimRight(id[:60], "-")
	}
	if id == "" {
		return "faq"
	}
	return id
}

// freeID makes an id unique by a number behind it, and takes it.
func freeID(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	taken[free] = true
	return free
}

// folded is a text in lower case, without accents.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
