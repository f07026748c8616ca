package slackio

import (
	"regexp"
	"strings"
)

// label is how agents introduce a customer's words that they paste.
var label = regexp.MustCompile(`(?i)^\s*(?:\[?\s*(?:전달|고객\s*(?:님)?\s*(?:문의|메시지|질문|말씀)(?:\s*(?:내용|사항))?|문의\s*(?:내용|사항)|customer(?:'s)?(?:\s+(?:message|question|inquiry|enquiry|wrote|says))?|fwd?)\s*\]?\s*[:：]|\[\s*(?:전달|고객\s*문의|fwd?)\s*\])\s*`)

// quotedCustomer gives the customer's words in what an agent wrote to us directly: a forwarded
// message, a quotation, a fenced block, or a text under a label such as "고객 문의:". It is "" for a
// message that speaks for its own writer.
func quotedCustomer(text, shared string) string {
	if shared != "" {
		return shared
	}
	if at := label.FindStringIndex(text); at != nil {
		rest := strings.TrimSpace(text[at[1]:])
		if quoted := quotation(rest); quoted != "" {
			return quoted
		}
		return strings.Trim(rest, "\"“”'` \n")
	}
	return quotation(text)
}

// quotation gives the quoted lines, or the inside of a fenced block, of a text that holds little else.
func quotation(text string) string {
	if before, rest, ok := strings.Cut(text, "```"); ok {
		if inside, after, closed := strings.Cut(rest, "```"); closed && mostly(inside, before+after) {
			return strings.TrimSpace(inside)
		}
	}
	var quoted, other []string
	for line := range strings.Lines(text) {
		if said, ok := strings.CutPrefix(strings.TrimSpace(line), ">"); ok {
			quoted = append(quoted, strings.TrimSpace(strings.TrimLeft(said, ">")))
		} else {
			other = append(other, strings.TrimSpace(line))
		}
	}
	if inside := strings.TrimSpace(strings.Join(quoted, "\n")); mostly(inside, strings.Join(other, "")) {
		return inside
	}
	return ""
}

// mostly tells whether inside is words and the larger part of the whole.
func mostly(inside, outside string) bool {
	inside = strings.TrimSpace(inside)
	return inside != "" && len(inside) >= len(strings.TrimSpace(outside))
}
