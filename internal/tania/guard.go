package tania

// GuardReason is why a reply must not be sent as it is, from a closed set.
type GuardReason string

// The reasons, the gravest first.
const (
	// GuardRecital: it recites the model's instructions.
	GuardRecital GuardReason = "recital"
	// GuardForbidden: it uses a word that the bot must not use.
	GuardForbidden GuardReason = "forbidden_words"
	// GuardPersonal: it shows the number of a card, an account or a person.
	GuardPersonal GuardReason = "pii"
	// GuardOthersData: it gives a contact detail that is neither the customer's nor the business's.
	GuardOthersData GuardReason = "others_data"
	// GuardLanguage: it is not in the customer's language.
	GuardLanguage GuardReason = "language"
	// GuardPromise: it says that something was done, or promises it, and nothing bears it out.
	GuardPromise GuardReason = "promise"
	// GuardFacts: it gives a fact that stands in nothing it rests on.
	GuardFacts GuardReason = "facts"
)

// GuardReasons are all of them.
func GuardReasons() []GuardReason {
	return []GuardReason{GuardRecital, GuardForbidden, GuardPersonal, GuardOthersData, GuardLanguage, GuardPromise, GuardFacts}
}
