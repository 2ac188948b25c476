package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"tania/internal/cli"
)

type versionCmd struct{}

func versionCommand(pick cli.Picker) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: cli.None, Run: pick(versionCmd{})}
}

// Run prints the version.
func (versionCmd) Run(context.Context) error {
	_, err := fmt.Println("tania", version)
	return err
}
