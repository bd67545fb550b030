package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the man pages into a folder",
		Long:  `man writes a page for berth and one for each verb, made from the same text as --help.`,
		Example: `  berth man /usr/local/share/man/man1
  berth man . && man ./berth-solve.1`,
		Args: words("FOLDER"),
		RunE: func(c *cobra.Command, args []string) error { return writePages(c.Root(), args[0]) },
	}
}

// everyCommand lists a command and all below it.
func everyCommand(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, below := range c.Commands() {
		all = append(all, everyCommand(below)...)
	}
	return all
}

// writePages renders every page before it writes the first.
func writePages(root *cobra.Command, folder string) error {
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be used: %w; name a folder that exists", folder, plain(err))
	case !info.IsDir():
		return fmt.Errorf("%s is a file; name a folder", folder)
	}
	root.InitDefaultHelpCmd()
	root.DisableAutoGenTag = true
	pages := map[string][]byte{}
	var names []string
	for _, c := range everyCommand(root) {
		var b bytes.Buffer
		date := time.Unix(0, 0).UTC()
		header := &doc.GenManHeader{Title: strings.ToUpper(strings.ReplaceAll(c.CommandPath(), " ", "-")), Section: "1", Source: "berth", Date: &date}
		if err := doc.GenMan(c, header, &b); err != nil {
			return broken(err)
		}
		name := filepath.Join(folder, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
		names = append(names, name)
		// No date: the pages are the same whenever they are made.
		pages[name] = bytes.Replace(b.Bytes(), []byte(`"Jan 1970"`), []byte(`""`), 1)
	}
	for _, name := range names {
		if err := replace(name, pages[name]); err != nil {
			return (&output{flag: "the page", name: name}).refused(err)
		}
	}
	return nil
}
