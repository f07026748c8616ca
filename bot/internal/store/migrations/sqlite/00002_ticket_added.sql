-- +goose Up

-- What the asker told after the ticket was opened, a message a line.
ALTER TABLE tickets ADD COLUMN added text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE tickets DROP COLUMN added;
