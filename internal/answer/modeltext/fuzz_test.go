package modeltext

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// What no customer may read, written down apart from what reads replies.
var (
	controlTokens = regexp.MustCompile(`<[|｜] ?/?[A-Za-z▁]`)
	machineTags   = regexp.MustCompile(`(?i)</?(?:think|thinking|thought|reasoning|tool_call|tool_calls|function_call|function_calls|invoke|final|answer|minimax:tool_call|seed:think)>|<function=`)
	machineNames  = regexp.MustCompile(`\[/?(?:TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|THINK)\]|assistantfinal|functions\.handoff`)
	toolInCode    = regexp.MustCompile(`\bhandoff\((?:reason|["'{])`)
)

// customerMayRead says what is wrong with a text that is about to be sent, "" when nothing is.
func customerMayRead(text string) string {
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return "a character that shows nothing, or turns what is shown"
		}
	}
	if !utf8.ValidString(text) {
		return "half a character"
	}
	for _, form := range []*regexp.Regexp{controlTokens, machineTags, machineNames, toolInCode} {
		if found := form.FindString(text); found != "" {
			return "a mark: " + found
		}
	}
	for i := range text {
		if text[i] == '{' && objectIsCall(text[i:]) {
			return "a call: " + text[i:min(len(text), i+80)]
		}
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) ||
			unicode.Is(unicode.So, r)
	}) < 0 {
		return "no words"
	}
	return ""
}

// objectIsCall reports whether JSON at the head of a text names a tool beside arguments.
func objectIsCall(text string) bool {
	var v struct {
		Name                  *string
		Arguments, Parameters map[string]any
	}
	d := json.NewDecoder(strings.NewReader(text))
	return d.Decode(&v) == nil && v.Name != nil && regexp.MustCompile(`^\w+$`).MatchString(*v.Name) &&
		(v.Arguments != nil || v.Parameters != nil)
}

// checkReading reads a text and fails when a customer may not read what comes of it, or when it is not settled: what was read reads as
// itself.
func checkReading(t *testing.T, text string) {
	t.Helper()
	got := reader.Read(text)
	if wrong := customerMayRead(got.Text); wrong != "" {
		t.Fatalf("%q is said as %q: %s", text, got.Text, wrong)
	}
	if again := reader.Read(got.Text); again.Text != got.Text || len(again.Calls) > 0 {
		t.Fatalf("%q is said as %q, which reads as %+v", text, got.Text, again)
	}
	for _, c := range got.Calls {
		if c.Tool != handoff.Name {
			t.Fatalf("%q calls %q", text, c.Tool)
		}
	}
}

func FuzzNothingOfTheMachineryReachesACustomer(f *testing.F) {
	for _, s := range []string{
		"<think>x</think>" + hall, "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>" + hall,
		"[TOOL_CALLS][{\"name\":\"handoff\",\"arguments\":{}}]",
		"<function=handoff>{\"reason\":\"x\"}</function>", "<tool_call><function=handoff><parameter=reason>x</parameter></function></tool_call>",
		"<|<|im_end|>im_end|>", "<thi<think>nk>",
		"&lt;|im_end|&gt;", "<b>a</b>&nbsp;<br>", `\ud83d\u003cthink\u003e`, "a\u202eb",
		"```json\n{\"name\":\"handoff\",\"parameters\":{\"reason\":\"x\"}}\n```", "assistantassistantfinalfinal",
		"handoff(reason=\"x\")", "<｜tool▁calls▁begin｜>x", "Thought: a\nAction: handoff\nAction Input: {}", "<final><final>x</final>",
		"[handoff: x]", "<a href=\"https://x\">y", "＜think＞x", "<think\nx",
		"<s>a</s>", "{\"answer\":\"<think>x</think>y\"}", "{\"text\":{\"text\":{\"text\":\"x\"}}}", ">>>handoff\n{}", "<<function=handoff>>",
		"<!--", "<x>y</x>", "hand\u200boff(reason='x')",
	} {
		f.Add(s)
	}
	f.Fuzz(checkReading)
}

// FuzzWordsAreLeftAlone has text that cannot be machinery: it is said as it is.
func FuzzWordsAreLeftAlone(f *testing.F) {
	for _, s := range []string{
		"a < b", "5 > 3", "[1] uno", "x_y (z)", "¡Hola!", "{nombre}", "a & b", "- uno\n- dos", "**x** _y_",
		"50 % off: 3-2=1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || !harmless.MatchString(text) || strings.TrimSpace(text) != text {
			return
		}
		if quote := text[0]; (quote == '"' || quote == '\'') && strings.HasSuffix(text[1:], string(quote)) {
			return // as JSON or Python would write a text
		}
		if got := reader.Read(text); got.Text != text || len(got.Calls) > 0 {
			t.Fatalf("%q is said as %+v", text, got)
		}
	})
}

// harmless is prose with the signs that prose may have, and a letter: a bracket of either kind is followed by a space or a digit.
var harmless = regexp.MustCompile(`^(?:[a-dñáéíóúü ,.;!¿?¡$%/*+0-9"'-]|[<{\[&(] |[<\[(][0-9]|[>}\])])*[a-d](?:[a-dñáéíóúü ,.;!¿?¡$%/*+0-9"'\n-]|[<{\[&(] |[<\[(][0-9]|[>}\])])*$`)

// fragments are what replies come apart into; any order of them is read.
var fragments = []string{
	"Abrimos", " a las 9. ", "\n", "\n\n", "<think>", "</think>", "<final>", "</final>", "<|channel|>", "analysis", "final", "<|message|>",
	"<|end|>", "<|start|>", "assistant", "<|im_end|>",
	"<|im_start|>user\n", "<tool_call>", "</tool_call>", "<function=handoff>", "</function>", "{\"name\":\"handoff\",",
	"\"arguments\":{\"reason\":\"x\"}}", "{\"reason\":\"x\"}", "[TOOL_CALLS]", "[", "]",
	"handoff", "(reason=\"x\")", "```json\n", "\n```\n", "`", "<", ">", "<|", "|>", "｜>", "<｜", "&lt;", "&gt;", "&nbsp;", "<b>", "</b>",
	"<br>", "<li>", "<a href=\"https://x.mx\">", "</a>", "\u202e", "\u200b",
	`\u003c`, `\ud83d`, "[handoff: x", "assistantfinal", "commentary to=functions.handoff ", "<|python_tag|>",
	"Action: handoff\nAction Input: {}", "Thought: ", "Final Answer: ", "<s>", "</s>", "[/INST]",
	"<invoke name=\"handoff\">", "</invoke>", "<parameter name=\"reason\">x</parameter>", "{\"answer\":\"sí\"}", "<x>", "</x>", "<script>",
	"</script>", "<!--", "-->", "<|\"|>", ">>>handoff\n", "<0x0A>", "◁think▷", "＜think＞",
	"search_orders(id=\"1\")", "{", "}", "\"", ":", ",", "<seed:think>", "</seed:think>", "<handoff>", "</handoff>", "<reason>", "</reason>",
	"assistant\n", "tool_call", "think", "/", "handoff(", ")", "to=functions.",
	"[|assistant|]", "]~b]ai\n", "<end_of_utterance>", "[EOS]", "<details><summary>Thinking</summary>", "</details>", "{{handoff", "}}", "<<",
	">>", "tool: handoff\nreason: x", "/handoff x", "<![CDATA[", "]]>", "Answer:\n",
	"\"handoff\":true", "\n\nHuman: x", "\x1b[1m", `\n\n`, "(handoff)", "```thinking\n", "*thinking: x*", "None",
}

func FuzzMarksInAnyOrder(f *testing.F) {
	f.Add([]byte{4, 0, 5, 0}, uint8(0))
	f.Fuzz(func(t *testing.T, order []byte, offset uint8) {
		var b strings.Builder
		for _, n := range order[:min(len(order), 60)] {
			b.WriteString(fragments[(int(n)+int(offset))%len(fragments)])
		}
		checkReading(t, b.String())
	})
}

func TestMarksInRandomOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(12, 3))
	for range 5_000 {
		var b strings.Builder
		for range 1 + random.IntN(9) {
			b.WriteString(fragments[random.IntN(len(fragments))])
		}
		checkReading(t, b.String())
	}
}
