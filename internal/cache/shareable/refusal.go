package shareable

// Refusal is why a message is neither looked up nor its answer stored.
type Refusal string

// The refusals of questions.
const (
	RefusalIdentifying Refusal = "identifying" // a number, an address, a name
	RefusalPersonal    Refusal = "personal"    // about the customer's own order, account, balance
	RefusalFollowUp    Refusal = "follow_up"   // needs what was said before
	RefusalAction      Refusal = "action"      // asks to do something
	RefusalVolatile    Refusal = "volatile"    // true at this moment only
	RefusalInstructs   Refusal = "instructs"   // tells the bot how or what to answer
	RefusalTooLong     Refusal = "too_long"
)

// The refusals of answers.
const (
	RefusalHandoff      Refusal = "answer_handoff"
	RefusalTruncated    Refusal = "answer_truncated"
	RefusalFallback     Refusal = "answer_fallback"
	RefusalTools        Refusal = "answer_tools"
	RefusalUnknown      Refusal = "answer_unknown"
	RefusalApology      Refusal = "answer_apology"
	RefusalOffer        Refusal = "answer_offer"
	RefusalCustomerData Refusal = "answer_customer_data"
	RefusalEmpty        Refusal = "answer_empty"
	RefusalContext      Refusal = "answer_context" // made with a conversation or for a contact
	RefusalQuarantined  Refusal = "answer_quarantined"
	RefusalBusy         Refusal = "busy" // too much waits to be stored already
)

// Refusals that are not the text's.
const (
	RefusalAttachment Refusal = "attachment"
	RefusalQuoted     Refusal = "quoted"
	RefusalAway       Refusal = "store_away"
	RefusalKnown      Refusal = "known"     // the model knows something of who asks
	RefusalProcedure  Refusal = "procedure" // asked in the middle of a procedure
	RefusalColleague  Refusal = "colleague" // a human of the team has spoken in the conversation
)
