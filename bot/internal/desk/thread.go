package desk

import (
	"slices"
	"strings"
	"unicode/utf8"

	"haedap/intents"
)

// Bounds of a [Thread]: whatever people write, it stays small enough to be stored with every turn.
const (
	maxQuestion = 1500 // bytes
	maxSeen     = 16
	maxOffered  = 3
	maxTurns    = 1 << 20
)

// bounded gives a copy of t that holds only what the desk itself could have put there, in case the stored one
// is damaged or was written for a catalogue that has changed since.
func (d *Desk) bounded(t Thread) Thread {
	if t.Lang != "ko" && t.Lang != "en" {
		t.Lang = ""
	}
	if !d.answerable(t.Intent) {
		t.Intent, t.Section, t.Also = "", "", ""
	}
	if !d.answerable(t.Also) {
		t.Also = ""
	}
	if t.Intent != "" {
		if a, _ := d.library.Article(d.classes[t.Intent].Article, "ko"); !slices.Contains(ids(a), t.Section) {
			t.Section = a.Primary
		}
	}
	t.Offered = slices.DeleteFunc(slices.Clone(t.Offered), func(id string) bool { return !d.answerable(id) })
	t.Offered = t.Offered[:min(len(t.Offered), maxOffered)]
	t.Seen = slices.DeleteFunc(slices.Clone(t.Seen), func(s string) bool {
		intent, section, _ := strings.Cut(s, "/")
		return !d.answerable(intent) || len(section) > 64
	})
	t.Seen = t.Seen[max(0, len(t.Seen)-maxSeen):]
	t.Question = cut(t.Question, maxQuestion)
	t.Asked = slices.Clone(t.Asked[max(0, len(t.Asked)-maxAsked):])
	for i := range t.Asked {
		t.Asked[i] = cut(t.Asked[i], maxAsk)
	}
	t.Turns = min(max(t.Turns, 0), maxTurns)
	return t
}

// answerable tells whether id is an intent that an article answers.
func (d *Desk) answerable(id string) bool {
	c, ok := d.classes[id]
	return ok && c.Kind == intents.Answerable
}

// fresh tells whether nothing has been asked yet.
func (t *Thread) fresh() bool {
	return t.Question == "" && t.Intent == "" && len(t.Offered) == 0 && !t.Escalated
}

// shown counts how often a section was shown in this thread.
func (t *Thread) shown(intent, section string) int {
	n := 0
	for _, s := range t.Seen {
		if s == intent+"/"+section {
			n++
		}
	}
	return n
}

// show notes that a section was shown.
func (t *Thread) show(intent, section string) {
	t.Seen = append(t.Seen, intent+"/"+section)
	t.Seen = t.Seen[max(0, len(t.Seen)-maxSeen):]
}

// cut shortens s to at most n bytes of valid UTF-8, at the start of a character.
func cut(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// join puts an earlier question and what was said after it into one.
func join(earlier, later string) string {
	switch {
	case earlier == "" || earlier == later:
		return later
	case later == "":
		return earlier
	default:
		return earlier + "\n" + later
	}
}
