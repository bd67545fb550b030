package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Markdown writes a table as GitHub-flavoured Markdown, with its title as a heading.
// What is refuted is bold, since Markdown has no colours.
func Markdown(w io.Writer, t Table) error {
	var b bytes.Buffer
	if t.Title != "" {
		fmt.Fprintf(&b, "## %s\n\n", markdown.Replace(line(t.Title)))
	}
	shown := t.shown()
	for _, k := range shown {
		fmt.Fprintf(&b, "| %s ", markdown.Replace(line(t.Columns[k].Head)))
	}
	b.WriteString("|\n")
	for _, k := range shown {
		if t.Columns[k].Number {
			b.WriteString("|---:")
		} else {
			b.WriteString("|---")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.Rows {
		for _, k := range shown {
			text := markdown.Replace(row[k].Text)
			if row[k].Wrong && text != "" {
				text = "**" + text + "**"
			}
			fmt.Fprintf(&b, "| %s ", text)
		}
		b.WriteString("|\n")
	}
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\n%s\n", markdown.Replace(line(note)))
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// markdown escapes what has a meaning inside a cell. A bracket opens a link only
// where a parenthesis follows it, and is left alone else.
var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "|", `\|`, "<", `\<`, ">", `\>`, "&", `\&`,
	"~", `\~`, "$", `\$`, "#", `\#`, "](", `]\(`,
)
