package intents

// Verdict is what the engine makes of one question.
type Verdict struct {
	Lang       string  // "ko" or "en"
	Ranked     []Score // answerable intents, best first, P sums to at most 1
	Confidence float64 // calibrated probability that answering with Ranked[0] is right
	Answer     bool    // Confidence reaches the threshold that keeps the wrong-answer budget
	InScope    float64 // calibrated probability that some article answers the question
	Seen       float64 // share of the question's pieces that some example has, between 0 and 1
	Section    string  // section of Ranked[0]'s article that the question aims at, or ""; none where Outside fits better
	Candidates []Score // prediction set for a clarification: one to three intents, or none
	Vague      string  // the vague class that fits better than anything else, or ""; Candidates are what it may mean
	Outside    Outside // the best class that is neither answerable nor vague
	Meant      string  // class that the question's embedding names by itself, "" without one
	Parts      []Part  // two entries when the message asks two things, in the order asked
}

// Score is one intent with its probability.
type Score struct {
	Intent string
	P      float64
}

// Outside is the best explanation of a question by something that no article answers.
type Outside struct {
	ID   string
	Kind Kind
	P    float64
}

// Part is one of two questions in a message.
type Part struct {
	Text       string
	Intent     string
	Section    string
	Confidence float64
}

// Evidence is one reason for a verdict, for an editor to read.
type Evidence struct {
	Kind   string  `json:"kind"`   // "for", "against", "nearest", "held_back"
	Text   string  `json:"text"`   // a piece of the question, an example, or a sentence
	Intent string  `json:"intent"` // the class that it speaks of, or ""
	Weight float64 `json:"weight"` // share of the score; 0 where it has none
}
