package bot

import (
	"tania/internal/procedure"
	"tania/internal/setting"
)

// procedures takes what the bot takes customers through; the tools have been read.
func (s *botSource) procedures(b *Bot) (ps setting.Problems) {
	all, problems := procedure.Check(s.file.Procedures, procedure.Options{Tools: b.Tools, Policy: b.Policy, Language: b.Language})
	for _, p := range problems {
		ps = append(ps, s.problem("$.procedures"+below(p.Path), p.Text, p.Fix))
	}
	b.Procedures = all
	return ps
}
