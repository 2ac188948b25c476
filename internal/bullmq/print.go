package bullmq

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Print says for people what became of the jobs, one line for each that stays. dryRun: nothing was moved, and it says what would be.
func (r Report) Print(w io.Writer, dryRun bool) error {
	what := "moved"
	if dryRun {
		what = "would be moved"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d messages %s, %d were here already.\n", r.Imported, what, r.Duplicates)
	for _, reason := range slices.Sorted(maps.Keys(r.Settled)) {
		fmt.Fprintf(&b, "%d messages get no answer: %s (tania queue records shows them)\n", r.Settled[reason], reason)
	}
	for _, job := range r.Running {
		fmt.Fprintf(&b, "left: %s: a worker has it, or one before it in its conversation\n", job)
	}
	for _, left := range r.Left {
		fmt.Fprintf(&b, "left: %s/%s (%s): %s: %s\n", left.Queue, left.Job, left.State, left.Why, left.Detail)
	}
	for _, why := range slices.Sorted(maps.Keys(r.Reasons)) {
		fmt.Fprintf(&b, "%d left: %s\n", r.Reasons[why], why)
	}
	if r.Failed > 0 {
		fmt.Fprintf(&b, "%d failed jobs and dead letters are where they were: --failed moves them.\n", r.Failed)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Err says why the import is not finished: jobs that a worker has, and those that could not be read; nil where there are none.
func (r Report) Err() error {
	var problems []error
	if len(r.Running) > 0 {
		problems = append(problems,
			fmt.Errorf("%d jobs are being worked, or wait for one of their conversation that is: stop the Node workers, wait half a minute and import again",
				len(r.Running)))
	}
	if n := r.Unreadable(); n > 0 {
		problems = append(problems, fmt.Errorf("%d jobs could not be read and are where they were", n))
	}
	return errors.Join(problems...)
}
