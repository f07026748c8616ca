package desk

import (
	"regexp"
	"strings"
)

// The words of a message that says only that files were sent along.
var (
	fileWord = regexp.MustCompile(`^(?:첨부|파일|첨부파일|캡[처쳐]|화면캡[처쳐]|스샷|스크린샷|사진|이미지|영상|동영상|자료)(?:본|파일)?(?:[을를도은는]|((?:했|합|함|하|해|드|이요|요|이에요|예요|입니다)[가-힣]*))?$|^(?:screenshots?|files?|pictures?|photos?|images?|pics?|videos?|attachments?)$`)
	sentWord = regexp.MustCompile(`^(?:올렸|올립|올림|올려드|보냈|보냅|보냄|보내드|넣었|남겼|드립|드렸|드려요|전송했|전송합|업로드했|업로드합)[가-힣]*$|^(?:attach(?:ed|ing)|uploaded|sent|added|posted|heres?)$`)
	besides  = regexp.MustCompile(`^(?:네|예|여기|아래|방금|지금|일단|우선|다시|같이|함께|관련|해당|오류|에러|화면|증거|안내|메시지|대화|확인|확인해|부탁|주세요|(?:확인)?(?:해\s?주|부탁|바라|바랍)[가-힣]*|i|ve|have|just|you|is|are|s|a|an|the|my|some|see|please|of|it|here|to)$`)
)

// onlyFiles tells whether a message says only that files were sent along, which the desk cannot read.
func onlyFiles(s string) bool {
	if strings.ContainsAny(s, "?？") {
		return false
	}
	file, sent := false, false
	for _, word := range words(s) {
		m := fileWord.FindStringSubmatch(word)
		switch {
		case m != nil:
			file, sent = true, sent || m[1] != ""
		case sentWord.MatchString(word):
			file, sent = file || word == "attached", true
		case !besides.MatchString(word):
			return false
		}
	}
	return file && sent
}
