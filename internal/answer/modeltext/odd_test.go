package modeltext

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsMarkedInOddFormsIsNotSaid(t *testing.T) {
	for name, text := range map[string]string{
		"folded away, of Open WebUI":       "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 seconds</summary>\n> He asks.\n</details>\n" + hall,
		"folded away, with its title":      "<details>\n<summary>Thinking…</summary>\nHe asks.\n</details>\n" + hall,
		"a name in two words":              "<antThinking>hm</antThinking>" + hall,
		"a name with a sign in it":         "<scratch_pad>hm</scratch_pad>" + hall,
		"what is for nobody":               "<internal>be brief</internal>\n" + hall,
		"hidden":                           "<hidden>be brief</hidden>\n" + hall,
		"notes":                            "<notes>be brief</notes>\n" + hall,
		"a heading, and the answer's":      "### Reasoning\nHe asks.\n\n### Response\n" + hall,
		"labels in bold":                   "**Thinking:**\nHe asks.\n\n**Answer:**\n" + hall,
		"labels in Spanish":                "Razonamiento: pregunta por el salón.\n\nRespuesta: " + hall,
		"Granite":                          "Here is my thought process: he asks. Here is my response: " + hall,
		"a fence of thoughts":              "```thinking\nHe asks\n```\n" + hall,
		"an aside in brackets":             "(Thinking: he asks about the hall)\n\n" + hall,
		"an aside in italics":              "*thinking: he asks about the hall*\n\n" + hall,
		"the answer's label":               "Reply: " + hall,
		"an answer beside thoughts":        `{"thoughts":"he asks","speak":"` + hall + `"}`,
		"an answer in another language":    `{"texto":"` + hall + `","idioma":"es"}`,
		"an answer of two words":           `{"customer_message":"` + hall + `","handoff":false}`,
		"an action that is the answer":     `{"action":"Final Answer","action_input":"` + hall + `"}`,
		"a tool that is the answer":        `{"name":"final_answer","arguments":{"answer":"` + hall + `"}}`,
		"a text as JSON writes it":         `"` + hall + `"`,
		"a text as Python writes it":       "\"\"\"\n" + hall + "\n\"\"\"",
		"an object behind a thought":       `{"thought":"hm"}` + "\n" + `{"answer":"` + hall + `"}`,
		"character data":                   "<response><![CDATA[" + hall + "]]></response>",
		"a terminal's colours":             "\x1b[1m" + hall + "\x1b[0m",
		"a terminal's colours, escaped":    `\033[1m` + hall + `\033[0m`,
		"EXAONE":                           "[|assistant|]" + hall + "[|endofturn|]",
		"MiniMax":                          "]~b]ai\n" + hall + "[e~[",
		"Hunyuan":                          "<hy_place▁holder▁no▁3>" + hall + "<hy_eos>",
		"Solar":                            "<|think|>hm<|end|><|begin|>assistant<|content|>" + hall + "<|end|>",
		"SmolVLM":                          hall + "<end_of_utterance>",
		"an end in brackets":               hall + "[EOS]",
		"an end in words":                  hall + " [end of text]",
		"BERT":                             hall + "[unused15]",
		"it goes on for the customer":      hall + "\nUser: ¿y el precio?\nAssistant: 300",
		"it goes on in Spanish":            hall + "\n\nCliente: ¿y el precio?\nAsistente: 300",
		"it goes on, and stops":            hall + "\n\nHuman: ¿y el precio?",
		"a call of nobody, and words":      `{"name": "get_weather", "parameters": {"city":"x"}}; ` + hall,
		"a transfer to nobody":             hall + " [TRANSFER_TO_AGENT]",
		"a transfer to nobody, and why":    hall + " [ESCALATE: renta]",
		"a request of LM Studio's":         hall + "\n[TOOL_REQUEST]{\"name\": \"search\", \"arguments\": {}}[END_TOOL_REQUEST]",
		"the placeholder of an attachment": "\ufffc" + hall,
	} {
		t.Run(name, func(t *testing.T) {
			got := reader.Read(text)
			if got.Text != hall || len(got.Calls) != 0 || got.Lost {
				t.Errorf("%q gives %+v", text, got)
			}
		})
	}
}

func TestCallsInOddFormsAreCalls(t *testing.T) {
	for name, text := range map[string]string{
		"braces":                      "{{handoff: " + reason + "}}",
		"angles":                      "<<handoff: " + reason + ">>",
		"a bar":                       "[[handoff|" + reason + "]]",
		"a parameter in the mark":     "[handoff reason=\"" + reason + "\"]",
		"a longer name":               "[handoff_to_human: " + reason + "]",
		"a command":                   "/handoff " + reason,
		"a list":                      "tool: handoff\nreason: " + reason,
		"a list in a fence":           "```yaml\ntool: handoff\nargs:\n  reason: " + reason + "\n```",
		"a label before it":           "Tool call: handoff(reason: \"" + reason + "\")",
		"arguments as elements":       `<tool name="handoff"><arg name="reason">` + reason + `</arg></tool>`,
		"a longer name, in an object": `{"name":"request_handoff","arguments":{"reason":"` + reason + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			want := Reading{Calls: []Call{{Tool: "handoff", Arguments: map[string]string{"reason": reason}}}}
			if diff := cmp.Diff(want, reader.Read(text)); diff != "" {
				t.Errorf("%q: %s", text, diff)
			}
			want.Text = "Le paso con una persona."
			if diff := cmp.Diff(want, reader.Read(want.Text+"\n\n"+text)); diff != "" {
				t.Errorf("behind words, %q: %s", text, diff)
			}
		})
	}
	for _, text := range []string{
		"handoff", "**handoff**", "#handoff", "(handoff)", "*calls the handoff tool*", "Calling handoff…",
		"[HANDOFF_TO_HUMAN]", "{{handoff}}", "<<handoff>>",
	} {
		got := reader.Read("Le paso con una persona.\n\n" + text)
		if got.Text != "Le paso con una persona." || len(got.Calls) != 1 || got.Calls[0].Arguments["reason"] != "" {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}

func TestAnAnswerMayFlagItsCall(t *testing.T) {
	for text, want := range map[string]Reading{
		`{"message":"Le paso.","handoff":true}`: {
			Text:  "Le paso.",
			Calls: []Call{{Tool: "handoff", Arguments: map[string]string{}}},
		},
		`{"message":"Le paso.","needs_handoff":"yes","reason":"` + reason +
			`"}`: {Text: "Le paso.", Calls: []Call{{Tool: "handoff", Arguments: map[string]string{"reason": reason}}}},
		`{"message":"Abrimos hoy.","handoff":false}`:                                      {Text: "Abrimos hoy."},
		`{"message":"Abrimos hoy.","handoff":{"needed":false,"reason":"nada que pasar"}}`: {Text: "Abrimos hoy."},
		`{"handoff":false}`: {Lost: true},
		`{"handoff":true}`:  {Calls: []Call{{Tool: "handoff", Arguments: map[string]string{}}}},
	} {
		if diff := cmp.Diff(want, reader.Read(text)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestWordsForNothingAreNoAnswer(t *testing.T) {
	for _, text := range []string{
		"None", "null", "undefined", "NaN", "[object Object]", "\ufffc", "*thinking: he asks*",
		`{"error":"the model is overloaded"}`,
	} {
		if got := reader.Read(text); got.Text != "" || !got.Lost {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}

func TestLinesThatWereEscapedOnceTooOften(t *testing.T) {
	for text, want := range map[string]string{
		`Hola.\nAbrimos el sábado.\n\nGracias`: "Hola.\nAbrimos el sábado.\n\nGracias",
		`Abrimos:\n- lunes\n- \"martes\"`:      "Abrimos:\n- lunes\n- \"martes\"",
		`C:\nuevo\total`:                       `C:\nuevo\total`,
		`La ruta es C:\new. Gracias`:           `La ruta es C:\new. Gracias`,
		"Escriba `a.\\nB` así.":                "Escriba `a.\\nB` así.",
	} {
		if got := reader.Read(text); got.Text != want {
			t.Errorf("%q gives %q", text, got.Text)
		}
	}
}

// TestProseThatResemblesOddFormsIsSaidAsItIs has the neighbours of what is dropped above.
func TestProseThatResemblesOddFormsIsSaidAsItIs(t *testing.T) {
	for _, text := range []string{
		"El traspaso (handoff) es gratis.", "Nota privada: entre por atrás.", "Horario [LUNES_A_VIERNES] de 9 a 5",
		"Sus datos:\n\nUser: ana\nPassword: luna", "Cliente: Ana\nAgente: Luis",
		"\"Hola\" y \"adiós\"", "Tool use: wear gloves.", "Plan:\n1. Uno\n2. Dos", "```plan\nBásico: 3\n```", "Thinking of you!",
		"*Pensando en ti: promoción de mayo*\nAbrimos.", "None of them.", "none",
		"Puerta <private>.", "Use the handoff tool to pass parts.", "Precio: \"300\"", "[END] Calle",
	} {
		if got := reader.Read(text); got.Text != text || len(got.Calls) != 0 {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}
