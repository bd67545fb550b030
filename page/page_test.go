package page

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func written(t *testing.T, d Document) string {
	t.Helper()
	var text bytes.Buffer
	if err := Write(&text, d); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestReleasedFilesAreUnchanged(t *testing.T) {
	sums := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(file("checksums.txt"))); lines.Scan(); {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		sums[name] = sum
	}
	err := fs.WalkDir(released, "libraries", func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, "libraries/")
		if err != nil || entry.IsDir() || !strings.Contains(name, "/") {
			return err
		}
		sum := sha256.Sum256([]byte(file(name)))
		if sums[name] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: checksum %x, want %q", name, sum, sums[name])
		}
		delete(sums, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range sums {
		t.Errorf("%s is in checksums.txt and not there", name)
	}
}

// Nothing in a page may be fetched: no address but those of namespaces and in
// comments and licences, and no element that loads one.
func TestPageLoadsNothing(t *testing.T) {
	own := written(t, Document{Title: "t"})
	for _, bad := range []string{`<script src`, `<link`, `<img`, `<iframe`} {
		if strings.Contains(own, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
	text := written(t, Document{Title: "t", Libraries: []Library{ECharts, Tabulator}})
	for _, bad := range []string{`@import`, `sourceMappingURL`} {
		if strings.Contains(text, bad) {
			t.Errorf("the page contains %s", bad)
		}
	}
	if found := regexp.MustCompile(`url\((["']?)(https?:)?//`).FindString(text); found != "" {
		t.Errorf("a style sheet loads %s", found)
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(text)
	if policy == nil || !strings.HasPrefix(policy[1], "default-src &#39;none&#39;;") {
		t.Errorf("policy %q", policy)
	}
	if n := strings.Count(text, "sha256-"); n != 4 {
		t.Errorf("%d scripts are allowed, want the two libraries, the page's own and the document's", n)
	}
}

func TestTitleIsText(t *testing.T) {
	text := written(t, Document{Title: `</title><script>alert(1)</script>`})
	if strings.Contains(text, "<script>alert") {
		t.Error("the title is read as HTML")
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, d := range map[string]Document{
		"a script that ends early": {Script: `"</SCRIPT>"`},
		"a script with a comment":  {Script: `"<!--"`},
		"a style that ends early":  {Style: `</style>`},
		"data that is no JSON":     {Data: []Data{{"f", func() {}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := Write(&bytes.Buffer{}, d); err == nil {
				t.Error("written")
			}
		})
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	d := Document{Title: "t", Data: []Data{{"d", map[string]int{"a": 1, "b": 2}}}}
	first := written(t, d)
	if second := written(t, d); first != second {
		t.Error("two writings differ")
	}
}
