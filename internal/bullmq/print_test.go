package bullmq

import (
	"strings"
	"testing"

	"tania/internal/tania"
)

func TestAReportSaysWhatBecameOfTheJobs(t *testing.T) {
	r := Report{
		Imported: 2, Duplicates: 1, Failed: 4, Settled: map[tania.Reason]int{tania.HumanActive: 3}, Running: []string{"bull:q:7"},
		Left:    []Left{{Queue: "q", State: "wait", Job: "8", Why: OtherEvent, Detail: "a status", Refused: true}},
		Reasons: map[Why]int{OtherEvent: 1},
	}
	for dryRun, moved := range map[bool]string{false: "moved", true: "would be moved"} {
		var b strings.Builder
		if err := r.Print(&b, dryRun); err != nil {
			t.Fatal(err)
		}
		want := "2 messages " + moved + ", 1 were here already.\n3 messages get no answer: human_active (tania queue records shows them)\n" +
			"left: bull:q:7: a worker has it, or one before it in its conversation\nleft: q/8 (wait): " + string(OtherEvent) + ": a status\n" +
			"1 left: " + string(OtherEvent) + "\n4 failed jobs and dead letters are where they were: --failed moves them.\n"
		if b.String() != want {
			t.Errorf("printed\n%s\nwant\n%s", &b, want)
		}
	}
}

// TestAnImportThatIsNotFinishedIsAnError: jobs that a worker has and those that could not be read are; what the governor refuses is not.
func TestAnImportThatIsNotFinishedIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		report Report
		want   string
	}{
		"all moved":  {Report{Imported: 1}, ""},
		"refused":    {Report{Left: []Left{{Refused: true}}}, ""},
		"unreadable": {Report{Left: []Left{{}, {}}}, "2 jobs could not be read"},
		"running":    {Report{Running: []string{"7"}}, "1 jobs are being worked"},
	} {
		err := c.report.Err()
		if (err != nil) != (c.want != "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
