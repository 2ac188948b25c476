// Package toolcmd has the commands of those who write tools: which there are, what a call gives, and tools made of an API's description.
package toolcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/bot"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/setting"
	"tania/internal/tool"
)

// Tools is the group of the commands.
func Tools(pick cli.Picker) *cobra.Command { return tools(pick, os.Stdout) }

func tools(pick cli.Picker, out io.Writer) *cobra.Command {
	return cli.Group("tools", "List and try the tools of bot.yaml, and make some of an OpenAPI description",
		list(pick, out), try(pick, out), imports(pick, out))
}

// loaded gives the settings, and the bot of a name. What is wrong with settings that no tool needs is no error, what is wrong with a bot
// is.
func loaded(env, name string) (*config.Config, *bot.Bot, error) {
	c, all := config.Load(os.Environ(), env)
	_, others := config.LoadSettings(os.Environ(), env)
	if wrong := problems(all)[len(problems(others)):]; len(wrong) > 0 {
		return nil, nil, wrong
	}
	if c.Bot == nil {
		return nil, nil, all
	}
	if name == "" || name == bot.Main {
		return c, c.Bot, nil
	}
	for _, a := range c.Bot.Assignments {
		if a.Name == name {
			return c, a.Bot, nil
		}
	}
	return nil, nil, fmt.Errorf("there is no bot %q in bot.yaml", name)
}

func problems(err error) setting.Problems {
	ps, _ := errors.AsType[setting.Problems](err)
	return ps
}

type listCmd struct {
	Env, Bot string
	JSON     bool
	out      io.Writer
}

func list(pick cli.Picker, out io.Writer) *cobra.Command {
	c := listCmd{out: out}
	cmd := &cobra.Command{
		Use: "list", Short: "List the tools of a bot: what they may do, where they go, their limits", Args: cli.None, Run: pick(&c),
	}
	cli.EnvFlag(cmd, &c.Env)
	cli.JSONFlag(cmd, &c.JSON)
	botFlag(cmd, &c.Bot)
	return cmd
}

func botFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "bot", bot.Main, "The bot whose tools are meant, where there are several")
}

// listed is a tool as programs are given it. Headers are left out: they name secrets.
type listed struct {
	Name    string      `json:"name"`
	Risk    tool.Risk   `json:"risk"`
	Where   string      `json:"where"`
	Limits  []string    `json:"limits,omitempty"`
	Missing []string    `json:"missing_secrets,omitempty"`
	Rules   tool.Limits `json:"rules,omitzero"`
}

// Run lists.
func (c listCmd) Run(context.Context) error {
	settings, b, err := loaded(c.Env, c.Bot)
	if err != nil {
		return err
	}
	var all []listed
	for i := range b.Tools {
		t := &b.Tools[i]
		one := listed{Name: t.Name, Risk: t.Risk, Where: where(t), Limits: limits(t), Rules: t.Limits}
		for _, s := range t.Secrets() {
			if _, set := settings.ToolSecrets()[s]; !set {
				one.Missing = append(one.Missing, "TOOL_SECRET_"+s)
			}
		}
		all = append(all, one)
	}
	return cli.Table[listed]{
		None: "The bot has no tools: bot.yaml declares none.", Head: "NAME\tRISK\tWHERE\tLIMITS",
		Row: func(l listed) string {
			rules := l.Limits
			if len(l.Missing) > 0 {
				rules = append(slices.Clone(rules), strings.Join(l.Missing, ", ")+" not set")
			}
			return fmt.Sprintf("%s\t%s\t%s\t%s", l.Name, l.Risk, l.Where, strings.Join(rules, "; "))
		},
	}.Print(c.out, c.JSON, all)
}

func where(t *tool.Tool) string {
	switch {
	case t.HTTP != nil:
		return t.HTTP.Method + " " + t.HTTP.URL
	case t.MCP != nil:
		return "mcp " + t.MCP.Server + "/" + t.MCP.Tool
	}
	return "chatwoot " + t.Chatwoot
}

// limits are a tool's, in a few words each.
func limits(t *tool.Tool) (all []string) {
	l := &t.Limits
	add := func(set bool, format string, a ...any) {
		if set {
			all = append(all, fmt.Sprintf(format, a...))
		}
	}
	add(l.Identity != "" && l.Identity != "none", "identity %s", l.Identity)
	add(len(l.After) > 0, "after %s", strings.Join(l.After, ", "))
	add(len(l.FromContact) > 0, "%d from the contact", len(l.FromContact))
	add(len(l.Require) > 0, "%d conditions before", len(l.Require))
	add(len(l.Ensure) > 0, "%d on its result", len(l.Ensure))
	for _, m := range l.Max {
		add(m.Per != "", "%d per %s", m.Count, m.Per)
		add(m.Per == "", "%d in a conversation", m.Count)
	}
	add(l.PerConversation > 0, "%d a conversation", l.PerConversation)
	add(l.PerDay > 0, "%d a day", l.PerDay)
	add(l.Confirm, "the customer's yes")
	add(t.Once.Keyed(), "key of its own")
	add(t.Once.Check != "", "checked by %s", t.Once.Check)
	return all
}
