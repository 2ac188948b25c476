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
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	fmt.Printf("%-16s %9s %9s %6s\n", "route", "precision", "recall", "n")
	for _, route := range slices.Sorted(maps.Keys(report.Routes)) {
		s := report.Routes[route]
		fmt.Printf("%-16s %9.3f %9.3f %6d\n", route, s.Precision, s.Recall, s.N)
	}
	return nil
}
