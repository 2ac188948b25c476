package toolcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/answer/llm"
	"tania/internal/chatwoot"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/call"
	"tania/internal/tool/chatwoottool"
	"tania/internal/tool/mcpclient"
	"tania/internal/tool/once"
	"tania/internal/tool/policy"
	"tania/internal/tool/tryout"
)

type tryCmd struct {
	Env, Bot, Name string
	Arguments      []string
	Contact        []string
	Conversation   int64
	Verified, Yes  bool
	JSON           bool
	out            io.Writer
}

func try(pick cli.Picker, out io.Writer) *cobra.Command {
	c := tryCmd{out: out}
	cmd := &cobra.Command{
		Use: "try NAME [KEY=VALUE…|JSON]", Short: "Make a call of a tool as the bot would", Run: pick(&c),
		Long: "Make a call of a tool as the bot would: its arguments and limits are checked, its secrets put in, and\n" +
			"what of the answer the model would be given is printed, with the status and the time that it took.\n" +
			"What has to come before (after:, confirm:, risk: approve) is taken to have happened. A tool that changes\n" +
			"something is called with --yes only.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("NAME is missing")
			}
			c.Name, c.Arguments = args[0], args[1:]
			return nil
		},
	}
	cli.EnvFlag(cmd, &c.Env)
	cli.JSONFlag(cmd, &c.JSON)
	botFlag(cmd, &c.Bot)
	flags := cmd.Flags()
	flags.BoolVar(&c.Yes, "yes", false, "Make the call although it changes something")
	flags.StringArrayVar(&c.Contact, "contact", nil,
		"`KEY=VALUE`: id, name, email, phone_number, identifier or custom.NAME of the customer")
	flags.BoolVar(&c.Verified, "verified", false, "It is certain who writes")
	flags.Int64Var(&c.Conversation, "conversation", 0, "The conversation that a tool of Chatwoot changes")
	return cmd
}

// tried is what came of a call.
type tried struct {
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	// Refused is why the call was not made, from the closed set of policy's reasons and once's.
	Refused string `json:"refused,omitempty"`
	// Made is false where it was only checked.
	Made   bool            `json:"made"`
	OK     bool            `json:"ok"`
	Status int             `json:"status,omitempty"`
	Millis float64         `json:"ms"`
	Result json.RawMessage `json:"result,omitempty"`
	// Said is what the model would be told.
	Said string `json:"said,omitempty"`
}

// Run calls.
func (c tryCmd) Run(ctx context.Context) error {
	settings, b, err := loaded(c.Env, c.Bot)
	if err != nil {
		return err
	}
	t := named(b.Tools, c.Name)
	if t == nil {
		return fmt.Errorf("the bot has no tool %q; tania tools list shows them", c.Name)
	}
	contact, err := contactOf(c.Contact)
	if err != nil {
		return err
	}
	contact.Verified = c.Verified
	callers, err := c.callers(ctx, settings, t, contact.ID)
	if err != nil {
		return err
	}
	servers := mcpclient.New(mcpclient.Options{
		Secrets: settings.ToolSecrets(), Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Version: "try", Patience: time.Minute,
	})
	defer servers.Close()
	callers.MCP = servers
	now := servers.Tools(ctx, b.Tools, b.ToolFacts, b.Policy)
	if now.Hidden[t.Name] {
		return fmt.Errorf("%s cannot be called: its server is away, or has no such tool", t.Name)
	}
	makes := !t.Risk.Writes() || c.Yes
	o := tryout.Options{Tools: now.List, Policy: now.Policy, Callers: callers, Writes: makes, Facts: policy.Facts{Contact: contact}}
	t = named(now.List, c.Name)
	arguments, err := argumentsOf(t, c.Arguments)
	if err != nil {
		return err
	}
	r, err := called(ctx, o, t, arguments)
	if err != nil {
		return err
	}
	if err := r.print(c.out, c.JSON); err != nil {
		return err
	}
	switch {
	case r.Refused != "":
		return fmt.Errorf("the call was not made: %s", r.Refused)
	case !makes:
		return fmt.Errorf("%s changes something: nothing was called; --yes makes the call", t.Name)
	case !r.OK:
		return errors.New("the call failed")
	}
	return nil
}

func named(tools []tool.Tool, name string) *tool.Tool {
	for i := range tools {
		if tools[i].Name == name {
			return &tools[i]
		}
	}
	return nil
}

// callers are those of the running Tania.
func (c tryCmd) callers(ctx context.Context, settings *config.Config, t *tool.Tool, contact tania.ContactID) (once.Callers, error) {
	callers := once.Callers{HTTP: call.NewHTTP(settings.ToolSecrets())}
	if t.Chatwoot == "" {
		return callers, nil
	}
	if err := settings.Require("CHATWOOT_BASE_URL", "CHATWOOT_API_ACCESS_TOKEN", "CHATWOOT_ACCOUNT_ID"); err != nil {
		return callers, err
	}
	if c.Conversation == 0 {
		return callers, errors.New("a tool of Chatwoot changes a conversation: name one with --conversation")
	}
	api := chatwoot.NewClient(chatwoot.ClientOptions{BaseURL: settings.Chatwoot.BaseURL.String(), Token: settings.Chatwoot.Token.Reveal()})
	key := tania.ConversationKey{Account: settings.Chatwoot.Account, Conversation: tania.ConversationID(c.Conversation)}
	if contact == 0 {
		seen, err := api.Conversation(ctx, key)
		if err != nil {
			return callers, err
		}
		contact = seen.Contact.ID
	}
	callers.Chatwoot = closing{api, &chatwoottool.Caller{
		API: api, Key: key, Contact: contact, Now: time.Now, Steers: settings.Steers,
		May: func(context.Context) (string, error) { return "", nil },
	}}
	return callers, nil
}

// closing leaves the conversation at once, since no answer is sent before.
type closing struct {
	api *chatwoot.Client
	*chatwoottool.Caller
}

// Call implements call.Caller.
func (c closing) Call(ctx context.Context, r call.Request) (call.Outcome, error) {
	o, err := c.Caller.Call(ctx, r)
	closes := chatwoottool.ClosingOf(r.Tool, r.Arguments, c.Now())
	if err != nil || closes == nil {
		return o, err
	}
	return call.Outcome{OK: true, Result: map[string]any{"status": closes.Status}}, closes.Close(ctx, c.api, c.Key)
}

// called makes the call. What the customer or the team would be asked about is taken as agreed to.
func called(ctx context.Context, o tryout.Options, t *tool.Tool, arguments map[string]any) (tried, error) {
	past := time.Now().UTC().Add(-time.Hour)
	for _, name := range t.Limits.After {
		o.Facts.Made = append(o.Facts.Made, tool.Made{Tool: name, OK: true, At: past})
	}
	for {
		box := tryout.New(o)
		said, err := box.Box.Call(ctx, llm.Call{Tool: t.Name, Arguments: arguments})
		if approval, asked := errors.AsType[*once.ApprovalError](err); asked && o.Facts.Approved == nil {
			o.Facts.Approved = consent(approval.Tool, approval.Arguments, past)
			continue
		}
		if err != nil {
			return tried{}, err
		}
		if asks := box.Asks(); len(asks) > 0 && o.Facts.Agreed == nil {
			o.Facts.Agreed = []policy.Consent{{Digest: asks[0].Digest, At: past}}
			continue
		}
		acts := box.Acts()
		act := acts[len(acts)-1]
		r := tried{
			Tool: t.Name, Arguments: act.Arguments, Refused: act.Refused, Made: o.Writes && act.Refused == "", OK: act.OK,
			Status: box.Status(), Millis: act.Millis, Result: act.Result,
		}
		if r.Refused != "" {
			r.Said = said
		}
		return r, nil
	}
}

func consent(name string, arguments json.RawMessage, at time.Time) []policy.Consent {
	var read map[string]any
	if json.Unmarshal(arguments, &read) != nil {
		return []policy.Consent{}
	}
	return []policy.Consent{{Digest: policy.Call{Tool: name, Arguments: read}.Digest(), At: at}}
}

func (r *tried) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return cli.PrintJSON(out, r)
	}
	if r.Refused != "" {
		_, err := fmt.Fprintln(out, r.Said)
		return err
	}
	if !r.Made {
		_, err := fmt.Fprintf(out, "%s would be called with %s\n", r.Tool, r.Arguments)
		return err
	}
	status := ""
	if r.Status != 0 {
		status = strconv.Itoa(r.Status) + ", "
	}
	_, err := fmt.Fprintf(out, "%s%.1f ms\n%s\n", status, r.Millis, r.Result)
	return err
}

// argumentsOf reads a JSON object, or keys with values, each by its parameter's type: as JSON where it is no text.
func argumentsOf(t *tool.Tool, given []string) (map[string]any, error) {
	arguments := map[string]any{}
	if len(given) == 1 && strings.HasPrefix(strings.TrimSpace(given[0]), "{") {
		if err := json.Unmarshal([]byte(given[0]), &arguments); err != nil {
			return nil, fmt.Errorf("the arguments are no JSON object: %w", err)
		}
		return arguments, nil
	}
	var schema struct {
		Properties map[string]struct {
			Type any `json:"type"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(t.Parameters, &schema); err != nil {
		return nil, fmt.Errorf("the tool's parameters: %w", err)
	}
	for _, one := range given {
		name, text, ok := strings.Cut(one, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not KEY=VALUE", one)
		}
		arguments[name] = text
		var v any
		if schema.Properties[name].Type != "string" && json.Unmarshal([]byte(text), &v) == nil {
			arguments[name] = v
		}
	}
	return arguments, nil
}

// contactOf reads what is said of the customer.
func contactOf(given []string) (c policy.Contact, err error) {
	c.Custom = map[string]any{}
	for _, one := range given {
		name, text, _ := strings.Cut(one, "=")
		switch name {
		case "id":
			var id int64
			if id, err = strconv.ParseInt(text, 10, 64); err != nil {
				return c, fmt.Errorf("--contact id: %q is no number", text)
			}
			c.ID = tania.ContactID(id)
		case "name":
			c.Name = text
		case "email":
			c.Email = text
		case "phone_number":
			c.Phone = text
		case "identifier":
			c.Identifier = text
		default:
			key, custom := strings.CutPrefix(name, "custom.")
			if !custom {
				return c, fmt.Errorf("--contact: %q is not known of a contact", name)
			}
			c.Custom[key] = text
		}
	}
	return c, nil
}
