package pages

import (
	"bytes"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	g "maragu.dev/gomponents"

	"tania/internal/bot"
	"tania/internal/dashboard/assets"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/live"
	"tania/internal/dashboard/pages/known"
	"tania/internal/dashboard/texts"
	"tania/internal/tania"
)

// hostile are texts that would do harm in a page that believed them.
var hostile = map[string]string{
	"a script after a tag":       `"><script>alert(1)</script>`,
	"an address that runs":       `javascript:alert(1)`,
	"a handler":                  `' onmouseover=alert(1) x='`,
	"a handler, double quotes":   `" onfocus="alert(1)" autofocus="`,
	"a handler, no quotes":       "`x onload=alert(1) /",
	"the end of a textarea":      `</textarea><img src=x onerror=alert(1)>`,
	"the end of a title":         `</title><svg onload=alert(1)>`,
	"the end of a pre":           `</pre></blockquote></dd></dl></main></body></html><iframe src=//evil.example>`,
	"the end of a script":        `</script></style><!--`,
	"a comment and CDATA":        `--><![CDATA[<b>]]><?php ?>`,
	"a template":                 `{{.}}${1}<%= 1 %>`,
	"character references":       `&lt;script&gt;&#60;b&#62;&quot;&amp;amp;`,
	"NUL":                        "a\x00b<scr\x00ipt>",
	"line and paragraph ends":    "a\u2028b\u2029c",
	"lines":                      "a\nb\r\nc\rd\n\ndata: e\revent: state",
	"an override of direction":   "\u202egnp.exe\u202c",
	"a byte that is no UTF-8":    "a\xffb\xc0\xafc",
	"a long word":                strings.Repeat("Rindfleischetikettierungsüberwachung", 300),
	"spaces at the ends":         "  a\tb  ",
	"an address of another host": `//evil.example/\evil.example`,
}

// asParsed is a text as it comes out of a parser: NUL has no place in HTML, and there is one kind of line end.
var asParsed = strings.NewReplacer("\x00", "\ufffd", "\r\n", "\n", "\r", "\n")

// views gives views in every way that their page can look, with texts for all their strings, and the paths of
// those that the page does not show.
type views struct {
	of  func(text func(path string) string) []element.Content
	not []string
}

// pages are the views' pages, in the frame that they have.
func (v views) pages(text func(path string) string) (all []element.Page) {
	for _, c := range v.of(text) {
		all = append(all, element.Page{
			Title: "now.title", Subtitle: text("page.Subtitle"), Here: "/", Operator: text("page.Operator"), Version: text("page.Version"),
			SignedIn: true, Masked: true, Dead: 7, Later: []string{"uplot.min.js"}, Content: c,
		})
	}
	return all
}

var everyView = map[string]views{
	"now": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{filled[Now](text), filled(text, func(v *Now) { v.Queue.Paused = false })}
		},
		not: []string{"Alerts[0].Name", "Alerts[0].Title.key", "Alerts[0].Text.key", "Alerts[0].Fix", "Queue.Engine"},
	},
	"conversations": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{filled[Search](text), filled(text, func(v *Search) { v.Found.Conversations[0].Reason = tania.Proceed })}
		},
		not: []string{
			"Found.Conversations[0].Bot", "Found.Conversations[0].Turn", "Found.Conversations[0].Detail", "Found.Conversations[0].Unchecked",
			"Found.Conversations[0].RouteWhy", "Found.Conversations[0].Language", "Found.Conversations[0].Handoff",
			"Found.Conversations[0].CacheTier", "Found.Conversations[0].CacheEntry", "Found.Conversations[0].CacheWhy",
			"Found.Conversations[0].Sources", "Found.Conversations[0].Usage", "Found.Conversations[0].Steps", "Found.Conversations[0].Reply",
			"Found.Conversations[0].Acts", "Found.Conversations[0].Undelivered", "Found.Conversations[0].Guard", "Found.Conversations[0].Read",
			"Found.Conversations[0].Error", "Found.Conversations[0].Review", "Found.Conversations[0].Contact.Email",
			"Found.Conversations[0].Contact.Phone", "Found.Conversations[0].Contact.Identifier", "Found.Conversations[0].Record",
			"Filter.Outcome", "Filter.Reason", "Wrong", // chosen of a list
		},
	},
	"conversation": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{filled[Conversation](text), filled(text, func(v *Conversation) { v.Events[0].Decision.Reason = tania.Proceed })}
		},
		not: []string{
			"Contact.Identifier", "HandedOver.Turn", "History", "Left",
			"Recalled[0].Outcome", "Sent", "LastHit", "LastSources", "NotKnown", "AskedBack", "Done", "Notices", "Acts", "Asks", "Approval",
			"Events[0].Decision.Acts[0].Ruling.Verdict", "Events[0].Decision.Acts[0].Ruling.Way", // closed sets
			"Procedure.Bot", "Procedure.Asked", "Placeholders",
			"Procedure.Agreed", "Procedure.Turn", "Procedure.Slots[0].Checked", "Procedure.Results", "Procedure.Again", "Procedure.Slots[0].Value",
			"Events[0].Decision.Acts[0].Turn", "Events[0].Decision.Acts[0].Result", // of one that was refused there is no result
			"Events[0].Decision.Read[0].URL", // what is read has none
			"Events[0].Decision.Content", "Events[0].Decision.CacheWhy", "Chatwoot", "Trouble", "AssigneeKind", "Paused.Bot",
		},
	},
	"questions": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{filled[Questions](text), filled(text, func(v *Questions) { v.Groups = nil })}
		},
		not: []string{"Filter.Miss", "Wrong", "Groups[0].Questions[0].Miss", "Groups[0].Questions[0].Answer"},
	},
	"question": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{filled(text, func(v *Question) { v.Teach.Action = "/questions/1/2/3" })}
		},
		not: []string{
			"Chatwoot", "Group.Questions[0].Miss", "Teach.Action", "Teach.ID", "Teach.Language", "Teach.Bot", "Teach.Problems[0].Value",
			"Teach.Problems[0].Allowed", "Teach.Problems[0].Snippet", "Teach.Other.Bot",
		},
	},
	"knowledge": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{
				filled(text, func(v *known.Knowledge) { v.Searched, v.Vectors = true, true }),
				filled(text, func(v *known.Knowledge) { v.Searched = false }),
			}
		},
		not: []string{"Bot", "Of", "Sources[0].Private"},
	},
	"taught": {
		of:  func(text func(string) string) []element.Content { return []element.Content{filled[Taught](text)} },
		not: []string{"Bots[0].Lessons[0].Keywords", "Bots[0].Lessons[0].ID"},
	},
	"lesson": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{
				filled(text, func(v *Teach) { v.Action, v.Gone = "/teach/main/x", false }),
				filled(text, func(v *Teach) { v.Action = "/teach/main/x" }),
			}
		},
		not: []string{
			"Action", "ID", "Language", "Bot", "Problems[0].Value", "Problems[0].Allowed", "Problems[0].Snippet", "Other.Bot",
		},
	},
	"dead": {
		of:  func(text func(string) string) []element.Content { return []element.Content{filled[Dead](text)} },
		not: []string{"Turns[0].Messages", "Turns[0].History", "Turns[0].Error", "Turns[0].Parked", "Chatwoot"},
	},
	"dead letter": {
		of:  func(text func(string) string) []element.Content { return []element.Content{filled[DeadTurn](text)} },
		not: []string{"Messages", "Chatwoot"},
	},
	"cache": {
		of: func(text func(string) string) []element.Content { return []element.Content{filled[Cache](text)} },
		not: []string{
			"Explain.Entry.ID", "Explain.Entry.Scope", "Explain.Entry.Category", "Explain.Entry.Cluster", "Explain.Entry.Sources",
			"Explain.Entry.State", "Explain.Entry.Blamers", "Explain.Entry.Made", "Explain.Entry.Basis",
			"Entries[0].Scope.Audience", "Entries[0].Scope.Version", "Entries[0].Cluster", "Entries[0].Sources", "Entries[0].State",
			"Entries[0].Blamers", "Entries[0].Made", "Entries[0].Basis",
		},
	},
	"bot": {
		of: func(text func(string) string) (all []element.Content) {
			all = append(all, filled[Bot](text))
			for _, file := range []string{"same", "changed", "missing", "unreadable"} {
				all = append(all, filled(text, func(v *Bot) { v.File, v.Builtin, v.Trial.Error = file, false, "" }))
			}
			return append(all, filled(text, func(v *Bot) { v.Trial.Error, v.Trial.Handoff, v.Trial.CacheTier = "", "", "" }))
		},
		not: []string{
			"File", "By", "Language", "Problems[0].Value", "Problems[0].Allowed", "Published[0].Bot", "Sources[0].Private", "Tools", "ToolFacts",
			"Templates", "Procedures", "Forbidden",
			"Trial.Acts[0].Turn", "Trial.Acts[0].Ruling", "Trial.Acts[0].Result", // of one that was refused there is no result
		},
	},
	"version": {
		of: func(text func(string) string) []element.Content {
			return []element.Content{
				filled(text, func(v *BotVersion) { v.Current = v.Number + 1 }),
				filled(text, func(v *BotVersion) { v.Current, v.Changed = v.Number, "" }),
			}
		},
		not: []string{"Bot", "BotVersion.Bot"},
	},
	"alerts": {
		of:  func(text func(string) string) []element.Content { return []element.Content{filled[Alerts](text)} },
		not: []string{"Alerts[0].Title.key", "Alerts[0].Text.key", "Alerts[0].Fix.key"},
	},
	"audit": {
		of: func(text func(string) string) []element.Content { return []element.Content{filled[Audit](text)} },
	},
	"sign-in": {of: func(text func(string) string) []element.Content { return []element.Content{filled[SignIn](text)} }},
	"refusal": {of: func(text func(string) string) []element.Content { return []element.Content{Refusal(text("refusal"))} }},
}

// filled is a view with something in every field, changed.
func filled[V element.Content](text func(path string) string, changes ...func(*V)) element.Content {
	var v V
	fill(reflect.ValueOf(&v).Elem(), "", text)
	for _, change := range changes {
		change(&v)
	}
	return v
}

func fill(v reflect.Value, path string, text func(path string) string) {
	if !v.CanSet() { // a field that its own package alone reads
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)))
		return
	}
	if v.Type() == reflect.TypeFor[[]bot.Assignment]() { // each has a bot again, of which the page shows the name alone
		v.Set(reflect.ValueOf([]bot.Assignment{{Name: text(path + "[0].Name")}}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text(path))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path+"[0]", text)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, path+".key", text)
		fill(value, path+".value", text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			field := path
			if f := v.Type().Field(i); !f.Anonymous {
				field = strings.TrimPrefix(path+"."+f.Name, ".")
			}
			fill(v.Field(i), field, text)
		}
	}
}

// marked puts a text between marks that say where it comes from.
func marked(path, text string) string { return "⟦" + path + "⟧" + text + "⟦/⟧" }

var marks = regexp.MustCompile(`(?s)⟦([^⟧]*)⟧(.*?)⟦/⟧`)

// TestHostileTextsStayTexts fills every text of every page with what would do harm, and reads what came of it as a browser does.
func TestHostileTextsStayTexts(t *testing.T) {
	files, english := assets.Load(), texts.LoadAll()[tania.English]()
	for name, v := range everyView {
		t.Run(name, func(t *testing.T) {
			plain := v.pages(func(path string) string { return marked(path, "x") })
			for kind, text := range hostile {
				wanted, seen := map[string]bool{}, map[string]bool{}
				pages := v.pages(func(path string) string {
					wanted[path] = true
					return marked(path, text)
				})
				for i, p := range pages {
					root := parse(t, p.Document(english, files))
					if diff := cmp.Diff(outline(parse(t, plain[i].Document(english, files))), outline(root)); diff != "" {
						t.Errorf("%s made other elements (-harmless +hostile):\n%s", kind, diff)
					}
					checkAddresses(t, root)
					find(root, func(value string) {
						for _, found := range marks.FindAllStringSubmatch(value, -1) {
							seen[found[1]] = true
							if want := asParsed.Replace(text); found[2] != want {
								t.Errorf("%s: %s is %q, want %q", kind, found[1], found[2], want)
							}
						}
					})
				}
				for path := range wanted {
					if !seen[path] && !slices.ContainsFunc(v.not, func(not string) bool {
						return path == not || strings.HasPrefix(path, not+".") || strings.HasPrefix(path, not+"[")
					}) {
						t.Errorf("%s: %s is not shown whole", kind, path)
					}
				}
			}
		})
	}
}

// TestHostileTextsStayTextsInEvents reads updates as an EventSource does: one event, with the part of the page whole.
func TestHostileTextsStayTextsInEvents(t *testing.T) {
	english := texts.LoadAll()[tania.English]()
	for kind, text := range hostile {
		v := filled[Now](func(path string) string { return marked(path, text) }).(Now)
		for name, part := range map[string]g.Node{"state": v.State(english), "now": v.Tiles(english)} {
			sent, err := live.Event(name, part)
			if err != nil {
				t.Fatal(err)
			}
			got, data := received(t, sent)
			if got != name {
				t.Errorf("%s: the event is %q, want %q", kind, got, name)
			}
			var html bytes.Buffer
			if err := part.Render(&html); err != nil {
				t.Fatal(err)
			}
			if want := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(html.String()); data != want {
				t.Errorf("%s: %s: %s", kind, name, cmp.Diff(want, data))
			}
		}
	}
}

// received gives the type and the data of an event that is alone in a stream.
func received(t *testing.T, stream []byte) (kind, data string) {
	t.Helper()
	whole, ok := strings.CutSuffix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(stream)), "\n\n")
	if !ok {
		t.Fatalf("the event does not end: %q", stream)
	}
	var lines []string
	for line := range strings.SplitSeq(whole, "\n") {
		switch field, value, _ := strings.Cut(line, ": "); field {
		case "event":
			kind += value
		case "data":
			lines = append(lines, value)
		default:
			t.Errorf("the event has a line %q", line)
		}
	}
	return kind, strings.Join(lines, "\n")
}

func parse(t *testing.T, n g.Node) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := n.Render(&b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// outline is a page without its texts: elements with the names of their attributes, one to a line.
func outline(root *html.Node) (lines []string) {
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			line := n.Data
			for _, a := range n.Attr {
				line += " " + a.Key
			}
			lines = append(lines, line)
		case html.CommentNode:
			lines = append(lines, "a comment")
		}
	}
	return lines
}

// find gives every text and every value of an attribute.
func find(root *html.Node, found func(value string)) {
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			found(n.Data)
		}
		for _, a := range n.Attr {
			found(a.Val)
		}
	}
}

// leading are the attributes by which a browser goes or loads.
var leading = []string{"href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect", "data-later"}

// checkAddresses wants every address to be one of this server or a place in the page.
func checkAddresses(t *testing.T, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if !slices.Contains(leading, a.Key) {
				continue
			}
			u, err := url.Parse(a.Val)
			if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(a.Val, "/") &&
				!strings.HasPrefix(a.Val, "#") || strings.ContainsAny(a.Val, "\\\"'<> ") {
				t.Errorf("<%s %s=%q> leads elsewhere (%v)", n.Data, a.Key, a.Val, err)
			}
		}
	}
}
