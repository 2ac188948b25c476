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
