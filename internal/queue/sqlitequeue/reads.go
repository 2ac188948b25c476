package sqlitequeue

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// reads are the queries of those who only read. Each is prepared once for every connection: SQLite takes longer to parse most of them than
// to answer them.
type reads struct {
	db       *sql.DB
	mu       sync.Mutex
	prepared map[string]*sql.Stmt
}

func newReads(db *sql.DB) *reads { return &reads{db: db, prepared: map[string]*sql.Stmt{}} }

// statement gives a query prepared. It stays so until close, so a query has to be one of a fixed number.
func (r *reads) statement(ctx context.Context, query string) (*sql.Stmt, error) {
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

// QueryContext implements querier.
func (r *reads) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := r.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// one reads a row; the error is sql.ErrNoRows when there is none.
func (r *reads) one(ctx context.Context, query string, args []any, into ...any) error {
	s, err := r.statement(ctx, query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(ctx, args...).Scan(into...)
}

func (r *reads) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for _, s := range r.prepared {
		errs = append(errs, s.Close())
	}
	r.prepared = map[string]*sql.Stmt{}
	return errors.Join(errs...)
}
