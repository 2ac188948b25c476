// Package cli is what the program's commands are made of: groups, arguments and flags, bound to the fields of the struct that a
// command line asks for.
package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Command is what a command line asks for, its flags and arguments read.
type Command interface {
	Run(ctx context.Context) error
}

// Picker makes the function that cobra calls when a command line asks for a command.
type Picker func(Command) func(*cobra.Command, []string)

// Root is what the whole tree of commands says of wrong command lines, and what it leaves to who reads the error.
func Root(root *cobra.Command) {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(wrongFlag)
	root.SetUsageFunc(usage(root.UsageFunc()))
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
}

// ErrNoCommand follows the help, which says all.
var ErrNoCommand = errors.New("a command is missing")

// Group is a command that only holds others.
func Group(use, short string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{
		Use: use, Short: short, Args: cobra.ArbitraryArgs, SuggestionsMinimumDistance: 2,
		RunE: func(g *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(g, args[0])
			}
			return errors.Join(g.Help(), ErrNoCommand)
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
