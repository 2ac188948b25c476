// Command tania is the bot server behind Chatwoot.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tania/internal/knowledge/source/pdftext"
)

// version is set by the linker.
var version = "dev"

// What the shell is told, beside 0.
const (
	exitFailed = 1
	// exitUsage is for command lines that ask for nothing that there is.
	exitUsage = 2
)

func main() {
	if pdftext.Asked(os.Args[1:]) {
		os.Exit(pdftext.Serve(os.Stdin, os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// execute does what a command line asks for, and gives the exit code.
func execute(ctx context.Context, args []string) int {
	asked, help, err := parse(args, os.Stdout, os.Stderr)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "tania:", err)
		if help != "" {
			fmt.Fprintf(os.Stderr, "Run '%s' for usage.\n", help)
		}
		return exitUsage
	case asked == nil:
		return 0
	}
	if err := asked.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "tania:", err)
		return exitFailed
	}
	return 0
}
