package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"tania/internal/cli"
	"tania/internal/cli/approve"
	"tania/internal/cli/guarding"
	"tania/internal/cli/personal"
	"tania/internal/cli/toolcmd"
	"tania/internal/cli/workspace"
)

// parse reads a command line and gives what it asks for: nil where that was to print something (the help, the version, a script
// for completion), which is done then. help is the command line that tells more of an error, if there is more to tell.
func parse(args []string, out, errs io.Writer) (asked cli.Command, help string, err error) {
	root := newRoot(func(c cli.Command) func(*cobra.Command, []string) {
		return func(*cobra.Command, []string) { asked = c }
	})
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := root.ExecuteC()
	if err != nil && !errors.Is(err, cli.ErrNoCommand) {
		help = cmd.CommandPath() + " --help"
	}
	return asked, help, err
}

// newRoot is the tree of all commands.
func newRoot(pick cli.Picker) *cobra.Command {
	root := cli.Group("tania", "Answers customers in Chatwoot: no accepted message lost, answers in order")
	for _, part := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Run", []*cobra.Command{serveCommand(pick), workerCommand(pick), learnCommand(pick)}},
		{"Operate", []*cobra.Command{
			queueCommand(pick), deadCommand(pick), botCommand(pick), workspace.Questions(pick), workspace.Conversations(pick),
			approve.Commands(pick), cacheCommand(pick), forgetCommand(pick), usersCommand(pick), auditCommand(pick), dashboardCommand(pick),
		}},
		{"Try and check", []*cobra.Command{
			demoCommand(pick), doctorCommand(pick), guarding.Guard(pick), healthCommand(pick), knowledgeCommand(pick), personal.Command(pick),
			routeCommand(pick), simCommand(pick), toolcmd.Tools(pick),
		}},
	} {
		root.AddGroup(&cobra.Group{ID: part.title, Title: part.title + ":"})
		for _, cmd := range part.commands {
			cmd.GroupID = part.title
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(versionCommand(pick))

	root.Version = version
	cli.Root(root)
	return root
}
