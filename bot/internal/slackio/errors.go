package slackio

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"haedap/bot/internal/inbox"
)

const (
	rateWait   = 3 * time.Second // after a rate limit that names no time
	mendWait   = time.Minute     // after a refusal that an operator can mend
	settleWait = 12 * time.Second
)

// mendable are refusals that a new token, scope or a healthy Slack mends: nothing was posted and
// the same post may go out later.
var mendable = map[string]bool{
	"invalid_auth": true, "not_authed": true, "token_expired": true, "missing_scope": true,
	"access_denied": true, "no_permission": true, "ekm_access_denied": true, "not_allowed_token_type": true,
	"accesslimited": true, "team_access_not_granted": true,
}

// unclear are errors after which Slack may have posted all the same.
var unclear = map[string]bool{"internal_error": true, "fatal_error": true, "service_unavailable": true, "request_timeout": true}

var limited = map[string]bool{"ratelimited": true, "rate_limited": true, "message_limit_exceeded": true}

// postError says what may follow a failed post. reached tells whether the request had a connection
// to go out on: without one it was surely not made.
func postError(err error, reached bool) *inbox.PostError {
	out := &inbox.PostError{Outcome: inbox.Ambiguous, Code: "connection", Err: err}
	var limit *slack.RateLimitedError
	var status slack.StatusCodeError
	var refusal slack.SlackErrorResponse
	var network net.Error
	switch {
	case errors.As(err, &limit):
		out.Outcome, out.Code, out.After = inbox.NotSent, "ratelimited", max(limit.RetryAfter, time.Second)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		out.Outcome, out.Code, out.After = inbox.NotSent, "ratelimited", rateWait
	case errors.As(err, &status):
		out.Code = "http_" + strconv.Itoa(status.Code)
		if status.Code < http.StatusInternalServerError && status.Code != http.StatusRequestTimeout {
			out.Outcome, out.After = inbox.NotSent, mendWait
		}
	case errors.As(err, &refusal):
		out.Code = refusal.Err
		switch {
		case limited[refusal.Err]:
			out.Outcome, out.After = inbox.NotSent, rateWait
		case mendable[refusal.Err]:
			out.Outcome, out.After = inbox.NotSent, mendWait
		case !unclear[refusal.Err]:
			out.Outcome = inbox.Refused
		}
	case !reached:
		out.Outcome, out.After = inbox.NotSent, time.Second
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		out.Code = "timeout"
	}
	return out
}
