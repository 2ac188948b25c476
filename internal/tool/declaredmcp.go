package tool

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

type declaredMCP struct {
	Server    string `yaml:"server"`
	Tool      string `yaml:"tool"`
	Timeout   string `yaml:"timeout"`
	Result    string `yaml:"result"`
	MostBytes int    `yaml:"most_bytes"`
}

// mcp is a tool of a server, which has to be declared.
func (r *reader) mcp(name string) *MCP {
	f := r.MCP
	m := &MCP{
		Server: f.Server, Tool: cmp.Or(f.Tool, name), At: r.servers[f.Server], Timeout: r.timeout(".mcp.timeout", f.Timeout),
		Result: strings.TrimSpace(f.Result), MostBytes: cmp.Or(f.MostBytes, usualBytes),
	}
	if m.At == nil {
		r.bad(".mcp.server", fmt.Sprintf("is %q, which is not declared", f.Server), "write the server below mcp_servers:")
	}
	r.selection(".mcp.result", m.Result)
	r.most(".mcp.most_bytes", m.MostBytes)
	return m
}

// DeclaredServer is an MCP server as bot.yaml writes it.
type DeclaredServer struct {
	Command string            `yaml:"command"`
	Args    []string          `yaml:"args"`
	Env     map[string]string `yaml:"env"`
	URL     string            `yaml:"url"`
	Headers map[string]string `yaml:"headers"`
	Private []string          `yaml:"private"`
}

// mostServers bounds the servers of a bot.
const mostServers = 16

var (
	serverName   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,100}$`)
)

// CheckServers checks the MCP servers of a bot. What is wrong is at a place below them.
func CheckServers(declared map[string]DeclaredServer) (map[string]*Server, []Problem) {
	if len(declared) > mostServers {
		return nil, []Problem{{Text: fmt.Sprintf("are more than %d", mostServers), Fix: "leave out what is not needed"}}
	}
	servers := map[string]*Server{}
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		r := reader{at: name}
		servers[name] = r.server(name, declared[name])
		problems = append(problems, r.problems...)
	}
	return servers, problems
}

func (r *reader) server(name string, d DeclaredServer) *Server {
	s := &Server{Name: name, Env: d.Env, URL: strings.TrimSpace(d.URL), Headers: d.Headers, Private: d.Private}
	if !serverName.MatchString(name) {
		r.bad("", fmt.Sprintf("%q cannot be a server's name", name), "write small letters, digits, _ and -, beginning with a letter")
	}
	switch {
	case (d.Command == "") == (s.URL == ""):
		r.bad("", "does not say where the server is", "write command: for a program that is started, or url:")
	case d.Command != "":
		s.Command = append([]string{d.Command}, d.Args...)
		r.only(len(d.Headers)+len(d.Private) > 0, "command", "headers: and private:")
		if slices.ContainsFunc(s.Command, secretName.MatchString) {
			r.bad(".args", "have a secret, which every user of the machine can see", "write it into env:")
		}
	default:
		r.only(len(d.Args)+len(d.Env) > 0, "url", "args: and env:")
		u, err := url.Parse(s.URL)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			r.bad(".url", "is no address", "write https://HOST/PATH")
		case u.User != nil || secretName.MatchString(s.URL):
			r.bad(".url", "has a password or a secret", "write an Authorization header with ${secret:NAME}")
		}
	}
	for header, value := range d.Headers {
		r.header(".headers", header, value)
	}
	for variable, value := range d.Env {
		if !variableName.MatchString(variable) {
			r.bad(".env", fmt.Sprintf("has %q, which is no variable", variable), "write letters, digits and _")
		}
		r.secret(".env."+variable, value)
	}
	return s
}

func (r *reader) only(wrong bool, beside, what string) {
	if wrong {
		r.bad("", what+" stand beside "+beside+":", "remove them")
	}
}
