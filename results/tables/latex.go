package tables

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// LaTeX writes a table as a float with the rules of booktabs, or as a longtable where
// a page would not hold it. Columns that do not fit beside one another follow in a
// second part, and so on. The document needs
//
//	\usepackage[T1]{fontenc}
//	\usepackage{adjustbox,booktabs,longtable,xcolor}
//
// pdfTeX knows the letters of European languages; names in other scripts take LuaTeX
// or XeTeX and a font that has them.
func LaTeX(w io.Writer, t Table) error {
	var b bytes.Buffer
	caption := fmt.Sprintf(`\caption{%s}\label{tab:%s}`, latex(line(t.Title)), t.Name)
	long := len(t.Rows) > pageful
	if long {
		b.WriteString("\\begingroup\\footnotesize\n")
	} else {
		fmt.Fprintf(&b, "\\begin{table}\n\\centering\\footnotesize\n%s\n", caption)
	}
	for k, columns := range t.blocks(lineful) {
		sides, head := t.latexHead(columns)
		switch {
		case long && k == 0:
			fmt.Fprintf(&b, "\\begin{longtable}{%s}\n%s \\\\\n\\toprule\n%s\\endhead\n\\bottomrule\n\\endfoot\n", sides, caption, head)
		case long:
			fmt.Fprintf(&b, "\\begin{longtable}{%s}\n\\toprule\n%s\\endhead\n\\bottomrule\n\\endfoot\n", sides, head)
		default:
			fmt.Fprintf(&b, "\n\\smallskip\n\\begin{adjustbox}{max width=\\linewidth}\n\\begin{tabular}{%s}\n\\toprule\n%s", sides, head)
		}
		t.latexRows(&b, columns)
		if long {
			b.WriteString("\\end{longtable}\n")
		} else {
			b.WriteString("\\bottomrule\n\\end{tabular}\n\\end{adjustbox}\n")
		}
	}
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "\n\\smallskip\n\\parbox{\\linewidth}{%s}\n", latex(line(note)))
	}
	if long {
		b.WriteString("\\par\\endgroup\n\n")
	} else {
		b.WriteString("\\end{table}\n\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// latexHead returns what stands where in the columns, and their heads.
func (t *Table) latexHead(columns []int) (sides, head string) {
	var heads []string
	sides = "@{}"
	for _, k := range columns {
		c := &t.Columns[k]
		heads = append(heads, latex(short(line(c.Head))))
		switch {
		case c.Number:
			sides += "r"
		case c.Prose:
			sides += `p{0.6\linewidth}`
		default:
			sides += "l"
		}
	}
	if !t.headless() {
		head = strings.Join(heads, " & ") + " \\\\\n\\midrule\n"
	}
	return sides + "@{}", head
}

func (t *Table) latexRows(b *bytes.Buffer, columns []int) {
	for _, row := range t.Rows {
		cells := make([]string, len(columns))
		for i, k := range columns {
			text := row[k].Text
			if !t.Columns[k].Prose {
				text = short(text)
			}
			cells[i] = latex(text)
			if row[k].Wrong {
				cells[i] = `\textcolor{red}{` + cells[i] + `}`
			}
		}
		fmt.Fprintf(b, "%s \\\\\n", strings.Join(cells, " & "))
	}
}

// lineful is how many characters fit beside one another in this size.
const lineful = 96

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
