package main

import (
	"embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// The pages are made from the commands by a test, which holds them against each other:
// the library that writes them prepares itself at every start of a program it is part of,
// for longer than reading a small instance takes.
//
//go:embed pages
var pages embed.FS

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the man pages into a folder",
		Long:  `man writes a page for berth and one for each verb, made from the same text as --help.`,
		Example: `  berth man /usr/local/share/man/man1
  berth man . && man ./berth-solve.1`,
		Args: words("FOLDER"),
		RunE: func(_ *cobra.Command, args []string) error { return writePages(args[0]) },
	}
}

func writePages(folder string) error {
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be used: %w; name a folder that exists", folder, plain(err))
	case !info.IsDir():
		return fmt.Errorf("%s is a file; name a folder", folder)
	}
	files, err := pages.ReadDir("pages")
	if err != nil {
		return broken(err)
	}
	for _, file := range files {
		text, err := pages.ReadFile("pages/" + file.Name())
		if err != nil {
			return broken(err)
		}
		name := filepath.Join(folder, file.Name())
		if err := replace(name, text); err != nil {
			return (&output{flag: "the page", name: name}).refused(err)
		}
	}
	return nil
}
