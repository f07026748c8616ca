package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"haedap/bot/internal/slackio"
	"haedap/bot/internal/store"
)

// environment is what the process is told by variables: everything that is secret, and what goes with it.
type environment struct {
	slack                   slackio.Config
	userLimit, channelLimit int // questions a minute; 0: the default
	meaning                 *meaning
}

// readEnvironment reads and checks the variables. Its error names the one that is wrong, never its value.
func readEnvironment(get func(string) string) (environment, error) {
	e := environment{slack: slackio.Config{
		BotToken:      get("SLACK_BOT_TOKEN"),
		AppToken:      get("SLACK_APP_TOKEN"),
		SigningSecret: get("SLACK_SIGNING_SECRET"),
		APIURL:        get("SLACK_API_URL"),
		DeskChannel:   get("HAEDAP_DESK_CHANNEL"),
		ListenChannels: strings.FieldsFunc(get("HAEDAP_LISTEN_CHANNELS"), func(r rune) bool {
			return r == ',' || r == ' ' || r == '\n' || r == '\t'
		}),
	}}
	var err error
	if e.userLimit, err = readLimit(get, "HAEDAP_USER_LIMIT", "20"); err != nil {
		return e, err
	}
	if e.channelLimit, err = readLimit(get, "HAEDAP_CHANNEL_LIMIT", "60"); err != nil {
		return e, err
	}
	if e.meaning, err = readMeaning(get); err != nil {
		return e, err
	}
	if !e.slack.Enabled() {
		return e, nil
	}
	if err := e.slack.Validate(); err != nil {
		return e, usageError{err}
	}
	return e, nil
}

// readLimit reads how many questions a minute there may be; 0 when the variable is not set.
func readLimit(get func(string) string, name, usual string) (int, error) {
	word := get(name)
	if word == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, usageError{fmt.Errorf("%s must be a number of questions a minute, 1 to 1000000: leave it out for %s", name, usual)}
	}
	return n, nil
}

// storeFlags choose the database.
type storeFlags struct {
	Data        string `default:"./data" placeholder:"DIR" help:"Folder of the SQLite database."`
	DatabaseURL string `name:"database-url" placeholder:"postgres://…" help:"PostgreSQL database, instead of --data."`
}

// openWithin is how long a database may take to answer at start.
const openWithin = 15 * time.Second

// open opens and migrates the database. What keeps it from that is a usage error.
func (f storeFlags) open(ctx context.Context) (*store.DB, error) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	if f.DatabaseURL == "" {
		db, err := store.OpenSQLite(ctx, f.Data)
		if err != nil {
			return nil, usageError{fmt.Errorf("--data %s: %w: name a folder that this user can write to", f.Data, err)}
		}
		return db, nil
	}
	db, err := store.OpenPostgres(ctx, f.DatabaseURL)
	if err != nil {
		return nil, usageError{fmt.Errorf("--database-url: %w: name a PostgreSQL database that answers", err)}
	}
	return db, nil
}

// String names the database without its password.
func (f storeFlags) String() string {
	if f.DatabaseURL == "" {
		return "SQLite in " + f.Data
	}
	return "PostgreSQL"
}
