package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// writePages writes the pages of all commands.
func writePages(root *cobra.Command, folder string) error {
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		return fmt.Errorf("%s cannot be used: %w; name a folder that exists", folder, plain(err))
	case !info.IsDir():
		return fmt.Errorf("%s is a file; name a folder", folder)
	}
	root.InitDefaultHelpCmd()
	for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
		name := filepath.Join(folder, pageName(c)+".1")
		if err := replace(name, []byte(manPage(c))); err != nil {
			return fmt.Errorf("%s cannot be written: %w; name a folder that may be written to", name, plain(err))
		}
	}
	return nil
}

func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is the page of a command in the macros of man(7). It has no date: the pages are the
// same whenever they are made. The package doc of cobra makes such pages, too, but by way of a
// parser of Markdown that would cost every call of berth the time to compile its expressions.
func manPage(c *cobra.Command) string {
	c.InitDefaultHelpFlag()
	var b strings.Builder
	fmt.Fprintf(&b, ".nh\n.TH \"%s\" \"1\" \"\" \"berth\" \"\"\n", strings.ToUpper(pageName(c)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(pageName(c)), roff(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(c.UseLine()))
	b.WriteString(".SH DESCRIPTION\n")
	for k, paragraph := range strings.Split(strings.TrimSpace(c.Long), "\n\n") {
		if k > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, "  ") {
			paragraph = ".EX\n" + roff(paragraph) + "\n.EE"
		} else {
			paragraph = roff(paragraph)
		}
		b.WriteString(paragraph + "\n")
	}
	b.WriteString(".SH OPTIONS\n")
	c.Flags().VisitAll(func(f *pflag.Flag) {
		kind, usage := pflag.UnquoteUsage(f)
		name := `\fB\-\-` + roff(f.Name) + `\fR`
		if f.Shorthand != "" {
			name = `\fB\-` + f.Shorthand + `\fR, ` + name
		}
		if kind != "" {
			name += ` \fI` + roff(kind) + `\fR`
		}
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(&b, ".TP\n%s\n%s\n", name, roff(usage))
	})
	if c.HasExample() {
		fmt.Fprintf(&b, ".SH EXAMPLE\n.EX\n%s\n.EE\n", roff(c.Example))
	}
	b.WriteString(".SH SEE ALSO\n")
	others := slices.Clip(c.Commands())
	if c.HasParent() {
		others = append(others, c.Parent())
	}
	for k, other := range others {
		if k > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `\fB%s\fR(1)`, roff(pageName(other)))
	}
	b.WriteString("\n")
	return b.String()
}

// roff keeps what stands in a text from being read as commands.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for k, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[k] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
