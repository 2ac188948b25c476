package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/tania"
	"tania/internal/users"
)

func usersCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("users", "List, add and remove those who sign in to the dashboard by name, and change what they may do",
		usersListCommand(pick), usersAddCommand(pick), usersRemoveCommand(pick), usersRoleCommand(pick), usersPasswordCommand(pick))
}

// withUsers runs a command on the users.
func (f operatorFlags) withUsers(ctx context.Context, run func(operator.Users) error) error {
	return f.target().Users(ctx, run)
}

type usersListCmd struct{ operatorFlags }

func usersListCommand(pick cli.Picker) *cobra.Command {
	var c usersListCmd
	cmd := &cobra.Command{Use: "list", Short: "List the users", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run lists.
func (c usersListCmd) Run(ctx context.Context) error {
	return c.withUsers(ctx, func(u operator.Users) error {
		list, err := u.List(ctx)
		if err != nil {
			return err
		}
		return cli.Table[users.User]{
			None: "There are no users: who has the admin token is an operator. tania users add NAME adds one.", Head: "NAME\tROLE\tSINCE\tSESSIONS",
			Row: func(u users.User) string {
				return fmt.Sprintf("%s\t%s\t%s\t%d", u.Name, u.Role, u.Since.Local().Format(time.DateOnly), u.Sessions)
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

// userFlags are those of commands on one user.
type userFlags struct {
	operatorFlags
	Name string
}

type usersAddCmd struct {
	userFlags
	Role string
}

func usersAddCommand(pick cli.Picker) *cobra.Command {
	var c usersAddCmd
	cmd := &cobra.Command{
		Use: "add NAME", Short: "Add a user; the password is asked for, or read from the standard input", Args: cli.One("NAME", &c.Name), Run: pick(&c),
	}
	c.bind(cmd)
	c.Role = string(tania.Viewer)
	cli.ChoiceFlag(cmd, &c.Role, "role", "What they may do: `ROLE` is viewer, editor or operator; default: viewer", roleNames()...)
	return cmd
}

// Run adds.
func (c usersAddCmd) Run(ctx context.Context) error {
	password, err := readPassword(os.Stdin, os.Stderr)
	if err != nil {
		return err
	}
	return c.done(ctx, "added", func(u operator.Users) error { return u.Add(ctx, c.Name, tania.Role(c.Role), password) })
}

// done changes a user and says so.
func (f userFlags) done(ctx context.Context, what string, change func(operator.Users) error) error {
	return f.withUsers(ctx, func(u operator.Users) error {
		if err := change(u); err != nil {
			return err
		}
		return f.say(map[string]any{"user": f.Name, "done": what}, fmt.Sprintf("%s: %s.", f.Name, what))
	})
}

type usersRemoveCmd struct{ userFlags }

func usersRemoveCommand(pick cli.Picker) *cobra.Command {
	var c usersRemoveCmd
	cmd := &cobra.Command{Use: "remove NAME", Short: "Remove a user and end their sessions", Args: cli.One("NAME", &c.Name), Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run removes.
func (c usersRemoveCmd) Run(ctx context.Context) error {
	return c.done(ctx, "removed, and signed out everywhere", func(u operator.Users) error { return u.Remove(ctx, c.Name) })
}

type usersRoleCmd struct {
	userFlags
	Role string
}

func usersRoleCommand(pick cli.Picker) *cobra.Command {
	var c usersRoleCmd
	cmd := &cobra.Command{
		Use: "role NAME ROLE", Short: "Give a user another role (viewer, editor, operator) and end their sessions", Run: pick(&c),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return errors.New("NAME and ROLE are missing, or one of them")
			}
			c.Name = args[0]
			return cli.One("ROLE", &c.Role)(cmd, args[1:])
		},
	}
	c.bind(cmd)
	return cmd
}

// Run changes the role.
func (c usersRoleCmd) Run(ctx context.Context) error {
	if !tania.Role(c.Role).Valid() {
		return users.ErrRole
	}
	return c.done(ctx, c.Role+" from now on", func(u operator.Users) error { return u.SetRole(ctx, c.Name, tania.Role(c.Role)) })
}

type usersPasswordCmd struct{ userFlags }

func usersPasswordCommand(pick cli.Picker) *cobra.Command {
	var c usersPasswordCmd
	cmd := &cobra.Command{
		Use: "password NAME", Short: "Give a user another password, asked for or read from the standard input, and end their sessions",
		Args: cli.One("NAME", &c.Name), Run: pick(&c),
	}
	c.bind(cmd)
	return cmd
}

// Run changes the password.
func (c usersPasswordCmd) Run(ctx context.Context) error {
	password, err := readPassword(os.Stdin, os.Stderr)
	if err != nil {
		return err
	}
	return c.done(ctx, "another password, and signed out everywhere", func(u operator.Users) error {
		return u.SetPassword(ctx, c.Name, password)
	})
}

func roleNames() (names []string) {
	for _, r := range tania.Roles() {
		names = append(names, string(r))
	}
	return names
}

// readPassword asks for a password twice at a terminal, without showing it; from a pipe or a file it is the first line. It is never an
// argument, which other users of the machine could read.
func readPassword(in *os.File, ask io.Writer) (string, error) {
	terminal := int(in.Fd()) //nolint:gosec // a file's descriptor is a small number
	if !term.IsTerminal(terminal) {
		line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, question := range []string{"Password: ", "Once more: "} {
		_, _ = fmt.Fprint(ask, question)
		text, err := term.ReadPassword(terminal)
		_, _ = fmt.Fprintln(ask)
		if err != nil {
			return "", fmt.Errorf("the password: %w", err)
		}
		typed[i] = string(text)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two passwords differ")
	}
	return typed[0], nil
}
