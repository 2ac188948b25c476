// Package tool is what a bot may do beside talk: tools as bot.yaml declares them, each one checked value, and the calls that were made of
// them. It does no I/O; whether a call may be made now is for package policy, and package call makes it.
package tool

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Risk is what a call may do.
type Risk string

// The risks.
const (
	// Read changes nothing: it may be repeated.
	Read Risk = "read"
	// Write changes something: it is made once.
	Write Risk = "write"
	// Approve is a Write that somebody of the team has to approve first.
	Approve Risk = "approve"
)

// Writes reports whether a call changes something.
func (r Risk) Writes() bool { return r != Read }

// Tool is something that the model may ask to be done. One of HTTP, MCP and Chatwoot is set.
type Tool struct {
	// Name is what the model calls it by, of small letters, digits and _.
	Name string `json:"name"`
	// Description tells the model what it does and when to call it.
	Description string `json:"description"`
	// Parameters are a JSON schema of an object. It and the description are empty where those of an MCP server are taken.
	Parameters json.RawMessage `json:"parameters"`
	Risk       Risk            `json:"risk"`
	HTTP       *HTTP           `json:"http,omitempty"`
	MCP        *MCP            `json:"mcp,omitempty"`
	// Chatwoot is one of our own, of ChatwootKinds.
	Chatwoot string `json:"chatwoot,omitempty"`
	Once     Once   `json:"once,omitzero"`
	Limits   Limits `json:"limits,omitzero"`
}

// HTTP is a call of a web server.
type HTTP struct {
	Method string `json:"method"`
	// URL has {parameter} in its path and query, never in its host.
	URL string `json:"url"`
	// Headers may name secrets, as ${secret:NAME}, and parameters.
	Headers map[string]string `json:"headers,omitempty"`
	// Body is sent as JSON: a text that is {parameter} alone becomes its value. Null where all arguments are sent that are not in the URL.
	Body json.RawMessage `json:"body,omitempty"`
	// Hosts are those beside the URL's own to which the server may redirect.
	Hosts []string `json:"hosts,omitempty"`
	// Private are hosts, addresses and networks that may be called although they are not public.
	Private []string `json:"private,omitempty"`
	// Timeout bounds one try, Retries is how often it is tried again.
	Timeout time.Duration `json:"timeout"`
	Retries int           `json:"retries"`
	// Result is a jq expression that says what of the answer the model is given; empty: all of it.
	Result string `json:"result,omitempty"`
	// MostBytes bounds what the model is given, as JSON.
	MostBytes int `json:"most_bytes"`
}

// MCP is a tool of a server that speaks the Model Context Protocol.
type MCP struct {
	Server string `json:"server"`
	Tool   string `json:"tool"`
	// At is how the server is reached.
	At *Server `json:"at,omitempty"`
	// Timeout bounds a call. Result and MostBytes are as those of HTTP.
	Timeout   time.Duration `json:"timeout"`
	Result    string        `json:"result,omitempty"`
	MostBytes int           `json:"most_bytes"`
}

// Server is a server of the Model Context Protocol: a program that is started, or an address.
type Server struct {
	Name string `json:"name"`
	// Command is the program with its arguments, Env its variables beside PATH and HOME, which may name secrets.
	Command []string          `json:"command,omitempty"`
	Env     map[string]string `json:"env,omitempty"`
	// URL speaks streamable HTTP. Headers may name secrets; Private are hosts, addresses and networks that are not public and may be called.
	URL     string            `json:"url,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Private []string          `json:"private,omitempty"`
}

// Once is how a write is kept from happening twice when nobody knows whether it was made.
type Once struct {
	// Header and Field carry the key of the call: a header of its request, a field at the top of its body.
	Header string `json:"header,omitempty"`
	Field  string `json:"field,omitempty"`
	// Check is a tool that reads, called with the same arguments: it gives true where the call was made, or anything but false, null and
	// what is empty.
	Check string `json:"check,omitempty"`
}

// Keyed reports whether a call carries a key by which its server knows a repetition.
func (o Once) Keyed() bool { return o.Header != "" || o.Field != "" }

// Repeatable reports whether a call may be made again where nobody knows whether it was: its server tells a repetition, or it changes
// nothing, or it sets in Chatwoot what is set then.
func (t *Tool) Repeatable() bool { return !t.Risk.Writes() || t.Once.Keyed() || t.Chatwoot != "" }

// Condition is an expression that has to be true, and what the model is told where it is not.
type Condition struct {
	If  string `json:"if" yaml:"if"`
	Say string `json:"say,omitempty" yaml:"say"`
}

// Max is how often a tool may succeed in a conversation for one value of an expression.
type Max struct {
	Count int    `json:"count" yaml:"count"`
	Per   string `json:"per,omitempty" yaml:"per"`
	// Among are the tools that are counted together; none: the tool alone.
	Among []string `json:"among,omitempty" yaml:"among"`
}

// Limits say when a tool may be called. They are held by code (package policy), whatever the model wants.
type Limits struct {
	// After are tools that must have succeeded before in the conversation.
	After []string `json:"after,omitempty"`
	// Facts are names for expressions that the conditions use.
	Facts map[string]string `json:"facts,omitempty"`
	// Require is true of arguments, contact and earlier calls before the call, Ensure of its result too before the model is given it.
	Require []Condition `json:"require,omitempty"`
	Ensure  []Condition `json:"ensure,omitempty"`
	Max     []Max       `json:"max,omitempty"`
	// PerConversation and PerDay bound the calls, of a conversation and of a contact; 0: any number.
	PerConversation int `json:"per_conversation,omitempty"`
	PerDay          int `json:"per_day,omitempty"`
	// FromContact are parameters that code sets and the model is not shown, to contact.email for example.
	FromContact map[string]string `json:"from_contact,omitempty"`
	// Identity is how certain it must be who writes: none or verified.
	Identity string `json:"identity,omitempty"`
	// Confirm asks for the customer's yes, in a message of its own, before the call.
	Confirm bool `json:"confirm,omitempty"`
}

// Sources are the expressions and the origins of parameters, in a fixed order.
func (l *Limits) Sources() (list []string) {
	list = append(slices.Sorted(maps.Values(l.Facts)), slices.Sorted(maps.Values(l.FromContact))...)
	for _, c := range append(slices.Clone(l.Require), l.Ensure...) {
		list = append(list, c.If)
	}
	for _, m := range l.Max {
		list = append(list, m.Per)
	}
	return list
}

// Made is a call that was made in a conversation.
type Made struct {
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments,omitempty"`
	Result    any            `json:"result,omitempty"`
	OK        bool           `json:"ok"`
	At        time.Time      `json:"at"`
}

// ChatwootKinds are our own tools, which change the conversation in Chatwoot.
var ChatwootKinds = []string{
	"set_label", "remove_label", "set_priority", "assign_team", "set_attribute", "set_contact_attribute", "contact_note", "snooze", "resolve",
}
