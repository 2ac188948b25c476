package worker

import "tania/internal/tania"

// atHandoff is the procedure that a handoff ends, or in which the customer was; nil for none.
func atHandoff(memory *tania.Conversation, turn tania.TurnID) *tania.Procedure {
	if p := memory.Procedure; p != nil && (p.Turn == turn || p.End == tania.ProcedureHandedOver) {
		return p
	}
	return nil
}
