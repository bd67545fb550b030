package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"berth/internal/golden"
)

// everyCommand lists a command and all below it.
func everyCommand(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, below := range c.Commands() {
		all = append(all, everyCommand(below)...)
	}
	return all
}

// The pages say what --help says.
func TestManPages(t *testing.T) {
	root := new(app).root(nil)
	root.InitDefaultHelpCmd()
	root.DisableAutoGenTag = true
	made := map[string]bool{}
	for _, c := range everyCommand(root) {
		name := strings.ReplaceAll(c.CommandPath(), " ", "-")
		date := time.Unix(0, 0).UTC()
		header := &doc.GenManHeader{Title: strings.ToUpper(name), Section: "1", Source: "berth", Date: &date}
		var b bytes.Buffer
		if err := doc.GenMan(c, header, &b); err != nil {
			t.Fatal(err)
		}
		// No date: the pages are the same whenever they are made.
		golden.Compare(t, filepath.Join("..", "pages", name+".1"), strings.Replace(b.String(), `"Jan 1970"`, `""`, 1))
		made[name+".1"] = true
	}
	files, err := pages.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !made[file.Name()] {
			t.Errorf("pages/%s is of no command; remove it", file.Name())
		}
	}
}
