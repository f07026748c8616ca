package desk

import "testing"

func TestOpensReadsThatSomethingWillBeSaid(t *testing.T) {
	for s, want := range map[string]bool{
		"근데요": true, "아 그런데요..": true, "저기요": true, "질문이요": true, "질문 있어요!": true, "하나만 더요": true, "물어볼 게 있는데요": true,
		"저 궁금한 게 있습니다": true, "um": true, "one more thing": true, "Can I ask a question?": true, "wait": true,
		"네": false, "근데 왜요": false, "질문이 뭐예요": false, "그럼요": false, "제한 있어요": false, "but why": false, "": false,
	} {
		if got := opens(s); got != want {
			t.Errorf("opens(%q) = %v", s, got)
		}
	}
}

func TestAcknowledgesReadsPromises(t *testing.T) {
	d := shippedDesk(t)
	for s, want := range map[string]bool{
		"네 그럼 기다려 볼게요": true, "엄마한테 전할게용ㅎㅎ": true, "서류 떼서 내보겠습니다.": true, "ok he will": true, "I'll do it tomorrow": true,
		"thanks, my sister will ask": true, "let me try": true,
		"카톡 탈퇴할게요": false, "안 되면 신고할게요": false, "알겠습니다 경찰에 신고할게요": true, "잘 모르겠어요": false, "왜 그런지 알려주시면 해볼게요": false, "네 그런데 안 될게요": false,
		"I will sue you": false, "it will be blocked again": false, "my account will be deleted": false, "ok but she will not": false,
		"will she be able to ask": false, "네": false, "": false,
	} {
		c := &turn{desk: d, thread: Thread{Intent: "proxy_inquiry"}, text: s}
		if got := c.acknowledges(); got != want {
			t.Errorf("acknowledges(%q) = %v", s, got)
		}
	}
	if c := (&turn{desk: d, text: "네 그럼 기다려 볼게요"}); c.acknowledges() {
		t.Error("nothing was answered that could be done")
	}
}
