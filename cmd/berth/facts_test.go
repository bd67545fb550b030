package main

import (
	"encoding/json"
	"testing"
)

// A key may be a name of the user's.
func TestFactsOfOddNames(t *testing.T) {
	data, err := json.Marshal(facts{{key: "points.\a\x7f\"", value: 3}})
	var back map[string]int
	if err == nil {
		err = json.Unmarshal(data, &back)
	}
	if err != nil || back["points.\a\x7f\""] != 3 {
		t.Errorf("%s, %v, %v", data, back, err)
	}
}
