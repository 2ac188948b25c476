package bot

import (
	"strings"

	"tania/internal/setting"
	"tania/internal/tool"
)

// tools takes the tools of the file.
func (s *botSource) tools(b *Bot) (ps setting.Problems) {
	tools, problems := tool.Check(s.file.Tools)
	for _, p := range problems {
		ps = append(ps, s.problem("$.tools"+below(p.Path), p.Text, p.Fix))
	}
	b.Tools, b.ToolFacts = tools, s.file.ToolFacts
	return ps
}

func below(path string) string {
	if path == "" || strings.HasPrefix(path, "[") {
		return path
	}
	return "." + path
}
