package slackio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/slack-go/slack"
)

const maxBody = 1 << 20

// Handler serves /slack/events, /slack/interactions and /slack/commands. Without a signing secret each is 404.
func (d *Doors) Handler() http.Handler {
	mux := http.NewServeMux()
	if d.cfg.SigningSecret == "" {
		return mux
	}
	mux.HandleFunc("POST /slack/events", d.signed(d.serveEvent))
	mux.HandleFunc("POST /slack/interactions", d.signed(d.serveInteraction))
	mux.HandleFunc("POST /slack/commands", d.signed(d.serveCommand))
	return mux
}

// signed lets a request pass whose signature is Slack's, not older than 5 minutes, with a body of at most 1 MiB.
func (d *Doors) signed(next func(http.ResponseWriter, *http.Request, []byte)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case d.requests <- struct{}{}:
			defer func() { <-d.requests }()
		default:
			d.opt.Count(failed)
			http.Error(w, "too much at once", http.StatusServiceUnavailable) // Slack sends it again
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			d.refuse(w, http.StatusRequestEntityTooLarge, "body larger than 1 MiB")
			return
		}
		if err != nil {
			d.refuse(w, http.StatusBadRequest, "body cut short")
			return
		}
		verifier, err := slack.NewSecretsVerifier(r.Header, d.cfg.SigningSecret)
		if err == nil {
			_, _ = verifier.Write(body) // a hash takes everything
			err = verifier.Ensure()     // in constant time
		}
		if err != nil {
			d.refuse(w, http.StatusUnauthorized, "signature not accepted")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), ackTimeout)
		defer cancel()
		next(w, r.WithContext(ctx), body)
	}
}

func (d *Doors) refuse(w http.ResponseWriter, status int, why string) {
	d.opt.Count(badRequest)
	w.Header().Set("X-Slack-No-Retry", "1")
	http.Error(w, why, status)
}

// closed answers while we cannot take anything; it reports whether it did.
func (d *Doors) closed(w http.ResponseWriter) bool {
	if d.poster.gone.Load() != nil {
		d.opt.Count(stopped)
		w.WriteHeader(http.StatusOK) // nobody is left to answer: Slack need not ask again
		return true
	}
	if !d.ready() {
		http.Error(w, "starting", http.StatusServiceUnavailable)
		return true
	}
	return false
}

func (d *Doors) serveEvent(w http.ResponseWriter, r *http.Request, body []byte) {
	var o outer
	if bytes.Contains(body, []byte("url_verification")) && json.Unmarshal(body, &o) == nil && o.Type == "url_verification" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, o.Challenge) // Slack asks again when it does not get it
		return
	}
	if d.closed(w) {
		return
	}
	d.answer(w, inTime(r.Context(), d.takeEvent(r.Context(), body)))
}

func (d *Doors) serveInteraction(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		d.refuse(w, http.StatusBadRequest, "not a form")
		return
	}
	if d.closed(w) {
		return
	}
	d.answer(w, inTime(r.Context(), d.takeInteraction(r.Context(), []byte(form.Get("payload")))))
}

func (d *Doors) serveCommand(w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		d.refuse(w, http.StatusBadRequest, "not a form")
		return
	}
	if d.closed(w) {
		return
	}
	out := d.runCommand(r.Context(), command{Command: form.Get("command"), Text: form.Get("text"), ResponseURL: form.Get("response_url")})
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		d.log.Warn("answer to a command not written", "err", err)
	}
}

// inTime is err, or that Slack no longer waits for an acknowledgement, which it is then to count as missing.
func inTime(ctx context.Context, err error) error {
	if err == nil && ctx.Err() != nil {
		return fmt.Errorf("too late to acknowledge: %w", context.Cause(ctx))
	}
	return err
}

// answer acknowledges what was taken; what was not, Slack sends again.
func (d *Doors) answer(w http.ResponseWriter, err error) {
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.Is(err, errUnreadable):
		d.log.Warn("Slack request not understood", "err", err)
		w.Header().Set("X-Slack-No-Retry", "1")
		http.Error(w, "not understood", http.StatusBadRequest)
	default:
		d.log.Error("Slack request not taken; Slack will send it again", "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}
