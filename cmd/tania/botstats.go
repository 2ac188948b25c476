package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/pulse"
)

type botStatsCmd struct{ operatorFlags }

func botStatsCommand(pick cli.Picker) *cobra.Command {
	var c botStatsCmd
	cmd := &cobra.Command{
		Use: "stats", Short: "Count what became of each bot's turns, and what they cost", Args: cli.None, Run: pick(&c),
		Long: "Count what became of each bot's turns, and what its model calls cost this month (UTC), where there are several bots.",
	}
	c.bind(cmd)
	return cmd
}

// Run counts once.
func (c botStatsCmd) Run(ctx context.Context) error {
	return c.withBots(ctx, func(b operator.Bots) error {
		list, err := b.Stats(ctx)
		if err != nil {
			return err
		}
		return cli.Table[pulse.OfBot]{
			None: "There is one bot only: tania queue stats counts its turns.",
			Head: "BOT\tTURNS\tANSWERED\tNOT KNOWN\tASKED BACK\tHANDED OVER\tSILENT\tFAILED\tUSD THIS MONTH",
			Row: func(x pulse.OfBot) string {
				return fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.2f", x.Bot, x.Turns, x.Answered, x.NotKnown, x.AskedBack, x.HandedOver,
					x.Silent, x.Failed, float64(x.Cost)/1e6)
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}
