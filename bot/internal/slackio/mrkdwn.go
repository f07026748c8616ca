package slackio

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// inline finds what our Markdown knows inside a line: a link, an address, bold text.
var inline = regexp.MustCompile(`\[([^\[\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)|(https?://[^\s<>"'()]+)|\*\*([^*]+)\*\*`)

var (
	heading = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)
	bullet  = regexp.MustCompile(`^(\s*)[-*+]\s+(.*)$`)
)

// joint keeps a star that closes (or opens) bold text apart from a letter, as between a
// Korean word and its particle, where Slack would show the star itself.
const joint = "\u200b"

// mrkdwn turns Markdown (paragraphs, lists, bold, links, headings) into Slack's mrkdwn, in which
// nothing but those is live.
func mrkdwn(md string) string {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(md, "\r\n", "\n")), "\n")
	for i, line := range lines {
		if m := heading.FindStringSubmatch(line); m != nil {
			lines[i] = bold(strings.ReplaceAll(m[1], "**", ""))
			continue
		}
		if m := bullet.FindStringSubmatch(line); m != nil {
			lines[i] = m[1] + "• " + spans(m[2])
			continue
		}
		lines[i] = spans(line)
	}
	return strings.Join(lines, "\n")
}

func bold(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return "*" + strings.ReplaceAll(escape(strings.TrimSpace(text)), "*", "∗") + "*"
}

// spans converts one line.
func spans(line string) string {
	var b strings.Builder
	last := 0
	for _, at := range inline.FindAllStringSubmatchIndex(line, -1) {
		b.WriteString(escape(line[last:at[0]]))
		last = at[1]
		switch {
		case at[2] >= 0:
			b.WriteString(link(line[at[4]:at[5]], line[at[2]:at[3]]))
		case at[6] >= 0:
			address, tail := trimAddress(line[at[6]:at[7]])
			b.WriteString(link(address, address) + escape(tail))
		default:
			if r, _ := utf8.DecodeLastRuneInString(line[:at[0]]); isWord(r) {
				b.WriteString(joint)
			}
			if inner := strings.TrimSpace(line[at[8]:at[9]]); inner != "" {
				b.WriteString("*" + spans(inner) + "*")
			}
			if r, _ := utf8.DecodeRuneInString(line[at[1]:]); isWord(r) {
				b.WriteString(joint)
			}
		}
	}
	b.WriteString(escape(line[last:]))
	return b.String()
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// trimAddress takes punctuation and Korean particles off the end of a bare address.
func trimAddress(s string) (address, tail string) {
	end := len(s)
	for i, r := range s {
		if r > unicode.MaxASCII {
			end = i
			break
		}
	}
	end = len(strings.TrimRight(s[:end], ".,;:!?"))
	return s[:end], s[end:]
}

// width counts as the stricter of Slack's clients does: characters beyond the basic plane are two.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xFFFF {
			n++
		}
	}
	return n
}

// exceeds tells whether s is wider than limit, reading no further than that.
func exceeds(s string, limit int) bool {
	n := 0
	for _, r := range s {
		if n += width(string(r)); n > limit {
			return true
		}
	}
	return false
}

// split cuts mrkdwn into pieces of at most limit characters, at line ends where it can,
// never inside a link or an entity.
func split(s string, limit int) []string {
	var out []string
	for s = strings.Trim(s, "\n"); exceeds(s, limit); s = strings.TrimLeft(s, "\n ") {
		at := cut(s, limit)
		if piece := strings.TrimRight(s[:at], "\n "); piece != "" {
			out = append(out, piece)
		}
		s = s[at:]
	}
	if strings.TrimSpace(s) != "" {
		out = append(out, s)
	}
	return out
}

// cut finds where to end the first piece: the last line end in its second half, else the
// last space, else the last place outside of a link or an entity, else the limit.
func cut(s string, limit int) int {
	line, space, safe, hard, n := 0, 0, 0, len(s), 0
	var open rune
	for i, r := range s {
		if open == 0 {
			safe = i
		}
		if n+width(string(r)) > limit {
			hard = i
			break
		}
		n += width(string(r))
		switch {
		case open == 0 && (r == '<' || r == '&'):
			open = r
		case open == '<' && r == '>', open == '&' && r == ';':
			open = 0
		case open == 0 && r == '\n' && n > limit/2:
			line = i + 1
		case open == 0 && r == ' ':
			space = i + 1
		}
	}
	for _, at := range []int{line, space, safe} {
		if at > 0 {
			return at
		}
	}
	return max(hard, 1)
}

// clip shortens s to at most limit characters, with an ellipsis.
func clip(s string, limit int) string {
	s = strings.TrimSpace(s)
	if !exceeds(s, limit) {
		return s
	}
	n := 0
	for i, r := range s {
		if n += width(string(r)); n > limit-1 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
