package knowledge

import (
	"slices"
	"strings"
	"testing"
)

// facts lists words that an article cannot lack while it states all that its source says,
// one line a fact, alternatives never.
var facts = map[string]map[string][]string{
	"facetalk_report_button_hidden": {
		"ko": {"안드로이드", "그룹채팅방", "그룹 페이스톡", "신고 버튼", "친구가 아닌 참여자", "카메라", "꺼져 있는 동안", "카메라를 켜면 신고 버튼이 나타납니다"},
		"en": {"Android", "group chat's group Face Talk", "페이스톡", "report button", "participant who is not your friend", "camera is off", "once that person turns their camera on"},
	},
	"user_protection_measure": {
		"ko": {
			"평소와 다른 이용 환경", "자동으로 적용", "대량 신고로 이용이 제한되는 일을 줄이기 위해", "기존에 쓰던 채팅방은 그대로", "충분한 기간", "자동으로 해제", "몇 주 안에", "직원도 안내해 드릴 수 없고", "임의로 해제할 수도 없습니다",
			"반복되거나 신고가 계속되면 기간이 연장", "악용한 이용자가 활동하던 환경과 비슷한", "짧은 시간에 친구를 많이 추가", "짧은 시간에 채팅방이나 오픈채팅방을 많이", "오픈채팅방에 들어가는 속도나 횟수가 비정상적", "통신사에서 확인할 수 없는 해외 가상번호",
			"메시지 신고를 많이", "PC 에뮬레이터", "그 밖의 경우", "그룹 채팅방과 비밀 채팅방에 초대받을 수 없습니다", "초대할 수 있는 인원이 제한", "친구를 검색하거나 추가할 수 없습니다", "카카오톡 ID와 QR 코드가 검색되지", "보이스톡과 페이스톡", "채팅방 만들기가 제한",
			"국내 번호", "톡안녕패스", "카카오 인증서로 본인을 확인",
		},
		"en": {
			"이용자보호조치", "unusual environment", "applied automatically", "reduce restrictions caused by mass reports", "used before keep working", "lifted automatically", "for long enough", "usually lifted within several weeks", "Staff cannot tell you the exact period", "cannot lift it at their discretion",
			"extended if the unusual behaviour repeats or reports continue", "similar to one where abusers were active", "many friends in a short time", "many chatrooms or open chats in a short time", "Joining open chats at an abnormal speed or frequency", "overseas virtual number that the carrier cannot verify",
			"Many reports of your messages", "PC emulator", "Other causes", "cannot be invited to group chats or secret chats", "number of people you may invite is limited", "cannot search for or add friends", "KakaoTalk ID and QR code are hidden", "Voice Talk", "Face Talk", "Creating chatrooms is limited",
			"Korean number", "Talk Safety Pass (톡안녕패스)", "identity check by Kakao Certificate",
		},
	},
	"phone_number_blocked": {
		"ko": {"새로 개통", "인증번호를 발송할 수 없는 번호", "운영정책 위반", "가입이 제한", "사용자가 아니었다면", "고객센터를 통해 제출", "SKT: 이용계약등록사항증명서", "KT: 원부증명서", "LG U+: 가입사실확인서", "마스킹을 해제", "문제가 생긴 뒤에 본인에게 개통된 번호", "해제될 수 있습니다"},
		"en": {"newly opened number", "인증번호를 발송할 수 없는 번호", "violation of the operation policy", "sign-up with it is restricted", "not its user when the problem happened", "through the customer centre", "SKT: 이용계약등록사항증명서", "KT: 원부증명서", "LG U+: 가입사실확인서", "masking removed", "opened for you after the incident", "can be lifted"},
	},
	"impersonation_how_leak": {
		"ko": {"사칭", "돈을 요구", "주민등록번호", "아이핀·마이핀", "수집하거나 이용하지 않습니다", "수집하지 않은 정보는 유출될 수도 없습니다", "다른 포털", "주소록의 전화번호 목록", "관계", "프로필이 그 사람에게 보이는 상태", "사진을 캡처해", "자기 사진처럼", "지인에게 메시지", "계정이 탈취된 것은 아닙니다"},
		"en": {"impersonated", "asked people I know for money", "resident registration numbers", "i-PIN / my-PIN", "does not collect or use", "not collected cannot leak", "another portal", "list of phone numbers in the address book", "how the people know each other", "profile was visible to them", "captured your profile photo", "used it as their own", "wrote to people you know", "not a takeover of your KakaoTalk account"},
	},
	"usage_restriction": {
		"ko": {"이용제한조치", "즐겁고 안전하게", "약관이나 운영정책에 어긋나는 활동", "신고 등으로 확인", "일시적으로 또는 영구적으로", "채팅방 입장과 검색", "톡 게시판과 채널 댓글", "일부 캘린더 기능", "카카오톡 가입과 탈퇴", "그 밖의 일부 기능", "앱을 실행할 때 나오는 상세 안내", "고객센터에 문의", "이유와 해결 방법", "https://www.kakao.com/policy/oppolicy", "https://kakao.com/talksafety/policy/overview"},
		"en": {"이용제한조치", "pleasant and safe use", "against the terms or the operation policy", "through reports and so on", "for a time or permanently", "Entering and searching chatrooms", "Talk Board (톡 게시판) and channel comments", "Some calendar functions", "Joining and leaving KakaoTalk", "Some other functions", "detailed notice that is shown when the KakaoTalk app starts", "customer centre", "the reason and how to resolve it", "https://www.kakao.com/policy/oppolicy", "https://kakao.com/talksafety/policy/overview"},
	},
	"openchat_restriction": {
		"ko": {"먼저 카카오톡 채널로 받은 '오픈채팅 이용제한 사유 안내'", "친구를 추가하지 않아도 링크로 대화", "만들거나 대화하는 과정", "신고로 확인", "일시적으로 또는 영구적으로", "원하지 않는 사람에게 광고", "음란하거나 선정적인", "성적인 만남", "미성년자", "같은 메시지를 도배", "욕설이나 비방", "다른 사람의 이용을 방해", "자세한 내용을 고객센터에", "다시 검토"},
		"en": {"First read the message '오픈채팅 이용제한 사유 안내'", "received from the KakaoTalk channel", "through a link without adding each other as friends", "while opening a room or chatting in one", "confirmed by reports", "temporarily or permanently", "people who do not want it", "obscene or suggestive", "sexual meetings", "Harming minors", "Flooding with the same message", "abusive or slanderous", "Disturbing others' use", "customer centre the details", "reviewed again"},
	},
	"impersonation_report_for_acquaintance": {
		"ko": {"지인을 사칭해 돈을 요구", "대신 신고하는 것만으로는", "계속 제한하기 어렵습니다", "사칭당한 지인 본인이 카카오 고객센터에 권리침해 신고", "지체 없이 조치", "피해가 확인", "긴급한 조치", "가까운 경찰서나 사이버수사대", "https://ecrm.police.go.kr"},
		"en": {"impersonates a person I know and asks for money", "report by you alone is not enough", "keep the other person restricted", "impersonated person files a rights violation report", "Kakao customer centre", "without delay", "harm is confirmed and urgent action", "nearest police station or the cyber investigation unit", "https://ecrm.police.go.kr"},
	},
	"orange_person_profile": {
		"ko": {"주황색 사람 이미지", "톡 사이렌", "메신저 피싱", "국내 번호로 최근에 가입", "친구가 아닌 상대", "대화를 시도", "채팅방에 들어가면 팝업", "위쪽", "금전 요구에 주의", "계속 표시"},
		"en": {"orange person image", "Talk Siren (톡 사이렌)", "messenger phishing", "not your friend", "joined recently with a Korean number", "tries to talk", "popup shows when you enter the chatroom", "caution about requests for money stays at the top"},
	},
	"orange_globe_profile": {
		"ko": {"주황색 지구본 이미지", "글로브 시그널", "해외 가상번호를 이용한 피싱", "도입", "친구가 아닌 상대가 해외 번호로 가입", "주황색 바탕에 지구본", "친구로 추가하거나 채팅방에 들어가면 경고 팝업", "위쪽에는 가입한 국가와 주의 사항", "친구로 추가한 뒤에는 프로필이 정상", "경고도 사라집니다"},
		"en": {"orange globe image", "Globe Signal (글로브 시그널)", "phishing through overseas virtual numbers", "introduced", "not your friend and signed up with an overseas number", "globe on orange", "warning popup shows when you add the person as a friend or enter the chatroom", "top of the chatroom shows the country of sign-up with cautions", "profile shows normally and the warnings disappear"},
	},
	"proxy_inquiry": {
		"ko": {"가족이나 지인", "이용제한, 임시조치, 이용자보호조치", "대신 문의할 수는 없습니다", "당사자", "번호를 실제로 사용하는 본인", "웹사이트의 문의하기"},
		"en": {"family member or someone you know", "usage restriction (이용제한)", "temporary measure (임시조치)", "user protection measure (이용자보호조치)", "cannot inquire for them", "person concerned", "actual user of the number", "Contact us (문의하기) on the website"},
	},
}

func TestArticlesStateEveryFact(t *testing.T) {
	l := mustLoad(t, Embedded())
	if len(l.IDs()) != len(facts) {
		t.Fatalf("%d articles, but facts are listed for %d", len(l.IDs()), len(facts))
	}
	for id, byLang := range facts {
		for _, lang := range Langs {
			a, ok := l.Article(id, lang)
			if !ok {
				t.Errorf("no article %s in %s", id, lang)
				continue
			}
			whole := Plain(a.Markdown())
			for _, words := range byLang[lang] {
				if !strings.Contains(whole, words) {
					t.Errorf("%s/%s lost %q", lang, id, words)
				}
			}
		}
	}
}

func TestArticlesNameSourceAndPlatform(t *testing.T) {
	l := mustLoad(t, Embedded())
	for _, id := range l.IDs() {
		ko, _ := l.Article(id, "ko")
		en, _ := l.Article(id, "en")
		platform, all := "공통", "All"
		if id == "facetalk_report_button_hidden" {
			platform, all = "안드로이드", "Android"
		}
		if want := "[카카오톡][신고/이용제한/정책][" + platform + "]"; ko.Facets.String() != want {
			t.Errorf("ko/%s has facets %s, want %s", id, ko.Facets, want)
		}
		if want := "[KakaoTalk][Reports/Restrictions/Policy][" + all + "]"; en.Facets.String() != want {
			t.Errorf("en/%s has facets %s, want %s", id, en.Facets, want)
		}
		if !strings.HasPrefix(ko.Source.Name, "카카오 고객센터") || !strings.HasPrefix(en.Source.Name, "Kakao customer centre") || ko.Checked != "2026-11" || en.Checked != "2026-11" {
			t.Errorf("%s does not say where its facts come from and when they were checked", id)
		}
	}
}

// TestKoreanIsPolite reads every sentence: each statement ends on -니다, each request on -세요.
func TestKoreanIsPolite(t *testing.T) {
	l := mustLoad(t, Embedded())
	for _, id := range l.IDs() {
		a, _ := l.Article(id, "ko")
		for line := range strings.Lines(Plain(a.Lead) + "\n" + bodies(a)) {
			for sentence := range strings.SplitSeq(strings.TrimSpace(line), ". ") {
				sentence = strings.TrimRight(sentence, ".")
				if isStatement := strings.HasSuffix(sentence, "다") || strings.HasSuffix(sentence, "요"); isStatement && !strings.HasSuffix(sentence, "니다") && !strings.HasSuffix(sentence, "세요") {
					t.Errorf("ko/%s is not polite: %s", id, sentence)
				}
			}
		}
	}
}

func bodies(a *Article) (all string) {
	for _, s := range a.Sections {
		all += Plain(s.Body) + "\n"
	}
	return all
}

// TestRepliesDoNotRepeat reads lead and section together, as people see them.
func TestRepliesDoNotRepeat(t *testing.T) {
	l := mustLoad(t, Embedded())
	for _, lang := range Langs {
		for _, id := range l.IDs() {
			a, _ := l.Article(id, lang)
			lead := strings.SplitAfter(Plain(a.Lead), ". ")
			if len(lead) > 3 {
				t.Errorf("%s/%s: the lead has %d sentences, want at most 3", lang, id, len(lead))
			}
			for _, s := range a.Sections {
				for _, sentence := range strings.SplitAfter(Plain(s.Body), ". ") {
					if slices.Contains(lead, sentence) {
						t.Errorf("%s/%s#%s repeats the lead: %s", lang, id, s.ID, sentence)
					}
				}
			}
		}
	}
}

// TestBlockedNumberReplyIsWhole holds the reply that most people need: without a section
// asked for, it says why, names the three carriers' documents and the masking.
func TestBlockedNumberReplyIsWhole(t *testing.T) {
	l := mustLoad(t, Embedded())
	for lang, words := range map[string][2]string{"ko": {"운영정책 위반", "마스킹을 해제"}, "en": {"violation of the operation policy", "masking removed"}} {
		a, _ := l.Article("phone_number_blocked", lang)
		s, ok := a.Section("")
		if !ok || s.ID != "documents" {
			t.Fatalf("%s: primary section is %q, want documents", lang, s.ID)
		}
		for _, w := range []string{words[0], "이용계약등록사항증명서", "원부증명서", "가입사실확인서", words[1]} {
			if !strings.Contains(Plain(a.Lead+"\n\n"+s.Body), w) {
				t.Errorf("%s: the reply lacks %q", lang, w)
			}
		}
	}
}

// TestSectionsAreFixed keeps the ids that examples of intents aim at.
func TestSectionsAreFixed(t *testing.T) {
	want := map[string]string{
		"facetalk_report_button_hidden":         "reason show",
		"user_protection_measure":               "what lift causes effects relax",
		"phone_number_blocked":                  "documents lift",
		"impersonation_how_leak":                "leak how account",
		"usage_restriction":                     "limits what_to_do policies",
		"openchat_restriction":                  "reason behaviours appeal",
		"impersonation_report_for_acquaintance": "who_reports police",
		"orange_person_profile":                 "what when warnings",
		"orange_globe_profile":                  "what warnings disappear",
		"proxy_inquiry":                         "who how",
	}
	l := mustLoad(t, Embedded())
	for id, sections := range want {
		a, ok := l.Article(id, "ko")
		if !ok {
			t.Errorf("no article %s", id)
			continue
		}
		if strings.Join(a.sectionIDs(), " ") != sections {
			t.Errorf("%s has sections %v, want %s", id, a.sectionIDs(), sections)
		}
	}
}
