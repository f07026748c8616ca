package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"haedap/bot/internal/desk"
)

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery. A delivery that is sending may or may not have been made.
const (
	Pending       DeliveryState = "pending"
	Sending       DeliveryState = "sending"
	Sent          DeliveryState = "sent"
	Undeliverable DeliveryState = "failed"
	NotNeeded     DeliveryState = "dropped"
)

// Final reports whether nothing more will happen to the delivery.
func (s DeliveryState) Final() bool { return s != Pending && s != Sending }

// Delivery is one post to be made visible. Those of a line go out one at a time in order of Seq.
type Delivery struct {
	Seq       int64
	Key       string
	ThreadID  int64 // thread that it belongs to, wherever it is posted
	Address   Address
	Line      string
	Kind      string
	Target    string // key of the delivery to revise or withdraw
	Reply     desk.Reply
	Link      string
	State     DeliveryState
	Attempts  int
	Sender    string    // replica that marked it as sending
	SendingAt time.Time // when it was marked
	ReadyAt   time.Time // not to be sent before
	TS        string    // what was made
	Error     string    // last failure
	AskedAt   time.Time // when the message came that it replies to
	Created   time.Time
	Updated   time.Time
}

const deliveryColumns = `seq, key, thread_id, door, team, channel, thread, line, kind, target, reply, link,
	state, attempts, sender, sending_at, ready_at, ts, error, asked_at, created, updated`

func scanDelivery(row scanner) (Delivery, error) {
	var d Delivery
	var reply string
	var sending, ready, asked, created, updated int64
	err := row.Scan(&d.Seq, &d.Key, &d.ThreadID, &d.Address.Door, &d.Address.Team, &d.Address.Channel, &d.Address.Thread,
		&d.Line, &d.Kind, &d.Target, &reply, &d.Link, &d.State, &d.Attempts, &d.Sender, &sending, &ready, &d.TS, &d.Error,
		&asked, &created, &updated)
	if err != nil {
		return Delivery{}, err
	}
	d.SendingAt, d.ReadyAt, d.AskedAt = moment(sending), moment(ready), moment(asked)
	d.Created, d.Updated = moment(created), moment(updated)
	err = decode(reply, &d.Reply)
	return d, err
}

// AddDelivery stores d as pending.
func (tx *Tx) AddDelivery(ctx context.Context, d Delivery) error {
	reply, err := encode(d.Reply)
	if err != nil {
		return err
	}
	err = tx.Later(ctx, `INSERT INTO deliveries (key, thread_id, door, team, channel, thread, lane, line, kind, target, reply, link,
			state, asked_at, created, updated)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $14, $14)`,
		d.Key, d.ThreadID, d.Address.Door, d.Address.Team, d.Address.Channel, d.Address.Thread, d.Address.Lane(), d.Line,
		d.Kind, d.Target, reply, d.Link, millis(d.AskedAt), millis(d.Created))
	if err != nil {
		return fmt.Errorf("add delivery: %w", err)
	}
	return nil
}

// ReviseDelivery gives a delivery that has not begun another reply. It reports false when it has begun or ended.
func (tx *Tx) ReviseDelivery(ctx context.Context, key string, reply desk.Reply) (bool, error) {
	text, err := encode(reply)
	if err != nil {
		return false, err
	}
	n, err := tx.exec(ctx, `UPDATE deliveries SET reply = $1 WHERE key = $2 AND state = 'pending'`, text, key)
	if err != nil {
		return false, fmt.Errorf("revise delivery: %w", err)
	}
	return n == 1, nil
}

// DropDelivery gives up a delivery that has not begun. It reports false when it has begun or ended.
func (tx *Tx) DropDelivery(ctx context.Context, key string, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE deliveries SET state = 'dropped', updated = $1 WHERE key = $2 AND state = 'pending'`, millis(at), key)
	if err != nil {
		return false, fmt.Errorf("drop delivery: %w", err)
	}
	return n == 1, nil
}

// eligible picks deliveries whose line is free for them: nothing of their line is before them or under way.
// SQLite takes the index of what is unfinished only when it is told so in the index's own words.
const eligible = ` FROM deliveries d WHERE d.state IN ('pending', 'sending') AND d.state = 'pending' AND d.ready_at <= $2 AND NOT EXISTS (
	SELECT 1 FROM deliveries e WHERE e.line = d.line AND e.state IN ('pending', 'sending') AND (e.seq < d.seq OR e.state = 'sending'))`

// ErrRests says that a lane may not be posted to yet.
var ErrRests = errors.New("lane rests")

// TakeHead books a time in a lane, as BookLane does, marks the first delivery of the lane that may go out now as sending, by sender, and
// returns it. It reports ErrRests when no time was booked, and ErrNotFound when there is no such delivery, or another of the lane
// has been under way for less than every: it goes first. Then the transaction must be given up. The mark must be committed before anything is sent.
func (tx *Tx) TakeHead(ctx context.Context, lane, sender string, now time.Time, every, ahead time.Duration) (Delivery, error) {
	booked := func(row scanner) error {
		_, err := scanLane(row)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrRests
		}
		return err
	}
	if err := tx.soon(ctx, booked, bookLane, booking(lane, now, every, ahead)...); err != nil {
		return Delivery{}, fmt.Errorf("book lane: %w", err)
	}
	return tx.take(ctx, ` AND d.lane = $1 AND NOT EXISTS (SELECT 1 FROM deliveries f
		WHERE f.lane = $1 AND f.state IN ('pending', 'sending') AND f.state = 'sending' AND f.sending_at > $4) ORDER BY d.seq LIMIT 1`,
		lane, millis(now), sender, millis(now.Add(-every)))
}

// Take does so with the delivery that has key, whatever its lane does.
func (tx *Tx) Take(ctx context.Context, key, sender string, now time.Time) (Delivery, error) {
	return tx.take(ctx, ` AND d.key = $1`, key, millis(now), sender)
}

func (tx *Tx) take(ctx context.Context, which string, args ...any) (Delivery, error) {
	lock := ""
	if tx.db.dialect == Postgres {
		lock = " FOR UPDATE OF d SKIP LOCKED" // another worker has it: it is not free
	}
	d, err := scanDelivery(tx.row(ctx, `UPDATE deliveries SET state = 'sending', sender = $3, sending_at = $2, attempts = attempts + 1, updated = $2
		WHERE key = (SELECT d.key`+eligible+which+lock+`) AND state = 'pending' RETURNING `+deliveryColumns, args...))
	return d, found(err, "take delivery")
}

// Settle says how the sending of d ended: in Sent with ts, in Pending to be sent again from ready on, or in
// Undeliverable. It reports false when d was marked anew or settled by another.
func (tx *Tx) Settle(ctx context.Context, d Delivery, state DeliveryState, ts, failure string, ready, at time.Time) (bool, error) {
	n, err := tx.exec(ctx, `UPDATE deliveries SET state = $1, ts = $2, error = $3, ready_at = $4, updated = $5
		WHERE key = $6 AND state = 'sending' AND attempts = $7`, state, ts, failure, millis(ready), millis(at), d.Key, d.Attempts)
	if err != nil {
		return false, fmt.Errorf("settle delivery: %w", err)
	}
	return n == 1, nil
}

// RetryDelivery makes a failed delivery pending again. It reports false when key names none.
func (tx *Tx) RetryDelivery(ctx context.Context, key string, at time.Time) (Delivery, error) {
	d, err := scanDelivery(tx.row(ctx, `UPDATE deliveries SET state = 'pending', ready_at = 0, created = $1, updated = $1
		WHERE key = $2 AND state = 'failed' RETURNING `+deliveryColumns, millis(at), key))
	return d, found(err, "retry delivery "+key)
}

// Delivery returns one delivery, or ErrNotFound.
func (tx *Tx) Delivery(ctx context.Context, key string) (Delivery, error) {
	d, err := scanDelivery(tx.row(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE key = $1`, key))
	return d, found(err, "read delivery")
}

// Delivery returns one delivery, or ErrNotFound.
func (db *DB) Delivery(ctx context.Context, key string) (Delivery, error) {
	d, err := scanDelivery(db.row(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE key = $1`, key))
	return d, found(err, "read delivery")
}

// Deliveries lists a thread's deliveries in order, at most limit, the last ones when there are more.
func (db *DB) Deliveries(ctx context.Context, thread int64, limit int) ([]Delivery, error) {
	return db.deliveries(ctx, `WHERE seq IN (SELECT seq FROM deliveries WHERE thread_id = $1 ORDER BY seq DESC LIMIT $2) ORDER BY seq`, thread, limit)
}

// Unfinished lists the deliveries that are pending or sending, the oldest first, at most limit.
func (db *DB) Unfinished(ctx context.Context, limit int) ([]Delivery, error) {
	return db.deliveries(ctx, `WHERE state IN ('pending', 'sending') ORDER BY seq LIMIT $1`, limit)
}

// FailedDeliveries lists the deliveries that failed for good, the newest first, at most limit.
func (db *DB) FailedDeliveries(ctx context.Context, limit int) ([]Delivery, error) {
	return db.deliveries(ctx, `WHERE state = 'failed' ORDER BY seq DESC LIMIT $1`, limit)
}

func (db *DB) deliveries(ctx context.Context, which string, args ...any) ([]Delivery, error) {
	all, err := collect(ctx, db, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries `+which, args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// Before counts the unfinished deliveries of a lane before seq, up to limit.
func (db *DB) Before(ctx context.Context, lane string, seq int64, limit int) (int, error) {
	var n int
	err := db.row(ctx, `SELECT count(*) FROM (SELECT 1 FROM deliveries
		WHERE lane = $1 AND seq < $2 AND state IN ('pending', 'sending') LIMIT $3) AS before`, lane, seq, limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count deliveries before: %w", err)
	}
	return n, nil
}

// Lane says when something may be done that has a pace, such as posting to a channel.
type Lane struct {
	Next  time.Time // theoretical time of the next one: how far they are ahead of their pace
	Until time.Time // the far end asked to wait until then
}

// BookLane books a time in a lane: every from now on, or from the lane's next time on when that is later. It books nothing
// when the lane rests, or when its next time is further away than ahead. It returns the lane as it is then. Other replicas
// wait until the transaction ends.
func (tx *Tx) BookLane(ctx context.Context, lane string, now time.Time, every, ahead time.Duration) (l Lane, booked bool, err error) {
	l, err = scanLane(tx.row(ctx, bookLane, booking(lane, now, every, ahead)...))
	if err == nil {
		return l, true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		l, err = scanLane(tx.row(ctx, readLane, lane))
	}
	return l, false, found(err, "book lane")
}

// Lane returns a lane, or ErrNotFound.
func (db *DB) Lane(ctx context.Context, lane string) (Lane, error) {
	l, err := scanLane(db.row(ctx, readLane, lane))
	return l, found(err, "read lane")
}

const (
	readLane = `SELECT tat, until FROM lanes WHERE lane = $1`
	bookLane = `INSERT INTO lanes (lane, tat) VALUES ($1, $2)
		ON CONFLICT (lane) DO UPDATE SET tat = CASE WHEN lanes.tat > $3 THEN lanes.tat ELSE $3 END + $4
		WHERE lanes.until <= $3 AND lanes.tat <= $5 RETURNING tat, until`
)

// booking are the arguments of bookLane.
func booking(lane string, now time.Time, every, ahead time.Duration) []any {
	return []any{lane, millis(now.Add(every)), millis(now), every.Milliseconds(), millis(now.Add(ahead))}
}

func scanLane(row scanner) (Lane, error) {
	var next, until int64
	err := row.Scan(&next, &until)
	return Lane{Next: moment(next), Until: moment(until)}, err
}

// RestLane keeps a lane from being posted to until a time.
func (tx *Tx) RestLane(ctx context.Context, lane string, until time.Time) error {
	_, err := tx.exec(ctx, `INSERT INTO lanes (lane, until) VALUES ($1, $2)
		ON CONFLICT (lane) DO UPDATE SET until = excluded.until WHERE lanes.until < excluded.until`, lane, millis(until))
	if err != nil {
		return fmt.Errorf("rest lane: %w", err)
	}
	return nil
}

// Unstick brings near what a clock that was set back has left in the future: a mark after now was made now, and nothing
// has to wait for longer than most.
func (tx *Tx) Unstick(ctx context.Context, now time.Time, most time.Duration) error {
	at, far := millis(now), millis(now.Add(most))
	for _, statement := range []string{
		`UPDATE deliveries SET sending_at = $1 WHERE state IN ('pending', 'sending') AND sending_at > $2`,
		`UPDATE deliveries SET ready_at = $1 WHERE state IN ('pending', 'sending') AND ready_at > $2`,
		`UPDATE lanes SET tat = $1 WHERE tat > $2`,
		`UPDATE lanes SET until = $1 WHERE until > $2`,
	} {
		if _, err := tx.exec(ctx, statement, at, far); err != nil {
			return fmt.Errorf("bring the future near: %w", err)
		}
	}
	return nil
}
