package desk

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"haedap/intents"
)

// Words for who is concerned, and what stands for all of them in [pairs].
var (
	selfWord  = regexp.MustCompile(`^(?:나|내|저|제|본인)(?:는|은|가|이|를|을|도|의|한테|에게|건|요|예요|이에요|(?:꺼|거)(?:요|야|임|예요|에요|입니다|인데요?)?)?$|^(?:me|my|mine|myself|i)$`)
	otherWord = regexp.MustCompile(`^(?:가족|친구|지인|엄마|아빠|어머니|아버지|시어머니|시아버지|장모|장인|남편|신랑|아내|와이프|배우자|동생|언니|누나|오빠|아들|딸|조카|손자|손녀|할머니|할아버지|외할|부모|동료|친척|사촌|이모|고모|삼촌|남친|여친|남자친구|여자친구|룸메|직원)|^형(?:이|은|님|의|꺼|거|건|요|이요|이에요)?$|^(?:friends?|family|mother|mom|mum|father|dad|parents?|husband|wife|partner|son|daughter|brother|sister|grandma|grandpa|grandmother|grandfather|uncle|aunt|cousin|colleague|roommate|boyfriend|girlfriend|acquaintances?|relatives?)$`)
)

const (
	selfPair  = "<self>"
	otherPair = "<other>"
)

// owned are the words that may stand beside such a word in a message that says only whose something is.
var owned = regexp.MustCompile(`^(?:(?:우리|저희|울|계정|카톡|카카오톡|번호|폰|핸드폰|휴대폰|아이디|거|것|꺼|건|얘기|경우)(?:이|가|은|는|요|이요|예요|에요|이에요|입니다|인데요|이고)?|그(?:래|렇|런|랬)[가-힣]*|아니라|아니고|말고|아닌|아니에요|아니고요|네|아|accounts?|phone|number|kakao|kakaotalk|its?|is|not|but|for|the|of|our|his|her|s|no)$`)

// whose tells whom a message that says only whose something is means: [selfPair], [otherPair], or "" for any other message.
func whose(s string) string {
	s, said := afterNegation(strings.ToLower(s)), ""
	for _, word := range words(s) {
		switch {
		case otherWord.MatchString(word): // "my friend" is about the friend
			said = otherPair
		case selfWord.MatchString(word):
			said = cmp.Or(said, selfPair)
		case !owned.MatchString(word):
			return ""
		}
	}
	if said != "" && negatedWhole(s) {
		return map[string]string{selfPair: otherPair, otherPair: selfPair}[said]
	}
	return said
}

// forOthers finds the intent of those who ask for somebody else: one that is offered, or that a vague class puts beside
// what is offered; "" when there is none.
func (d *Desk) forOthers(offered []string) string {
	if at := slices.IndexFunc(offered, d.aboutOthers); at >= 0 {
		return offered[at]
	}
	for _, vague := range d.engine.Catalogue().Classes {
		at := slices.IndexFunc(vague.Between, d.aboutOthers)
		if at >= 0 && !slices.ContainsFunc(vague.Between, func(id string) bool { return id != vague.Between[at] && !slices.Contains(offered, id) }) {
			return vague.Between[at]
		}
	}
	return ""
}

// behalfPattern is how people ask whether they may ask in somebody's place.
var behalfPattern = regexp.MustCompile(`(?i)\b(?:ask|inquire|enquire|write|apply|appeal|contact)\b.*\b(?:for|on behalf of|instead of|in place of)\b|(?:대신|대리로).*(?:문의|물어|묻|여쭤|질문|신청|접수)`)

// onBehalf reads a short question whether one may ask in the place of somebody one knows. What they were restricted in the thread
// says; where it does not, the asker is asked.
func (c *turn) onBehalf() (r Reply, ok bool) {
	best := c.verdict.Ranked[0]
	switch {
	case c.verdict.Answer, c.thread.Escalated, c.human, foreign(c.verdict), utf8.RuneCountInString(c.subject) > shortFollowup, !behalfPattern.MatchString(c.subject):
		return Reply{}, false
	case !c.desk.aboutOthers(best.Intent), !slices.ContainsFunc(words(c.subject), otherWord.MatchString):
		return Reply{}, false
	case c.related(best.Intent):
		section, margin := c.desk.engine.Followup(best.Intent, c.subject)
		return c.answer(best.Intent, section, likelihood(margin), c.text), true
	default:
		return c.clarify([]intents.Score{best}, c.text), true
	}
}

// owner reads a message that only says whose account the answered article is about: the article for others is the one for theirs.
func (c *turn) owner() (r Reply, ok bool) {
	if c.thread.Intent == "" || c.thread.Escalated || c.verdict.Answer {
		return Reply{}, false
	}
	switch whose(c.text) {
	case selfPair:
		return c.chat(c.words().Acknowledge), true
	case otherPair:
		for _, class := range c.desk.engine.Catalogue().Classes {
			if class.Kind == intents.Answerable && c.desk.aboutOthers(class.ID) && c.related(class.ID) {
				return c.answer(class.ID, "", 1, c.text), true
			}
		}
	}
	return Reply{}, false
}

// aboutOthers tells whether an intent's label names people whom the asker knows, and not the asker.
func (d *Desk) aboutOthers(id string) bool {
	said := pairs(d.label(id, "ko"))
	return said[otherPair] && !said[selfPair]
}
