package knowledge

import "testing"

func TestHashChangesWithAnyPartOfAPassage(t *testing.T) {
	base := Passage{
		ID: "1", Source: "help", URL: "https://help.example/1", Title: "Delivery", Headings: []string{"Sundays"}, Text: "No.", Language: "en",
	}
	for name, change := range map[string]func(*Passage){
		"id":       func(p *Passage) { p.ID = "2" },
		"source":   func(p *Passage) { p.Source = "site" },
		"url":      func(p *Passage) { p.URL = "" },
		"title":    func(p *Passage) { p.Title = "Delivery Sundays" },
		"headings": func(p *Passage) { p.Headings = []string{"Sundays", "Holidays"} },
		"text":     func(p *Passage) { p.Text = "Yes." },
		"language": func(p *Passage) { p.Language = "es" },
	} {
		changed := base
		if change(&changed); changed.Hash() == base.Hash() {
			t.Errorf("%s: the hash is the same", name)
		}
	}
	same := base
	if same.Headings = []string{"Sundays"}; same.Hash() != base.Hash() {
		t.Error("equal passages have different hashes")
	}
}

func TestHeadingIsTheWholePath(t *testing.T) {
	p := Passage{Title: "Delivery", Headings: []string{"When", "Sundays"}}
	if got := p.Heading(); got != "Delivery › When › Sundays" {
		t.Errorf("got %q", got)
	}
}
