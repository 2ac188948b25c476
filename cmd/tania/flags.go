package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Flags that several commands have.

func envFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "env", ".env", "`FILE` of variables; the environment takes precedence")
	complete(cmd, "env", cobra.ShellCompDirectiveDefault)
}

func jsonFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "json", false, "Print JSON")
}

func urlFlag(cmd *cobra.Command, to *string, when string) {
	cmd.Flags().StringVar(to, "url", "", "`URL` of the running tania, "+when+"; default: from HOST and PORT")
}

func limitFlag(cmd *cobra.Command, to *int) {
	cmd.Flags().IntVar(to, "limit", 50, "At most `N`; 0: all")
}

// choiceFlag takes one of some words, or none.
func choiceFlag(cmd *cobra.Command, to *string, name, usage string, words ...string) {
	cmd.Flags().Func(name, usage, func(s string) error {
		if s != "" && !slices.Contains(words, s) {
			return fmt.Errorf("want one of %s", strings.Join(words, ", "))
		}
		*to = s
		return nil
	})
	complete(cmd, name, cobra.ShellCompDirectiveNoFileComp, words...)
}

// complete tells shells what may follow a flag. Nothing else than a flag that is not there, or was told already, makes an error.
func complete(cmd *cobra.Command, flag string, directive cobra.ShellCompDirective, words ...string) {
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, directive)))
}
