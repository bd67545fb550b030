package sizing_test

import (
	"errors"
	"strings"
	"testing"

	"berth/sizing"
)

// wantRefused checks that numbers were refused with a remedy.
func wantRefused(t *testing.T, name string, err error, want string) {
	t.Helper()
	var refused *sizing.Refused
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) || refused.Want == "" {
		t.Errorf("%s: %v; it should be refused and say %q", name, err, want)
	}
}
