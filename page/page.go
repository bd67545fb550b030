// Package page writes one HTML file that opens anywhere, without a network: text,
// style, scripts, libraries and data are all inside, and a policy in its head
// forbids every request.
//
//   - page.go: the document and how it is put together; skeleton.html, theme.css,
//     page.js: what all pages share.
//   - palette.go: the colours, symbols and dashes that tell series apart, the same
//     in a page and in a printed figure.
//   - library.go, libraries: the charting and the table library.
package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

// Document is a page to be written.
type Document struct {
	Title     string        // plain text
	Style     string        // CSS, after the theme
	Body      template.HTML // what stands in main; whoever makes it escapes names
	Script    string        // runs after the libraries and page.js
	Libraries []Library
	Data      []Data
}

// Data is a value that the script reads with `await berth.data(name)`. It travels
// as compressed JSON and is unpacked when it is asked for.
type Data struct {
	Name  string // letters, digits and dashes
	Value any    // what encoding/json can write
}

var (
	//go:embed skeleton.html
	skeletonText string
	//go:embed theme.css
	themeStyle string
	//go:embed page.js
	pageScript string

	skeleton = sync.OnceValue(func() *template.Template { return template.Must(template.New("skeleton").Parse(skeletonText)) })
)

// Write writes the page. It fails where a style or a script holds what would end
// its element early, where a value is no JSON, and where w fails.
func Write(w io.Writer, d Document) error {
	view := view{Title: d.Title, Body: d.Body, Libraries: d.Libraries}
	sheets := []string{themeStyle}
	scripts := []string{}
	for _, library := range d.Libraries {
		if library.style != nil {
			sheets = append(sheets, library.style())
		}
		scripts = append(scripts, library.script())
	}
	for _, sheet := range append(sheets, d.Style) {
		if strings.Contains(strings.ToLower(sheet), "</style") {
			return fmt.Errorf("page %q: a style sheet contains </style and would end early; write <\\/style", d.Title)
		}
		view.Styles = append(view.Styles, template.CSS(sheet))
	}
	for _, script := range append(scripts, pageScript, d.Script) {
		if err := checkScript(script); err != nil {
			return fmt.Errorf("page %q: %w", d.Title, err)
		}
		view.Scripts = append(view.Scripts, template.HTML("<script>"+script+"</script>"))
		view.hashes = append(view.hashes, hash(script))
	}
	for _, data := range d.Data {
		packed, err := pack(data.Value)
		if err != nil {
			return fmt.Errorf("page %q: data %q: %w", d.Title, data.Name, err)
		}
		view.Data = append(view.Data, block{data.Name, packed})
	}
	palette, err := json.Marshal(marks())
	if err != nil {
		return fmt.Errorf("page %q: palette: %w", d.Title, err)
	}
	view.Data = append(view.Data, block{"palette", template.HTML(palette)})
	return skeleton().Execute(w, view)
}

// view is what the skeleton shows.
type view struct {
	Title     string
	Body      template.HTML
	Styles    []template.CSS
	Scripts   []template.HTML // elements; a template would rewrite their text
	Libraries []Library
	Data      []block
	hashes    []string
}

type block struct {
	Name string
	Text template.HTML // base64, or JSON whose < are escaped
}

// Policy forbids every request and every script but those of the page.
func (v view) Policy() string {
	return "default-src 'none'; script-src " + strings.Join(v.hashes, " ") +
		"; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'"
}

// checkScript refuses text that HTML would read differently from JavaScript.
func checkScript(script string) error {
	lower := strings.ToLower(script)
	for _, bad := range []string{"</script", "<!--", "<script", "\r"} {
		if strings.Contains(lower, bad) {
			return fmt.Errorf("a script contains %q and would be read wrongly; split the string that holds it", bad)
		}
	}
	return nil
}

// hash names a script in the policy.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// level of compression: the default one takes three times as long for 5 % less.
const level = 4

// pack makes compressed JSON that needs no escaping.
func pack(value any) (template.HTML, error) {
	var text strings.Builder
	encoder := base64.NewEncoder(base64.StdEncoding, &text)
	zipper, err := gzip.NewWriterLevel(encoder, level)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(zipper, bytes.NewReader(raw)); err != nil {
		return "", err
	}
	if err := zipper.Close(); err != nil {
		return "", err
	}
	if err := encoder.Close(); err != nil {
		return "", err
	}
	return template.HTML(text.String()), nil
}
