package intents_test

import (
	"testing"

	"haedap/intents"
)

// questions are of the usual length: one Korean, one English, one long, one asking two things.
var questions = []string{
	"어제 번호를 새로 받았는데 카톡 가입하려니까 인증번호를 못 보낸대요 왜 이러죠",
	"My friend's profile picture turned into an orange planet. What does that mean?",
	"안녕하세요 저는 작은 꽃집을 하고 있습니다. 오늘 아침에 단골손님을 단톡방에 초대하려는데 초대가 안 되고 친구 추가도 막혔습니다. 누가 신고했는지 모르겠지만 규칙을 어긴 적은 없습니다. 언제쯤 풀리는지 알 수 있을까요?",
	"오픈채팅은 왜 막혔고 아빠 계정은 제가 대신 문의해도 되나요?",
}

func BenchmarkTrain(b *testing.B) {
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := intents.Train(c, intents.Defaults()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	c, err := intents.Load(intents.Embedded())
	if err != nil {
		b.Fatal(err)
	}
	e, err := intents.Train(c, intents.Defaults())
	if err != nil {
		b.Fatal(err)
	}
	for i, name := range []string{"short", "english", "story", "double"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Classify(questions[i])
			}
		})
	}
	b.Run("different", func(b *testing.B) { // one question again and again finds everything in the processor's cache
		for i := 0; b.Loop(); i++ {
			e.Classify(c.Calibration[i%len(c.Calibration)].Text)
		}
	})
}
