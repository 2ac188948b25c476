package workspace

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/operator/connect"
	"tania/internal/queue"
	"tania/internal/tania"
)

type teachCmd struct {
	flags
	ID, Bot, Answer, Language, Why string
	Questions, Keywords            []string
	Of                             int
	Replace                        bool
}

// Teach is the command that teaches a bot an answer, with those that list and take back.
func Teach(pick cli.Picker) *cobra.Command {
	var c teachCmd
	cmd := &cobra.Command{
		Use: "teach", Short: "Teach the bot an answer, or change one; list and remove what it was taught", Args: cli.None, Run: pick(&c),
		Long: "Teach the bot an answer: a new version of the bot, by which all processes answer\n" +
			"within two seconds. bot.yaml is not changed.\n" +
			"With --id an entry that was taught is changed; tania bot teach list shows them, with\n" +
			"the version for --of. Without it, say --replace: what somebody else wrote meanwhile goes.",
	}
	c.bind(cmd)
	cmd.Flags().StringArrayVar(&c.Questions, "question", nil, "A way to ask it; repeat it for more")
	cmd.Flags().StringVar(&c.Answer, "answer", "", "What the bot answers; - reads it from the standard input")
	cmd.Flags().StringArrayVar(&c.Keywords, "keyword", nil, "A phrase that alone gets this answer without a model; repeat it for more")
	cmd.Flags().StringVar(&c.Language, "language", "", "The answer's language, es for example; without it, it is for every language")
	cmd.Flags().StringVar(&c.ID, "id", "", "The entry to change, which is replaced as a whole")
	cmd.Flags().BoolVar(&c.Replace, "replace", false, "Change the entry whatever it says now, without --of")
	c.bindMore(cmd)
	cmd.AddCommand(teachList(pick), teachRemove(pick))
	return cmd
}

// bindMore adds the flags of what publishes.
func (c *teachCmd) bindMore(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.Bot, "bot", bot.Main, "The bot that is taught, where there are several")
	cmd.Flags().StringVar(&c.Why, "why", "", "The reason, for those who read the versions later")
	cmd.Flags().IntVar(&c.Of, "of", 0, "Only where this version is current still; 0: whichever is")
}

// Run teaches.
func (c teachCmd) Run(ctx context.Context) error {
	answer, err := textOf(c.Answer)
	if err != nil {
		return err
	}
	if len(c.Questions) == 0 || strings.TrimSpace(answer) == "" {
		return errors.New("want at least one --question, and --answer")
	}
	if c.ID != "" && c.Of == 0 && !c.Replace {
		return errors.New("say with --of in which version you saw the entry (tania bot teach list), or --replace it whatever it says now")
	}
	t := c.teaching()
	t.Questions, t.Keywords, t.Answer, t.Language = c.Questions, c.Keywords, answer, tania.Language(c.Language)
	return c.publish(ctx, func(l operator.Lessons) (queue.BotVersion, error) { return l.Teach(ctx, t) })
}

func (c teachCmd) teaching() operator.Teaching {
	t := operator.Teaching{Bot: c.Bot, Of: c.Of, Replace: c.Replace, Reasons: operator.Reasons{By: connect.User(), Why: c.Why}}
	t.ID = c.ID
	return t
}

func (c teachCmd) publish(ctx context.Context, do func(operator.Lessons) (queue.BotVersion, error)) error {
	return c.target().Bots(ctx, func(b operator.Bots) error {
		v, err := do(b)
		switch {
		case errors.Is(err, queue.ErrNotCurrent):
			return errors.New("another version was published meanwhile: look at it (tania bot diff), then try again with its number")
		case errors.Is(err, versions.ErrNoBot), c.ID == "" && errors.Is(err, queue.ErrNotFound):
			return fmt.Errorf("there is no bot named %q", c.Bot)
		case errors.Is(err, bot.ErrNoLesson), errors.Is(err, queue.ErrNotFound):
			return fmt.Errorf("bot %s is not there, or was taught no entry %q; tania bot teach list shows what there is", c.Bot, c.ID)
		case err != nil:
			return err
		case c.JSON:
			return printJSON(v)
		}
		_, err = fmt.Printf("Version %d answers from now on.\n", v.Number)
		return err
	})
}

func teachRemove(pick cli.Picker) *cobra.Command {
	var c teachRemoveCmd
	cmd := &cobra.Command{
		Use: "remove ID", Short: "Take back what the bot was taught", Args: cli.One("ID", &c.ID), Run: pick(&c),
		Long: "Take back what the bot was taught, in a new version. tania bot rollback brings it back.",
	}
	c.bind(cmd)
	c.bindMore(cmd)
	return cmd
}

type teachRemoveCmd struct{ teachCmd }

// Run removes.
func (c teachRemoveCmd) Run(ctx context.Context) error {
	return c.publish(ctx, func(l operator.Lessons) (queue.BotVersion, error) { return l.Unteach(ctx, c.teaching()) })
}

type teachListCmd struct{ flags }

func teachList(pick cli.Picker) *cobra.Command {
	var c teachListCmd
	cmd := &cobra.Command{Use: "list", Short: "List what the bots were taught", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// taughtTo is a lesson with the bot that was taught it.
type taughtTo struct {
	Bot string `json:"bot"`
	bot.Lesson
}

// Run lists.
func (c teachListCmd) Run(ctx context.Context) error {
	return c.target().Bots(ctx, func(b operator.Bots) error {
		taught, err := b.Taught(ctx)
		if err != nil {
			return err
		}
		var list []taughtTo
		for _, one := range taught.Bots {
			for _, l := range one.Lessons {
				list = append(list, taughtTo{one.Bot, l})
			}
		}
		err = cli.Table[taughtTo]{
			None: "The bots were taught nothing. What bot.yaml says is not listed here.", Head: "BOT\tID\tLANGUAGE\tQUESTION\tANSWER",
			Row: func(l taughtTo) string {
				question := ""
				if len(l.Questions) > 0 {
					question = l.Questions[0]
				}
				return fmt.Sprintf("%s\t%s\t%s\t%s\t%s", l.Bot, l.ID, l.Language, oneLine(question, 50), oneLine(l.Answer, 60))
			},
		}.Print(os.Stdout, c.JSON, list)
		if err == nil && !c.JSON && len(list) > 0 {
			_, err = fmt.Printf("This is version %d.\n", taught.Version)
		}
		return err
	})
}
