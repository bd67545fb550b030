package adapter

import (
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

// shell joins what makes the files of a run and the run itself to a line for a POSIX
// shell.
func shell(setup, environment, command []string) string {
	run := words(command)
	for k := len(environment) - 1; k >= 0; k-- {
		name, value, _ := strings.Cut(environment[k], "=")
		run = name + "=" + quote(value) + " " + run
	}
	return strings.Join(append(setup, run), " && ")
}

func words(list []string) string {
	quoted := make([]string, len(list))
	for k, word := range list {
		quoted[k] = quote(word)
	}
	return strings.Join(quoted, " ")
}

var harmless = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_./:=,@%+-]+$`) })

// quote writes a word so that a shell takes it as it is.
func quote(word string) string {
	if harmless().MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// shownProgram is how a user calls the program: by name where that leads to it.
func shownProgram(name, path string) string {
	if found, err := exec.LookPath(name); err == nil && found == path {
		return name
	}
	return path
}
