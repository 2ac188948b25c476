package e2e

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// picture makes the browser test write the README's picture: go test ./e2e -run Demo -picture ../docs/demo.png
var picture = flag.String("picture", "", "file for a screenshot of the demo")

// TestDemoInTheBrowser does what the README promises of the demo, in a real browser: write as a customer, a burst answered
// once, a handoff, a human's reply that silences the bot, and beside each message why.
func TestDemoInTheBrowser(t *testing.T) {
	t.Parallel()
	page := startDemo(t)
	b := newBrowser(t)
	b.run(t, chromedp.Navigate(page), chromedp.WaitVisible(id("customer-input")))

	b.click(t, "sample-greeting")
	b.wait(t, "an answer to the greeting", bubbles(`.sender === "agent_bot"`)+` === 1`)
	b.wait(t, "the reason of the answer",
		`document.querySelectorAll('[data-testid="decision"][data-outcome="answered"][data-route="greeting"]').length === 1`)

	b.click(t, "sample-faq")
	b.wait(t, "an answer to the question", bubbles(`.sender === "agent_bot"`)+` === 2`)

	b.watchDots(t)
	b.click(t, "sample-burst")
	b.wait(t, "typing dots", `window.dotsSeen === true`)
	b.wait(t, "one answer to the burst of three", bubbles(`.sender === "agent_bot"`)+` === 3`)
	b.wait(t, "three messages with one turn's reasons", `document.querySelectorAll('[data-testid="decision"]').length === 5`)

	if *picture != "" {
		b.screenshot(t, *picture)
	}

	b.click(t, "sample-human")
	b.wait(t, "the handoff", `document.querySelector('[data-testid="status"]').textContent.length > 0 && document.querySelectorAll('[data-testid="decision"][data-outcome="handed_over"]').length === 1`)
	b.wait(t, "a private note for the agents",
		`[...document.querySelectorAll('[data-testid="agent-messages"] [data-private="true"]')].length === 1`)

	b.run(t, chromedp.SendKeys(id("agent-input"), "Hola, soy Ana. Yo le ayudo."))
	b.click(t, "agent-send")
	b.wait(t, "the human's bubble", bubbles(`.sender === "user"`)+` === 1`)
	before := evaluate[int](t, b, bubbles(`.sender === "agent_bot"`))
	b.run(t, chromedp.SendKeys(id("customer-input"), "Perfecto, quiero un pastel para el sábado"))
	b.click(t, "customer-send")
	b.wait(t, "the reason of the silence", `document.querySelectorAll('[data-testid="decision"][data-outcome="silent"]').length === 1`)
	if after := evaluate[int](t, b, bubbles(`.sender === "agent_bot"`)); after != before {
		t.Errorf("the bot said %d messages while a human is at work", after-before)
	}

	b.click(t, "give-back")
	b.wait(t, "the status to be pending",
		`document.querySelector('[data-testid="status"]').dataset.status === "pending" || /pend/i.test(document.querySelector('[data-testid="status"]').textContent)`)
	b.click(t, "sample-faq")
	b.wait(t, "the bot's return", bubbles(`.sender === "agent_bot"`)+fmt.Sprintf(` === %d`, before+1))
	if problem := evaluate[string](t, b,
		`document.querySelector('[data-testid="problem"]')?.textContent ?? ""`); strings.TrimSpace(problem) != "" {
		t.Errorf("the page shows a problem: %s", problem)
	}
}

func id(name string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + name + `"]`) }

// bubbles counts the customer's side bubbles for which a condition on their data attributes holds.
func bubbles(condition string) string {
	return `[...document.querySelectorAll('[data-testid="customer-messages"] [data-sender]')].filter(e => e.dataset` + condition + `).length`
}

// startDemo runs `tania demo` and gives the address that it prints.
func startDemo(t *testing.T) string {
	t.Helper()
	_, port, _ := net.SplitHostPort(freeAddress(t))
	var output lockedBuffer
	cmd := exec.Command(binary, "demo", "--port", port)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the demo ended with %v: %s", err, output.String())
		}
	})
	return strings.TrimSpace(output.await(t, 10*time.Second, "the demo's address", regexp.MustCompile(`http://\S+\s`)))
}

// browser is a headless Chromium.
type browser struct{ ctx context.Context }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium = path
			break
		}
	}
	if chromium == "" {
		t.Fatal("no Chromium: `make test` installs it where apt-get is there and allowed; else install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1400, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "es"), chromedp.Flag("accept-lang", "es"))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	ctx, done := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() { done(); cancel(); stop() })
	b := &browser{ctx}
	b.run(t)
	return b
}

func (b *browser) run(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func (b *browser) click(t *testing.T, name string) {
	t.Helper()
	b.run(t, chromedp.WaitEnabled(id(name)), chromedp.Click(id(name)))
}

// wait waits until an expression holds in the page.
func (b *browser) wait(t *testing.T, what, expression string) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !evaluate[bool](t, b, expression) {
		if time.Now().After(deadline) {
			shot := filepath.Join(os.TempDir(), "tania-demo-failed.png")
			b.screenshot(t, shot)
			t.Fatalf("waited in vain for %s: %s (see %s)", what, expression, shot)
		}
		<-tick.C
	}
}

// watchDots notes in the page that the typing dots were shown: the offline responder is quick, and a look could miss them.
func (b *browser) watchDots(t *testing.T) {
	t.Helper()
	evaluate[bool](t, b, `(() => {
		const dots = document.querySelector('[data-testid="typing-dots"]');
		window.dotsSeen = !dots.hidden;
		new MutationObserver(() => { window.dotsSeen = window.dotsSeen || !dots.hidden }).observe(dots, { attributes: true });
		return true;
	})()`)
}

func evaluate[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (b *browser) screenshot(t *testing.T, file string) {
	t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		t.Fatal(err)
	}
}
