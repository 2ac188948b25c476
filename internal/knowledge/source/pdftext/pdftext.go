// Package pdftext writes the text of a PDF as Markdown. A PDF can make any reader use memory and time without end, so it is read by a
// process of its own, this program once more, whose memory and time are bounded. What comes in is a file that others made.
package pdftext

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// command is the argument by which the program is to read a PDF from its input, and child a variable that only such a process has: it
// starts none. Its value is for how many seconds of a processor it may run.
const (
	command = "read-pdf"
	child   = "TANIA_READS_PDF"
)

// Limits of one file.
const (
	mostTime   = 30 * time.Second
	mostMemory = 512 << 20
	mostAnswer = 4 << 20
)

// Text is what a PDF says.
type Text struct {
	// Title is what the file calls itself, empty where it does not.
	Title    string `json:"title"`
	Markdown string `json:"markdown"`
	// Problem says why there is no text, empty where there is.
	Problem string `json:"problem,omitempty"`
}

// errGreedy is for a file whose reader had to be stopped.
var errGreedy = errors.New("takes more memory or time than a PDF is given")

// Asked reports whether a command line, without the program's name, is for Serve.
func Asked(args []string) bool { return len(args) == 1 && args[0] == command && os.Getenv(child) != "" }

// Serve reads a PDF from in and writes its text to out, in a process that does nothing else. It gives the process's exit code.
func Serve(in io.Reader, out io.Writer) int {
	seconds, err := strconv.ParseUint(os.Getenv(child), 10, 16)
	if err == nil {
		err = bound(seconds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pdftext:", err)
		return 1
	}
	content, err := io.ReadAll(in)
	if err == nil {
		err = json.NewEncoder(out).Encode(extract(content))
	}
	if err != nil {
		return 1
	}
	return 0
}

// Read gives the text of a PDF. An error says why there is none, in words that go on from the file's name.
func Read(content []byte) (Text, error) { return readWithin(content, mostTime) }

// readWithin is Read where a file is given so much time, and a third of it of a processor.
func readWithin(content []byte, most time.Duration) (Text, error) {
	if os.Getenv(child) != "" {
		return Text{}, errors.New("is not read within the reading of another")
	}
	program, err := os.Executable()
	if err != nil {
		return Text{}, fmt.Errorf("cannot be read: %w", err)
	}
	ctx, done := context.WithTimeout(context.Background(), most)
	defer done()
	reader := exec.CommandContext(ctx, program, command) //nolint:gosec // this program
	reader.Env = []string{child + "=" + strconv.Itoa(max(1, int(most/time.Second)/3)), "GOMEMLIMIT=256MiB", "GOMAXPROCS=1"}
	reader.Stdin = bytes.NewReader(content)
	answer := &bounded{left: mostAnswer}
	reader.Stdout = answer
	if err := reader.Run(); err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); ended || ctx.Err() != nil {
			return Text{}, errGreedy
		}
		return Text{}, fmt.Errorf("cannot be read: %w", err)
	}
	var t Text
	if err := json.Unmarshal(answer.Bytes(), &t); err != nil {
		return Text{}, errGreedy
	}
	if t.Problem != "" {
		return Text{}, errors.New(t.Problem)
	}
	return t, nil
}

// bounded takes as much as there is room for.
type bounded struct {
	bytes.Buffer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errGreedy
	}
	return b.Buffer.Write(p)
}
