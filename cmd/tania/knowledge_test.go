package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tania/internal/knowledge/recall"
)

func TestKnowledgeEvalMeasuresAFolder(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"help_documents.jsonl": `{"id": "vans", "title": "Delivery", "text": "On Sundays vans rest."}
{"id": "chairs", "title": "Returns", "text": "Chairs come back within a month."}
`,
		"help_queries.jsonl": `{"id": "q7", "sentences": ["do vans drive on Sundays?"], "required": ["vans", "chairs"]}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := recall.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	report, err := recall.Measure(set)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := printRecall(&out, report); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 queries, 2 documents", "0.500", `q7, 1 found, missing chairs: "do vans drive on Sundays?"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if err := (knowledgeEvalCmd{Dir: t.TempDir()}).Run(t.Context()); err == nil {
		t.Error("an empty folder was measured")
	}
}
