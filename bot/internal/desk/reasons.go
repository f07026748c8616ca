package desk

// The reasons of a [Ticket].
const (
	ReasonAsked     = "asked"     // the asker wants a human
	ReasonUnsure    = "unsure"    // no article is sure enough
	ReasonNeighbour = "neighbour" // a topic of the same service that no article answers
	ReasonUnhelpful = "unhelpful" // an answer did not help
	ReasonRepeated  = "repeated"  // the same question again
	ReasonFollowup  = "followup"  // a follow-up that the article does not answer
	ReasonFailed    = "failed"    // answering failed for good; the inbox opens such a ticket
)

// misuse is the background class of attempts to use the bot for something else.
const misuse = "misuse"
