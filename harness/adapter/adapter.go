// Package adapter runs outside solvers as methods. What each of them is called with,
// which encoding it reads and how its answer and its log are read is told by a YAML
// document, not by code; so is berth itself. What they say is then judged.
//
//   - adapter.go: an adapter, where its program is and which version; shipped: those
//     that come with berth.
//   - read.go: the document.
//   - call.go: what a run is called with; placeholders.go: what the document may
//     leave open; shell.go: the same as a line to repeat it.
//   - log.go: the lines that a program prints; number.go: its numbers as costs.
//   - answer.go: what it left as an answer; judge.go: what is true of all that.
//
// docs/adapters.md describes the document.
package adapter

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Adapter is an outside solver as a method.
type Adapter struct {
	Name     string
	Short    string            // what it is, in one line
	Program  string            // the name of the executable
	Encoding string            // "berth", or the name of a format of package formats
	Options  map[string]string // the parameters that a plan may set, with their defaults
	Digest   string            // of the document, short

	get         string // how to get the program
	version     version
	files       []named // written before the run
	command     []argument
	environment []named
	stop        string // the signal on which the program ends with what it has; "none"
	answers     []source
	exact       bool // its numbers are integers, not rounded
	status      map[string]*regexp.Regexp
	progress    []*regexp.Regexp
}

// version is how to ask a program for its version. Without a command the version is
// a digest of the program's file.
type version struct {
	command []argument
	match   *regexp.Regexp
}

// named is a text with placeholders under a name.
type named struct{ name, text string }

// argument is one argument or several that go together, with placeholders.
type argument []string

// source is where an answer may be: in a file, or in what was printed.
type source struct {
	file   string // "": standard output
	format string // of encode.ParseAnswer, or "berth"
}

//go:embed shipped
var shipped embed.FS

// Names lists the adapters that come with berth, without reading them. Each file is
// called like its adapter.
func Names() []string {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		panic("adapter: " + err.Error())
	}
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), ".yaml"))
	}
	return names
}

// Shipped returns the adapters that come with berth, by name.
func Shipped() []*Adapter {
	var adapters []*Adapter
	for _, file := range Names() {
		name := "shipped/" + file + ".yaml"
		data, err := shipped.ReadFile(name)
		if err != nil {
			panic("adapter: " + err.Error())
		}
		a, err := Read(data, name)
		if err != nil {
			panic("adapter: " + err.Error())
		}
		adapters = append(adapters, a)
	}
	return adapters
}

// Find returns the path of the program: this very program where it is called so,
// else the first in PATH, in $BERTH_PEERS and in ~/.cache/berth-peers/bin. The error
// says where it was looked for and how to get it.
func (a *Adapter) Find() (string, error) {
	if self, err := os.Executable(); err == nil && filepath.Base(self) == a.Program {
		return self, nil
	}
	if path, err := exec.LookPath(a.Program); err == nil {
		return filepath.Abs(path)
	}
	places := "neither in PATH"
	for _, folder := range peerFolders() {
		if path, err := exec.LookPath(filepath.Join(folder, a.Program)); err == nil {
			return filepath.Abs(path)
		}
		places += " nor in " + folder
	}
	err := fmt.Errorf("adapter %s: the program %s is %s", a.Name, a.Program, places)
	if a.get == "" {
		err = fmt.Errorf("%w; a plan's `program` names it by its path", err)
	} else {
		err = fmt.Errorf("%w; to get it: %s", err, a.get)
	}
	return "", err
}

// peerFolders are the folders where programs are looked for besides PATH.
func peerFolders() []string {
	var folders []string
	if named := os.Getenv("BERTH_PEERS"); named != "" {
		folders = append(folders, named)
	}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, filepath.Join(home, ".cache", "berth-peers", "bin"))
	}
	return folders
}

// versionTime is what a program may take to tell its version.
const versionTime = 10 * time.Second

// Version asks a program for its version and adds the digest of the adapter,
// which decides as much what a run is: 1.14.0+3f2a9c1b. A program that is not asked
// is known by a digest of its file.
func (a *Adapter) Version(ctx context.Context, program string) (string, error) {
	if a.version.command == nil {
		data, err := os.ReadFile(program)
		if err != nil {
			return "", fmt.Errorf("adapter %s: %w", a.Name, err)
		}
		return digest(data, 6) + "+" + a.Digest, nil
	}
	ctx, cancel := context.WithTimeout(ctx, versionTime)
	defer cancel()
	command := values{"program": {program}}.arguments(a.version.command)
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.WaitDelay = time.Second
	printed, failed := c.CombinedOutput()
	match := a.version.match.FindSubmatch(printed)
	if match == nil {
		if failed == nil {
			failed = fmt.Errorf("it printed %q", firstLine(printed))
		}
		return "", fmt.Errorf("adapter %s: %s does not tell its version: %w", a.Name, strings.Join(command, " "), failed)
	}
	return string(match[1]) + "+" + a.Digest, nil
}

func digest(data []byte, bytes int) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:bytes])
}
