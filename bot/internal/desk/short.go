package desk

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"haedap/knowledge/text"
)

// Short messages whose grammar says what they are, whatever words are in them.

// opensPattern is how people begin to say something, and send it off before they have said it.
var opensPattern = regexp.MustCompile(`(?i)^[^\pL\pN]*(?:(?:아|저|음|네|어|안녕하세요|안녕하십니까|수고하십니다|hi|hello)[\s,.~!]+)*(?:(?:근데|근대|그런데|글구|그리고|참|저기|혹시|있잖아|잠깐만|잠시만|질문이?|(?:궁금한|물어볼|여쭤볼|질문할)\s*(?:게|거|것이?)|(?:질문이?\s*)?있어|있는데|있습니다|하나만?|한\s*가지만?|더|(?:더\s*)?(?:물어|여쭤)\s*볼게|여쭐게|질문할게|(?:뭐|뭣|하나|질문)?\s*(?:좀\s*)?물어봐도\s*(?:돼|되나|될까|됨|됩니까)|(?:문의|상담)\s*(?:드립니다|드려|합니다|할게|드릴게|(?:드릴|할)\s*(?:게|거|것이?|내용이?))|(?:좀\s*)?도와\s*주세|도와줘|급해|급합니다)(?:요|용|여)?[\s,.~!?…]*)+$|^(?:um+|but|so|and|also|wait|help me|(?:i )?need (?:some )?help|please help(?: me)?|it'?s urgent|one more (?:thing|question)|another question|(?:i have )?(?:a|another) question|(?:can|may) i ask (?:you )?(?:something|a question|one more thing))[\s,.!…?]*$`)

// opens tells whether a message only says that something will be said.
func opens(s string) bool {
	return utf8.RuneCountInString(s) <= shortFollowup && opensPattern.MatchString(s)
}

// How people promise to do as they were told, in jamo for the sake of Korean endings, and what shows that a promise is none.
var (
	promise   = regexp.MustCompile(`ㄹㄱㅔ(?:ㅇㅛㅇ?|ㅇㅕ)?[ .!~ㅎㅋ]*$|(?:ㅎㅏ|ㅂㅗ|ㄹㅣ|ㄱㅏ|ㅇㅏㄹ|ㄴㅐ|ㅋㅕ)ㄱㅔㅆ(?:ㅅㅡㅂㄴㅣㄷㅏ|ㅇㅓㅇㅛ)[ .!~ㅎㅋ]*$`)
	promiseEn = regexp.MustCompile(`^(?:(?:ok|okay|k|alright|all right|sure|fine|good|great|got it|i see|understood|thanks|thank you|yes|yeah|then)[ ,.!]+)*(?:i|we|he|she|they|let me|(?:my|our) (\w+))(?: |')(?:will|ll|shall|am going to|m going to|is going to|s going to|try|do|check)\b[^?]*$`)
	threat    = regexp.MustCompile(`(?i)안\s|못\s|없|아직|근데|그런데|는데|지만|고소|소송|탈퇴|모르|[?？]|\b(?:not|no|never|but|still|however|cannot|sue|report|delete|complain|lose|be)\b|n't`)
)

// acknowledges tells whether the asker, who was answered, says only that what the answer says will be done.
func (c *turn) acknowledges() bool {
	if c.thread.Intent == "" || c.thread.Escalated || utf8.RuneCountInString(c.text) > shortFollowup || threat.MatchString(c.text) {
		return false
	}
	if hangul, _ := letters(c.text); hangul > 0 {
		return promise.MatchString(text.Jamo(text.Normalize(c.text))) && !text.Asks(c.text)
	}
	m := promiseEn.FindStringSubmatch(strings.ToLower(c.text))
	return m != nil && (m[1] == "" || otherWord.MatchString(m[1]))
}

// aspects are matters that people ask about whatever an article is about. An article that has no word of them does not say.
var aspects = []*regexp.Regexp{
	regexp.MustCompile(`(?i)공짜|무료|유료|비용|수수료|요금|돈\s*(?:이|을|은)?\s*(?:들|내|받)|\b(?:free|costs?|fees?|price|charged?|pay)\b`),
	regexp.MustCompile(`(?i)(?:더|좀|조금)\s*(?:빨리|빠르|일찍)|빨리\s*(?:안|못|좀)|앞당|당겨|당장|즉시|바로\s*(?:안\s*|못\s*)?(?:풀|해제|되|돼|없어)|\b(?:faster|sooner|quicker|quickly|earlier)\b|\bspeed\b.*\bup\b|\b(?:right away|immediately|at once)\b`),
}

// unsaid tells whether the message asks for something that an intent's article has no word of.
func (c *turn) unsaid(intent string) bool {
	a, ok := c.desk.library.Article(c.desk.classes[intent].Article, c.lang)
	for _, aspect := range aspects {
		if ok && aspect.MatchString(c.subject) && !aspect.MatchString(a.Markdown()) {
			return true
		}
	}
	return false
}
