package report

import (
	"strconv"
	"strings"

	"berth/results"
)

// Commands of the same method differ in the file and the seed. With marks in the
// place of both, a sweep has few of them. The script puts them back.
const (
	fileMark  = "\x01"
	seedMark  = "\x02"
	plainMark = "\x03" // at the beginning: nothing is to be put back
)

// withMarks returns the command of a run with marks. Putting the file of the run's
// entry and the seed back gives the command, whatever it is.
func withMarks(r *results.Run) string {
	if strings.ContainsAny(r.Command, fileMark+seedMark+plainMark) {
		return plainMark + r.Command
	}
	text := r.Command
	if r.Entry.File != "" {
		text = strings.ReplaceAll(text, r.Entry.File, fileMark)
	}
	return replaceWord(text, strconv.FormatUint(r.Seed, 10), seedMark)
}

// replaceWord replaces a number where it is no part of a longer word.
func replaceWord(text, word, mark string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, word)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		end := at + len(word)
		if (at == 0 || !wordByte(text[at-1])) && (end == len(text) || !wordByte(text[end])) {
			out.WriteString(text[:at] + mark)
		} else {
			out.WriteString(text[:end])
		}
		text = text[end:]
	}
}

func wordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '-' || c == '_' || c == '/'
}
