package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// EnvFlag binds --env, the file of variables.
func EnvFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "env", ".env", "`FILE` of variables; the environment takes precedence")
	Complete(cmd, "env", cobra.ShellCompDirectiveDefault)
}

// JSONFlag binds --json.
func JSONFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "json", false, "Print JSON")
}

// URLFlag binds --url, the address of a running Tania, and says when it is wanted.
func URLFlag(cmd *cobra.Command, to *string, when string) {
	cmd.Flags().StringVar(to, "url", "", "`URL` of the running tania, "+when+"; default: from HOST and PORT")
}

// LimitFlag binds --limit, the most that a list shows.
func LimitFlag(cmd *cobra.Command, to *int) {
	cmd.Flags().IntVar(to, "limit", 50, "At most `N`; 0: all")
}

// ChoiceFlag takes one of some words, or none.
func ChoiceFlag(cmd *cobra.Command, to *string, name, usage string, words ...string) {
	cmd.Flags().Func(name, usage, func(s string) error {
		if s != "" && !slices.Contains(words, s) {
			return fmt.Errorf("want one of %s", strings.Join(words, ", "))
		}
		*to = s
		return nil
	})
	Complete(cmd, name, cobra.ShellCompDirectiveNoFileComp, words...)
}

// Complete tells shells what may follow a flag. Nothing else than a flag that is not there, or was told already, makes an error.
func Complete(cmd *cobra.Command, flag string, directive cobra.ShellCompDirective, words ...string) {
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, directive)))
}
