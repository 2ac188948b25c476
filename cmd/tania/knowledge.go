package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tania/internal/assembly"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/knowledge/recall"
)

func knowledgeCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("knowledge", "Measure how passages are found", knowledgeEvalCommand(pick))
}

type knowledgeEvalCmd struct {
	Dir        string
	Env        string
	Embed      string
	EmbedModel string
	JSON       bool
	Misses     bool
}

func knowledgeEvalCommand(pick cli.Picker) *cobra.Command {
	var c knowledgeEvalCmd
	cmd := &cobra.Command{
		Use: "eval DIR", Short: "Measure how many of the needed passages are found", Args: cli.Existing("DIR", &c.Dir, true), Run: pick(&c),
		Long: "Measure how many of the passages that conversations need are found.\n\n" +
			"DIR has *documents*.jsonl (id, title, text) and *queries*.jsonl (id, sentences, required).\n\n" +
			"With --embed words and vectors decide together. The key of OPENAI_API_KEY is sent to the server of OPENAI_BASE_URL only,\n" +
			"that of EMBEDDINGS_API_KEY to the server of EMBEDDINGS, or to this one where EMBEDDINGS names none.",
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	}
	flags := cmd.Flags()
	cli.EnvFlag(cmd, &c.Env)
	cli.JSONFlag(cmd, &c.JSON)
	flags.StringVar(&c.Embed, "embed", "", "Compare meanings too: `URL` of a server (…/v1) or file of a table (model2vec)")
	flags.StringVar(&c.EmbedModel, "embed-model", "", "`NAME` of the server's model; default OPENAI_EMBEDDING_MODEL")
	flags.BoolVar(&c.Misses, "misses", false, "List the documents that were not among the first 20")
	return cmd
}

// Run measures.
func (c knowledgeEvalCmd) Run(ctx context.Context) error {
	report, err := c.measure(ctx)
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

func (c knowledgeEvalCmd) measure(ctx context.Context) (recall.Report, error) {
	settings, _ := config.Load(os.Environ(), c.Env) // what is wrong with settings is told by those who need them
	by, err := assembly.Vectors(settings, c.Embed, c.EmbedModel)
	if err != nil {
		return recall.Report{}, err
	}
	set, err := recall.Load(c.Dir)
	if err != nil {
		return recall.Report{}, err
	}
	return recall.Measure(ctx, set, by)
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
