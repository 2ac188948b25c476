package bot

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"tania/internal/chatwoot/channels"
	"tania/internal/chatwoot/template"
	"tania/internal/procedure"
	"tania/internal/setting"
	"tania/internal/tool"
)

// botFile is bot.yaml as it is written.
type botFile struct {
	Name             string               `yaml:"name"`
	Business         string               `yaml:"business"`
	Language         string               `yaml:"language"`
	Languages        []string             `yaml:"languages"`
	Persona          string               `yaml:"persona"`
	Texts            textsFile            `yaml:"texts"`
	FAQ              []faqFile            `yaml:"faq"`
	Knowledge        []knowledgeFile      `yaml:"knowledge"`
	Sources          []sourceFile         `yaml:"sources"`
	Sensitive        []string             `yaml:"sensitive"`
	Forbidden        []string             `yaml:"forbidden"`
	HandoffWords     []string             `yaml:"handoff_words"`
	FrustrationWords []string             `yaml:"frustration_words"`
	Context          []string             `yaml:"context"`
	Memory           *bool                `yaml:"memory"`
	Citations        byChannel            `yaml:"citations"`
	UnknownLimit     *int                 `yaml:"unknown_limit"`
	AskBack          *bool                `yaml:"ask_back"`
	HandoffSummary   *bool                `yaml:"handoff_summary"`
	Bubbles          channels.Count       `yaml:"bubbles"`
	Prices           map[string]priceFile `yaml:"prices"`
	Bots             []assignmentFile     `yaml:"bots"`

	Templates map[template.Case]template.Several `yaml:"templates"`

	Tools     map[string]tool.Declared       `yaml:"tools"`
	Servers   map[string]tool.DeclaredServer `yaml:"mcp_servers"`
	ToolFacts map[string]string              `yaml:"tool_facts"`

	Procedures map[string]procedure.Declared `yaml:"procedures"`
}

type textsFile struct {
	Greeting     textFile `yaml:"greeting"`
	Thanks       textFile `yaml:"thanks"`
	Farewell     textFile `yaml:"farewell"`
	Handoff      textFile `yaml:"handoff"`
	OfferHuman   textFile `yaml:"offer_human"`
	Apology      textFile `yaml:"apology"`
	Unknown      textFile `yaml:"unknown"`
	RateLimited  textFile `yaml:"rate_limited"`
	OutsideHours textFile `yaml:"outside_hours"`
	Attachment   textFile `yaml:"attachment"`
	TooLong      textFile `yaml:"too_long"`
	Late         textFile `yaml:"late"`
	Approval     textFile `yaml:"approval"`
	AskBack      textFile `yaml:"ask_back"`
	PickOne      textFile `yaml:"pick_one"`
	NoneOfThese  textFile `yaml:"none_of_these"`
}

type faqFile struct {
	ID        string   `yaml:"id"`
	Questions []string `yaml:"questions"`
	Keywords  []string `yaml:"keywords"`
	Answer    textFile `yaml:"answer"`
	Category  string   `yaml:"category"`
	URL       string   `yaml:"url"`
}

type priceFile struct {
	Input  float64 `yaml:"input"`
	Output float64 `yaml:"output"`
}

// textFile is a string for every language, or a mapping from languages to strings.
type textFile map[string]string

// UnmarshalYAML takes both forms.
func (t *textFile) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*t = textFile{"default": one}
		return nil
	}
	var several map[string]string
	err := decode(&several)
	*t = several
	return err
}

// byChannel is one word for every channel, or a mapping from channels to words.
type byChannel map[string]string

// UnmarshalYAML takes both forms.
func (c *byChannel) UnmarshalYAML(decode func(any) error) error {
	return (*textFile)(c).UnmarshalYAML(decode)
}

// knowledgeFile is a file, folder or pattern, or a passage written in bot.yaml itself.
type knowledgeFile struct {
	Path  string `yaml:"-"`
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
	URL   string `yaml:"url"`
}

// UnmarshalYAML takes both forms.
func (k *knowledgeFile) UnmarshalYAML(decode func(any) error) error {
	if decode(&k.Path) == nil {
		return nil
	}
	type plain knowledgeFile
	return decode((*plain)(k))
}

// botSource is a parsed bot.yaml that can show the place of a problem.
type botSource struct {
	name string
	tree *ast.File
	file botFile
	// reader divides documents.
	reader *Reader
}

// parseBot reads bot.yaml strictly: an unknown or repeated key and a value of the wrong form are errors.
func parseBot(name string, source []byte) (*botSource, setting.Problems) {
	s := &botSource{name: name}
	tree, err := parser.ParseBytes(source, 0)
	if err != nil {
		return nil, setting.Problems{s.decodeProblem(err)}
	}
	s.tree = tree
	if len(tree.Docs) > 1 {
		return nil, setting.Problems{{Name: name, Text: "holds more than one YAML document", Fix: "remove the lines that are only ---"}}
	}
	err = yaml.NewDecoder(bytes.NewReader(source), yaml.Strict()).Decode(&s.file)
	if errors.Is(err, io.EOF) || err == nil && reflect.DeepEqual(s.file, botFile{}) {
		return nil, setting.Problems{{
			Name: name, Text: "is empty",
			Fix: "write it after the example in examples/bot.yaml, or remove it for the built-in bot",
		}}
	}
	if err != nil {
		return nil, setting.Problems{s.decodeProblem(err)}
	}
	return s, nil
}

// decodeProblem turns an error of the YAML library into ours.
func (s *botSource) decodeProblem(err error) setting.Problem {
	found, ok := errors.AsType[yaml.Error](err)
	if !ok {
		return setting.Problem{Name: s.name, Text: err.Error(), Fix: "correct the file"}
	}
	p := s.at(found.GetToken())
	p.Text, p.Fix = found.GetMessage(), yamlFix(found.GetMessage())
	if unknown, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		key := unknown.Token.Value
		p.Text, p.Fix = fmt.Sprintf("unknown key %q", key), keyFix(key)
	}
	if mismatch, ok := errors.AsType[*yaml.TypeError](err); ok {
		p.Text, p.Fix = "has the wrong form", "write "+formOf(mismatch.DstType.Kind())+" here"
	}
	if unexpected, ok := errors.AsType[*yaml.UnexpectedNodeTypeError](err); ok {
		kinds := map[ast.NodeType]reflect.Kind{ast.StringType: reflect.String, ast.SequenceType: reflect.Slice, ast.FloatType: reflect.Float64}
		p.Text, p.Fix = "has the wrong form", "write "+formOf(kinds[unexpected.Expected])+" here"
	}
	return p
}

// problem is a problem at a path like "$.faq[3].answer", or at the nearest place above it that exists.
func (s *botSource) problem(path, text, fix string) setting.Problem {
	p := setting.Problem{Name: s.name}
	for at := path; at != "$" && at != ""; at = at[:max(strings.LastIndexAny(at, ".["), 0)] {
		where, err := yaml.PathString(at)
		if err != nil {
			continue
		}
		if node, err := where.FilterFile(s.tree); err == nil && node != nil {
			p = s.at(node.GetToken())
			break
		}
	}
	p.Text, p.Fix = strings.TrimPrefix(path, "$.")+" "+text, fix
	return p
}

// at is a problem at a token, with the lines around it.
func (s *botSource) at(t *token.Token) setting.Problem {
	if t == nil || t.Position == nil {
		return setting.Problem{Name: s.name}
	}
	_, snippet, _ := strings.Cut(yaml.FormatErrorWithToken("", t, false, true), "\n")
	return setting.Problem{Name: fmt.Sprintf("%s:%d:%d", s.name, t.Position.Line, t.Position.Column), Snippet: snippet}
}

// keyFix says which key was meant, or where the key belongs.
func keyFix(key string) string {
	parents := map[string]string{}
	collectKeys(reflect.TypeFor[botFile](), "", parents)
	var keys []string
	for k := range parents {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	if parent, ok := parents[key]; ok && parent != "" {
		return fmt.Sprintf("%s belongs under %s: check the indentation", key, parent)
	}
	if meant := setting.Nearest(key, keys); meant != "" {
		return fmt.Sprintf("did you mean %s?", meant)
	}
	return "remove it; examples/bot.yaml shows all keys"
}

// collectKeys gathers the keys of a struct and of those below it, each with the key above it.
func collectKeys(t reflect.Type, parent string, into map[string]string) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Map || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for f := range t.Fields() {
		key := f.Tag.Get("yaml")
		if _, seen := into[key]; key == "-" || seen {
			continue
		}
		into[key] = parent
		collectKeys(f.Type, key, into)
	}
}

// formOf says what a value must look like.
func formOf(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list, each element behind a dash"
	case reflect.Float64, reflect.Int, reflect.Uint64:
		return "a number"
	default:
		return "keys with values, indented"
	}
}
