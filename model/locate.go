package model

// Place is where a value stands in a document.
type Place struct {
	Path         string // as messages write it
	Line, Column int    // from 1; 0 where the data is no instance of berth
}

// Locate finds values in an instance by the fields (string) and indices (int) that lead to
// each; where they lead no further, the place is that of the last one that is there.
// O(size of the file) for each in JSON, once for all of them in YAML.
func Locate(data []byte, paths [][]any) []Place {
	open := opener(data)
	places := make([]Place, len(paths))
	for k, path := range paths {
		f := &fault{}
		for _, p := range path {
			switch p := p.(type) {
			case string:
				f.at = append(f.at, in(p))
			case int:
				f.at = append(f.at, at(p))
			}
		}
		places[k].Path = pathText(f.at)
		if src := open(); src != nil {
			f.follow(src)
			places[k].Line, places[k].Column = f.line, f.column
		}
	}
	return places
}

// opener returns what begins a document anew each time; nil where it is no instance.
func opener(data []byte) func() source {
	nothing := func() source { return nil }
	if Kind(data) != kindPlacement {
		return nothing
	}
	src, f := openSource(data)
	if f != nil {
		return nothing
	}
	if tree, ok := src.(*yamlSource); ok {
		return func() source {
			again := *tree
			return &again
		}
	}
	return func() source {
		src, f := openSource(data)
		if f != nil {
			return nil
		}
		return src
	}
}
