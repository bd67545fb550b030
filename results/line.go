package results

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/go-json-experiment/json"
)

// A record is kept as one line of JSON whose last member is a check sum, CRC-32C in
// eight hexadecimal digits, of all bytes before it: {…,"check":"1b2c3d4e"}.
const (
	lineBegin   = `{"id":"`
	checkName   = `,"check":"`
	checkEnd    = `"}`
	checkLength = len(checkName) + 8 + len(checkEnd)
)

// line encodes a record, with the line feed.
func (r *Record) line() ([]byte, error) {
	data, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("record %s cannot be written: %w", r.ID, err)
	}
	data = data[:len(data)-1]
	return fmt.Appendf(data, "%s%08x%s\n", checkName, checksum(data), checkEnd), nil
}

// parseLine decodes a line, without its line feed, and holds it against its check
// sum and its ID.
func parseLine(line []byte) (*Record, error) {
	at := len(line) - checkLength
	if at < 0 || !bytes.HasPrefix(line[at:], []byte(checkName)) || !bytes.HasSuffix(line, []byte(checkEnd)) {
		return nil, errors.New("the check sum at its end is missing")
	}
	sum := fmt.Sprintf("%08x", checksum(line[:at]))
	if sum != string(line[at+len(checkName):len(line)-len(checkEnd)]) {
		return nil, errors.New("the check sum does not match: the line was changed or damaged")
	}
	r := &Record{}
	body := append(append(make([]byte, 0, at+1), line[:at]...), '}')
	if err := json.Unmarshal(body, r, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("it is no record of this version of berth: %w", err)
	}
	if digest := r.Digest(); r.ID != digest {
		return nil, fmt.Errorf("its id is %q, and what it describes has %q", r.ID, digest)
	}
	return r, nil
}

func checksum(data []byte) uint32 { return crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)) }
