package supervised

import (
	"testing"

	"berth/harness/jail"
)

// TestSupervised runs a program under this test binary, which is a supervisor for no
// other reason than that it imports the package.
func TestSupervised(t *testing.T) {
	report, err := jail.Run(t.Context(), jail.Call{Command: []string{"/bin/sh", "-c", "echo well; exit 3"}})
	if err != nil {
		t.Fatal(err)
	}
	if report.End != jail.Exited || report.Exit != 3 || string(report.Stdout) != "well\n" {
		t.Errorf("%+v", report)
	}
}
