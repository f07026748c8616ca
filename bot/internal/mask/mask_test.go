package mask

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestMask(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"mobile", "제 번호 010-1234-5678 입니다", "제 번호 [전화번호] 입니다"},
		{"mobile run together", "01012345678로 연락", "[전화번호]로 연락"},
		{"mobile with spaces", "번호는 010 1234 5678", "번호는 [전화번호]"},
		{"mobile with dots", "010.1234.5678이요", "[전화번호]이요"},
		{"mobile in one group", "폰 010-12345678", "폰 [전화번호]"},
		{"mobile in pairs", "폰 010 12 34 56 78", "폰 [전화번호]"},
		{"mobile, wide dashes", "폰 010 - 1234 - 5678", "폰 [전화번호]"},
		{"mobile with a count after it", "010-1234-5678 2개", "[전화번호] 2개"},
		{"old mobile", "전에는 011-234-5678 썼어요", "전에는 [전화번호] 썼어요"},
		{"full width", "０１０－１２３４－５６７８ 입니다", "[전화번호] 입니다"},
		{"the vowel as a dash", "010ㅡ1234ㅡ5678요", "[전화번호]요"},
		{"no-width characters", "010\u200b-1234\u200b-5678요", "[전화번호]요"},
		{"country code", "+82 10-1234-5678 번", "[전화번호] 번"},
		{"country code with the zero", "+82(0)10-1234-5678 번", "[전화번호] 번"},
		{"country code run together", "+821012345678 번", "[전화번호] 번"},
		{"country code without a plus", "821012345678 번", "[전화번호] 번"},
		{"country code and landline", "+82-2-123-4567 번", "[전화번호] 번"},
		{"spoken", "공일공 일이삼사 오육칠팔 이에요", "[전화번호] 이에요"},
		{"half spoken", "공일공 1234 5678 이에요", "[전화번호] 이에요"},
		{"lost zero", "10-1234-5678 입니다", "[전화번호] 입니다"},
		{"landline", "집은 02-123-4567", "집은 [전화번호]"},
		{"landline in brackets", "집은 (031) 123-4567", "집은 [전화번호]"},
		{"landline in brackets, close", "집은 02)1234-5678", "집은 [전화번호]"},
		{"landline run together", "집은 0311234567", "집은 [전화번호]"},
		{"internet phone", "070-1234-5678로", "[전화번호]로"},
		{"english", "call me at 010-1234-5678 please", "call me at [phone] please"},
		{"resident number", "주민번호 900101-1234567 이요", "주민번호 [주민등록번호] 이요"},
		{"resident number without dash", "9001011234567 이요", "[주민등록번호] 이요"},
		{"resident number, spaces", "900101 - 1234567 이요", "[주민등록번호] 이요"},
		{"resident number, half hidden", "900101-1****** 이요", "[주민등록번호] 이요"},
		{"foreigner", "외국인 850315-5123456", "외국인 [주민등록번호]"},
		{"card", "카드 4111-1111-1111-1111 결제", "카드 [카드번호] 결제"},
		{"card run together", "카드 4111111111111111 결제", "카드 [카드번호] 결제"},
		{"card, 15 digits", "card 3782 822463 10005 ok", "card [card] ok"},
		{"account", "국민은행 123456-78-901234 홍길동", "국민은행 [계좌번호] 홍길동"},
		{"account run together", "계좌번호는 110123456789 입니다", "계좌번호는 [계좌번호] 입니다"},
		{"account, bank after it", "3333-01-1234567 카카오뱅크요", "[계좌번호] 카카오뱅크요"},
		{"e-mail", "메일 hong.gildong+1@example.co.kr 로", "메일 [이메일] 로"},
		{"e-mail, full width", "hong＠example．com 로", "[이메일] 로"},
		{"two of them", "a@b.com, 010-1111-2222", "[email], [phone]"},

		{"date", "2026-11-24 12:30에 가입", "2026-11-24 12:30에 가입"},
		{"date with dots", "2026.11.24. 오전 10:15", "2026.11.24. 오전 10:15"},
		{"date by a bank", "은행에서 2026-11-24 14 시에", "은행에서 2026-11-24 14 시에"},
		{"date run together", "20261124 기준", "20261124 기준"},
		{"time", "오후 02:30:15 부터", "오후 02:30:15 부터"},
		{"price", "1,234,567원 송금했어요", "1,234,567원 송금했어요"},
		{"count", "검색 결과 (총 12345678건)", "검색 결과 (총 12345678건)"},
		{"114", "114에 전화했더니 112로", "114에 전화했더니 112로"},
		{"company number", "1588-1234로 전화", "1588-1234로 전화"},
		{"milliseconds", "1700000000000 에 오류", "1700000000000 에 오류"},
		{"card that fails the check", "주문 4111-1111-1111-1112 요", "주문 4111-1111-1111-1112 요"},
		{"order number", "주문번호 202611240001234 요", "주문번호 202611240001234 요"},
		{"month that is none", "901301-1234567 이요", "901301-1234567 이요"},
		{"version", "카카오톡 10.4.5.1234 버전", "카카오톡 10.4.5.1234 버전"},
		{"words like digits", "일이 이상해요 오늘 이 일 구일", "일이 이상해요 오늘 이 일 구일"},
		{"at sign", "@홍길동 님", "@홍길동 님"},
		{"several small numbers", "2명이 3번 4시간 5일 6주 7월 8일", "2명이 3번 4시간 5일 6주 7월 8일"},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Mask(c.in); got != c.want {
				t.Errorf("Mask(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
		})
	}
}

func TestLongTextTakesLinearTime(t *testing.T) {
	const short, factor = 1 << 10, 16
	for _, piece := range []string{"0", "010-", "1 ", "a@", "공", "900101", "계좌 123-"} {
		fastest := func(bytes int) time.Duration {
			text, best := strings.Repeat(piece, bytes/len(piece)), time.Hour
			for range 15 { // the fastest of many: other packages are tested at the same time
				start := time.Now()
				Mask(text)
				best = min(best, time.Since(start))
			}
			return best
		}
		// A quadratic scan would take factor² times as long; a busy machine may double or triple what it takes.
		if once, longer := fastest(short), fastest(short*factor); longer > 5*factor*once {
			t.Errorf("%q repeated took %v, and %d times as much of it %v", piece, once, factor, longer)
		}
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{"010-1234-5678", "900101-1234567", "a@b.kr", "\xff\xfe0１0", "계좌 110-123-456789", "4111 1111 1111 1111"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Mask(s)
		if twice := Mask(once); twice != once {
			t.Errorf("masking %q twice: %q, then %q", s, once, twice)
		}
		if utf8.ValidString(s) && !utf8.ValidString(once) {
			t.Errorf("Mask(%q) broke a character: %q", s, once)
		}
		if strings.Contains(Mask("전화 010-1234-5678 "+s), "1234-5678 ") {
			t.Errorf("a number before %q was not masked", s)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	for name, text := range map[string]string{
		"nothing": "새로 개통한 번호인데 인증번호를 발송할 수 없는 번호라고 나와요. 어떻게 해야 하나요?",
		"phone":   "제 번호는 010-1234-5678인데 인증번호를 발송할 수 없는 번호라고 나와요.",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Mask(text)
			}
		})
	}
}
