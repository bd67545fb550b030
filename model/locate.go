package model

// Place is where a value stands in a document.
type Place struct {
	Path         string // as messages write it
	Line, Column int    // from 1; 0 where the data is no instance of berth
}

// Locate finds values in an instance by the fields (string) and indices (int) that lead to
// each; where they lead no further, the place is that of the last one that is there.
// It reads the file once.
func Locate(data []byte, paths [][]any) []Place {
	places := make([]Place, len(paths))
	wanted := &wantedValue{}
	for k, path := range paths {
		value := wanted
		var steps []step
		for _, p := range path {
			switch p := p.(type) {
			case string:
				steps = append(steps, in(p))
			case int:
				steps = append(steps, at(p))
			}
			value = value.below(steps[len(steps)-1])
		}
		value.places = append(value.places, &places[k])
		places[k].Path = pathText(steps)
	}
	if len(paths) > 0 && Kind(data) == kindPlacement {
		if src, f := openSource(data); f == nil {
			wanted.find(src)
		}
	}
	return places
}

// wantedValue is a value whose place is asked for, or one on the way to such.
type wantedValue struct {
	places []*Place
	inside map[step]*wantedValue
}

func (v *wantedValue) below(s step) *wantedValue {
	if v.inside == nil {
		v.inside = map[step]*wantedValue{}
	}
	if v.inside[s] == nil {
		v.inside[s] = &wantedValue{}
	}
	return v.inside[s]
}

// find reads the next value whole, and notes its place for all that is wanted in it: what is
// there then gets its own.
func (v *wantedValue) find(src source) {
	kind := src.peek()
	touch(src)
	v.all(src.position())
	if kind != mapKind && kind != listKind {
		return
	}
	for index := 0; src.peek() != endOf; index++ {
		s := at(index)
		if kind == mapKind {
			s = in(string(src.key()))
		}
		if value := v.inside[s]; value != nil {
			value.find(src)
		} else {
			src.skip()
		}
	}
	src.leave()
}

// all gives the same place to a value and all within.
func (v *wantedValue) all(line, column int) {
	for _, p := range v.places {
		p.Line, p.Column = line, column
	}
	for _, value := range v.inside {
		value.all(line, column)
	}
}
