package modeltext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var handoff = Tool{Name: "handoff", Parameters: []string{"reason"}}

var reader = NewReader(handoff)

const (
	hall   = "Abrimos el salón para fiestas los sábados."
	reason = "renta del salón"
)

func TestThoughtsAndChannelsAreNotSaid(t *testing.T) {
	for name, text := range map[string]string{
		"nothing but the answer":        hall,
		"a thought":                     "<think>He asks\nabout the hall.</think>\n\n" + hall,
		"a thought in capitals":         "<THINK>hm</THINK>" + hall,
		"thinking":                      "<thinking>hm</thinking>" + hall,
		"reasoning with attributes":     `<reasoning effort="low">hm</reasoning>` + hall,
		"a name in two words":           "<inner_monologue>hm</inner_monologue>" + hall,
		"a name in Spanish":             "<pensamiento>hm</pensamiento>" + hall,
		"a name with a prefix, of Seed": "<seed:think>hm<seed:cot_budget_reflect>I have used 20 tokens.</seed:cot_budget_reflect>more</seed:think>" + hall,
		"Mistral":                       "[THINK]hm[/THINK]" + hall,
		"Cohere":                        "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>" + hall + "<|END_RESPONSE|>",
		"OpenThinker":                   "<|begin_of_thought|>hm<|end_of_thought|><|begin_of_solution|>" + hall + "<|end_of_solution|>",
		"GLM puts it in a box":          "<think>hm</think><|begin_of_box|>" + hall + "<|end_of_box|>",
		"Kimi":                          "◁think▷hm◁/think▷" + hall,
		"full-width brackets":           "＜think＞hm＜/think＞" + hall,
		"doubled brackets":              "<<think>>hm<</think>>" + hall,
		"as entities":                   "&lt;think&gt;hm&lt;/think&gt;" + hall,
		"a beginning that the template swallowed": "He asks.</think>" + hall,
		"two ends":                                "<think>a</think>b</think>" + hall,
		"one within another":                      "<think>a <think> b</think>" + hall,
		"an end without its bracket":              "<think>hm</think\n" + hall,
		"after the answer, open":                  hall + "\n<think>Was that short enough?",
		"after the answer":                        hall + "<think>hm</think>",
		"an empty one":                            "<think></think>\n\n" + hall,
		"an answer in an open thought":            "<think>The customer asks. I will write the answer now.<final>" + hall + "</final>",
		"an answer in an open thought, open":      "<think>hm\n<answer>" + hall,
		"a draft in a thought":                    "<think>Maybe <answer>No.</answer> Or not.</think>" + hall,
		"an answer that the thought holds":        "<think>hm <answer>" + hall + "</answer></think>",
		"a label in an open thought":              "<think>The customer asks about the hall.\n\nFinal answer: " + hall,
		"a label in Spanish":                      "<think>Pregunta por el salón.\n\n**Respuesta final:** " + hall,
		"final":                                   "<final>" + hall + "</final>",
		"final that does not end":                 "<final>" + hall,
		"the end of final alone":                  hall + "</final>",
		"response, with words about it":           "Here is my reply. <response>" + hall + "</response> I hope it is short.",
		"two words":                               "<final_answer>" + hall + "</final_answer>",
		"an empty final":                          "<final></final>" + hall,
		"gpt-oss":                                 "<|channel|>analysis<|message|>Need the hours of the hall. Be short.<|end|><|start|>assistant<|channel|>final<|message|>" + hall,
		"gpt-oss, and its end":                    "<|start|>assistant<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>" + hall + "<|return|>",
		"gpt-oss with a preamble":                 "<|channel|>commentary<|message|>I will look.<|end|><|start|>assistant<|channel|>final<|message|>" + hall,
		"gpt-oss with a channel nobody knows":     "<|channel|>musings<|message|>x<|end|><|channel|>final<|message|>" + hall,
		"gpt-oss whose first mark was cut":        "analysis<|message|>Need hours.<|end|><|start|>assistant<|channel|>final<|message|>" + hall,
		"gpt-oss whose first message has no head": "Need hours.<|end|><|start|>assistant<|channel|>final<|message|>" + hall,
		"gpt-oss without its second mark":         "<|channel|>final\n" + hall,
		"gpt-oss with a form":                     "<|channel|>final <|constrain|>text<|message|>" + hall,
		"gpt-oss wrapping":                        `<|channel|>final <|constrain|>json<|message|>{"answer":"` + hall + `"}`,
		"gpt-oss without its marks":               "analysisWe need the hours. Be short.assistantfinal" + hall,
		"gpt-oss without its marks, twice":        "analysisWe look.assistantcommentaryI look.assistantanalysisFound.assistantfinal" + hall,
		"gpt-oss, the last word alone":            "We need the hours.assistantfinal" + hall,
		"gpt-oss, the channel alone":              "final" + hall,
		"Gemma":                                   "<|channel>thought\nHe asks.<channel|>" + hall,
		"Gemma's template":                        "<start_of_turn>model\n" + hall + "<end_of_turn>",
		"ChatML":                                  "<|im_start|>assistant\n" + hall + "<|im_end|>\n<|im_start|>user\nGracias<|im_end|>",
		"Llama":                                   "<|start_header_id|>assistant<|end_header_id|>\n\n" + hall + "<|eot_id|>",
		"the role that Llama leaves":              "assistant\n\n" + hall,
		"Phi, which goes on for the customer":     hall + "<|end|><|user|>Gracias<|end|><|assistant|>De nada",
		"DeepSeek":                                "<｜Assistant｜>" + hall + "<｜end▁of▁sentence｜>",
		"sentence marks":                          "<s>" + hall + "</s>",
		"what comes after the end":                hall + "<|endoftext|>Human: and the price?",
		"a control mark nobody knows":             hall + "<|fim_pad_9|>",
		"a control mark that was cut":             hall + "<|im_e",
		"a tag that was cut":                      hall + "</fin",
		"a byte":                                  hall + "<0x0A>",
		"Llama 2":                                 "[INST] ¿Abren? [/INST] " + hall,
		"a label at the head":                     "Thought: he asks.\nFinal Answer: " + hall,
		"a process at the head":                   "Here's a thinking process:\n1. Look.\n\nFinal answer: " + hall,
		"copied tags and names":                   "[agent Ana] <customer_message>" + hall + "</customer_message>",
		"a role before the text":                  "Assistant: " + hall,
		"an answer within an object":              `{"response": "` + hall + `"}`,
		"an answer within a fenced object":        "```json\n{\"reply\": \"" + hall + "\"}\n```",
		"an answer as a part":                     `{"type":"text","text":"` + hall + `"}`,
		"an answer as parts":                      `[{"type":"reasoning","summary":[]},{"type":"text","text":"` + hall + `"}]`,
		"an answer as a message":                  `{"role":"assistant","content":"` + hall + `"}`,
		"an answer in a fence":                    "```\n" + hall + "\n```",
		"a tag nobody knows":                      "<saludo>" + hall + "</saludo>",
		"a comment":                               "<!-- short -->" + hall,
		"citations":                               hall + "【4:0†source】 \ue200cite\ue202turn0search0\ue201",
		"a tool that is not there":                hall + "\n<tool_call>{\"name\":\"search\",\"arguments\":{\"q\":\"salón\"}}</tool_call>",
		"a tool's imagined answer":                hall + "<tool_response>{\"ok\":true}</tool_response>",
	} {
		t.Run(name, func(t *testing.T) {
			got := reader.Read(text)
			if got.Text != hall || len(got.Calls) != 0 || got.Lost {
				t.Errorf("%q gives %+v", text, got)
			}
		})
	}
}

func TestWhatHasNoAnswerIsLost(t *testing.T) {
	for name, text := range map[string]string{
		"an open thought":                  "<think>The customer asks about the hall. They want to rent it.",
		"an open thought, answered barely": "<think>The customer asks about the hall.\n\n" + hall,
		"a thought alone":                  "<think>hm</think>",
		"analysis alone":                   "<|channel|>analysis<|message|>Need the hours." + hall,
		"a channel nobody knows":           "<|channel|>musings<|message|>" + hall,
		"analysis without marks":           "analysisWe need the hours.",
		"characters without a shape":       "\u200b\u2060\ufeff",
		"fillers":                          "\u3164\u2800\u00ad \u115f",
		"signs alone":                      "…",
		"a fence alone":                    "```\n```",
		"half a pair":                      `\ud83d`,
		"an object nobody knows":           `{"status":"ok","items":[1,2]}`,
		"objects":                          `[{"a":1}]`,
		"an unknown call":                  `{"name":"search_products","arguments":{"q":"salón"}}`,
		"an unknown call in Python":        `search_products(query="salón")`,
		"marks alone":                      "<|im_end|>",
		"empty calls":                      "[TOOL_CALLS][]",
	} {
		t.Run(name, func(t *testing.T) {
			if got := reader.Read(text); got.Text != "" || len(got.Calls) != 0 || !got.Lost {
				t.Errorf("%q gives %+v", text, got)
			}
		})
	}
}

func TestCallsWrittenAsTextAreCalls(t *testing.T) {
	object := `{"name": "handoff", "arguments": {"reason": "` + reason + `"}}`
	args := `{"reason": "` + reason + `"}`
	for name, text := range map[string]string{
		"an object":                     object,
		"parameters, of Llama":          `{"name": "handoff", "parameters": {"reason": "` + reason + `"}}`,
		"with its type":                 `{"type": "function", "name": "handoff", "parameters": {"reason": "` + reason + `"}}`,
		"as OpenAI writes it":           `{"tool_calls":[{"id":"c1","type":"function","function":{"name":"handoff","arguments":"{\"reason\":\"` + reason + `\"}"}}]}`,
		"type and function":             `{"type":"function","function":{"name":"handoff","parameters":{"reason":"` + reason + `"}}}`,
		"the name as key":               `{"handoff": {"reason": "` + reason + `"}}`,
		"action and input":              `{"action": "handoff", "action_input": {"reason": "` + reason + `"}}`,
		"as Anthropic writes it":        `{"type":"tool_use","id":"t","name":"handoff","input":{"reason":"` + reason + `"}}`,
		"arguments without a name":      args,
		"in Python's quotes":            `{'name': 'handoff', 'arguments': {'reason': '` + reason + `'}}`,
		"cut":                           `{"name": "handoff", "arguments": {"reason": "` + reason,
		"with a comma too many":         `{"name": "handoff", "arguments": {"reason": "` + reason + `",},}`,
		"in a list":                     `[` + object + `]`,
		"in a fence":                    "```json\n" + object + "\n```",
		"in a fence of its own kind":    "```tool_call\n" + object + "\n```",
		"in code of Gemma":              "```tool_code\nprint(handoff(reason=\"" + reason + "\"))\n```",
		"function tag":                  `<function=handoff>` + args + `</function>`,
		"function tag without its end":  `<function=handoff>` + args,
		"function tag of Groq":          `<function=handoff` + args + `</function>`,
		"function tag with parentheses": `<function(handoff)>` + args + `</function>`,
		"function tag, parameters": "<tool_call>\n<function=handoff>\n<parameter=reason>\n" + reason +
			"\n</parameter>\n</function>\n</tool_call>",
		"function tag, quoted":      `<function="handoff"><parameter="reason">` + reason + `</parameter></function>`,
		"tool_call":                 "<tool_call>\n" + object + "\n</tool_call>",
		"tool_call without its end": "<tool_call>" + object,
		"tool_calls":                "<tool_calls>[" + object + "]</tool_calls>",
		"TOOLCALL of Nemotron":      "<TOOLCALL>[" + object + "]</TOOLCALL>",
		"function_call":             "<function_call>" + object + "</function_call>",
		"functioncall of Glaive":    "<functioncall> " + object,
		"tool_call of GLM":          "<tool_call>handoff\n<arg_key>reason</arg_key>\n<arg_value>" + reason + "</arg_value>\n</tool_call>",
		"invoke": `<function_calls><invoke name="handoff"><parameter name="reason">` + reason +
			`</parameter></invoke></function_calls>`,
		"invoke of MiniMax": "<minimax:tool_call>\n<invoke name=\"handoff\">\n<parameter name=\"reason\">" + reason +
			"</parameter>\n</invoke>\n</minimax:tool_call>",
		"invoke alone":                    `<invoke name="handoff"><parameter name="reason">` + reason + `</parameter></invoke>`,
		"invoke, empty":                   `<invoke name="handoff" reason="` + reason + `"/>`,
		"names and arguments as elements": "<tool_use><name>handoff</name><arguments>" + args + "</arguments></tool_use>",
		"elements":                        "<tool_call><name>handoff</name><reason>" + reason + "</reason></tool_call>",
		"the tool's own element":          "<handoff>" + reason + "</handoff>",
		"the tool's own element, inner":   "<handoff><reason>" + reason + "</reason></handoff>",
		"the tool's own element, empty":   `<handoff reason="` + reason + `"/>`,
		"OLMo":                            "<function_calls>\nhandoff(reason=\"" + reason + "\")\n</function_calls>",
		"Seed": "<seed:tool_call><function=handoff><parameter=reason>" + reason +
			"</parameter></function></seed:tool_call>",
		"Mistral":               "[TOOL_CALLS][" + object + "]",
		"Mistral, newer":        "[TOOL_CALLS]handoff[ARGS]" + args,
		"Mistral with an id":    "[TOOL_CALLS]handoff[CALL_ID]a1b2c3d4e[ARGS]" + args,
		"Llama's tag of Python": "<|python_tag|>" + object,
		"Llama's tag and call":  `<|python_tag|>handoff.call(reason="` + reason + `")<|eom_id|>`,
		"Llama 4":               `[handoff(reason="` + reason + `")]`,
		"LFM":                   `<|tool_call_start|>[handoff(reason="` + reason + `")]<|tool_call_end|>`,
		"Granite":               "<|tool_call|>[" + object + "]",
		"Phi":                   "<|tool_call|>[" + object + "]<|/tool_call|>",
		"DeepSeek": "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>handoff\n```json\n" + args +
			"\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>",
		"DeepSeek, newer": "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>handoff<｜tool▁sep｜>" + args +
			"<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
		"DeepSeek, newest": "<｜DSML｜function_calls>\n<｜DSML｜invoke name=\"handoff\">\n<｜DSML｜parameter name=\"reason\" string=\"true\">" + reason + "</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>",
		"Kimi": "<|tool_calls_section_begin|><|tool_call_begin|>functions.handoff:0<|tool_call_argument_begin|>" +
			args + "<|tool_call_end|><|tool_calls_section_end|>",
		"Cohere": `<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "handoff", "parameters": ` + args +
			`}]<|END_ACTION|>`,
		"Command R":                     "Action: ```json\n[{\"tool_name\": \"handoff\", \"parameters\": " + args + "}]```",
		"Gemma":                         `<|tool_call>call:handoff{reason:<|"|>` + reason + `<|"|>}<tool_call|>`,
		"Functionary":                   ">>>handoff\n" + args,
		"Functionary, older":            "<|from|>assistant\n<|recipient|>handoff\n<|content|>" + args + "<|stop|>",
		"gpt-oss":                       "<|channel|>commentary to=functions.handoff <|constrain|>json<|message|>" + args + "<|call|>",
		"gpt-oss, the role names it":    "<|start|>assistant to=functions.handoff<|channel|>commentary json<|message|>" + args + "<|call|>",
		"gpt-oss without marks":         "analysisWe need a human.assistantcommentary to=functions.handoff json" + args,
		"ReAct":                         "Thought: I need a human.\nAction: handoff\nAction Input: " + args + "\nObservation: done",
		"Python":                        `handoff(reason="` + reason + `")`,
		"Python, by place":              `handoff("` + reason + `")`,
		"Python with an object":         `handoff(` + args + `)`,
		"Python of Gemini":              `print(default_api.handoff(reason='` + reason + `'))`,
		"our mark":                      "[handoff: " + reason + "]",
		"our mark, cut":                 "[handoff: " + reason,
		"our mark, doubled":             "[[Handoff: " + reason + "]]",
		"our mark, in bold":             "**[handoff: " + reason + "]**",
		"our mark, closed early":        "[HANDOFF] " + reason,
		"a label":                       "handoff: " + reason,
		"after a thought":               "<think>Call handoff(reason=\"x\")?</think>" + object,
		"another name for its argument": `{"name": "handoff", "arguments": {"motivo": "` + reason + `"}}`,
		"with quotes nobody escaped":    `{"name": "handoff", "arguments": {"reason": "` + reason + `"} }`,
	} {
		t.Run(name, func(t *testing.T) {
			want := Reading{Calls: []Call{{Tool: "handoff", Arguments: map[string]string{"reason": reason}}}}
			if diff := cmp.Diff(want, reader.Read(text)); diff != "" {
				t.Errorf("%q: %s", text, diff)
			}
			want.Text = "Le paso con una persona."
			if strings.HasPrefix(text, "<|channel|>") || strings.HasPrefix(text, "<|start|>") || strings.HasPrefix(text, "analysis") ||
				strings.HasPrefix(text, "{\"reason") ||
				strings.Contains(text, "<|from|>") || strings.Contains(text, "<think>") {
				return
			}
			if diff := cmp.Diff(want, reader.Read(want.Text+"\n\n"+text)); diff != "" {
				t.Errorf("behind words, %q: %s", text, diff)
			}
		})
	}
}

func TestAWordAloneIsACall(t *testing.T) {
	for _, text := range []string{"handoff", "`handoff`", "[handoff]", "<handoff>", "handoff()", "Handoff."} {
		if got := reader.Read(text); len(got.Calls) != 1 || got.Text != "" {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}

func TestMarkupBecomesWhatChannelsShow(t *testing.T) {
	for text, want := range map[string]string{
		"Abrimos:<br>lunes<br/>martes":                                                   "Abrimos:\nlunes\nmartes",
		"De&nbsp;9 a 19&nbsp;h &amp; más":                                                "De 9 a 19 h & más",
		"<p>Hola.</p><p>Abrimos a las 9.</p>":                                            "Hola.\n\nAbrimos a las 9.",
		"<b>Hoy</b> y <strong>mañana</strong>":                                           "**Hoy** y **mañana**",
		"<ul><li>Uno</li><li>Dos</li></ul>":                                              "- Uno\n- Dos",
		"<ol><li>Uno</li><li>Dos</li></ol>":                                              "1. Uno\n2. Dos",
		`Vea <a href="https://x.mx/a?b=1&copy=2">la página</a>.`:                         "Vea [la página](https://x.mx/a?b=1&copy=2).",
		`Vea <a href="javascript:alert(1)">esto</a>.`:                                    "Vea esto.",
		"<h2>Horario</h2><div>De 9 a 19.</div>":                                          "### Horario\n\nDe 9 a 19.",
		"<table><tr><th>Día</th><th>Hora</th></tr><tr><td>L</td><td>9</td></tr></table>": "Día · Hora\nL · 9",
		"Hola<style>p{color:red}</style><script>alert(1)</script> Ana":                   "Hola Ana",
		"Caf&eacute; &#161;ya! &#x1F600;":                                                "Café ¡ya! 😀",
		`Sal\u00f3n \ud83d\ude42 \ud83d`:                                                 "Salón 🙂",
		"ab\u202ecd\u2066e\u200bf\u0007g\u200eh":                                         "abcdefgh",
		"uno\r\ndos\u2028tres":                                                           "uno\ndos\ntres",
		"familia 👨\u200d👩\u200d👧 bandera 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f نمی\u200cخواهم": "familia 👨\u200d👩\u200d👧 bandera 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f نمی\u200cخواهم",
	} {
		if got := reader.Read(text); got.Text != want || len(got.Calls) != 0 {
			t.Errorf("%q gives %+v, want %q", text, got, want)
		}
	}
}

// TestOrdinaryTextIsSaidAsItIs has what a shop may well say and a careless reader would take for machinery.
func TestOrdinaryTextIsSaidAsItIs(t *testing.T) {
	for _, text := range []string{
		"El envío cuesta $ 99 si el peso es < 5 kg y > 2 kg.", "a < b", "a<b y c>d", "Pulse <Ctrl> + <C>.", "Escriba a <ana@example.com>.",
		"Vea <https://example.com/a?b=1&c=2>.",
		"te amo <3", "Hay [2] opciones: [1] rojo, [2] azul.", "Escriba {nombre} y {apellido}.", "El plan {\"básico\"} no existe.", "12", "👍",
		"Sí", "$ 350", "¿?1",
		"Le paso el plan <plan> y la respuesta <respuesta>.", "El análisis cuesta 300. Final del día: 19 h.", "analysis of your order: fine",
		"final feliz", "Finalmente abrimos.",
		"La función() de las 8 es la última.", "Use el código `if (a < b) { run(\"x\") }`.",
		"```html\n<p class=\"x\">Hola<br></p>\n```\nPegue eso en su página.",
		"Aquí está:\n```json\n{\"name\": \"Pastel\", \"price\": 300}\n```", "```python\ndef saluda(nombre):\n    return f\"Hola {nombre}\"\n```",
		"Los datos: {\"precio\": 300, \"moneda\": \"MXN\"}",
		"Su factura [FAC-1234] está lista.", "[IMPORTANTE] Cerramos el lunes.", "Pensamos en usted <3 <3", "5 > 3 y 2 < 4", "x<-5",
		"Thoughtful gifts from $ 10.", "Reasons to visit: none.",
		"Acción: llame al 55.", "Action figures are on shelf 3.", "The answer is 42.", "El tool kit cuesta 5.", "¿Quiere <b>?",
		"| Talla | Precio |\n|---|---|\n| S | >500 |",
		"1. Uno\n2. Dos\n   - a\n   - b", "**Negrita** y *cursiva* y ~~tachado~~", "Hola  Ana,\n\ngracias.", "C:\\Usuarios\\ana",
		"AT&T y R&D; también Q&A", "«Hola» — dijo. “Sí”.",
		"El handoff es a las 5.", "Un hand-off tarda.", "你好，我们九点开门。", "مرحبا، نفتح الساعة ٩", "नमस्ते, हम ९ बजे खुलते हैं", "สวัสดี", "Ⅷ", "½ kg",
		"Contesto: la función (de teatro) es hoy",
		"<nombre>, le llamamos a las 5.", "El usuario <user> entra con <clave>.", "Assistant manager: Ana.", "Model X: $ 5",
		"Deja tu mensaje [aquí](https://x.mx/a_(b)).", "user:ana", "»» Oferta ««", ">>> Oferta",
		"¿Su pedido es el 【A】?", "El horario (final): de 9 a 5", "Tools: hammer, saw.", "Think twice.", "I think <so> too", "{}", "[ ]x",
	} {
		if got := reader.Read(text); got.Text != text && hasWords(text) || len(got.Calls) != 0 {
			t.Errorf("%q gives %+v", text, got)
		}
	}
}

func TestALongReplyIsReadInPart(t *testing.T) {
	got := reader.Read(strings.Repeat("ñandú ", 700_000))
	if !got.Cut || len(got.Text) > LongestReply || len(got.Text) < LongestReply-20 || strings.ContainsRune(got.Text, '\ufffd') {
		t.Errorf("%d bytes, cut %v", len(got.Text), got.Cut)
	}
}

func TestWordsBehindAnObjectAreNotDroppedWithIt(t *testing.T) {
	const text = "{ } } Abrimos a las 9."
	if got := NewReader().Read(text); got.Text != text || got.Lost {
		t.Errorf("%q is said as %+v", text, got)
	}
}
