package text

import "testing"

func TestKeyboardLeftInTheOtherLanguage(t *testing.T) {
	for latin, hangul := range map[string]string{
		"dlswmdqjsgh":  "인증번호",
		"zkzkdhxhr":    "카카오톡",
		"dkdlel":       "아이디",
		"qhghwhcl":     "보호조치",
		"rhksflwk":     "관리자",
		"djqtdjdy dho": "없어요 왜",
		"Tjdy":         "써요",
		"ekfr wkqdk":   "닭 잡아",
		"ekfrdmf":      "닭을",
		"hello, 반가워요":  "ㅗ디ㅣㅐ, 반가워요",
		"123 rk":       "123 가",
	} {
		if got := ToHangul(latin); got != hangul {
			t.Errorf("ToHangul(%q) = %q, want %q", latin, got, hangul)
		}
	}
	for hangul, latin := range map[string]string{"ㅗ디ㅔ": "help", "ㅁㅊ채ㅕㅜㅅ": "account", "닭": "ekfr", "왜": "dho"} {
		if got := ToLatin(hangul); got != latin {
			t.Errorf("ToLatin(%q) = %q, want %q", hangul, got, latin)
		}
	}
}

func FuzzToHangulLeavesNoLatinLetter(f *testing.F) {
	f.Add("dlswmdqjsgh rk dks dhkdy")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range ToHangul(s) {
			if (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
				t.Fatalf("ToHangul(%q) keeps %q", s, r)
			}
		}
		ToLatin(s)
	})
}
