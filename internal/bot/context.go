package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tania/internal/setting"
	"tania/internal/tania"
)

// Bounds of the context: names, and bytes of one.
const (
	maxContext  = 30
	longestName = 80
)

const contextNames = "name, email, phone, identifier, channel, inbox, page, language, local_time, contact.KEY or conversation.KEY"

var (
	knownNames = []string{
		tania.KnownName, tania.KnownEmail, tania.KnownPhone, tania.KnownIdentifier, tania.KnownChannel, tania.KnownInbox, tania.KnownPage,
		tania.KnownLanguage, tania.KnownTime,
	}
	attributeKey = regexp.MustCompile(`^(?:contact|conversation)\.[A-Za-z0-9_-]+$`)
)

// context reads what the model may know of a customer.
func (s *botSource) context(b *Bot) (ps setting.Problems) {
	if len(s.file.Context) > maxContext {
		return setting.Problems{s.problem("$.context", fmt.Sprintf("has more than %d names", maxContext), "keep those that answers depend on")}
	}
	for i, name := range s.file.Context {
		at := fmt.Sprintf("$.context[%d]", i)
		name = strings.TrimSpace(name)
		switch {
		case len(name) > longestName || !slices.Contains(knownNames, name) && !attributeKey.MatchString(name):
			fix := "write " + contextNames
			if meant := setting.Nearest(name, knownNames); meant != "" {
				fix = "did you mean " + meant + "?"
			}
			ps = append(ps, s.problem(at, fmt.Sprintf("%q is nothing that is known of a customer", name), fix))
		case slices.Contains(b.Context, name):
			ps = append(ps, s.problem(at, fmt.Sprintf("names %s twice", name), "remove one"))
		}
		b.Context = append(b.Context, name)
	}
	return ps
}
