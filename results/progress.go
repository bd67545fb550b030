package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Progress is how far a sweep is. It is kept in the folder of the sweep, for others
// to look at.
type Progress struct {
	Runs    int       `json:"runs"`    // in the plan
	Done    int       `json:"done"`    // recorded, by this sweep or before
	Failed  int       `json:"failed"`  // of those, without an answer: timeout, memory, crash, rubbish
	Wrong   int       `json:"wrong"`   // of those
	Left    float64   `json:"left"`    // seconds to the end, estimated
	Running []string  `json:"running"` // what is being run
	Started time.Time `json:"started"`
	At      time.Time `json:"at"` // when this was written
}

const progressName = "progress.json"

// Write puts the progress into the folder of a sweep, whole or not at all.
func (p *Progress) Write(folder string) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, progressName)
	if err := os.WriteFile(path+".new", append(data, '\n'), 0o666); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// ReadProgress reads how far the sweep in a folder is.
func ReadProgress(folder string) (*Progress, error) {
	path := filepath.Join(folder, progressName)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: no sweep has worked in this folder; name the --out of one", folder)
	}
	if err != nil {
		return nil, fmt.Errorf("the progress cannot be read: %w", err)
	}
	p := &Progress{}
	if err := json.Unmarshal(data, p); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
