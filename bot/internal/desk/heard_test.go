package desk

import (
	"reflect"
	"testing"
)

// phrases are what is heard as each phrase, and what is not.
var phrases = []struct {
	name     string
	phrase   phrase
	yes, not []string
}{
	{
		"called", heard.called,
		[]string{"@해답 언제 풀려요", "해답아, 언제 풀려?", "챗봇님 이거 뭐예요", "해답봇아 도와줘", "@봇한테 물어볼게", "@Haedap when", "haedap: hi", "Bot, what is this"},
		[]string{"해답을 알려주세요", "봇 차단하는 법", "@민수 확인했어요?", "로봇인가요", "정해답 없나요", "bots are bad", "the haedap"},
	},
	{
		"opening", heard.opening,
		[]string{
			"근데요", "아 그런데요..", "저기요", "질문이요", "질문 있어요!", "질문있습니다", "하나만 더요", "물어볼 게 있는데요", "물어볼게있는데", "저 궁금한 게 있습니다", "뭐좀 물어봐도 돼?", "하나 물어봐도 될까요?",
			"안녕하세요 문의드릴 게 있습니다", "문의드립니다", "도와주세요", "도와줘", "급해요ㅠㅠ", "있잖아", "um", "one more thing", "Can I ask a question?", "wait", "please help me", "it's urgent",
		},
		[]string{"네", "근데 왜요", "질문이 뭐예요", "그럼요", "제한 있어요", "급하게 풀어주세요", "친구 도와주세요", "but why", "help with my account", "another account", ""},
	},
	{
		"human", heard.human,
		[]string{
			"상담원 연결해 주세요", "상담원연결좀해줘", "사람이랑 얘기하고 싶어요", "직원 바꿔", "담당자 불러주세요", "통화하고 싶습니다", "전화 주시면 안 될까요", "전화주세요", "상담사님과 대화 원합니다", "사람 나오라 그래",
			"can I talk to a person", "get me a human", "I want an agent", "someone call me please", "connect me with somebody",
		},
		[]string{"상담원이 해제해 줄 수도 있나요", "직원도 모르나요", "사람 모양 프로필", "친구랑 대화가 안 돼요", "보이스톡이 안 돼요", "the person in the picture", "my friend called", "a real human face on the profile"},
	},
	{
		"nobody", heard.nobody,
		[]string{"상담원 연결은 필요 없어요", "필요없음", "상담은 됐어요", "연결 안 해도 돼요", "통화는 괜찮습니다", "no need for a person", "I don't want an agent", "dont need a human"},
		[]string{"그냥 다 필요없고 사람 바꿔", "I don't want a bot, get me a human", "상담원 연결해 주세요", "서류가 필요해요", "연결이 안 돼요", "I want an agent", "I need a human"},
	},
	{
		"promise", heard.promise,
		[]string{
			"네 그럼 기다려 볼게요", "기다릴게", "알겠습니다", "엄마한테 전할게용ㅎㅎ", "서류 떼서 내보겠습니다.", "그렇게 하겠습니다!", "한번 해볼게요~", "신청할게여", "ok he will", "I'll do it tomorrow", "thanks, my sister will ask", "let me try",
			"we will wait",
		},
		[]string{"맞습니다", "언제 풀릴까요", "가게 문 닫았어요", "친구가 그게 뭐냬요", "볼게 있나", "will she be able to ask", "I did it", "will you do it?", ""},
	},
	{
		"unpromising", heard.unpromising,
		[]string{"안 되면 신고할게요", "못 기다려요", "카톡 탈퇴할게요", "근데 해볼게요", "없네요", "잘 모르겠어요", "고소할게요", "해볼게요?", "I will not", "I will sue you", "it won't help", "but I will"},
		[]string{"네 기다릴게요", "안내대로 할게요", "못난 동생이 할게요", "문의하겠습니다", "I will try", "let me do that"},
	},
	{
		"repeat", heard.repeat,
		[]string{"다시 알려주세요", "다시한번만 말해줘", "다시 좀 설명해 주세요", "한 번 더요", "한번만더", "say that again", "can you explain it again", "repeat that"},
		[]string{"다시 걸렸어요", "다시 안 풀려요", "한 번 걸렸어요", "it happened again", "again?", "repeated reports"},
	},
	{
		"insisting", heard.insisting,
		[]string{"아니 언제 풀리냐고요", "아니, 언제요", "그러니까 언제요", "왜 안 되냐니까", "언제 풀리냐구요", "아까 물어봤잖아요", "물어 봤는데요", "그래서 언제", "I asked that already", "as I said, when", "asking again: when"},
		[]string{"언제 풀려요", "아니요", "그럼 언제요", "I will ask my mother", "he said so"},
	},
	{
		"unsolved", heard.unsolved,
		[]string{"아직 안 풀렸어요", "아직도못들어가요", "여전히 막혀 있음", "그대로예요", "그대로네", "2주 지났는데 안풀려요", "한달이 지나도 못 써요", "몇주가 지나도 안풀리잖아", "still not working", "it is still there", "nothing changed", "it hasn't changed"},
		[]string{"아직이요?", "지난주에 풀렸어요", "그대로 두면 되나요", "기다릴게요", "still waters", "it changed"},
	},
	{
		"crisis", heard.crisis,
		[]string{
			"죽고싶어요", "그냥 죽고 싶다", "나 오늘 죽을거야", "자살하고싶어", "친구가 자해를 해요", "딸이 유서를 남겼어요", "극단적 선택을 하려고 해요", "살기싫다진짜", "더는 살고싶지 않습니다", "뛰어내리려고요",
			"I want to die", "im going to kill myself", "he is suicidal", "she hurts herself, self-harm", "I don't want to live anymore", "end my life", "손목 그었어", "수면제를 한 통 다 먹었어요", "그냥 다 끝내고싶다", "지금 옥상이에요", "she took a lot of pills",
		},
		[]string{"답답해 죽겠어요", "배고파 죽겠다", "죽은 방이에요", "이용제한 사유서", "살고 있는 집", "살 빼고 싶어요", "목숨 걸고 문의", "diet", "the end of my life insurance", "killing time"},
	},
	{
		"threat", heard.threat,
		[]string{
			"소송할거야", "고소할 거예요", "고소합니다", "소송 걸겠습니다", "변호사 선임할게요", "소비자원에신고할겁니다", "법적 조치 하겠습니다", "안 되면 법적으로 대응하겠습니다", "언론에 제보한다", "방통위에 민원 넣을 거임", "I will sue you", "see you in court",
			"you'll hear from my lawyer",
		},
		[]string{"경찰에 신고할게요", "고소장 접수했어요", "소송 중이에요", "고소당했어요", "고소장 샘플 부탁합니다", "변호사가 뭐예요", "Sue is my friend", "the court is closed"},
	},
	{
		"definition", heard.definition,
		[]string{"지구본 뭐임", "지구본이머야", "톡 사이렌이 뭐예요?", "보호조치란 무엇인가요", "이 표시는 무슨 뜻이에요", "사람 그림 뭔지", "글로브 시그널 뭐냐ㅋㅋ", "whats the globe", "what's that", "What is Talk Siren?", "hi, what does it mean", "wats the globe"},
		[]string{"뭐가 제한되나요", "왜 걸렸어요", "모르겠어요", "뭐 좀 물어볼게요", "somewhat odd", "I know what it is", "why", "what will I see if I open the chat"},
	},
	{
		"difference", heard.difference,
		[]string{"보호조치랑 이용제한 차이가 뭐예요", "둘이 뭐가 달라?", "두 개가 어떻게 다른가요", "다른점 알려줘", "무엇이 다릅니까", "어떻게 구분해요", "what's the difference between them", "is the globe the same as the person", "are they different"},
		[]string{"다른 문제예요", "다른 번호로 가입했어요", "달라고 해요", "뭐예요", "a different problem", "same here"},
	},
	{
		"differ", heard.differ,
		[]string{"차이가 뭐예요", "차이점이뭐야", "둘이 뭐가 달라요?", "그럼 차이는요", "근데 다른 점이 뭔가요", "두개 차이 알려주세요", "어떻게 달라", "무엇이 다른가요?", "어떤 점이 다른 거죠", "whats the difference", "So, what's the difference?", "how are they different", "is it the same thing"},
		[]string{"보호조치랑 이용제한 차이", "다른 문제예요", "지구본은 뭐가 달라요", "시차이", "the difference between A and B", "it is different"},
	},
	{
		"costs", heard.costs,
		[]string{"비용이 드나요", "돈 들어요?", "돈내야돼?", "공짜예요?", "수수료 있나요", "유료인가", "is it free", "does it cost anything", "any fees?"},
		[]string{"친구가 돈 보내달래요", "언제 풀려요", "돈을 요구해요", "freedom", "payment"},
	},
	{
		"faster", heard.faster,
		[]string{"더 빨리 안 되나요", "빨리좀 풀어줘", "좀 빠르게 처리해 주세요", "앞당길 수 있나요", "앞당겨 주세요", "당장 풀어", "바로 풀리나요", "즉시 해제", "can it be faster", "any sooner?", "speed it up", "right away?"},
		[]string{"언제 풀려요", "빨리 답해줘서 고마워요", "바로 아래 있는 거", "속도가 이상하대요", "how long does it take", "right there"},
	},
	{
		"behalf", heard.behalf,
		[]string{"엄마 대신 문의해도 되나요", "제가대신물어봐도되나요", "대리로 신청할 수 있어요?", "대신 접수하면 안 돼?", "can I ask for my mother", "may I write on behalf of him"},
		[]string{"엄마가 문의했어요", "대신 써 주는 사람", "can I ask you something", "for my mother"},
	},
	{
		"yes", heard.yes,
		[]string{"네", "넵!", "ㅇㅇ", "ㅇㅋ", "응 맞아", "네 맞아요", "맞습니다", "맞는 것 같아요", "그거요", "그거 맞아요", "그런 것 같습니다", "yes", "Yeah, that", "ok", "that's it"},
		[]string{"네이버요", "아니요", "맞춤법", "응답이 없어요", "그거 말고", "no", "yesterday", "okra"},
	},
	{
		"no", heard.no,
		[]string{"아니요", "아뇨!!", "아니에요", "아닙니다", "ㄴㄴ", "아님", "아니요 그거 아니에요", "아니 그거 말고", "아닌데요", "no", "nope.", "no, not that"},
		[]string{"아니 언제 풀려요", "아니면 뭐예요", "아니요 지구본이요", "네", "not the globe", "no idea what that is", "know"},
	},
	{
		"none", heard.none,
		[]string{"둘 다 아니에요", "셋다아님", "다 아닌데요", "둘다 해당 안 돼요", "아무것도 해당 없어요", "하나도 아니에요", "해당사항 없음", "다른 문제예요", "딴 거요", "neither", "none of them", "something else", "a different problem"},
		[]string{"둘 다요", "다 풀렸어요", "사람은 아니에요", "다른 번호로 가입했어요", "both", "nonesuch", "another one"},
	},
	{
		"both", heard.both,
		[]string{"둘 다요", "둘다", "두 개 다", "두가지 모두요", "both", "both please"},
		[]string{"두 번째요", "둘 중에 하나", "둘러봤어요", "이용제한도 걸리고 보호조치도 걸려서 둘 다 언제 풀리는지 알고 싶습니다", "bother"},
	},
	{
		"declined", heard.declined,
		[]string{"괜찮아요", "됐어요", "됐습니다", "no thanks", "no, thank you", "nevermind", "forget it"},
		[]string{"네", "고마워요", "아니요", "thank you", "I forgot"},
	},
	{
		"number", heard.number,
		[]string{"1", "2번", "2번이요", "#1", " 2. ", "3번째요", "4번", "1번으로요", "2번 같아요", "1st", "(3)"},
		[]string{"5", "2번 신고당했어요", "12", "1번 말고", "2주", "1 and 2", "one"},
	},
	{
		"numbers", heard.numbers,
		[]string{"1번이랑 2번", "1,2", "1하고 3이요", "1번과2번요", "1 & 2", "2 and 3", "1번 그리고 2번이요"},
		[]string{"1", "12", "1번이요", "1번 말고 2번", "4랑 5", "1번이랑 같은 거"},
	},
	{
		"first", heard.first,
		[]string{"첫 번째요", "첫번째", "첫째", "1번째 거", "일번이요", "처음 거요", "위에 거", "제일 위 거요", "the first one", "number one", "former"},
		[]string{"두 번째", "처음 가입했어요", "위험해요", "11번", "제 번호가 첫 번째로 막힌 게 작년 이맘때쯤이었던 것 같습니다", "firstly"},
	},
	{
		"second", heard.second,
		[]string{"두 번째요", "두번째", "둘째", "2번째 거", "이번이요", "가운데 거", "second please", "option 2"},
		[]string{"이번 주에 걸렸어요", "두 번 신고당했어요", "12번", "seconds"},
	},
	{
		"third", heard.third,
		[]string{"세 번째", "셋째요", "3번째", "삼번이요", "the third one", "3rd"},
		[]string{"세 번 걸렸어요", "13번", "thirdly", "삼촌 번호요"},
	},
	{
		"last", heard.last,
		[]string{"마지막 거요", "맨밑에거", "맨 아래요", "아래 거요", "밑에있는거", "후자요", "the last one", "bottom"},
		[]string{"아래와 같습니다", "위에 거", "작년부터", "lasted a week"},
	},
	{
		"refused", heard.refused,
		[]string{" 말고 두 번째요", "는 아니에요", " 거 아니고", "이 아닌데요", "번은 빼고", " 문제는 아니에요"},
		[]string{"요", " 거요", " 말씀하신 거", "도 맞아요"},
	},
	{
		"refusing", heard.refusing,
		[]string{"not ", "not the ", "it is not the "},
		[]string{"the ", "note the ", "not really the "},
	},
	{
		"rather", heard.rather,
		[]string{"제 거 아니고 동생 거요", "사람 말고 지구본", "사람이 아니라 지구본이요", "not the person but the globe", "the globe, but orange"},
		[]string{"아니요", "사람은 아니에요", "not the person", "button"},
	},
	{
		"joins", heard.joins,
		[]string{"왜 걸렸는지랑", "푸는 법이랑", "뜻하고", "언제 풀리는지,", "걸린 이유랑"},
		[]string{"친구랑", "보호조치랑", "왜 걸렸는지", "그래서"},
	},
	{
		"lists", heard.lists,
		[]string{"지구본이랑", "보호조치랑", "사람 모양이랑", "왜 걸렸는지랑"},
		[]string{"랑", "그리고", "어제 오픈채팅방에서 처음 만난 어떤 이상한 사람이랑", "사랑해"},
	},
	{
		"withSomeone", heard.withSomeone,
		[]string{"모르는 사람이랑", "친구랑", "판매자랑", "선생님이랑"},
		[]string{"지구본이랑", "보호조치랑", "님이랑", "사람이랑 지구본"},
	},
	{
		"goesOn", heard.goesOn,
		[]string{"그리고 언제 풀려요", "근데, 왜요", "글구 이건요", "또 하나는요", "and what is it", "Also, when"},
		[]string{"그리고", "또한 궁금합니다", "그런데요", "android", "also"},
	},
	{
		"further", heard.further,
		[]string{"그리고 결제 환불은요", "글구 이건요", "또, 언제 풀려요", "also, when", "And also what"},
		[]string{"근데 왜요", "그런데 언제요", "또한 궁금합니다", "and when", "alsoran"},
	},
	{
		"also", heard.also,
		[]string{"and also tell me", "and I want to know", "and i'd like that", "plus my number"},
		[]string{"and why", "and it is blocked", "plush", "also this"},
	},
	{
		"asksOn", heard.asksOn,
		[]string{"and how long", "And what is that", "and also when", "and can he"},
		[]string{"and it is", "and then", "how long", "and whatever"},
	},
	{
		"because", heard.because,
		[]string{"그러니까", "지구본을 누르니까", "신고하니까", "because of that", "just because he said so"},
		[]string{"언제 풀립니까", "무엇입니까", "왜 그렇습니까", "니까짓 것", "why", "because of that, when"},
	},
	{
		"self", heard.self,
		[]string{"저", "저요", "제", "제가", "나", "내꺼", "제거예요", "본인이에요", "me", "Mine"},
		[]string{"저녁", "나중에", "제한", "내일", "mean", "it"},
	},
	{
		"other", heard.other,
		[]string{"엄마", "엄마가", "친구거요", "형이", "형꺼", "할머니꺼요", "남자친구", "룸메이트", "mother", "Friends"},
		[]string{"형식이", "인형", "엄청", "우리", "motherboard", "friendly"},
	},
	{
		"owned", heard.owned,
		[]string{"계정", "계정이요", "우리", "카톡이에요", "번호인데요", "그렇대요", "아니에요", "account", "its"},
		[]string{"제한", "막혔어요", "왜", "blocked", "why"},
	},
	{
		"file", heard.file,
		[]string{"파일", "첨부파일을", "캡쳐", "캡처했어요", "스샷이요", "사진도", "화면캡처", "screenshot", "Photos"},
		[]string{"사진관", "파일럿", "첨성대", "picturesque"},
	},
	{
		"sent", heard.sent,
		[]string{"올렸어요", "올림", "보냈습니다", "보내드려요", "남겼어요", "드립니다", "전송했음", "uploaded", "attached", "heres"},
		[]string{"보내주세요", "올려도", "보낼까요", "send", "sender"},
	},
	{
		"beside", heard.beside,
		[]string{"네", "여기", "화면", "확인해", "부탁드립니다", "해주세요", "please", "the"},
		[]string{"안", "열려요", "친구가", "왜", "not", "why"},
	},
}

// TestPhrases wants every phrase to be heard where it is said, and nowhere else.
func TestPhrases(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, tc := range phrases {
		t.Run(tc.name, func(t *testing.T) {
			tested[tc.name] = true
			for _, s := range tc.yes {
				if !tc.phrase.in(s) {
					t.Errorf("%q is not heard as %q", s, tc.phrase.means)
				}
			}
			for _, s := range tc.not {
				if tc.phrase.in(s) {
					t.Errorf("%q is heard as %q", s, tc.phrase.means)
				}
			}
			if len(tc.yes) < 3 || len(tc.not) < 3 {
				t.Error("too few examples to see by")
			}
		})
	}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(heard)) {
		if !tested[f.Name] {
			t.Errorf("nothing is said of %s", f.Name)
		}
	}
}

func TestAcknowledgesReadsPromises(t *testing.T) {
	d := shippedDesk(t)
	for s, want := range map[string]bool{
		"네 그럼 기다려 볼게요": true, "알겠습니다 경찰에 신고할게요": true, "안 되면 신고할게요": false, "왜 그런지 알려주시면 해볼게요": false, "thanks, my sister will ask": true,
		"thanks, my computer will ask": false, "ok but she will not": false, "it will be blocked again": false, "네": false,
	} {
		c := &turn{desk: d, thread: Thread{Intent: "proxy_inquiry"}, text: s, subject: s}
		if got := c.acknowledges(); got != want {
			t.Errorf("acknowledges(%q) = %v", s, got)
		}
	}
	if c := (&turn{desk: d, text: "네 그럼 기다려 볼게요", subject: "네 그럼 기다려 볼게요"}); c.acknowledges() {
		t.Error("nothing was answered that could be done")
	}
}
