// Package browser opens pages in a headless Chromium for tests, and keeps all that
// a page asks the network for and complains about. Only tests import it: chromedp
// is no part of the program.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may be open in a test; far more than it needs.
const patience = 5 * time.Minute

// Window is how a page is looked at.
type Window struct {
	Width, Height int
	Dark          bool
}

// Wide and Narrow are a desk's screen and a telephone's.
var (
	Wide   = Window{Width: 1400, Height: 900}
	Narrow = Window{Width: 420, Height: 800}
)

// Browser is the running Chromium.
type Browser struct{ context context.Context }

// chromium is the one of all tests of a package, once one of them has asked for it. Pages keep nothing
// in it that the next would find.
var chromium struct {
	*Browser
	stop  []func() // the last is called first
	ready bool     // Main will end it
}

// Main runs the tests of a package that opens pages; its TestMain calls it.
func Main(m *testing.M) {
	chromium.ready = true
	m.Run()
	for _, stop := range slices.Backward(chromium.stop) {
		stop()
	}
}

// Start starts Chromium where it does not run yet, and skips the test where there is none.
func Start(t testing.TB) *Browser {
	t.Helper()
	if !chromium.ready {
		t.Fatal("the package has no TestMain that calls browser.Main")
	}
	if chromium.Browser == nil {
		program, err := find()
		if err != nil {
			t.Skip("no chromium here to open pages with: apt-get install chromium")
		}
		if err := launch(program); err != nil {
			t.Fatalf("starting %s: %v", program, err)
		}
	}
	return chromium.Browser
}

// launch starts Chromium.
func launch(program string) error {
	folder, err := os.MkdirTemp("", "berth-chromium-")
	if err != nil {
		return err
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program),
		chromedp.UserDataDir(folder),
		chromedp.Env("TMPDIR=" + folder), // it leaves sockets behind when it is ended
		chromedp.Headless, chromedp.DisableGPU, chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(patience),
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	deaf := func(string, ...any) {} // to events of a Chromium that is newer than chromedp
	ctx, closeBrowser := chromedp.NewContext(ctx, chromedp.WithErrorf(deaf))
	chromium.stop = append(chromium.stop, func() { remove(folder) }, stop, closeBrowser)
	if err := chromedp.Run(ctx); err != nil {
		return err
	}
	chromium.Browser = &Browser{ctx}
	return nil
}

// remove removes Chromium's folder. Its children write into it for a moment after it has ended, so
// that this may take several attempts.
func remove(folder string) {
	for range 50 {
		if os.RemoveAll(folder) == nil {
			return
		}
		pause, stop := context.WithTimeout(context.Background(), 100*time.Millisecond)
		<-pause.Done()
		stop()
	}
	fmt.Fprintf(os.Stderr, "%s is left behind\n", folder)
}

func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// Page is an open page.
type Page struct {
	t       testing.TB
	context context.Context
	close   func()

	mutex      sync.Mutex
	troubles   []string
	exceptions int
	requests   []string
}

// Open opens an address in a tab of its own and waits until it is loaded.
func (b *Browser) Open(t testing.TB, address string, w Window) *Page {
	t.Helper()
	tab, closeTab := chromedp.NewContext(b.context)
	limited, stop := context.WithTimeout(tab, patience)
	p := &Page{t: t, context: limited, close: func() { stop(); closeTab() }}
	t.Cleanup(p.close)
	chromedp.ListenTarget(tab, p.hear)
	scheme := "light"
	if w.Dark {
		scheme = "dark"
	}
	p.do(
		network.Enable(), log.Enable(), runtime.Enable(),
		emulation.SetDeviceMetricsOverride(int64(w.Width), int64(w.Height), 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.Navigate(address),
	)
	return p
}

// Close closes the page before its test ends: what is open draws on.
func (p *Page) Close() { p.close() }

// OpenFile opens a file, with what follows # in its address.
func (b *Browser) OpenFile(t testing.TB, path, fragment string, w Window) *Page {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return b.Open(t, "file://"+filepath.ToSlash(absolute)+fragment, w)
}

// hear keeps what the page asks for and complains about.
func (p *Page) hear(event any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *network.EventWebSocketCreated:
		p.requests = append(p.requests, e.URL)
	case *runtime.EventExceptionThrown:
		p.exceptions++
		p.troubles = append(p.troubles, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning || e.Type == runtime.APITypeAssert {
			p.troubles = append(p.troubles, said(e))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			p.troubles = append(p.troubles, e.Entry.Text)
		}
	}
}

func said(e *runtime.EventConsoleAPICalled) string {
	words := []string{string(e.Type) + ":"}
	for _, argument := range e.Args {
		words = append(words, strings.Trim(string(argument.Value), `"`)+argument.Description)
	}
	return strings.Join(words, " ")
}

func (p *Page) do(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.context, actions...); err != nil {
		p.t.Fatalf("in the browser: %v\nthe page said: %s", err, strings.Join(p.Troubles(), "\n"))
	}
}

// Troubles are the errors and warnings that the page has written to its console.
func (p *Page) Troubles() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Clone(p.troubles)
}

// Requests are the addresses that the page has asked for, its own first.
func (p *Page) Requests() []string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return slices.Clone(p.requests)
}

// CheckQuiet fails the test where the page complained, or asked for anything but
// itself and what it holds.
func (p *Page) CheckQuiet() {
	p.t.Helper()
	for _, trouble := range p.Troubles() {
		p.t.Errorf("the console says: %s", trouble)
	}
	requests := p.Requests()
	for _, address := range requests[min(1, len(requests)):] {
		if address != requests[0] && !strings.HasPrefix(address, "data:") && !strings.HasPrefix(address, "blob:") {
			p.t.Errorf("the page requests %s", address)
		}
	}
}

// Eval evaluates an expression, or waits for a promise, and puts the value where
// result points; nil throws it away.
func (p *Page) Eval(expression string, result any) {
	p.t.Helper()
	wait := func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }
	p.do(chromedp.Evaluate(expression, result, wait))
}

// Get evaluates an expression, or waits for a promise, and returns the value.
func Get[T any](p *Page, expression string) T {
	p.t.Helper()
	var value T
	p.Eval(expression, &value)
	return value
}

// Wait waits until an expression is true. It does not wait for a page that an
// exception has stopped.
func (p *Page) Wait(expression string) {
	p.t.Helper()
	for {
		err := chromedp.Run(p.context, chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(time.Second)))
		if err == nil {
			return
		}
		if p.context.Err() != nil || p.broken() || !errors.Is(err, chromedp.ErrPollingTimeout) {
			p.t.Fatalf("waiting for %s: %v\nthe page said: %s", expression, err, strings.Join(p.Troubles(), "\n"))
		}
	}
}

func (p *Page) broken() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.exceptions > 0
}

// Click clicks on the first visible element that a CSS selector finds.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// ClickAt clicks at a point of the window, in CSS pixels.
func (p *Page) ClickAt(x, y float64) {
	p.t.Helper()
	p.do(chromedp.MouseClickXY(x, y))
}

// Key presses a key, as kb of chromedp names it, or types letters.
func (p *Page) Key(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// Type writes text into the first element that a CSS selector finds.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(selector, text, chromedp.ByQuery))
}

// Picture saves what the window shows, or with whole the page from top to end, as
// NAME.png among the artifacts of the test.
func (p *Page) Picture(name string, whole bool) {
	p.t.Helper()
	var picture []byte
	if whole {
		p.do(chromedp.FullScreenshot(&picture, 100))
	} else {
		p.do(chromedp.CaptureScreenshot(&picture))
	}
	p.save(name+".png", picture)
}

// Print saves the page as it prints on A4, as NAME.pdf among the artifacts of the
// test, and returns it.
func (p *Page) Print(name string) []byte {
	p.t.Helper()
	var printed []byte
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		var err error
		printed, _, err = cdppage.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).
			WithPrintBackground(true).WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	p.save(name+".pdf", printed)
	return printed
}

func (p *Page) save(name string, content []byte) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.t.ArtifactDir(), name), content, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
