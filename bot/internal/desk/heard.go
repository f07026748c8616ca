package desk

import (
	"math"
	"regexp"
	"unicode/utf8"

	"haedap/knowledge/text"
)

// phrase is something that people say in few words, whatever the matter is: its grammar tells, in either language.
type phrase struct {
	means  string
	most   int  // letters that a message may have to be heard so; in a longer one the words are part of a story
	spelt  bool // see [spelt]
	regexp *regexp.Regexp
	needs  []string // see [needles]
}

// anyLength is for what is heard in a message of any length.
const anyLength = math.MaxInt

// anywhere is a phrase that is looked for in all of a message.
func anywhere(means string, most int, ko, en string) phrase {
	pattern := "(?i)" + either(ko, en)
	return phrase{means: means, most: most, regexp: regexp.MustCompile(pattern), needs: needles(pattern)}
}

// whole is a phrase that is the whole message, but for marks around it.
func whole(means string, most int, ko, en string) phrase {
	const mark = `[^\pL\pN]*`
	return anywhere(means, most, "^"+mark+either(ko, en)+mark+"$", "")
}

// word is a phrase that is one whole word.
func word(means, ko, en string) phrase {
	return anywhere(means, anyLength, "^"+either(ko, en)+"$", "")
}

// either is a pattern for what one of two patterns matches. Where one language has nothing of the kind, or is written like the
// other, its pattern is empty.
func either(ko, en string) string {
	if ko == "" || en == "" {
		return "(?:" + ko + en + ")"
	}
	return "(?:" + ko + "|" + en + ")"
}

// spelt is a phrase that is heard in the letters that syllables are made of: what ends a Korean verb is half a syllable.
func spelt(p phrase) phrase {
	p.spelt = true
	return p
}

// in tells whether s says it.
func (p phrase) in(s string) bool {
	s, ok := p.read(s)
	return ok && p.regexp.MatchString(s)
}

// find is what of s says it, and the groups of that; nil when s does not.
func (p phrase) find(s string) []string {
	s, ok := p.read(s)
	if !ok {
		return nil
	}
	return p.regexp.FindStringSubmatch(s)
}

// at is where s says it, nil when it does not; for a phrase that is not spelt.
func (p phrase) at(s string) []int {
	s, ok := p.read(s)
	if !ok {
		return nil
	}
	return p.regexp.FindStringIndex(s)
}

// read is s as the pattern wants it; ok is false when s surely does not say it.
func (p phrase) read(s string) (read string, ok bool) {
	if p.most < len(s) && utf8.RuneCountInString(s) > p.most {
		return "", false
	}
	if p.spelt {
		s = text.Jamo(text.Normalize(s))
	}
	return s, p.needs == nil || holdsAny(s, p.needs)
}

// heard is all that the desk hears by itself; the rest the engine reads. Each has a row in TestPhrases with what must be heard
// and what must not.
var heard = struct {
	called, opening                                                   phrase // how a message begins
	human, nobody                                                     phrase // whom it is for
	promise, unpromising                                              phrase // what is done with an answer
	repeat, insisting, unsolved                                       phrase
	crisis, threat                                                    phrase // what a human is to hear of
	definition, difference, differ, costs, faster, behalf             phrase // what may be asked about anything
	yes, no, none, both, declined                                     phrase // what is said to a choice
	number, numbers, first, second, third, last                       phrase
	refused, refusing, rather                                         phrase
	joins, lists, withSomeone, goesOn, further, also, asksOn, because phrase // how two questions hang together
	self, other, owned                                                phrase // words of who is concerned
	file, sent, beside                                                phrase // words of sending files
}{
	called: anywhere("the bot's name in front of a message, called as people call someone", anyLength,
		`^(?:@\s*(?:해답\s*봇|해답|챗봇|봇)(?:아|야|님|씨|한테|에게)?|(?:해답\s*봇|해답|챗봇|봇)(?:아|야|님|씨))[\s,.:!~]+`,
		`^(?:@\s*(?:haedap|bot)|(?:haedap|bot)\s*[,:])[\s,.:!~]+`),
	opening: whole("something will be said, and is not said yet", shortFollowup,
		`(?:(?:아|저|음|네|어|안녕하세요|안녕하십니까|수고하십니다|hi|hello)[\s,.~!]+)*`+
			`(?:(?:근데|근대|그런데|글구|그리고|참|저기|혹시|있잖아|잠깐만|잠시만|질문이?|(?:궁금한|물어볼|여쭤볼|질문할)\s*(?:게|거|것이?)|(?:질문이?\s*)?있어|있는데|있습니다|`+
			`하나만?|한\s*가지만?|더|(?:더\s*)?(?:물어|여쭤)\s*볼게|여쭐게|질문할게|(?:뭐|뭣|하나|질문)?\s*(?:좀\s*)?물어봐도\s*(?:돼|되나|될까|됨|됩니까)|`+
			`(?:문의|상담)\s*(?:드립니다|드려|합니다|할게|드릴게|(?:드릴|할)\s*(?:게|거|것이?|내용이?))|(?:좀\s*)?도와\s*주세|도와줘|급해|급합니다)(?:요|용|여)?[\s,.~!?…ㅠㅜㅎㅋ]*)+`,
		`um+|but|so|and|also|wait|help me|(?:i )?need (?:some )?help|please help(?: me)?|it'?s urgent|one more (?:thing|question)|another question|`+
			`(?:i have )?(?:a|another) question|(?:can|may) i ask (?:you )?(?:something|a question|one more thing)`),

	human: anywhere("a human is wished for; so much only that the engine is asked as well, since in half a sentence one is spoken of too easily", anyLength,
		`(?:연결|바꿔|불러|통화|전화|상담|얘기|말씀|대화|호출|넘겨|돌려).{0,12}(?:주세요|줘|주시|부탁|싶|할래|원해|원합|바랍|요청|잡아)|(?:상담|직원|담당|매니저|사람).{0,12}(?:불러|바꿔|연결|호출|나오라)`,
		`\b(?:talk|speak|chat|connect|transfer|call|get|want|need|have)\b.*\b(?:human|agent|person|someone|somebody|representative|staff|operator|call me)\b|\b(?:someone|somebody|agent|person|human)\b.*\bcall\b`),
	nobody: anywhere("no human is wished for", anyLength,
		`필요\s*없(?:어|음|습|는|다|을|네|지|$)|(?:연결|상담|통화)[은는도]?\s*(?:됐|안\s*해|괜찮)`,
		`\bno need\b|\bdon'?t (?:need|want) (?:to (?:talk|speak|be)\b|(?:an? |any |the )?(?:real |live )?(?:human|person|people|agent|someone|somebody|anyone|representative|operator)\b)`),

	promise: spelt(anywhere("what the answer says will be done; the group is who else will do it", shortFollowup,
		`ㄹㄱㅔ(?:ㅇㅛㅇ?|ㅇㅕ)?[ .!~ㅎㅋ]*$|(?:ㅎㅏ|ㅂㅗ|ㄹㅣ|ㄱㅏ|ㅇㅏㄹ|ㄴㅐ|ㅋㅕ)ㄱㅔㅆ(?:ㅅㅡㅂㄴㅣㄷㅏ|ㅇㅓㅇㅛ)[ .!~ㅎㅋ]*$`,
		`^(?:(?:ok|okay|k|alright|all right|sure|fine|good|great|got it|i see|understood|thanks|thank you|yes|yeah|then)[ ,.!]+)*`+
			`(?:i|we|he|she|they|let me|(?:my|our) (\w+))(?: |')(?:will|ll|shall|am going to|m going to|is going to|s going to|try|do|check)\b[^?]*$`)),
	unpromising: anywhere("what looks like a promise is none", anyLength,
		`안\s|못\s|없|아직|근데|그런데|는데|지만|고소|소송|탈퇴|모르|[?？]`,
		`\b(?:not|no|never|but|still|however|cannot|sue|report|delete|complain|lose|be)\b|n't`),
	repeat: anywhere("the answer is to be told once more", anyLength,
		`다시\s*(?:한\s*번\s*)?(?:만\s*|좀\s*)?(?:알려|말|설명|보여|안내)|한\s*번\s*만?\s*더`,
		`\b(?:say|tell|explain|show|repeat)\b.*\bagain\b|\brepeat (?:that|it)\b`),
	insisting: anywhere("this was asked before", anyLength,
		`^아니[ ,.!]|그래서\s|그러니까|[냐자]고요|[냐자]구요|[냐]니까|물어\s?봤|물었|아까`,
		`asked (?:that|you|this|already|before)|ask(?:ing)? again|as i (?:said|asked)`),
	unsolved: anywhere("nothing has changed; beside that, nothing is asked", anyLength,
		`아직도?\s*(?:안|못|그대로)|여전히|그대로(?:예요|에요|이에요|입니다|네|임)|(?:몇\s*[가-힣]{1,3}\s*)?(?:지났|지나)[가-힣]*\s*(?:안|못)`,
		`\bstill (?:not|no|there|the same|blocked|restricted|can'?t|cannot|doesn'?t)|\b(?:nothing|hasn'?t|has not|didn'?t) changed?\b`),

	crisis: anywhere("somebody may take their life, or be hurt", anyLength,
		`죽고\s*싶|죽을\s*(?:생각|거예요|거에요|거야|래)|죽어\s*버리|죽는\s*게\s*나|자살|자해|(?:^|[^가-힣])유서|극단적(?:인)?\s*선택|목숨을?\s*끊|살기\s*싫|(?:그만|더는|더\s*이상)\s*살고|살고\s*싶지\s*않|뛰어내리(?:고|려)|`+
			`(?:사라지|(?:다|모두)\s*끝내(?:버리)?)고\s*싶|손목.{0,4}(?:그었|그을|긋|베)|(?:약|수면제|알약).{0,8}(?:많이|다|전부|한꺼번에)\s*(?:먹|삼)|한강\s*다리|옥상(?:이|에\s*(?:있|올라|서))`,
		`\bsuicid|\bkill(?:ing)? (?:my|him|her|them)sel|\b(?:want|wants|going|wish) to die\b|\b(?:hurt|harm|cut)(?:ing)? (?:my|him|her)self\b|\bself.?harm|\b(?:end|take) (?:my|his|her|their) (?:own )?life\b|`+
			`\bdon'?t want to (?:live|be alive)\b|\bending it all\b|\boverdos|\b(?:too many|lots? of) pills\b`),
	threat: anywhere("legal steps will be taken, and nothing else", shortPick,
		`(?:고소|고발|소송)(?:을|를|도|까지)?\s*(?:진행|제기)?\s*(?:할|하겠|합니다|한다|함|걸|갑니다|간다|갈|들어가|해\s*버)|(?:법적(?:으로|인)?\s*(?:조치|대응|절차)|변호사|소비자원|금감원|방통위|국민신문고|언론|방송국).{0,10}(?:할|하겠|합니다|한다|함|걸|갑니다|갈|넣|선임|보자|봅시다|신고|제보)`,
		`\b(?:sue you|suing|a lawsuit|my (?:lawyer|attorney)|a lawyer|legal action|(?:you|this) to court|in court)\b`),

	definition: anywhere("what something is", shortFollowup,
		`(?:뭐|뭔|머|모|무엇|무슨\s*뜻|무슨\s*의미)\s*(?:이?(?:지|야|임|냐|니|죠|예요|에요|여)|가요|인가요?|인지요?|인데요?|입니까|래요?)?(?:\s*알려\s*(?:줘|주세요))?[\s.?!~ㅋㅎㅠㅜ]*$`,
		`^(?:(?:hi|hey|hello|so|and|umm?)[\s,]+)?wh?at(?:(?:'?s|’s| is| are| does)\b)?(?: (?:the|an?|this|that|it|these))*(?: [a-z]+){0,3}[\s.?!]*$`),
	difference: anywhere("how two things differ", 60,
		`차이|다른\s*점|(?:뭐가|머가|뭐|무엇이|어떤\s*점이|어떻게)\s*(?:다르|다른|다릅|달라)|(?:구분|구별)`,
		`\bdifferences?\b|\b(?:is|are) .*\b(?:different|the same)\b`),
	differ: whole("how two things differ, without naming them", shortFollowup,
		`(?:(?:그럼|그러면|근데|그런데|아|이거|그거|이게|그게|둘이?|둘의|둘은|두\s*개|두\s*가지|서로)\s*)*`+
			`(?:차이(?:점)?(?:이|가|은|는|를|을)?|다른\s*점(?:이|은|을)?|(?:뭐가|머가|뭐|무엇이|어떤\s*점이|어떻게)\s*(?:다르|다른|다릅|달라))[\s가-힣]{0,10}`,
		`(?:(?:so|ok|and|then)[\s,]+)*(?:what'?s|what is|whats) the difference|how (?:are they|do they|is it|is that) (?:differ|different)|(?:are they|is it|is that) the same(?: thing)?`),
	costs: anywhere("what it costs; an article without a word of that does not say", anyLength,
		`공짜|무료|유료|비용|수수료|요금|돈\s*(?:이|을|은)?\s*(?:들|내|받)`,
		`\b(?:free|costs?|fees?|price|charged?|pay)\b`),
	faster: anywhere("whether it goes faster; an article without a word of that does not say", anyLength,
		`(?:더|좀|조금)\s*(?:빨리|빠르|일찍)|빨리\s*(?:안|못|좀)|앞당|당겨|당장|즉시|바로\s*(?:안\s*|못\s*)?(?:풀|해제|되|돼|없어)`,
		`\b(?:faster|sooner|quicker|quickly|earlier)\b|\bspeed\b.*\bup\b|\b(?:right away|immediately|at once)\b`),
	behalf: anywhere("whether one may ask in somebody's place", shortFollowup,
		`(?:대신|대리로).*(?:문의|물어|묻|여쭤|질문|신청|접수)`,
		`\b(?:ask|inquire|enquire|write|apply|appeal|contact)\b.*\b(?:for|on behalf of|instead of|in place of)\b`),

	yes: anywhere("yes, and maybe more", anyLength,
		`^[^\pL\pN]*(?:네네?|넵|넹|녜|예예?|응|웅|ㅇㅇ|ㅇㅋ|맞[아어]요?|맞습니다|맞음|맞네요?|맞는데요|맞는\s*(?:거|것)?\s*같[가-힣]*|그거(?:요|예요|에요|\s*맞[가-힣]*)|그래요|그렇습니다|그런\s*(?:거|것)?\s*같[가-힣]*)(?:[\s,.!~]|$)`,
		`^[^\pL\pN]*(?:yes|yeah|yep|yup|ya|y|correct|right|exactly|sure|ok|okay|please do|that'?s (?:it|right|the one))(?:[\s,.!~]|$)`),
	no: whole("no, and nothing more", anyLength,
		`(?:(?:아니|아니요|아니오|아뇨|아니에요|아니예요|아닙니다|아닌데요?|아님|ㄴㄴ|no|nope|nah)[\s,.!~]*)+(?:그게|그거|이게|그건|그것)?\s*(?:아니[가-힣]*|아닌[가-힣]*|아닙니다|아님|말고요?)?`,
		`(?:(?:no|nope|nah|not (?:that|this|really|it))[\s,.!~]*)+`),
	none: anywhere("nothing of what is offered", anyLength,
		`(?:둘|셋|세\s*개)\s*다\s*(?:아니|아님|아닌|아닙|아녜|아녀|해당.{0,4}(?:안|않))|(?:^|\s)다\s*(?:아니|아님|아닌|아닙|아녜|아녀)|(?:모두|전부|아무\s*것도|하나도).{0,8}(?:아니|아님|아닌|아닙|아녜|없)|`+
			`해당.{0,8}없|(?:다른|딴)\s*(?:문제|거|것|건|걸|얘기|이유|내용|질문|경우)`,
		`\bneither\b|\bnone\b|something else|(?:other|different) (?:issue|problem|thing|question)|not (?:any|either)`),
	both: anywhere("all of what is offered", shortPick,
		`둘\s*다|두\s*개\s*다|두\s*가지\s*(?:다|모두)`,
		`\bboth\b`),
	declined: anywhere("no more is wished for", anyLength,
		`괜찮|됐|되었`,
		`no,? thank|never ?mind|forget it`),
	number: whole("one by its number in the list, which is the group", anyLength,
		`([1-4])\s*(?:번째?|st|nd|rd|th)?\s*(?:요|이요|이에요|예요|입니다|으로요?|로요?|거요|것|거|같아요)*`, ``),
	numbers: whole("two by their numbers, which are the groups", anyLength,
		`([1-3])\s*번?째?\s*(?:이?랑|하고|[과와,/&+·]|및|그리고|and)\s*([1-3])\s*번?째?\s*(?:요|이요|이에요|예요|입니다|거요|다요?)*`, ``),
	first: anywhere("the first", shortPick,
		`첫\s*번?\s*째|(?:^|\s)(?:1|일)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)|처음\s*(?:거|것|꺼|껀)|(?:^|\s)(?:제일\s*)?위(?:에|쪽)?\s*(?:거|것|꺼|있)`,
		`\b(?:first|1st|former|option (?:1|one)|number (?:1|one)|top one)\b`),
	second: anywhere("the second", shortPick,
		`(?:두|둘)\s*번?\s*째|(?:^|\s)(?:2|이)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)|가운데\s*(?:거|것|꺼)`,
		`\b(?:second|2nd|option (?:2|two)|number (?:2|two))\b`),
	third: anywhere("the third", shortPick,
		`(?:세|셋)\s*번?\s*째|(?:^|\s)(?:3|삼)\s*번(?:째|이[요에고]|요|으로|[.,!?]|$)`,
		`\b(?:third|3rd|option (?:3|three)|number (?:3|three))\b`),
	last: anywhere("the last, however long the list is", shortPick,
		`마지막|맨\s*(?:아래|밑|뒤|끝)|(?:아래|밑)(?:에|쪽)?\s*(?:거|것|꺼|있)|후자`,
		`\b(?:last|bottom|latter)\b`),
	refused: anywhere("after a name: not that one", anyLength,
		`^\s*(?:거|것|건|꺼|번|문제)?\s*(?:은|는|이|가|도)?\s*(?:말고|아니|아닌|아닙|아녜|빼고)`, ``),
	refusing: anywhere("before a name: not that one", anyLength,
		``, `\bnot (?:the )?$`),
	rather: anywhere("not what was named, but what comes now", anyLength,
		`아니고|아니라|아니구|말고`,
		`\bnot .{1,40}\bbut\b|,? but\b`),

	joins: anywhere("something asked, and another after it", anyLength,
		`(?:[은는을인건뭔런]지|[법것거]|이유|뜻|의미)(?:이?랑|하고|,)$`, ``),
	lists: anywhere("one of two things, and the other after it", anyLength,
		`^.{1,20}\S이?랑$`, ``),
	withSomeone: anywhere("together with somebody, which lists nothing", anyLength,
		`(?:사람|분|친구|애|남자|여자|판매자|구매자|[가-힣]님)이?랑$`, ``),
	goesOn: anywhere("another matter begins", anyLength,
		`^(?:그리고|그리구|그런데|근데|글구|또)[\s,]+`,
		`^(?:and also|and|also)[\s,]+`),
	further: anywhere("another matter is added, which \"but\" does not do", anyLength,
		`^(?:그리고|그리구|글구|또)[\s,]+`,
		`^(?:and )?also[\s,]+`),
	also: anywhere("another matter is asked for", anyLength,
		``, `^(?:and also|and i(?:'d| would| want| need| also)|plus)\b`),
	asksOn: anywhere("another question begins", anyLength,
		``, `^and (?:also )?(?:how|what|when|where|why|who|which|can|could|do|does|is|are|will|should)\b`),

	because: spelt(anywhere("a reason, which ends as a polite question does, but for one letter", anyLength,
		`[^ㅂ]ㄴㅣㄲㅏ$`, `\bbecause\b[^,]*$`)),

	self: word("oneself",
		`(?:나|내|저|제|본인)(?:는|은|가|이|를|을|도|의|한테|에게|건|요|예요|이에요|(?:꺼|거)(?:요|야|임|예요|에요|입니다|인데요?)?)?`,
		`me|my|mine|myself|i`),
	other: word("people whom one knows",
		`(?:가족|친구|지인|엄마|아빠|어머니|아버지|시어머니|시아버지|장모|장인|남편|신랑|아내|와이프|배우자|동생|언니|누나|오빠|아들|딸|조카|손자|손녀|할머니|할아버지|외할|부모|동료|친척|사촌|이모|고모|삼촌|`+
			`남친|여친|남자친구|여자친구|룸메|직원).*|형(?:이|은|님|의|꺼|거|건|요|이요|이에요)?`,
		`friends?|family|mother|mom|mum|father|dad|parents?|husband|wife|partner|son|daughter|brother|sister|grandma|grandpa|grandmother|grandfather|uncle|aunt|cousin|colleague|roommate|`+
			`boyfriend|girlfriend|acquaintances?|relatives?`),
	owned: word("what may stand beside them in a message that says only whose something is",
		`(?:우리|저희|울|계정|카톡|카카오톡|번호|폰|핸드폰|휴대폰|아이디|거|것|꺼|건|얘기|경우)(?:이|가|은|는|요|이요|예요|에요|이에요|입니다|인데요|이고)?|그(?:래|렇|런|랬)[가-힣]*|`+
			`아니라|아니고|말고|아닌|아니에요|아니고요|네|아`,
		`accounts?|phone|number|kakao|kakaotalk|its?|is|not|but|for|the|of|our|his|her|s|no`),

	file: word("a file; with the group, that it was sent as well",
		`(?:첨부|파일|첨부파일|캡[처쳐]|화면캡[처쳐]|스샷|스크린샷|사진|이미지|영상|동영상|자료)(?:본|파일)?(?:[을를도은는]|((?:했|합|함|하|해|드|이요|요|이에요|예요|입니다)[가-힣]*))?`,
		`screenshots?|files?|pictures?|photos?|images?|pics?|videos?|attachments?`),
	sent: word("it was sent",
		`(?:올렸|올립|올림|올려드|보냈|보냅|보냄|보내드|넣었|남겼|드립|드렸|드려요|전송했|전송합|업로드했|업로드합)[가-힣]*`,
		`attach(?:ed|ing)|uploaded|sent|added|posted|heres?`),
	beside: word("what may stand beside them in a message that says only that files were sent",
		`네|예|여기|아래|방금|지금|일단|우선|다시|같이|함께|관련|해당|오류|에러|화면|증거|안내|메시지|대화|확인|확인해|부탁|주세요|(?:확인)?(?:해\s?주|부탁|바라|바랍)[가-힣]*`,
		`i|ve|have|just|you|is|are|s|a|an|the|my|some|see|please|of|it|here|to`),
}
