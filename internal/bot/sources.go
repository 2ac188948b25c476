package bot

import (
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"tania/internal/knowledge/source/learned"
	"tania/internal/setting"
)

// Source is where a team has written more, which the running process reads again and again.
type Source struct {
	// Origin is as it was written in bot.yaml: the path of a file or folder is from there.
	learned.Origin
	// Every is the time between two readings.
	Every time.Duration
}

// Limits of sources, and how often one is read by default.
const (
	maxSources   = 50
	maxDepth     = 10
	readEvery    = 6 * time.Hour
	leastEvery   = 5 * time.Minute
	longestEvery = 30 * 24 * time.Hour
)

// sourceFile is an address or a path, or that with how it is read.
type sourceFile struct {
	Source  string   `yaml:"source"`
	Every   string   `yaml:"every"`
	Depth   int      `yaml:"depth"`
	Private []string `yaml:"private"`
}

// UnmarshalYAML takes both forms.
func (f *sourceFile) UnmarshalYAML(decode func(any) error) error {
	if decode(&f.Source) == nil {
		return nil
	}
	type plain sourceFile
	return decode((*plain)(f))
}

// sources takes the sources of the file.
func (s *botSource) sources(b *Bot) (ps setting.Problems) {
	if len(s.file.Sources) > maxSources {
		return setting.Problems{s.problem("$.sources", fmt.Sprintf("has more than %d entries", maxSources),
			"name a folder or a sitemap in place of its files or pages")}
	}
	seen := map[string]bool{}
	for i, f := range s.file.Sources {
		at := fmt.Sprintf("$.sources[%d]", i)
		from := Source{Every: readEvery}
		from.Address, from.Depth, from.Private = strings.TrimSpace(f.Source), f.Depth, trimmed(f.Private)
		bad := func(key, text, fix string) { ps = append(ps, s.problem(at+key, text, fix)) }
		switch {
		case from.Address == "":
			bad("", "names no source", "write the address of a help centre, a page or a sitemap, or a file or folder")
		case isWeb(from.Address):
			if u, err := url.Parse(from.Address); err != nil || u.Host == "" || u.User != nil {
				bad("", fmt.Sprintf("%q is not an address", withoutPassword(from.Address)),
					"write it as in a browser, without a name and password")
			}
		default:
			from.Address = filepath.ToSlash(filepath.Clean(from.Address))
		}
		if seen[from.Address] {
			bad("", fmt.Sprintf("%q stands there twice", from.Address), "keep one of them")
		}
		seen[from.Address] = true
		if f.Every != "" {
			d, err := time.ParseDuration(f.Every)
			if err != nil || d < leastEvery || d > longestEvery {
				bad(".every", fmt.Sprintf("is %q", f.Every), "write hours and minutes, 6h or 90m for example, from 5m to 720h")
			}
			from.Every = d
		}
		if f.Depth < 0 || f.Depth > maxDepth {
			bad(".depth", fmt.Sprintf("is %d", f.Depth), fmt.Sprintf("write how many links away pages are read, 0 to %d", maxDepth))
		}
		for j, p := range from.Private {
			if !isHost(p) {
				bad(fmt.Sprintf(".private[%d]", j), fmt.Sprintf("%q is no host", p),
					"write a host (wiki.internal), a host with a port, an address or a network (10.1.0.0/16)")
			}
		}
		b.Sources = append(b.Sources, from)
	}
	return ps
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// withoutPassword is an address as a problem may show it.
func withoutPassword(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = rest[at+1:]
	}
	return scheme + "://" + rest
}

func isHost(s string) bool {
	if _, err := netip.ParsePrefix(s); err == nil {
		return true
	}
	return !strings.ContainsAny(s, "/ *@")
}
