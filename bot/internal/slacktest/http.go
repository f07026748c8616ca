package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const noRetry = "no_retry"

// Sign gives the v0 signature of a body sent at a time (Unix seconds).
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", timestamp, body) // a hash takes everything
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// request builds the signed request that carries o.
func (s *Server) request(ctx context.Context, endpoint string, o *outgoing) (*http.Request, error) {
	path, contentType := "/slack/events", "application/json"
	body, err := json.Marshal(o.payload)
	if err != nil {
		return nil, fmt.Errorf("encode a delivery: %w", err)
	}
	switch o.kind {
	case "interactive":
		path, contentType = "/slack/interactions", "application/x-www-form-urlencoded"
		body = []byte(url.Values{"payload": {string(body)}}.Encode())
	case "slash_commands":
		path, contentType = "/slack/commands", "application/x-www-form-urlencoded"
		form := url.Values{}
		for k, v := range o.payload {
			form.Set(k, fmt.Sprint(v))
		}
		body = []byte(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build a delivery: %w", err)
	}
	now := strconv.FormatInt(time.Now().Unix(), 10)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Slack-Request-Timestamp", now)
	req.Header.Set("X-Slack-Signature", Sign(s.cfg.SigningSecret, now, body))
	return req, nil
}

// postToApp sends o to the app's HTTP door once; failure is Slack's word for why it did not count.
func (s *Server) postToApp(endpoint string, o *outgoing, n int, reason string) (answer []byte, failure string) {
	ctx, cancel := context.WithTimeout(s.ctx, s.cfg.AckTimeout)
	defer cancel()
	req, err := s.request(ctx, endpoint, o)
	if err != nil {
		s.log.Error("delivery not built", "err", err)
		return nil, noRetry
	}
	if n > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
		req.Header.Set("X-Slack-Retry-Reason", reason)
	}
	resp, err := s.client.Do(req)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, "http_timeout"
	case err != nil:
		return nil, "connection_failed"
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, "http_timeout"
	case err != nil:
		return nil, "connection_failed"
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return answer, ""
	case resp.Header.Get("X-Slack-No-Retry") == "1":
		return nil, noRetry
	}
	return nil, "http_error"
}
