package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// None lets a command have no arguments.
func None(_ *cobra.Command, args []string) error {
	return most(0, args)
}

// One reads the single argument of a command.
func One(name string, to *string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("%s is missing", name)
		}
		return Optional(to)(cmd, args)
	}
}

// Optional reads an argument that may be left out.
func Optional(to *string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			*to = args[0]
		}
		return most(1, args)
	}
}

// List reads all arguments.
func List(to *[]string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		*to = args
		return nil
	}
}

// Existing reads an argument that names a file, or a folder.
func Existing(name string, to *string, folder bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := One(name, to)(cmd, args); err != nil {
			return err
		}
		info, err := os.Stat(*to)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", name, err)
		case folder && !info.IsDir():
			return fmt.Errorf("%s: %s is no folder", name, *to)
		case !folder && info.IsDir():
			return fmt.Errorf("%s: %s is a folder", name, *to)
		}
		return nil
	}
}

func most(n int, args []string) error {
	if len(args) > n {
		return fmt.Errorf("unexpected argument %q", args[n])
	}
	return nil
}
