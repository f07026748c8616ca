package console

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"haedap/bot/internal/store/storetest"
)

// closers end what the tests of this package share.
var closers []func()

func TestMain(m *testing.M) {
	code := storetest.Run(m) // takes PostgreSQL down after the tests
	for _, end := range closers {
		end()
	}
	os.Exit(code)
}

// browser starts headless Chromium once for all tests.
var browser = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless-shell", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, exec.ErrNotFound
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox does not run as root
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	closers = append(closers, end, endAllocator)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, nil
})

// tab is one browser tab with cookies of its own. It fails its test when the page logs an error or breaks its
// own content policy.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

// newTab opens the tab of somebody who reads Korean. The test is skipped where there is no Chromium.
func newTab(t *testing.T, s *site) *tab {
	t.Helper()
	parent, err := browser()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("PAGE NOT TESTED IN A BROWSER: no Chromium found. Install it (Debian: apt-get install chromium fonts-nanum).")
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, closeTab := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	p := &tab{t: t, ctx: ctx, url: s.URL}
	p.do(chromedp.EmulateViewport(1100, 900))
	p.language("ko-KR")
	p.watchFaults()
	return p
}

// watchFaults reports what the page throws and where it breaks its own content policy, until the tab closes.
func (p *tab) watchFaults() {
	thrown := chromedp.Events(p.ctx, runtime.ExceptionThrown)
	logged := chromedp.Events(p.ctx, log.EntryAdded)
	if _, err := chromedp.Call(p.ctx, log.Enable, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
	var watching sync.WaitGroup
	watching.Go(func() {
		for e, err := range thrown {
			if err != nil {
				return
			}
			p.t.Errorf("the page threw: %s", e.ExceptionDetails.Text)
		}
	})
	watching.Go(func() {
		for e, err := range logged {
			if err != nil {
				return
			}
			if e.Entry.Source == "security" || e.Entry.Source == "javascript" {
				p.t.Errorf("the browser complains: %s", e.Entry.Text)
			}
		}
	})
	p.t.Cleanup(func() {
		_ = chromedp.Cancel(p.ctx) // the tab may be gone already
		watching.Wait()
	})
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if chromedp.FromContext(p.ctx).Target == nil {
		ctx = p.ctx // the first step opens the tab, whose life is that of its context
	}
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("drive the page: %v", err)
	}
}

func (p *tab) language(accept string) {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": accept}})
		return chromedp.Void{}, err
	})
}

func (p *tab) scheme(name string) {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}},
		})
		return chromedp.Void{}, err
	})
}

func (p *tab) goTo(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.url + path))
}

// js evaluates an expression in the page.
func js[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// wait looks until an expression holds, also across the change to another page, in which nothing can be evaluated.
func (p *tab) wait(expression string) {
	p.t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-look.C {
		ctx, cancel := context.WithDeadline(p.ctx, deadline)
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		cancel()
		if err == nil && holds {
			return
		}
	}
	p.shot("waiting")
	p.t.Fatalf("wait for %s\nthe page says: %s", expression, js[string](p, `document.body.innerText`))
}

// items waits until the thread holds n items and no work is going on.
func (p *tab) items(n int) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelectorAll("#items > .item").length === %d && !document.getElementById("status").textContent.endsWith("…")`, n))
}

// key presses one key as a keyboard does: with the text that it writes, if any.
func (p *tab) key(name, text string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	codes := map[string]int64{"Enter": 13, "Tab": 9, " ": 32, "ArrowRight": 39}
	event := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, Code: strings.Replace(name, " ", "Space", 1), Text: text, WindowsVirtualKeyCode: codes[name]}
	for _, m := range modifiers {
		event.Modifiers |= int64(m)
	}
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, event)
		if err == nil {
			event.Type, event.Text = input.DispatchKeyEventTypeKeyUp, ""
			_, err = cdp.Call(ctx, t, input.DispatchKeyEvent, event)
		}
		return chromedp.Void{}, err
	})
}

// write types text where the focus is.
func (p *tab) write(text string) {
	p.t.Helper()
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	})
}

// say types into the message field and presses Enter.
func (p *tab) say(words string) {
	p.t.Helper()
	p.do(chromedp.Focus(chromedp.ID("text")))
	p.write(words)
	p.key("Enter", "\r")
}

// press clicks the button that reads so and can be pressed.
func (p *tab) press(label string) {
	p.t.Helper()
	p.do(chromedp.Click(fmt.Sprintf(`//fieldset[not(@disabled)]/button[normalize-space()=%q]`, label)))
}

// last is the text of the last item.
func (p *tab) last() string {
	p.t.Helper()
	return js[string](p, `document.querySelector("#items > .item:last-child").innerText`)
}

func (p *tab) wantLast(part string) {
	p.t.Helper()
	if got := p.last(); !strings.Contains(got, part) {
		p.t.Errorf("the last item reads %q, want %q in it", got, part)
	}
}

// shot keeps a picture of what is seen.
func (p *tab) shot(name string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(p.t.ArtifactDir(), name+".png")
	if err := os.WriteFile(file, png, 0o600); err != nil {
		p.t.Fatal(err)
	}
}
