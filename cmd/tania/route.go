package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"tania/internal/dispatcher"
)

type routeCmd struct {
	Eval routeEvalCmd `cmd:"" help:"Measure the dispatcher on labelled messages: JSON lines of {text, route}."`
}

type routeEvalCmd struct {
	File string `arg:"" help:"File of JSON lines." type:"existingfile"`
	JSON bool   `help:"Print JSON."`
	// Misses are what one works with when a bot's rules are extended.
	Misses bool `help:"List the messages that did not get the route of their label, and why."`
}

// Run prints precision, recall and count per route.
func (c routeEvalCmd) Run() error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	report, err := dispatcher.Evaluate(f, dispatcher.New(dispatcher.Options{}))
	if err != nil {
		return err
	}
	if !c.Misses {
		report.Misses = nil
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	fmt.Printf("%-16s %9s %9s %6s\n", "route", "precision", "recall", "n")
	for _, route := range slices.Sorted(maps.Keys(report.Routes)) {
		s := report.Routes[route]
		fmt.Printf("%-16s %9.3f %9.3f %6d\n", route, s.Precision, s.Recall, s.N)
	}
	for _, m := range report.Misses {
		fmt.Printf("%s instead of %s: %q (%s)\n", m.Got, m.Route, m.Text, m.Why)
	}
	return nil
}
