package desk

import "testing"

// BenchmarkHandle is the whole policy on a message of a conversation; BenchmarkExplain what its evidence costs of that.
func BenchmarkHandle(b *testing.B) {
	d := shippedDesk(b)
	for name, text := range map[string]string{
		"question":  "이용자보호조치 걸렸는데 언제 풀리나요?",
		"mail":      "안녕하세요, 수고 많으십니다. 지난주에 대리점에서 새로 번호를 개통했는데 카카오톡에 가입하려고 하니 인증번호를 발송할 수 없는 번호라고 나옵니다. 전 주인이 쓰던 번호라 그런 것 같은데 어떻게 해야 하나요? 바쁘신데 감사합니다. 김민수 드림",
		"smalltalk": "오늘 날씨가 참 좋네요! 점심은 드셨어요? 저는 김치찌개 먹었어요. 반갑습니다.",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Handle(Thread{}, Message{From: Asker, Text: text})
			}
		})
	}
}

func BenchmarkExplain(b *testing.B) {
	d := shippedDesk(b)
	const question = "이용자보호조치 걸렸는데 언제 풀리나요?"
	v := d.engine.Classify(question)
	for b.Loop() {
		d.engine.Explain(question, v)
	}
}
