package bot

import "iter"

// Public gives what the bot tells everybody, and what it tells it from: its name and business, its persona, its fixed texts, its FAQ and
// its knowledge, with their addresses.
func (b *Bot) Public() iter.Seq[string] {
	return func(yield func(string) bool) {
		all := []string{b.Name, b.Business, b.Persona}
		for text := range b.texts() {
			for _, said := range *text {
				all = append(all, said)
			}
		}
		for _, f := range b.FAQ {
			all = append(append(all, f.Texts()...), f.URL)
		}
		for _, text := range all {
			if !yield(text) {
				return
			}
		}
		for _, p := range b.Knowledge {
			if !yield(p.Title) || !yield(p.Text) || !yield(p.URL) {
				return
			}
		}
	}
}
