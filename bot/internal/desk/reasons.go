package desk

// The reasons of a [Ticket].
const (
	ReasonAsked     = "asked"     // the asker wants a human
	ReasonUnsure    = "unsure"    // no article is sure enough
	ReasonNeighbour = "neighbour" // a topic of the same service that no article answers
	ReasonUnhelpful = "unhelpful" // an answer did not help
	ReasonRepeated  = "repeated"  // the same question again
	ReasonFollowup  = "followup"  // a follow-up that the article does not answer
	ReasonUrgent    = "urgent"    // somebody may be in danger
	ReasonThreat    = "threat"    // legal steps are announced
	ReasonFailed    = "failed"    // answering failed for good; the inbox opens such a ticket
)

// Classes of the catalogue that the policy knows by name.
const (
	misuse = "misuse"           // background: attempts to use the bot for something else
	crisis = "crisis_self_harm" // neighbour topic: somebody may be in danger
)
