package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/audit"
	"tania/internal/cli"
	"tania/internal/config"
	"tania/internal/knowledge/source"
	"tania/internal/knowledge/source/fetch"
	"tania/internal/knowledge/source/learned"
	"tania/internal/operator/connect"
)

type learnCmd struct {
	Env     string
	Sources []string
	Private []string
	Depth   int
}

func learnCommand(pick cli.Picker) *cobra.Command {
	var c learnCmd
	cmd := &cobra.Command{
		Use: "learn [SOURCE…]", Short: "Read a help centre, web pages or files into the bot's knowledge",
		Long: "Read a help centre, web pages or files into the bot's knowledge: each article, page or file becomes a Markdown file\n" +
			"in " + learned.Folder + "/ beside bot.yaml, from which the bot answers within seconds.\n\n" +
			"SOURCE is the address of a help centre of Chatwoot (https://help.example.com/hc/shop), of a page or of a sitemap,\n" +
			"or a file or folder (.md, .txt, .html, .csv, .tsv, .docx, .xlsx, .pdf).\n" +
			"Without one, all that was learned is read again: only what changed is written, what vanished goes after a day,\n" +
			"and of a source that cannot be read the last copy stays.",
		Args: func(_ *cobra.Command, args []string) error { c.Sources = args; return nil },
		Run:  pick(&c),
	}
	cli.EnvFlag(cmd, &c.Env)
	cmd.Flags().StringSliceVar(&c.Private, "private", nil,
		"`HOST`, address or network that may be read although it is private")
	cmd.Flags().IntVar(&c.Depth, "depth", 0, "Read the pages of the same host that are `N` links away too")
	return cmd
}

// Run reads the sources one after another. One that fails does not keep the others from being read.
func (c learnCmd) Run(ctx context.Context) (failed error) {
	settings, _ := config.Load(os.Environ(), c.Env) // what is wrong with settings is told by those who need them
	store := learned.Store{Dir: filepath.Join(filepath.Dir(settings.BotPath), learned.Folder), Now: time.Now}
	origins, err := c.origins(store)
	if err != nil {
		return err
	}
	unlock, err := store.Lock("tania learn")
	if err != nil {
		return err
	}
	defer func() { failed = errors.Join(failed, unlock()) }()
	reader := source.Reader{Fetch: fetch.Options{UserAgent: "Tania/" + version, Private: trusted(settings)}, Marks: store.Marks}
	changed := false
	var read []string
	for _, o := range origins {
		news, err := learn(ctx, os.Stdout, reader, store, o)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w; what was learned from it before stays", o.Address, err))
		}
		changed = changed || news
		if err == nil {
			read = append(read, o.Address)
		}
	}
	if len(read) > 0 {
		if err := (connect.Target{Env: c.Env}).Note(ctx, audit.Learn, strings.Join(read, " ")); err != nil {
			fmt.Fprintln(os.Stderr, "warning: this is not in the audit log:", err)
		}
	}
	if changed {
		settings, _ = config.Load(os.Environ(), c.Env)
		for _, w := range settings.Bot.Warnings {
			fmt.Println("warning:", w)
		}
		fmt.Println("A tania that runs beside it answers from this within seconds.")
	}
	return failed
}

// origins are the sources to read: those named, else all that were learned.
func (c learnCmd) origins(store learned.Store) (all []learned.Origin, err error) {
	if len(c.Sources) == 0 {
		all, err = store.Origins()
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("nothing was learned yet: name a source, as in tania learn https://help.example.com/hc/shop")
		}
		return all, err
	}
	for _, s := range c.Sources {
		if strings.TrimSpace(s) == "" { // as a variable of the shell that is not set gives it; the folder one is in is "."
			return nil, errors.New("a SOURCE is empty")
		}
		all = append(all, learned.Origin{Address: source.Address(s), Private: c.Private, Depth: c.Depth})
	}
	return all, nil
}

// trusted is the server that the settings name, whatever network it is in.
func trusted(c *config.Config) []string {
	if c.Chatwoot.BaseURL == nil {
		return nil
	}
	return []string{c.Chatwoot.BaseURL.Host}
}

// learn reads one source, and reports whether something changed.
func learn(ctx context.Context, out io.Writer, reader source.Reader, store learned.Store, o learned.Origin) (bool, error) {
	reading, err := reader.Read(ctx, o)
	if err != nil {
		return false, err
	}
	c, notes, err := store.Update(o, reading)
	for _, n := range notes {
		fmt.Fprintln(out, "  "+n)
	}
	if err != nil {
		return false, err
	}
	fmt.Fprintf(out, "%s: %d new, %d changed, %d as before, %d missing, %d removed; in %s\n",
		o.Address, c.Added, c.Changed, c.Same, c.Missing, c.Removed, c.Dir)
	return c.Added+c.Changed+c.Removed > 0, nil
}
