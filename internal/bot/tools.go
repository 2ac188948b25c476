package bot

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"tania/internal/setting"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// tools takes the tools of the file.
func (s *botSource) tools(b *Bot) (ps setting.Problems) {
	servers, problems := tool.CheckServers(s.file.Servers)
	for _, p := range problems {
		ps = append(ps, s.problem("$.mcp_servers"+below(p.Path), p.Text, p.Fix))
	}
	tools, problems := tool.CheckWith(s.file.Tools, servers)
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

// customs are what tools and their limits name of the contact's own attributes.
var customs = regexp.MustCompile(`\bcontact\.custom\.([A-Za-z0-9_]+)`)

// Needed names what has to be known of a customer: what the model may know (Context), and what code needs to call tools.
func (b *Bot) Needed() []string {
	needed := slices.Clone(b.Context)
	add := func(source string) {
		for _, m := range customs.FindAllStringSubmatch(source, -1) {
			if name := tania.KnownOfContact + m[1]; !slices.Contains(needed, name) {
				needed = append(needed, name)
			}
		}
	}
	for _, fact := range slices.Sorted(maps.Values(b.ToolFacts)) {
		add(fact)
	}
	for i := range b.Tools {
		for _, source := range b.Tools[i].Limits.Sources() {
			add(source)
		}
	}
	return needed
}
