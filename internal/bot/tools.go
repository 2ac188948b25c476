package bot

import (
	"strings"

	"tania/internal/setting"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// tools takes the tools of the file.
func (s *botSource) tools(b *Bot) (ps setting.Problems) {
	tools, problems := tool.Check(s.file.Tools)
	for _, p := range problems {
		ps = append(ps, s.problem("$.tools"+below(p.Path), p.Text, p.Fix))
	}
	b.Tools, b.ToolFacts = tools, s.file.ToolFacts
	if len(tools)+len(s.file.ToolFacts) == 0 {
		return ps
	}
	b.Policy, problems = policy.New(tools, s.file.ToolFacts)
	for _, p := range problems {
		path := "$.tools" + below(p.Path)
		if strings.HasPrefix(p.Path, "tool_facts.") {
			path = "$." + p.Path
		}
		ps = append(ps, s.problem(path, p.Text, p.Fix))
	}
	return ps
}

func below(path string) string {
	if path == "" || strings.HasPrefix(path, "[") {
		return path
	}
	return "." + path
}
