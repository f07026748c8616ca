package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"haedap/bot/internal/slackio"
)

type doctorCommand struct {
	contentFlags `embed:""`
	storeFlags   `embed:""`
}

// Run checks what serve needs, one line each, and fails when something is wrong. Like serve, it makes the database when there is none.
func (d doctorCommand) Run(ctx context.Context, t terminal) error {
	checks := []slackio.Check{d.checkContent(), d.checkDatabase(ctx)}
	env, err := readEnvironment(os.Getenv)
	switch {
	case err != nil:
		checks = append(checks, slackio.Check{Name: "settings", Err: err, Mend: "mend what is named here"})
	case env.slack.Enabled():
		checks = append(append(checks, checkClock(ctx, env.slack.APIURL)), slackio.Doctor(ctx, env.slack)...)
	}
	if env.meaning != nil {
		checks = append(checks, env.meaning.check(ctx))
	}
	if answers, ok := d.checkAnswers(ctx); ok {
		checks = append(checks, answers)
	}
	wrong := 0
	for _, c := range checks {
		line := "ok     " + c.Name
		if c.Err != nil {
			wrong++
			line = fmt.Sprintf("wrong  %s: %v: %s", c.Name, c.Err, c.Mend)
		}
		if _, err := fmt.Fprintln(t.out, strings.ReplaceAll(line, "\n", " ")); err != nil {
			return fmt.Errorf("write the checks: %w", err)
		}
	}
	if err == nil && !env.slack.Enabled() {
		if _, err := fmt.Fprintln(t.out, "off    Slack: "+strings.TrimPrefix(slackLine(env.slack), "off: ")); err != nil {
			return fmt.Errorf("write the checks: %w", err)
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d checks found something wrong: mend what the lines above name", wrong, len(checks))
	}
	return nil
}

func (d doctorCommand) checkContent() slackio.Check {
	c, err := d.load()
	if err != nil {
		return slackio.Check{Name: "content", Err: err, Mend: "`bot lint` lists every problem"}
	}
	st := c.engine.Statement()
	check := slackio.Check{Name: fmt.Sprintf("content (%d articles; %s)", len(c.library.IDs()), st)}
	if !st.Met {
		check = slackio.Check{Name: "content", Err: errors.New(st.String()), Mend: "add calibration questions, or choose a larger --budget"}
	}
	return check
}

func (d doctorCommand) checkDatabase(ctx context.Context) slackio.Check {
	name := fmt.Sprintf("database (%s)", d.storeFlags)
	db, err := d.open(ctx)
	if err != nil {
		return slackio.Check{Name: name, Err: err, Mend: "nothing can be kept until then"}
	}
	defer db.Close() //nolint:errcheck // nothing was written that could be lost
	backlog, err := db.Backlog(ctx)
	switch {
	case err != nil:
		return slackio.Check{Name: name, Err: err, Mend: "look at the database's own log"}
	case backlog.Failed > 0:
		return slackio.Check{Name: name, Err: fmt.Errorf("%d deliveries failed for good", backlog.Failed), Mend: "`bot jobs` lists them, `bot jobs retry KEY` sends one again"}
	}
	return slackio.Check{Name: name}
}

// clockMost is how far the clock may be off: Slack's signatures are refused beyond five minutes.
const clockMost = time.Minute

// checkClock compares the clock with the Date of Slack's answer.
func checkClock(ctx context.Context, api string) slackio.Check {
	c := slackio.Check{Name: "clock", Mend: "check that this machine reaches Slack"}
	if api == "" {
		api = "https://slack.com/api/"
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(api, "/")+"/api.test", http.NoBody)
	if err != nil {
		c.Err = fmt.Errorf("ask Slack for the time: %w", err)
		return c
	}
	before := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Err = fmt.Errorf("ask Slack for the time: %w", err)
		return c
	}
	defer response.Body.Close() //nolint:errcheck // only its head is read
	theirs, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		c.Err = fmt.Errorf("read the Date of Slack's answer: %w", err)
		return c
	}
	off := before.Add(time.Since(before) / 2).Sub(theirs).Round(time.Second)
	c.Name = fmt.Sprintf("clock (%+d s against Slack's)", int(off.Seconds()))
	if off.Abs() > clockMost {
		c.Err, c.Mend = errors.New("is off by more than a minute, so that Slack's requests look forged"), "set the clock by NTP"
	}
	return c
}
