package chatwootsim

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tania/internal/tania"
)

func TestShot(t *testing.T) {
	s, err := New(Options{Bot: Bot{Token: "b", Name: "Lupita"}, Users: []User{{ID: 7, Name: "Jane Cooper", Email: "j@e.com"}, {ID: 8, Name: "Luis Ortega"}},
		Inboxes: []Inbox{{ID: 11, Name: "Sitio web", Channel: tania.ChannelWebWidget, ActiveBot: true}, {ID: 12, Name: "WhatsApp", Channel: tania.ChannelWhatsApp, ActiveBot: true}},
		Decisions: func(_ context.Context, k tania.ConversationKey) ([]byte, error) {
			return []byte(`{"records":[{"message":1001,"messages":[1001,1002,1003],"turn":"T1","outcome":"answered","reason":"proceed","route":"faq","route_why":"every word of \"cuánto envío\"","language":"es","sources":["faq:delivery-cost"],"cache_tier":"semantic","cache_score":0.93,"usage":{"model":"gpt-5-mini","input_tokens":812,"output_tokens":44,"cost_micro_usd":291},"steps":[{"name":"govern","ms":0.11},{"name":"dispatch","ms":0.05},{"name":"answer","ms":812},{"name":"send","ms":31}],"reply":"x"},
{"message":1002,"messages":[1001,1002,1003],"outcome":"answered","reason":"proceed","route":"faq"},{"message":1003,"messages":[1001,1002,1003],"outcome":"answered","reason":"proceed","route":"faq"},
{"message":1005,"outcome":"handed_over","reason":"proceed","route":"handoff_request","handoff":"requested","steps":[{"name":"govern","ms":0.3},{"name":"send","ms":12}]},
{"message":1012,"outcome":"silent","reason":"human_active","detail":"Jane Cooper wrote 4 s ago; the bot waits until 5 minutes of silence"}]}`), nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := func(text string) { s.CustomerWrites(CustomerMessage{Conversation: 1, Text: text}) }
	s.CustomerWrites(CustomerMessage{Text: "Hola"})
	w("tengo una pregunta")
	w("¿cuánto cuesta el envío?")
	bot := func(m Message) {
		s.mu.Lock()
		m.Type = Outgoing
		m.Sender = Sender{Kind: tania.ActorBot, ID: 2, Name: "Lupita"}
		s.save(s.conversations[1], &m)
		s.mu.Unlock()
	}
	bot(Message{Content: "El envío cuesta **$49** y es gratis desde $500. Más en https://example.com/envios."})
	w("Quiero hablar con una persona")
	bot(Message{Content: "Claro, te paso con una persona del equipo."})
	s.SetStatus(1, 0, "open", time.Time{})
	s.AssignTeam(1, 5, 0)
	bot(Message{Content: "Motivo: el cliente pidió una persona.\nResumen: pregunta por el costo de envío.", Private: true})
	s.SetLabels(1, []string{"handoff", "envío"})
	s.mu.Lock()
	s.setCustomAttributes(s.conversations[1], map[string]any{"tania_reason": "requested", "tania_turn": "01J0ABCDEF"})
	s.mu.Unlock()
	s.TakeOver(1, 7)
	s.AgentReplies(1, 7, "Hola, soy Jane. ¿En qué te ayudo?", ViaDashboard)
	w("¿pueden entregar hoy?")
	for _, m := range s.Messages(1) {
		fmt.Println(m.ID, m.Type, m.Content)
	}
	s.CustomerWrites(CustomerMessage{Inbox: 12, Text: "Boa tarde"})
	s.mu.Lock()
	s.conversations[1].typingUntil = time.Now().Add(typingFor)
	s.mu.Unlock()
	srv := &http.Server{Addr: "127.0.0.1:18931", Handler: s.Handler()}
	go srv.ListenAndServe()
	alloc, done := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	defer done()
	ctx, done2 := chromedp.NewContext(alloc)
	defer done2()
	chromedp.ListenTarget(ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			fmt.Println("EXC", e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			for _, a := range e.Args {
				fmt.Println("CONSOLE", string(a.Value))
			}
		case *cdplog.EventEntryAdded:
			fmt.Println("LOG", e.Entry.Text, e.Entry.URL)
		}
	})
	shot := func(name, url string, w, h int64, scheme string, more ...chromedp.Action) {
		var png []byte
		acts := []chromedp.Action{
			emulation.SetDeviceMetricsOverride(w, h, 1, false),
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			chromedp.Navigate("about:blank"), chromedp.Navigate("http://127.0.0.1:18931/" + url), chromedp.Sleep(900 * time.Millisecond),
		}
		acts = append(acts, more...)
		acts = append(acts, chromedp.Sleep(500*time.Millisecond), chromedp.CaptureScreenshot(&png))
		if err := chromedp.Run(ctx, acts...); err != nil {
			t.Error(name, err)
		}
		os.WriteFile("/tmp/simshot/"+name+".png", png, 0o644)
	}
	chromedp.Run(ctx, cdplog.Enable())
	open := chromedp.Evaluate(`document.querySelectorAll("details")[0].open=true; document.getElementById("agent-messages").scrollTop=0`, nil)
	shot("light", "#1", 1400, 900, "light", open)
	shot("dark", "#1", 1400, 900, "dark", open)
	shot("phone", "#1", 400, 800, "light")
	shot("phone-agent", "#1", 400, 800, "dark", chromedp.Click("#tab-agent"), open)
	shot("tablet", "#1", 900, 800, "light")
	shot("new", "#1", 1400, 900, "light", chromedp.Click("#new-conversation"), chromedp.Sleep(300*time.Millisecond), chromedp.Click("[data-sample=attachment]"), chromedp.Sleep(time.Second), chromedp.Click("[data-sample=burst]"), chromedp.Sleep(1500*time.Millisecond))
	srv.Close()
}
