package dashboard_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pictures makes the tests keep what they see: go test ./internal/dashboard -run Pictures -pictures /tmp/pictures
var pictures = flag.String("pictures", "", "directory for screenshots of the dashboard")

// browser is a headless Chromium.
type browser struct {
	t   testing.TB
	ctx context.Context
}

func newBrowser(t testing.TB, lang string) *browser {
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
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", lang), chromedp.Flag("accept-lang", lang))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	b := &browser{t: t}
	ctx, done := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(func() { done(); cancel(); stop() })
	b.ctx = ctx
	b.run()
	return b
}

func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	err := chromedp.Do(b.ctx, actions...)
	// A page that is replaced between finding a node and using it has lost the node: it was not used, and is found again.
	for tries := 0; tries < 20 && err != nil && strings.Contains(err.Error(), "Could not find node with given id"); tries++ {
		err = chromedp.Do(b.ctx, actions...)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func id(name string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + name + `"]`) }

func (b *browser) open(address string) {
	b.t.Helper()
	b.run(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func (b *browser) click(name string) {
	b.t.Helper()
	b.run(chromedp.WaitEnabled(id(name)), chromedp.Click(id(name)))
}

func (b *browser) write(name, text string) {
	b.t.Helper()
	b.run(chromedp.WaitEnabled(id(name)), chromedp.SendKeys(id(name), text))
}

// wait waits until an expression holds in the page, which may be another page by then.
func (b *browser) wait(what, expression string) {
	b.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		holds, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && holds {
			return
		}
		if time.Now().After(deadline) {
			shot := filepath.Join(os.TempDir(), "tania-dashboard-failed.png")
			b.screenshot(shot)
			b.t.Fatalf("waited in vain for %s: %s (%v; see %s)", what, expression, err, shot)
		}
		<-tick.C
	}
}

func seen(name string) string { return `document.querySelector('[data-testid="` + name + `"]')` }

func evaluate[T any](b *browser, expression string, options ...chromedp.EvaluateOption) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.t.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

func (b *browser) screenshot(file string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// look is how a page is looked at.
type look struct {
	scheme        string
	width, height int64
	mobile        bool
}

var looks = []look{{"light", 1280, 900, false}, {"dark", 1280, 900, false}, {"light", 390, 844, true}, {"dark", 390, 844, true}}

func (l look) name() string {
	if l.mobile {
		return "phone-" + l.scheme
	}
	return "desk-" + l.scheme
}

func (b *browser) see(l look) {
	b.t.Helper()
	var options []chromedp.EmulateViewportOption
	if l.mobile {
		options = append(options, chromedp.EmulateMobile)
	}
	b.run(chromedp.EmulateViewport(l.width, l.height, options...), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
}

// violation is what axe found.
type violation struct {
	ID, Impact, Help string
	Nodes            []string
}

// examine runs axe on the page, and gives what is serious or critical.
func (b *browser) examine() []violation {
	b.t.Helper()
	axe, err := os.ReadFile("testdata/axe-core-4.14.1.min.js")
	if err != nil {
		b.t.Fatal(err)
	}
	// The debugger's evaluation is not under the page's policy.
	evaluate[bool](b, string(axe)+"\n;true")
	raw := evaluate[string](b, `axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(
		v => ({ID: v.id, Impact: v.impact, Help: v.help, Nodes: v.nodes.map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)}))))`,
		chromedp.EvalAwaitPromise)
	var all []violation
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		b.t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(v violation) bool { return v.Impact != "serious" && v.Impact != "critical" })
}

// listen gathers what the page complains of: violations of its policy, and errors of its scripts.
func (b *browser) listen() {
	b.t.Helper()
	const script = `window.complaints = [];
		addEventListener('securitypolicyviolation', e => complaints.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
		addEventListener('error', e => complaints.push('error: ' + (e.message || e.target?.src || e.target?.href)), true);
		addEventListener('unhandledrejection', e => complaints.push('rejected: ' + e.reason));
		window.alert = () => complaints.push('alert'); window.pwned = () => complaints.push('pwned');`
	b.beforehand(script)
}

// beforehand runs a script in every page before the page's own.
func (b *browser) beforehand(script string) {
	b.t.Helper()
	b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

func (b *browser) quiet(where string) {
	b.t.Helper()
	if found := evaluate[[]string](b, "window.complaints"); len(found) > 0 {
		b.t.Errorf("%s: %s", where, strings.Join(found, "; "))
	}
}
