package file

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// Reads are the queries of those who only read. Each is prepared once for every connection: SQLite takes longer to parse most of them than
// to answer them.
type Reads struct {
	db       *sql.DB
	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

// NewReads prepares nothing yet.
func NewReads(db *sql.DB) *Reads { return &Reads{db: db, prepared: map[string]*sql.Stmt{}} }

// statement gives a query prepared. It stays so until close, so a query has to be one of a fixed number.
func (r *Reads) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.prepared[query]; s != nil {
		return s, nil
	}
	s, err := r.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	r.prepared[query] = s
	return s, nil
}

// QueryContext gives the rows of a query.
func (r *Reads) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// Each calls each with what scans each row of a query in turn, until that fails.
func (r *Reads) Each(ctx context.Context, query string, args []any, each func(scan func(into ...any) error) error) error {
	return Each(ctx, r, query, args, each)
}

// Querier is a connection, or the Reads.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Each is Reads.Each by any connection.
func Each(ctx context.Context, by Querier, query string, args []any, each func(scan func(into ...any) error) error) error {
	rows, err := by.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // what went wrong Err tells
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// One reads a row; the error is sql.ErrNoRows when there is none.
func (r *Reads) One(ctx context.Context, query string, args []any, into ...any) error {
	s, err := r.statement(ctx, query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(ctx, args...).Scan(into...)
}

// Close closes what was prepared, and not the database.
func (r *Reads) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, s := range r.prepared {
		errs = append(errs, s.Close())
	}
	r.prepared = map[string]*sql.Stmt{}
	return errors.Join(errs...)
}
