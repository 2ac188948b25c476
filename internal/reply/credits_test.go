package reply_test

import (
	"slices"
	"strings"
	"testing"

	"tania/internal/answer"
	"tania/internal/bot"
	"tania/internal/cache"
	"tania/internal/reply"
	"tania/internal/tania"
)

// credited is a bot that tells where its answers come from: entry 1 is the FAQ's, 2 and 3 have the same link, 4 has none.
func credited(kind bot.Credit) *bot.Bot {
	b := bot.Default()
	if kind != "" {
		b.Citations = map[tania.Channel]bot.Credit{"": kind, tania.ChannelTelegram: bot.CreditNone}
	}
	b.FAQ = []bot.FAQ{{
		ID: "hours", Questions: []string{"¿A qué hora abren?", "What time do you open?"}, Answer: bot.Text{"": "A las 9."},
		URL: "https://shop.example/hours",
	}}
	for _, p := range [][3]string{{"k#Envío", "Envíos › Costo", "cakes"}, {"k#Pan", "Pan", "cakes"}, {"k#Té", "Té", ""}} {
		passage := bot.Passage{Source: p[0], Title: p[1], Text: "El dato: 150, https://shop.example/cakes/7."}
		if p[2] != "" {
			passage.URL = "https://shop.example/" + p[2]
		}
		b.Knowledge = append(b.Knowledge, passage)
	}
	return b
}

func creditedDeps(b *bot.Bot, m model) reply.Deps {
	d := deps(m)
	d.Bot, d.Answerer = b, answer.New(answer.Options{Bot: b, Responder: m})
	return d
}

func TestCustomersAreToldWhereAnAnswerComesFrom(t *testing.T) {
	const asked, askedInEnglish = price, "how much is the chocolate cake please, I would like to know"
	for _, c := range []struct {
		name    string
		kind    bot.Credit
		text    string
		model   string
		channel tania.Channel
		want    string
	}{
		{"nothing by default", "", asked, "Cuesta 150 [1].", "", "Cuesta 150."},
		{"nothing", bot.CreditNone, asked, "Cuesta 150 [2].", "", "Cuesta 150."},
		{"nothing on this channel", bot.CreditLinks, asked, "Cuesta 150 [2].", tania.ChannelTelegram, "Cuesta 150."},
		{"a title", bot.CreditSource, asked, "Cuesta 150 [2].", "", "Cuesta 150.\n\nFuente: Envíos › Costo"},
		{"titles", bot.CreditSource, asked, "Cuesta 150 [4][3].", "", "Cuesta 150.\n\nFuente: Té; Pan"},
		{"a question", bot.CreditSource, asked, "A las 9 [1].", "", "A las 9.\n\nFuente: ¿A qué hora abren?"},
		{"in English", bot.CreditSource, askedInEnglish, "At 9 [1].", "", "At 9.\n\nSource: What time do you open?"},
		{"a title that is said already", bot.CreditSource, asked, "Cuesta 150 [3].\n\nFuente: Pan", "", "Cuesta 150.\n\nFuente: Pan"},
		{"links, each once", bot.CreditLinks, asked, "Sí [1][2][3].", "", "Sí.\n\nhttps://shop.example/hours\nhttps://shop.example/cakes"},
		{"no link", bot.CreditLinks, asked, "Sí [4].", "", "Sí."},
		{"a link that is said", bot.CreditLinks, asked, "Vea https://shop.example/cakes. [2]", "", "Vea https://shop.example/cakes."},
		{
			"a link in Markdown", bot.CreditLinks, asked, "Vea [esto](https://shop.example/cakes/) [2].", "",
			"Vea [esto](https://shop.example/cakes/).",
		},
		{
			"a longer link is another", bot.CreditLinks, asked, "Vea https://shop.example/cakes/7 [2].", "",
			"Vea https://shop.example/cakes/7.\n\nhttps://shop.example/cakes",
		},
		{"an answer that rests on nothing", bot.CreditSource, asked, "¡Con gusto!", "", "¡Con gusto!"},
		{"not known", bot.CreditSource, asked, "[unknown] No sé.", "", "No sé."},
		{
			"known in part", bot.CreditSource, asked, "[unknown] Es de té [4]. El precio no lo sé.", "",
			"Es de té. El precio no lo sé.\n\nFuente: Té",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			turn := caseOf(c.text)
			turn.Messages[0].Channel = c.channel
			p, err := reply.Decide(t.Context(), turn, creditedDeps(credited(c.kind), says(c.model)))
			if err != nil || p.Text() != c.want {
				t.Errorf("got %q, %v, want %q", p.Text(), err, c.want)
			}
		})
	}
}

func TestFixedAndCachedAnswersHaveTheirCredits(t *testing.T) {
	b := credited(bot.CreditLinks)
	s := &seen{look: cache.Look{Hit: true, Entry: "e", Sources: []string{"faq:hours"}, Answer: "A las 9."}}
	d := creditedDeps(b, nil)
	d.Cache, d.Scope = s, cached(nil, s).Scope
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if want := "A las 9.\n\nhttps://shop.example/hours"; err != nil || p.Text() != want {
		t.Errorf("from the cache: got %q, %v, want %q", p.Text(), err, want)
	}
}

// TestWhatIsKeptForAllHasNoCitationsAndNoCredits: they are added for each customer by the channel.
func TestWhatIsKeptForAllHasNoCitationsAndNoCredits(t *testing.T) {
	s := &seen{}
	d := creditedDeps(credited(bot.CreditLinks), says("Cuesta 150 [2]."))
	d.Cache, d.Scope = s, cached(nil, s).Scope
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil || p.Text() != "Cuesta 150.\n\nhttps://shop.example/cakes" || len(s.settled) != 1 {
		t.Fatalf("got %q, %v, settled %d", p.Text(), err, len(s.settled))
	}
	if made := s.settled[0]; made.Text != "Cuesta 150." || !slices.Equal(made.Sources, []string{"k#Envío"}) {
		t.Errorf("kept %+v", made)
	}
}

// TestWhatTheModelMadeUpIsNotKnown: the customer is not told, the record says so, and no other customer is given it.
func TestWhatTheModelMadeUpIsNotKnown(t *testing.T) {
	s := &seen{}
	b := credited(bot.CreditLinks)
	d := creditedDeps(b, says("Cuesta $999."))
	d.Cache, d.Scope = s, cached(nil, s).Scope
	p, err := reply.Decide(t.Context(), caseOf(price), d)
	if err != nil || p.Text() != b.Unknown[tania.Spanish] || p.Record.Outcome != tania.OutcomeNotKnown {
		t.Errorf("got %q, %+v, %v", p.Text(), p.Record, err)
	}
	if !strings.Contains(p.Record.Detail, `"$999"`) || len(s.settled) != 1 || s.settled[0].Known {
		t.Errorf("the record says %q, settled %+v", p.Record.Detail, s.settled)
	}
}

// TestWhatIsKnownIsSaidBeforeTheHumanComes: the second answer that is not known brings one, and its known part is not lost.
func TestWhatIsKnownIsSaidBeforeTheHumanComes(t *testing.T) {
	for said, want := range map[string]string{
		"[unknown] Es de té [4]. El precio no lo sé.": "Es de té. El precio no lo sé.", "[unknown] No sé.": "",
	} {
		turn := caseOf(price)
		turn.Memory.NotKnown = []tania.TurnID{"earlier"}
		p, err := reply.Decide(t.Context(), turn, creditedDeps(credited(bot.CreditNone), says(said)))
		if err != nil || p.Handoff != tania.HandoffNotKnown || p.Text() != want {
			t.Errorf("%s: got %q, %+v, %v", said, p.Text(), p.Record, err)
		}
	}
}

// TestACreditIsNotCutApart has answers of every length around what a message may hold.
func TestACreditIsNotCutApart(t *testing.T) {
	const link, last = "https://shop.example/cakes", "https://shop.example/cakes\nhttps://shop.example/hours"
	d := creditedDeps(credited(bot.CreditLinks), nil)
	for channel, most := range map[tania.Channel]int{tania.ChannelInstagram: 1000, tania.ChannelSMS: 320} {
		alone, together := 0, 0
		for length := most - 80; length < most+80; length += 3 {
			text := strings.Repeat("palabra ", length/8) + strings.Repeat("a", length%8) + "."
			d.Answerer = &answerer{made: answer.Answer{Text: text, Known: true, Sources: []string{"k#Envío", "faq:hours"}}}
			turn := caseOf(price)
			turn.Messages[0].Channel = channel
			p, err := reply.Decide(t.Context(), turn, d)
			if err != nil {
				t.Fatal(err)
			}
			end := p.Parts[len(p.Parts)-1]
			if !strings.HasSuffix(end, last) || strings.Count(p.Text(), link) != 1 || !strings.HasPrefix(p.Text(), "palabra") {
				t.Fatalf("%s, %d characters: %d messages, the last is %q", channel, length, len(p.Parts), end)
			}
			if end == last {
				alone++
			} else {
				together++
			}
		}
		if alone == 0 || together == 0 {
			t.Errorf("%s: alone %d times, below the answer %d times", channel, alone, together)
		}
	}
}

// TestALongCreditBelowAShortAnswerStaysWhole: together they would be cut amid the credit, since so early a paragraph ends no message.
func TestALongCreditBelowAShortAnswerStaysWhole(t *testing.T) {
	b := credited(bot.CreditSource)
	b.Knowledge[0].Title = strings.TrimSpace(strings.Repeat("Costo ", 51))
	turn := caseOf(price)
	turn.Messages[0].Channel = tania.ChannelSMS
	p, err := reply.Decide(t.Context(), turn, creditedDeps(b, says("Cuesta 150 [2].")))
	if want := []string{"Cuesta 150.", "Fuente: " + b.Knowledge[0].Title}; err != nil || !slices.Equal(p.Parts, want) {
		t.Errorf("got %q, %v", p.Parts, err)
	}
}

// TestAnAnswerOfAsManyMessagesAsThereMayBeHasNoCredit: its end is not left out for it.
func TestAnAnswerOfAsManyMessagesAsThereMayBeHasNoCredit(t *testing.T) {
	d := creditedDeps(credited(bot.CreditLinks), nil)
	full := strings.TrimSpace(strings.Repeat(strings.Repeat("a", 998)+". ", 10))
	d.Answerer = &answerer{made: answer.Answer{Text: full, Known: true, Sources: []string{"faq:hours"}}}
	turn := caseOf(price)
	turn.Messages[0].Channel = tania.ChannelInstagram
	p, err := reply.Decide(t.Context(), turn, d)
	cut := strings.Contains(p.Record.Detail, "messages on this channel")
	if err != nil || len(p.Parts) != 10 || strings.Contains(p.Text(), "https") || cut {
		t.Errorf("%d messages, %q, %v", len(p.Parts), p.Record.Detail, err)
	}
}
