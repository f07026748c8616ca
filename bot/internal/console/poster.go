package console

import (
	"context"
	"sync"

	"haedap/bot/internal/inbox"
)

// Poster makes deliveries visible on the page. A delivery is in the database, marked, before it gets
// here, and the page shows what is marked: nothing is left to do but to wake the pages that wait. So it
// never fails, and what was marked before a crash is visible after it.
type Poster struct {
	mu   sync.Mutex
	news map[string]*news // by thread; only those that somebody waits for
}

type news struct {
	changed chan struct{} // closed with the next change
	waiting int
}

var _ inbox.Poster = (*Poster)(nil)

// NewPoster makes the poster of door [Door].
func NewPoster() *Poster { return &Poster{news: map[string]*news{}} }

// Post wakes the pages that show d's thread.
func (p *Poster) Post(_ context.Context, d inbox.Delivery) (ts string, err error) {
	p.tell(d.Address.Thread)
	return d.Key, nil
}

// Find finds every delivery: see [Poster].
func (p *Poster) Find(_ context.Context, d inbox.Delivery) (ts string, found bool, err error) {
	return d.Key, true, nil
}

// watch returns a channel that is closed when thread changes next. The caller must call forget.
func (p *Poster) watch(thread string) (changed <-chan struct{}, forget func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.news[thread]
	if n == nil {
		n = &news{changed: make(chan struct{})}
		p.news[thread] = n
	}
	n.waiting++
	return n.changed, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if n.waiting--; n.waiting == 0 && p.news[thread] == n {
			delete(p.news, thread)
		}
	}
}

// tell wakes everybody who watches thread.
func (p *Poster) tell(thread string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.news[thread]; n != nil {
		delete(p.news, thread)
		close(n.changed)
	}
}
