package modeltext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatTemplatesLeaveIsNotSaid(t *testing.T) {
	call := []Call{{Tool: "handoff", Arguments: map[string]string{"reason": reason}}}
	for name, x := range map[string]struct {
		text string
		want Reading
	}{
		"FunctionGemma": {
			"<start_function_call>call:handoff{reason:<escape>" + reason + "<escape>}<end_function_call>",
			Reading{Calls: call},
		},
		"FunctionGemma, bare": {"call:handoff{reason:<escape>" + reason + "<escape>}", Reading{Calls: call}},
		"FunctionGemma, cut": {
			hall + "\n<start_function_call>call:handoff{reason:<escape>" + reason + "<escape>",
			Reading{Text: hall, Calls: call},
		},
		"FunctionGemma, unknown": {hall + "\n<start_function_call>call:search{q:<escape>x<escape>}<end_function_call>", Reading{Text: hall}},
		"Phi":                    {`functools[{"name": "handoff", "arguments": {"reason": "` + reason + `"}}]`, Reading{Calls: call}},
		"Phi, after words": {
			hall + "\n" + `functools [{"name": "handoff", "arguments": {"reason": "` + reason + `"}}]`,
			Reading{Text: hall, Calls: call},
		},
		"a recipient without tokens": {`to=handoff {"reason": "` + reason + `"}`, Reading{Calls: call}},
		"the same with its format":   {`assistant to=functions.handoff json {"reason": "` + reason + `"}`, Reading{Calls: call}},
		"Alpaca":                     {"### Response:\n" + hall, Reading{Text: hall}},
		"Alpaca goes on for others": {
			"### Response:\n" + hall + "\n\n### Instruction:\n¿Y los domingos?\n\n### Response:\nTambién.",
			Reading{Text: hall},
		},
		"a heading of the answer's": {"### Horarios\n" + hall, Reading{Text: "### Horarios\n" + hall}},
		"a word that only looks so": {"Call: 555 123 4567 {ext. 2}", Reading{Text: "Call: 555 123 4567 {ext. 2}"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, reader.Read(x.text)); diff != "" {
				t.Errorf("%q:\n%s", x.text, diff)
			}
		})
	}
}
