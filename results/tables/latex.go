package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// LaTeX writes a table as a float with the rules of booktabs, or as a longtable where
// a page would not hold it. The document needs
//
//	\usepackage[T1]{fontenc}
//	\usepackage{adjustbox,booktabs,longtable,xcolor}
//
// pdfTeX knows the letters of European languages; names in other scripts take LuaTeX
// or XeTeX and a font that has them.
func LaTeX(w io.Writer, t Table) error {
	var b bytes.Buffer
	shown := t.shown()
	sides := strings.Builder{}
	heads := make([]string, len(shown))
	for i, k := range shown {
		heads[i] = latex(short(line(t.Columns[k].Head)))
		switch c := t.Columns[k]; {
		case c.Number:
			sides.WriteByte('r')
		case c.Prose:
			sides.WriteString(`p{0.5\linewidth}`)
		default:
			sides.WriteByte('l')
		}
	}
	head := ""
	if !t.headless() {
		head = strings.Join(heads, " & ") + ` \\` + "\n" + `\midrule` + "\n"
	}
	caption := fmt.Sprintf(`\caption{%s}\label{tab:%s}`, latex(line(t.Title)), t.Name)
	long := len(t.Rows) > pageful
	if long {
		fmt.Fprintf(&b, "\\begingroup\\footnotesize\n\\begin{longtable}{@{}%s@{}}\n%s \\\\\n\\toprule\n%s\\endhead\n\\bottomrule\n\\endfoot\n", sides.String(), caption, head)
	} else {
		fmt.Fprintf(&b, "\\begin{table}\n\\centering\\footnotesize\n%s\n\\begin{adjustbox}{max width=\\linewidth}\n\\begin{tabular}{@{}%s@{}}\n\\toprule\n%s", caption, sides.String(), head)
	}
	for _, row := range t.Rows {
		cells := make([]string, len(shown))
		for i, k := range shown {
			text := row[k].Text
			if !t.Columns[k].Prose {
				text = short(text)
			}
			cells[i] = latex(text)
			if row[k].Wrong {
				cells[i] = `\textcolor{red}{` + cells[i] + `}`
			}
		}
		fmt.Fprintf(&b, "%s \\\\\n", strings.Join(cells, " & "))
	}
	var notes strings.Builder
	for _, note := range t.Notes {
		fmt.Fprintf(&notes, "\n\n\\smallskip\n\\parbox{\\linewidth}{%s}", latex(line(note)))
	}
	if long {
		fmt.Fprintf(&b, "\\end{longtable}%s\n\\par\\endgroup\n\n", notes.String())
	} else {
		fmt.Fprintf(&b, "\\bottomrule\n\\end{tabular}\n\\end{adjustbox}%s\n\\end{table}\n\n", notes.String())
	}
	_, err := w.Write(b.Bytes())
	return err
}

// pageful is how many rows fit on a page.
const pageful = 40

// latex escapes text: characters with a meaning, those that the encoding T1 does not
// have, and pairs that it would make one character of. A bracket at the beginning of
// a row would be taken for an argument of the row before.
func latex(text string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range text {
		if r == last && strings.ContainsRune("-',", r) {
			b.WriteString("{}")
		}
		if escaped, ok := latexRunes[r]; ok {
			b.WriteString(escaped)
		} else {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

var latexRunes = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '`': `\textasciigrave{}`, '<': `\textless{}`, '>': `\textgreater{}`,
	'|': `\textbar{}`, '"': `\textquotedbl{}`, '[': `{[}`, ']': `{]}`, '*': `{*}`,
	'∞': `$\infty$`, '−': `$-$`, '×': `$\times$`, '±': `$\pm$`, '–': `--`, '…': `\ldots{}`, '≥': `$\geq$`, '≤': `$\leq$`,
}
