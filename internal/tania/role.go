package tania

// Role is what somebody may do. Each role may do all that the ones before it may.
type Role string

// The roles, from the least to the most.
const (
	// Anyone is who has shown nothing.
	Anyone Role = "anyone"
	// Viewer reads.
	Viewer Role = "viewer"
	// Editor also teaches the bot: tries, publishes and goes back to versions.
	Editor Role = "editor"
	// Operator also pauses, retries, discards, clears, forgets, and says who the users are.
	Operator Role = "operator"
)

// Roles are those that a user can have, from the least to the most.
func Roles() []Role { return []Role{Viewer, Editor, Operator} }

// rank is a role's place, 0 for what is none.
func (r Role) rank() int {
	switch r {
	case Anyone:
		return 1
	case Viewer:
		return 2
	case Editor:
		return 3
	case Operator:
		return 4
	}
	return 0
}

// Valid reports whether a user can have the role.
func (r Role) Valid() bool { return r.rank() >= Viewer.rank() }

// May reports whether the role is enough for what needs another. A need that is no role is met by nobody.
func (r Role) May(needs Role) bool { return needs.rank() > 0 && r.rank() >= needs.rank() }
