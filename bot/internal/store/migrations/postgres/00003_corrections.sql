-- +goose Up

-- Which article agents say is right for the question of a ticket. The table replaces one that nothing was ever written to.
CREATE TABLE corrections (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id  bigint NOT NULL UNIQUE REFERENCES tickets (id),
    answer_id  bigint NOT NULL DEFAULT 0,  -- message whose answer is corrected; 0: there was none
    agent      text NOT NULL,
    question   text NOT NULL,
    shown      text NOT NULL,              -- intents that were answered, joined by +; empty: none
    intent     text NOT NULL,              -- the right one, or oos
    at         bigint NOT NULL
);
CREATE INDEX corrections_answer ON corrections (answer_id);
DROP TABLE suggestions;

-- What became of the last answers.
CREATE INDEX turns_answered ON turns (id) WHERE decision = 'answer';
CREATE INDEX feedback_thread ON feedback (thread_id, message_id);

-- +goose Down
DROP INDEX feedback_thread;
DROP INDEX turns_answered;
DROP TABLE corrections;
CREATE TABLE suggestions (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent    text NOT NULL,
    question text NOT NULL,
    reply    text NOT NULL,
    intent   text NOT NULL DEFAULT '',
    at       bigint NOT NULL
);
CREATE INDEX suggestions_corrected ON suggestions (id) WHERE intent <> '';
