package config

import (
	"fmt"
	"io"
	"strings"
)

// Variable describes one variable of the environment.
type Variable struct {
	Name string
	// Default is empty when there is none.
	Default string
	Help    string
	Allowed string
	Section string
	// Secret values are never shown.
	Secret bool
}

// Variables gives every variable Tania reads, in the order of the documentation.
func Variables() []Variable {
	var list []Variable
	for _, e := range entries() {
		list = append(list, e.Variable)
	}
	return list
}

// PrintVariables writes every variable with its default and meaning, by section, for the terminal.
func PrintVariables(w io.Writer) error {
	var b strings.Builder
	section := ""
	for _, v := range Variables() {
		if v.Section != section {
			section = v.Section
			fmt.Fprintf(&b, "\n%s\n", section)
		}
		b.WriteString("  " + v.Name)
		if v.Default != "" {
			b.WriteString(" (" + v.Default + ")")
		}
		b.WriteString("\n")
		for _, line := range wrap(v.Help+". Allowed: "+v.Allowed, 92) {
			b.WriteString("      " + line + "\n")
		}
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n"))
	return err
}

// wrap breaks a text at spaces into lines of at most width bytes, longer words excepted.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// entry ties a variable to its place in Config.
type entry struct {
	Variable
	set func(c *Config, value string) error
}

// row makes an entry: default, kind, place and help.
func row[T any](name, standard string, k kind[T], place func(*Config) *T, help string) entry {
	var zero T
	_, hidden := any(zero).(Secret)
	if _, list := any(zero).([]Secret); list {
		hidden = true
	}
	return entry{
		Variable: Variable{Name: name, Default: standard, Help: help, Allowed: k.allowed, Secret: hidden},
		set: func(c *Config, value string) error {
			v, err := k.parse(value)
			if err == nil {
				*place(c) = v
			}
			return err
		},
	}
}
