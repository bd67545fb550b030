package model

const (
	formatName    = "berth/v1"
	kindPlacement = "placement"
	kindWorkflow  = "workflow"
	kindSolution  = "solution"

	// kindInstance stands for the two kinds of instances.
	kindInstance = kindPlacement + " or " + kindWorkflow
	kindPlan     = "plan"
)

// Read reads an instance, JSON or YAML by what it looks like, and checks all of
// it: names that lead nowhere, amounts that cannot be, fields that contradict one
// another. file is the name for messages. The error is a *DocumentError.
func Read(data []byte, file string) (*Instance, error) {
	in, f := readDocument(data, kindInstance, decodeInstance)
	if f == nil {
		f = in.check()
	}
	if f != nil {
		return nil, f.document(data, file)
	}
	return in, nil
}

// readDocument decodes a document of one kind. What it says about its format and
// kind comes before everything else that is wrong with it.
func readDocument[T any](data []byte, kind string, decode func(*decoder) *T) (*T, *fault) {
	src, f := openSource(data)
	if f != nil {
		return nil, f
	}
	d := newDecoder(src)
	value := decode(d)
	if d.ok() && d.header == (header{true, true}) {
		return value, nil
	}
	if f := checkHeader(data, kind); f != nil {
		return nil, f
	}
	return nil, d.fault
}

// header says which of the two fields that begin a document were seen.
type header struct{ format, kind bool }

// checkHeader looks for format and kind alone.
func checkHeader(data []byte, kind string) *fault {
	src, f := openSource(data)
	if f != nil {
		return f
	}
	d := newDecoder(src)
	if d.peek() != mapKind {
		return nil
	}
	seen := header{}
	for name := range d.members("") {
		switch name {
		case "format":
			d.format()
			seen.format = true
		case "kind":
			d.kind(kind)
			seen.kind = true
		default:
			d.skip()
		}
	}
	switch {
	case !d.ok():
		if last := d.fault.at; len(last) == 1 && (last[0].name == "format" || last[0].name == "kind") {
			return d.fault
		}
		return nil // a syntax error, which decoding has met too
	case !seen.format:
		return &fault{found: "no format", want: "format: " + formatName}
	case !seen.kind:
		return &fault{found: "no kind", want: "kind: " + kind}
	}
	return nil
}

// format reads the format of a document.
func (d *decoder) format() {
	d.header.format = true
	if text := string(d.words(formatName)); text != formatName {
		d.fail(Quote(text), formatName)
	}
}

// instanceKind reads the kind of an instance and says whether it is a workflow.
func (d *decoder) instanceKind() bool { return d.kind(kindInstance) == kindWorkflow }

// kind reads the kind of a document.
func (d *decoder) kind(want string) string {
	d.header.kind = true
	text := string(d.words(want))
	switch {
	case text == want:
	case want == kindInstance && (text == kindPlacement || text == kindWorkflow):
	case text == kindSolution:
		d.fail("a solution", want+": an instance, not what solves it")
	case text == kindPlan:
		d.fail("a plan", want+": not the way to a solution; `berth verify` reads plans")
	case want == kindPlan:
		d.fail(Quote(text), "plan: what berth plan wrote")
	case want == kindSolution:
		d.fail(Quote(text), "solution: the answer that berth solve wrote")
	default:
		d.fail(Quote(text), want)
	}
	return text
}

// Kind returns the kind that a document states, such as placement or solution; empty
// for data that is no document of berth or cannot be read. What it says else is not
// looked at.
func Kind(data []byte) string {
	src, f := openSource(data)
	if f != nil || src.peek() != mapKind {
		return ""
	}
	src.enter()
	if !walkTo(src, step{name: "kind"}) || src.peek() != textKind {
		return ""
	}
	kind := string(src.text())
	if src.failure() != nil {
		return ""
	}
	return kind
}
