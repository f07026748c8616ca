package desk

import (
	"strings"
)

// leftToHumans tells whether a message is none of the bot's business: it calls someone else, or an agent spoke in the
// thread and nobody has called the bot since. An agent who calls the bot gets a reply and keeps the thread.
func (c *turn) leftToHumans() bool {
	switch {
	case c.msg.From == Agent:
		c.thread.AgentHere = true
	case c.msg.Addressed:
		c.thread.AgentHere = false
	}
	return !c.msg.Addressed && (c.thread.AgentHere || strings.HasPrefix(c.text, "@"))
}

// calls tells whether s starts by calling the bot, and what comes after.
func calls(s string) (called bool, rest string) {
	at := heard.called.at(s + " ")
	if at == nil {
		return false, s
	}
	return true, strings.TrimSpace(s[min(at[1], len(s)):])
}

// fewLetters is how many Latin letters tell too little of a language: "ok" and "SKT" are written in Korean too.
const fewLetters = 8

// speak chooses the language of the reply: the thread's as long as the message does not tell.
func (c *turn) speak(lang string) {
	hangul, latin := letters(c.text)
	if c.thread.Lang != "" && hangul == 0 && latin < fewLetters {
		lang = c.thread.Lang
	}
	if lang != "en" {
		lang = "ko"
	}
	c.lang, c.thread.Lang = lang, lang
}

// letters counts the Hangul and the Latin letters of s.
func letters(s string) (hangul, latin int) {
	for _, r := range s {
		switch {
		case r >= 'ㄱ' && r <= 'ㆎ', r >= '가' && r <= '힣':
			hangul++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			latin++
		}
	}
	return hangul, latin
}
