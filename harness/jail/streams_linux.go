package jail

import (
	"bytes"
	"time"
)

// stream keeps what the program writes to stdout or to stderr.
type stream struct {
	text  []byte
	limit int64
	over  chan<- struct{} // told when there is more than the limit

	line  func(at time.Duration, line []byte)
	began <-chan int64 // when the program began; closed without a value if it did not
	start int64
	seen  int // what line was called with already
}

func (s *stream) Write(p []byte) (int, error) {
	at := now()
	kept := p[:min(int64(len(p)), s.limit-int64(len(s.text)))]
	s.text = append(s.text, kept...)
	if len(kept) < len(p) {
		select {
		case s.over <- struct{}{}:
		default: // said already
		}
	}
	if s.line != nil && len(kept) > 0 {
		if s.start == 0 {
			s.start = <-s.began
		}
		s.lines(time.Duration(at - s.start))
	}
	return len(p), nil // what is not kept is not wanted, but the program must not notice
}

// lines passes on the lines that have become complete.
func (s *stream) lines(at time.Duration) {
	for {
		n := bytes.IndexByte(s.text[s.seen:], '\n')
		if n < 0 {
			return
		}
		s.line(at, s.text[s.seen:s.seen+n:s.seen+n])
		s.seen += n + 1
	}
}

// end passes on a last line without an end.
func (s *stream) end() {
	if s.line != nil && s.seen < len(s.text) {
		s.line(max(0, time.Duration(now()-s.start)), s.text[s.seen:])
		s.seen = len(s.text)
	}
}
