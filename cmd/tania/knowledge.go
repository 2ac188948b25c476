package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tania/internal/knowledge/recall"
)

func knowledgeCommand(pick picker) *cobra.Command {
	return group("knowledge", "Measure how passages are found", knowledgeEvalCommand(pick))
}

type knowledgeEvalCmd struct {
	Dir    string
	JSON   bool
	Misses bool
}

func knowledgeEvalCommand(pick picker) *cobra.Command {
	var c knowledgeEvalCmd
	cmd := &cobra.Command{
		Use: "eval DIR", Short: "Measure how many of the needed passages are found", Args: existing("DIR", &c.Dir, true), Run: pick(&c),
		Long: "Measure how many of the passages that conversations need are found.\n\n" +
			"DIR has *documents*.jsonl (id, title, text) and *queries*.jsonl (id, sentences, required).",
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	}
	flags := cmd.Flags()
	jsonFlag(cmd, &c.JSON)
	flags.BoolVar(&c.Misses, "misses", false, "List the documents that were not among the first 20")
	return cmd
}

// Run measures.
func (c knowledgeEvalCmd) Run(context.Context) error {
	set, err := recall.Load(c.Dir)
	if err != nil {
		return err
	}
	report, err := recall.Measure(set)
	if err != nil {
		return err
	}
	if !c.Misses {
		report.Misses = nil
	}
	if c.JSON {
		return printJSON(report)
	}
	return printRecall(os.Stdout, report)
}

func printRecall(out io.Writer, r recall.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(w, "%d queries, %d documents\trecall@10\trecall@20\t\n", r.Queries, r.Documents)
	_, _ = fmt.Fprintf(w, "in conversation\t%.3f\t%.3f\t\n", r.Conversation.At10, r.Conversation.At20)
	_, _ = fmt.Fprintf(w, "each sentence alone\t%.3f\t%.3f\t\n", r.Alone.At10, r.Alone.At20)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, m := range r.Misses {
		_, _ = fmt.Fprintf(out, "%s, %d found, missing %s: %q\n", m.Query, m.Found, strings.Join(m.Missing, ", "), oneLine(m.First, 80))
	}
	return nil
}
