package intents

// parts is filled in by a later step.
func (e *Engine) parts(_ *scratch, _ string, _ ranking) []Part { return nil }
