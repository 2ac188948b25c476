package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// command is what a command line asks for, its flags and arguments read.
type command interface {
	Run(ctx context.Context) error
}

// picker makes the function that cobra calls when a command line asks for a command.
type picker func(command) func(*cobra.Command, []string)

// parse reads a command line and gives what it asks for: nil where that was to print something (the help, the version, a script
// for completion), which is done then. help is the command line that tells more of an error, if there is more to tell.
func parse(args []string, out, errs io.Writer) (asked command, help string, err error) {
	root := newRoot(func(c command) func(*cobra.Command, []string) {
		return func(*cobra.Command, []string) { asked = c }
	})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteC()
	if err != nil && !errors.Is(err, errNoCommand) {
		help = cmd.CommandPath() + " --help"
	}
	return asked, help, err
}

// newRoot is the tree of all commands.
func newRoot(pick picker) *cobra.Command {
	root := group("tania", "Answers customers in Chatwoot: no accepted message lost, answers in order")
	for _, part := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Run", []*cobra.Command{serveCommand(pick), workerCommand(pick), learnCommand(pick)}},
		{"Operate", []*cobra.Command{
			queueCommand(pick), deadCommand(pick), botCommand(pick), questionsCommand(pick), cacheCommand(pick), forgetCommand(pick),
			usersCommand(pick), auditCommand(pick), dashboardCommand(pick),
		}},
		{"Try and check", []*cobra.Command{
			demoCommand(pick), doctorCommand(pick), healthCommand(pick), knowledgeCommand(pick), routeCommand(pick), simCommand(pick),
		}},
	} {
		root.AddGroup(&cobra.Group{ID: part.title, Title: part.title + ":"})
		for _, cmd := range part.commands {
			cmd.GroupID = part.title
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(versionCommand(pick))

	root.Version = version
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(wrongFlag)
	root.SetUsageFunc(usage(root.UsageFunc()))
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	return root
}

// errNoCommand follows the help, which says all.
var errNoCommand = errors.New("a command is missing")

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{
		Use: use, Short: short, Args: cobra.ArbitraryArgs, SuggestionsMinimumDistance: 2,
		RunE: func(g *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(g, args[0])
			}
			return errors.Join(g.Help(), errNoCommand)
		},
	}
	g.AddCommand(commands...)
	return g
}

func unknownCommand(g *cobra.Command, name string) error {
	like := ""
	if list := g.SuggestionsFor(name); len(list) > 0 {
		like = "; did you mean " + strings.Join(list, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %q%s", name, g.CommandPath(), like)
}

// wrongFlag names the command where that is what is wrong, since its flags are unknown then too.
func wrongFlag(cmd *cobra.Command, err error) error {
	if cmd.HasSubCommands() && cmd.Flags().NArg() > 0 {
		return unknownCommand(cmd, cmd.Flags().Arg(0))
	}
	return err
}

// usage shows a group as one that cannot be run.
func usage(show func(*cobra.Command) error) func(*cobra.Command) error {
	return func(cmd *cobra.Command) error {
		shown := *cmd
		if cmd.HasSubCommands() {
			shown.RunE = nil
		}
		return show(&shown)
	}
}
