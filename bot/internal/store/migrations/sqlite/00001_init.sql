-- +goose Up

-- Keys of events that were accepted; a door that sends one again is told so.
CREATE TABLE dedupe (
    key text PRIMARY KEY,
    at  bigint NOT NULL
);
CREATE INDEX dedupe_at ON dedupe (at);

CREATE TABLE threads (
    id      integer PRIMARY KEY AUTOINCREMENT,
    door    text NOT NULL,
    team    text NOT NULL,
    channel text NOT NULL,
    thread  text NOT NULL,
    opener  text NOT NULL,
    lang    text NOT NULL DEFAULT '',
    state   text NOT NULL DEFAULT '{}', -- desk.Thread
    version bigint NOT NULL DEFAULT 0,  -- grows with every change of state
    created bigint NOT NULL,
    updated bigint NOT NULL,
    UNIQUE (door, team, channel, thread)
);
CREATE INDEX threads_updated ON threads (updated, id);

CREATE TABLE messages (
    id        integer PRIMARY KEY AUTOINCREMENT,
    thread_id bigint NOT NULL REFERENCES threads (id),
    ts        text NOT NULL,
    author    text NOT NULL,            -- door, team and user
    message   text NOT NULL,            -- desk.Message
    state     text NOT NULL,            -- open, revise, done, dropped, flooded, failed
    rev       bigint NOT NULL DEFAULT 0, -- grows with every edit
    at        bigint NOT NULL
);
CREATE INDEX messages_thread ON messages (thread_id, ts, id);
CREATE INDEX messages_open ON messages (thread_id, ts, id) WHERE state IN ('open', 'revise');
CREATE INDEX messages_waiting ON messages (at) WHERE state IN ('open', 'revise');
CREATE INDEX messages_author ON messages (author, at) WHERE state <> 'flooded';
CREATE INDEX messages_flooded ON messages (author, at) WHERE state = 'flooded';

CREATE TABLE turns (
    id         integer PRIMARY KEY AUTOINCREMENT,
    thread_id  bigint NOT NULL REFERENCES threads (id),
    message_id bigint NOT NULL UNIQUE REFERENCES messages (id),
    before     text NOT NULL,           -- desk.Thread that the reply was made from
    reply      text NOT NULL,           -- desk.Reply
    decision   text NOT NULL,
    reply_key  text NOT NULL DEFAULT '', -- delivery that shows it; empty: nothing to show
    revised    bigint NOT NULL DEFAULT 0,
    at         bigint NOT NULL
);
CREATE INDEX turns_thread ON turns (thread_id, id);

-- One post to be made visible. Deliveries of a line go out one at a time, in order of seq.
CREATE TABLE deliveries (
    seq        integer PRIMARY KEY AUTOINCREMENT,
    key        text NOT NULL UNIQUE,
    thread_id  bigint NOT NULL REFERENCES threads (id),
    door       text NOT NULL,
    team       text NOT NULL,
    channel    text NOT NULL,
    thread     text NOT NULL,
    lane       text NOT NULL,           -- door, team and channel: what is paced
    line       text NOT NULL,           -- what is kept in order
    kind       text NOT NULL,           -- reply, ticket, revise, withdraw
    target     text NOT NULL DEFAULT '', -- key of the delivery to revise or withdraw
    reply      text NOT NULL,           -- desk.Reply
    link       text NOT NULL DEFAULT '',
    state      text NOT NULL,           -- pending, sending, sent, failed, dropped
    attempts   bigint NOT NULL DEFAULT 0,
    sender     text NOT NULL DEFAULT '',
    sending_at bigint NOT NULL DEFAULT 0,
    ready_at   bigint NOT NULL DEFAULT 0,
    ts         text NOT NULL DEFAULT '',
    error      text NOT NULL DEFAULT '',
    asked_at   bigint NOT NULL,         -- when the message came that this replies to
    created    bigint NOT NULL,
    updated    bigint NOT NULL
);
CREATE INDEX deliveries_lane ON deliveries (lane, seq) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_line ON deliveries (line, seq) WHERE state IN ('pending', 'sending');
CREATE UNIQUE INDEX deliveries_one_at_a_time ON deliveries (line) WHERE state = 'sending';
CREATE INDEX deliveries_unfinished ON deliveries (seq) WHERE state IN ('pending', 'sending');
CREATE INDEX deliveries_failed ON deliveries (seq) WHERE state = 'failed';
CREATE INDEX deliveries_thread ON deliveries (thread_id, seq);

-- When a channel may be posted to next.
CREATE TABLE lanes (
    lane  text PRIMARY KEY,
    tat   bigint NOT NULL DEFAULT 0,    -- theoretical arrival time of the next post
    until bigint NOT NULL DEFAULT 0     -- the far end asked to wait until then
);

CREATE TABLE tickets (
    id         integer PRIMARY KEY AUTOINCREMENT,
    thread_id  bigint NOT NULL REFERENCES threads (id),
    message_id bigint NOT NULL REFERENCES messages (id),
    lang       text NOT NULL,
    ticket     text NOT NULL,           -- desk.Ticket
    state      text NOT NULL,           -- open, claimed, closed
    agent      text NOT NULL DEFAULT '',
    key        text NOT NULL DEFAULT '', -- delivery that shows it; empty: kept here only
    created    bigint NOT NULL,
    updated    bigint NOT NULL
);
CREATE INDEX tickets_open ON tickets (id) WHERE state <> 'closed';
CREATE INDEX tickets_thread ON tickets (thread_id, id);
CREATE INDEX tickets_message ON tickets (message_id);

CREATE TABLE feedback (
    id         integer PRIMARY KEY AUTOINCREMENT,
    thread_id  bigint NOT NULL REFERENCES threads (id),
    message_id bigint NOT NULL UNIQUE REFERENCES messages (id),
    author     text NOT NULL,
    helpful    bigint NOT NULL,         -- 1 or 0
    intent     text NOT NULL,
    question   text NOT NULL,
    at         bigint NOT NULL
);
CREATE INDEX feedback_at ON feedback (at);

-- What was suggested to an agent, and the intent that the agent put right.
CREATE TABLE suggestions (
    id       integer PRIMARY KEY AUTOINCREMENT,
    agent    text NOT NULL,
    question text NOT NULL,
    reply    text NOT NULL,             -- desk.Reply
    intent   text NOT NULL DEFAULT '',  -- the agent's correction
    at       bigint NOT NULL
);
CREATE INDEX suggestions_corrected ON suggestions (id) WHERE intent <> '';

-- Edits and deletions that came before the message that they change; pruned with dedupe.
CREATE TABLE early (
    door    text NOT NULL,
    team    text NOT NULL,
    channel text NOT NULL,
    ts      text NOT NULL,
    deleted bigint NOT NULL,            -- 1 or 0
    message text NOT NULL,              -- desk.Message
    at      bigint NOT NULL,
    PRIMARY KEY (door, team, channel, ts)
);
CREATE INDEX early_at ON early (at);

CREATE TABLE replicas (
    id   text PRIMARY KEY,
    seen bigint NOT NULL
);

-- +goose Down
DROP TABLE replicas;
DROP TABLE early;
DROP TABLE suggestions;
DROP TABLE feedback;
DROP TABLE tickets;
DROP TABLE lanes;
DROP TABLE deliveries;
DROP TABLE turns;
DROP TABLE messages;
DROP TABLE threads;
DROP TABLE dedupe;
