package text

import "regexp"

// asking finds what makes a sentence a question or a request.
var asking = regexp.MustCompile(`(?i)[?？]|나요|까요|가요|는지|을지|니까(?:[^\pL]|$)|어떻|어떡|왜|언제|뭐|뭔|무슨|무엇|어디|어느|어떤|누가|누구|얼마|몇|궁금|알려|방법|되죠|하죠|인지|건지|냐|\b(?:what|how|why|when|where|who|which|can|could|do|does|is|are|will|should)\b`)

// Asks tells whether s asks or requests something, rather than only describe it.
func Asks(s string) bool { return asking.MatchString(s) }
