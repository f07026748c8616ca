package console

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/time/rate"

	"haedap/bot/internal/desk"
)

// policy lets a page load and reach nothing but this server, and keeps other pages from framing it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard keeps other sites out: by headers, by where a request comes from, and by how many come.
func (c *Console) guard(next http.Handler) http.Handler {
	var origin http.CrossOriginProtection
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, http.StatusForbidden, c.words(r).Page.Malformed)
	}))
	safe := origin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer") // the address of a thread is its key
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		limit := c.reads
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			limit = c.posts
		}
		switch {
		case !hostFits(r):
			c.fail(w, r, http.StatusMisdirectedRequest, c.words(r).Page.WrongHost)
		case !limit.allow(r.RemoteAddr):
			h.Set("Retry-After", "5")
			c.fail(w, r, http.StatusTooManyRequests, c.words(r).Page.TooMany)
		default:
			safe.ServeHTTP(w, r)
		}
	})
}

// hostFits keeps a foreign name that was made to point to this machine from being taken for this page.
func hostFits(r *http.Request) bool {
	if !onLoopback(r) {
		return true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// onLoopback tells whether a request came in on an address that only this machine has.
func onLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	at, err := netip.ParseAddrPort(local.String())
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// limiter bounds the requests of each network address.
type limiter struct {
	rate  rate.Limit
	burst int
	mu    sync.Mutex
	by    map[string]*rate.Limiter
}

// addressesMost is how many addresses a limiter remembers; beyond it, it starts anew.
const addressesMost = 10_000

func newLimiter(perSecond float64, burst int) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, by: map[string]*rate.Limiter{}}
}

func (l *limiter) allow(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.by[host]
	if one == nil {
		if len(l.by) >= addressesMost {
			clear(l.by)
		}
		one = rate.NewLimiter(l.rate, l.burst)
		l.by[host] = one
	}
	return one.Allow()
}

// words are those of the page's language.
func (c *Console) words(r *http.Request) desk.Words { return desk.In(pageLang(r)) }
