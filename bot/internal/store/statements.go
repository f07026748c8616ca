package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"regexp"

	"modernc.org/sqlite"
)

// Parsing a statement costs SQLite more than running it, and database/sql has it parsed at every call. The connections
// below keep what they have parsed, for this package and the job queue alike.

// statementsKept bounds what one connection keeps; the program has fewer.
const statementsKept = 256

// openKeeping is sql.Open for SQLite with connections that keep their statements.
func openKeeping(dsn string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keepingConnector{connector}), nil
}

type keepingConnector struct{ driver.Connector }

// Connect opens a connection.
func (c keepingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	lite, ok := conn.(liteConn)
	if !ok {
		_ = conn.Close()
		return nil, fmt.Errorf("SQLite driver's %T lacks a method that is needed", conn)
	}
	return &keepingConn{liteConn: lite, kept: map[string]*keptStatement{}}, nil
}

// liteConn is what SQLite's connections can do.
type liteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keepingConn is used by one goroutine at a time, as database/sql promises.
type keepingConn struct {
	liteConn
	kept map[string]*keptStatement
}

// bareLimit finds a LIMIT that is a parameter and nothing else. SQLite plans by its value, and so parses the statement anew
// whenever the parameter is set.
var bareLimit = regexp.MustCompile(`LIMIT (\?\d+)`)

type keptStatement struct {
	driver.Stmt
	busy bool // its rows are being read
}

// statement returns the kept statement of query, or nil when it must be run without.
func (c *keepingConn) statement(ctx context.Context, query string) (*keptStatement, error) {
	if s := c.kept[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	if len(c.kept) >= statementsKept {
		return nil, nil
	}
	prepared, err := c.PrepareContext(ctx, bareLimit.ReplaceAllString(query, "LIMIT $1 + 0"))
	if err != nil {
		return nil, err
	}
	s := &keptStatement{Stmt: prepared}
	c.kept[query] = s
	return s, nil
}

// ExecContext runs query.
func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext runs query; its statement is free again when the rows are closed.
func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteConn.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &keptRows{rows, s}, nil
}

// Close closes the statements with the connection.
func (c *keepingConn) Close() error {
	for _, s := range c.kept {
		_ = s.Close() // the connection takes what is left with it
	}
	clear(c.kept)
	return c.liteConn.Close()
}

type keptRows struct {
	driver.Rows
	statement *keptStatement
}

// Close makes the statement free.
func (r *keptRows) Close() error {
	r.statement.busy = false
	return r.Rows.Close()
}
