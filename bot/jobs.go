package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"haedap/bot/internal/inbox"
	"haedap/bot/internal/store"
)

type jobsCommand struct {
	List  jobsListCommand  `cmd:"" default:"withargs" help:"List what is stuck or failed."`
	Retry jobsRetryCommand `cmd:"" help:"Send a failed delivery once more."`

	Corrections jobsCorrectionsCommand `cmd:"" help:"List what agents corrected, as rows of a calibration file."`
}

// A delivery is stuck when it was not made stuckAfter its message came. At most jobsMost are listed.
const (
	stuckAfter = time.Minute
	jobsMost   = 200
)

type jobsListCommand struct {
	storeFlags `embed:""`
}

// Run lists the deliveries that failed for good and those that wait for too long.
func (j jobsListCommand) Run(ctx context.Context, t terminal) error {
	db, err := j.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing was written that could be lost
	failed, err := db.FailedDeliveries(ctx, jobsMost)
	if err != nil {
		return err
	}
	waiting, err := db.Unfinished(ctx, jobsMost)
	if err != nil {
		return err
	}
	backlog, err := db.Backlog(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	rows := 0
	row := func(d store.Delivery) {
		if rows++; rows == 1 {
			fmt.Fprintln(table, "ID\tSTATE\tKIND\tAGE\tTRIES\tWHERE\tERROR") //nolint:errcheck // Flush tells
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", d.Key, d.State, d.Kind, time.Since(d.Created).Round(time.Second), //nolint:errcheck // Flush tells
			d.Attempts, strings.Trim(d.Address.Door+"/"+d.Address.Channel, "/"), d.Error)
	}
	for _, d := range failed {
		row(d)
	}
	for _, d := range waiting {
		if time.Since(d.Created) > stuckAfter {
			row(d)
		}
	}
	if backlog.Open > 0 && time.Since(backlog.OldestOpen) > stuckAfter {
		rows++
		fmt.Fprintf(table, "%d messages wait for an answer, the oldest for %s\n", backlog.Open, time.Since(backlog.OldestOpen).Round(time.Second)) //nolint:errcheck // Flush tells
	}
	if rows == 0 {
		fmt.Fprintln(table, "nothing is stuck or failed") //nolint:errcheck // Flush tells
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

type jobsRetryCommand struct {
	storeFlags `embed:""`
	ID         string `arg:"" help:"Id of a failed delivery, as listed."`
}

// Run has a delivery that failed for good sent once more, by whichever process serves the database.
func (j jobsRetryCommand) Run(ctx context.Context, t terminal) error {
	db, err := j.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()                                                                             //nolint:errcheck // what was written is committed
	queue, err := inbox.New(ctx, db, nil, nil, inbox.Config{Log: slog.New(slog.DiscardHandler)}) // it is never started: nothing is answered or sent here
	if err != nil {
		return fmt.Errorf("open inbox: %w", err)
	}
	err = queue.Retry(ctx, j.ID)
	if errors.Is(err, store.ErrNotFound) {
		return usageError{fmt.Errorf("jobs retry %s: no delivery with this id has failed: see bot jobs", j.ID)}
	}
	if err != nil {
		return fmt.Errorf("retry delivery: %w", err)
	}
	_, err = fmt.Fprintf(t.out, "%s will be sent again\n", j.ID)
	return err
}
