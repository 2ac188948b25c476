// Package template has the templates by which a customer is written to who wrote too long ago: texts that WhatsApp has approved, with
// parameters. What comes in is what bot.yaml declares and what is known of the customer; what goes out is how Chatwoot takes one. It does
// no I/O.
package template

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tania/internal/tania"
)

// Case is what a template is for, from a closed set.
type Case string

// The cases.
const (
	// Answer: the bot has an answer, and the channel takes none now.
	Answer Case = "answer"
	// Handoff: a human takes over, and the customer cannot be told.
	Handoff Case = "handoff"
)

// Template is one that WhatsApp has approved, in one language.
type Template struct {
	Name      string `yaml:"name" json:"name"`
	Language  string `yaml:"language" json:"language"`
	Category  string `yaml:"category" json:"category,omitempty"`
	Namespace string `yaml:"namespace" json:"namespace,omitempty"`
	// Text is what the customer reads, as it was approved but for the variables; agents read it in Chatwoot.
	Text string `yaml:"text" json:"text"`
	// Params are the values of its body by their names or numbers, with the variables in them filled.
	Params map[string]string `yaml:"params" json:"params,omitempty"`
}

// Several are a case's templates, one for each language. In bot.yaml a single one needs no list.
type Several []Template

// UnmarshalYAML takes both forms.
func (s *Several) UnmarshalYAML(decode func(any) error) error {
	var list []Template
	err := decode(&list)
	if err == nil {
		*s = list
		return nil
	}
	var one Template
	if alone := decode(&one); alone != nil {
		if strings.Contains(err.Error(), "unknown field") {
			return err
		}
		return alone
	}
	*s = Several{one}
	return nil
}

// Problem is what is wrong at a place below the templates.
type Problem struct{ Path, Text, Fix string }

// mostParams is how many a template may have here: JSON sorts their numbers as words, and Chatwoot gives them on by their order.
const mostParams = 9

// mostText is WhatsApp's limit of a body in characters.
const mostText = 1024

var (
	aName     = regexp.MustCompile(`^[A-Za-z0-9_]{1,512}$`)
	aLanguage = regexp.MustCompile(`^[a-z]{2,3}(_[A-Za-z]{2,4})?$`)
	aKey      = regexp.MustCompile(`^([1-9]|[a-z_][a-z0-9_]*)$`)
	variable  = regexp.MustCompile(`\{[A-Za-z_]+\}`)
)

// variables are what texts and parameters are filled with.
var variables = []string{"{name}", "{bot}", "{business}", "{answer}"}

// Check says what is wrong in declared templates.
func Check(declared map[Case]Several) (problems []Problem) {
	for _, c := range slices.Sorted(maps.Keys(declared)) {
		if c != Answer && c != Handoff {
			problems = append(problems, Problem{string(c), "is no case in which a template is sent", "write answer or handoff"})
			continue
		}
		for i := range declared[c] {
			path := string(c)
			if len(declared[c]) > 1 {
				path = fmt.Sprintf("%s[%d]", c, i)
			}
			problems = append(problems, declared[c][i].check(c, path)...)
		}
	}
	return problems
}

func (t *Template) check(c Case, path string) (problems []Problem) {
	add := func(at, text, fix string) { problems = append(problems, Problem{path + at, text, fix}) }
	if !aName.MatchString(t.Name) {
		add(".name", fmt.Sprintf("%q is no template's name", t.Name), "write the name as it is in WhatsApp Manager: letters, digits and _")
	}
	if !aLanguage.MatchString(t.Language) {
		add(".language", fmt.Sprintf("%q is no template's language", t.Language), "write its code as it is in WhatsApp Manager: es, en_US, pt_BR")
	}
	if n := utf8.RuneCountInString(t.Text); strings.TrimSpace(t.Text) == "" || n > mostText {
		add(".text", fmt.Sprintf("has %d characters", n), fmt.Sprintf("write what the customer reads, at most %d", mostText))
	}
	if len(t.Params) > mostParams {
		add(".params", fmt.Sprintf("has %d parameters", len(t.Params)), fmt.Sprintf("use a template of at most %d", mostParams))
	}
	texts := map[string]string{".text": t.Text}
	for key, value := range t.Params {
		texts[".params."+key] = value
		if !aKey.MatchString(key) {
			add(".params", fmt.Sprintf("%q is no parameter", key), "write its number (1 to 9) or its name, in small letters")
		}
	}
	for _, at := range slices.Sorted(maps.Keys(texts)) {
		for _, v := range variable.FindAllString(texts[at], -1) {
			if !slices.Contains(variables, v) || v == "{answer}" && c != Answer {
				add(at, "has "+v+", which is not known", "write {name}, {bot} or {business}, in templates for an answer also {answer}")
			}
		}
	}
	return problems
}

// On reports whether a channel has templates that Chatwoot sends.
func On(channel tania.Channel) bool {
	return channel == tania.ChannelWhatsApp || channel == tania.ChannelTwilioWhatsApp
}

// For gives the template for a customer's language: one in it, whatever the country, else the first.
func (s Several) For(language tania.Language) (t Template, ok bool) {
	for _, t := range s {
		if own, _, _ := strings.Cut(t.Language, "_"); own == string(language) {
			return t, true
		}
	}
	if len(s) == 0 {
		return t, false
	}
	return s[0], true
}

// Values are what the variables stand for.
type Values struct{ Name, Bot, Business, Answer string }

// Message is a template that is filled, as Chatwoot takes it in template_params.
type Message struct {
	Name      string `json:"name"`
	Category  string `json:"category,omitempty"`
	Language  string `json:"language"`
	Namespace string `json:"namespace,omitempty"`
	Processed Body   `json:"processed_params"`
}

// Body has the parameters of a template's text.
type Body struct {
	Body map[string]string `json:"body,omitempty"`
}

// Fill gives the template with its variables filled, and its text as agents and the history have it. It is not ok where a parameter would
// be empty, which Chatwoot would leave out so that those behind it took its place, or where the text would be longer than WhatsApp takes.
func (t *Template) Fill(v Values) (m Message, text string, ok bool) {
	// A parameter must have neither line breaks nor tabs nor more than four spaces in a row (Cloud API, error 132018).
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	fill := strings.NewReplacer("{name}", line(v.Name), "{bot}", line(v.Bot), "{business}", line(v.Business), "{answer}", line(v.Answer))
	m = Message{Name: t.Name, Category: strings.ToUpper(t.Category), Language: t.Language, Namespace: t.Namespace}
	for key, value := range t.Params {
		filled := strings.TrimSpace(fill.Replace(value))
		if filled == "" {
			return m, "", false
		}
		if m.Processed.Body == nil {
			m.Processed.Body = map[string]string{}
		}
		m.Processed.Body[key] = filled
	}
	text = strings.TrimSpace(fill.Replace(t.Text))
	return m, text, utf8.RuneCountInString(text) <= mostText
}

// Carries reports whether the customer reads the answer in the template.
func (t *Template) Carries() bool {
	return strings.Contains(t.Text, "{answer}") || slices.ContainsFunc(slices.Collect(maps.Values(t.Params)), func(s string) bool {
		return strings.Contains(s, "{answer}")
	})
}
