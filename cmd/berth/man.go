package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the man pages into a folder",
		Long:  `man writes a page for berth and one for each verb, made from the same text as --help.`,
		Example: `  berth man /usr/local/share/man/man1
  berth man . && man ./berth-solve.1`,
		Args: files("FOLDER"),
		RunE: func(c *cobra.Command, args []string) error { return writePages(c.Root(), args[0]) },
	}
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
	pages := map[string]string{}
	var names []string
	for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
		name := filepath.Join(folder, pageName(c)+".1")
		names, pages[name] = append(names, name), manPage(c)
	}
	for _, name := range names {
		if err := replace(name, []byte(pages[name])); err != nil {
			return fmt.Errorf("%s cannot be written: %w; name a folder that may be written to", name, plain(err))
		}
	}
	return nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is the page of a command, in the macros of man(7). It has no date: it is the
// same whenever it is made.
func manPage(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	var b strings.Builder
	fmt.Fprintf(&b, ".nh\n.TH %q 1 \"\" berth \"\"\n", strings.ToUpper(pageName(c)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n\\fB%s\\fP\n", roff(c.UseLine()))
	b.WriteString(".SH DESCRIPTION\n" + roffText(c.Long))
	b.WriteString(".SH OPTIONS\n")
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		word, usage := pflag.UnquoteUsage(f)
		b.WriteString(".TP\n")
		if f.Shorthand != "" {
			fmt.Fprintf(&b, "\\fB\\-%s\\fP, ", f.Shorthand)
		}
		fmt.Fprintf(&b, "\\fB\\-\\-%s\\fP", roff(f.Name))
		if word != "" {
			fmt.Fprintf(&b, " \\fI%s\\fP", roff(word))
		}
		if f.DefValue != "" && f.DefValue != "false" && !strings.Contains(usage, "(default") {
			usage += " (default " + f.DefValue + ")"
		}
		b.WriteString("\n" + roff(usage) + "\n")
	})
	if c.Example != "" {
		b.WriteString(".SH EXAMPLES\n" + roffVerbatim(c.Example))
	}
	b.WriteString(".SH SEE ALSO\n")
	var others []string
	if c.HasParent() {
		others = append(others, pageName(c.Parent()))
	}
	for _, other := range c.Commands() {
		others = append(others, pageName(other))
	}
	for k, other := range others {
		others[k] = `\fB` + roff(other) + `\fP(1)`
	}
	b.WriteString(strings.Join(others, ",\n") + "\n")
	return b.String()
}

// roffText is the text of a help: paragraphs, and indented what stays as it is.
func roffText(text string) string {
	var b strings.Builder
	for k, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		switch {
		case strings.HasPrefix(paragraph, "    "):
			b.WriteString(".PP\n" + roffVerbatim(paragraph))
		case k > 0:
			b.WriteString(".PP\n" + roff(paragraph) + "\n")
		default:
			b.WriteString(roff(paragraph) + "\n")
		}
	}
	return b.String()
}

func roffVerbatim(text string) string { return ".EX\n" + roff(text) + "\n.EE\n" }

// roff writes text so that man shows it as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`).Replace(text)
	return strings.ReplaceAll("\n"+text, "\n.", "\n\\&.")[1:]
}
