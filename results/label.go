package results

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// variant is what a run says about how its method was run.
type variant struct {
	method, options, version string
	limits                   Limits
}

// optionEnd parts the options of a variant.
const optionEnd = "\x1f"

func (r *Run) variant() variant {
	return variant{r.Record.Method, strings.Join(r.Options, optionEnd), r.Version, r.Limits}
}

// label names the method of each run: by its name in the plan where that is enough.
// Where the records hold a name with several options or versions, what differs is
// added. So are limits where the same instance was run under several; instances that
// each have their own limits are no reason.
func label(runs []*Run) {
	options, versions := map[string][]string{}, map[string][]string{}
	seen := map[variant]bool{}
	onInstance := map[*Entry][]variant{}
	for _, r := range runs {
		v := r.variant()
		if !slices.Contains(onInstance[r.Entry], v) {
			onInstance[r.Entry] = append(onInstance[r.Entry], v)
		}
		if seen[v] {
			continue
		}
		seen[v] = true
		if !slices.Contains(options[v.method], v.options) {
			options[v.method] = append(options[v.method], v.options)
		}
		if !slices.Contains(versions[v.method], v.version) {
			versions[v.method] = append(versions[v.method], v.version)
		}
	}
	shown := limitsToShow(onInstance)
	labels := map[variant]string{}
	owner := map[string]variant{}
	for _, v := range slices.SortedFunc(maps.Keys(seen), compareVariants) {
		parts := []string{v.method}
		parts = append(parts, ownOptions(v.options, options[v.method])...)
		for k, limit := range limitTexts(v.limits) {
			if shown[k] && limit != "" {
				parts = append(parts, limit)
			}
		}
		if len(versions[v.method]) > 1 {
			parts = append(parts, "("+shortVersion(v.version, versions[v.method])+")")
		}
		own := v
		own.limits = Limits{}
		text := strings.Join(parts, " ")
		for owner[text] != own && owner[text] != (variant{}) { // a plan may call a method "lp 10s"
			text += "'"
		}
		owner[text], labels[v] = own, text
	}
	for _, r := range runs {
		r.Method = labels[r.variant()]
	}
}

func compareVariants(a, b variant) int {
	return cmp.Or(strings.Compare(a.method, b.method), strings.Compare(a.options, b.options), strings.Compare(a.version, b.version),
		strings.Compare(fmt.Sprint(a.limits), fmt.Sprint(b.limits)))
}

// ownOptions returns those of a set of options that not all sets have.
func ownOptions(own string, sets []string) []string {
	if own == "" {
		return nil
	}
	var kept []string
	for option := range strings.SplitSeq(own, optionEnd) {
		shared := !slices.ContainsFunc(sets, func(set string) bool {
			return !slices.Contains(strings.Split(set, optionEnd), option)
		})
		if !shared {
			kept = append(kept, option)
		}
	}
	return kept
}

// shortVersion cuts a version at the end of the word by which it is told from all
// others of its method.
func shortVersion(version string, all []string) string {
	if version == "" {
		return "no version"
	}
	same := 0
	for _, other := range all {
		if other != version {
			same = max(same, commonPrefix(version, other))
		}
	}
	isWord := func(c byte) bool {
		return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.'
	}
	end := min(same+1, len(version))
	for end < len(version) && isWord(version[end]) {
		end++
	}
	return version[:end]
}

func commonPrefix(a, b string) int {
	k := 0
	for k < len(a) && k < len(b) && a[k] == b[k] {
		k++
	}
	return k
}

// The limits as a label shows them; each is empty where there is none.
func limitTexts(l Limits) [5]string {
	var texts [5]string
	if l.Seconds > 0 {
		texts[0] = strconv.FormatFloat(l.Seconds, 'g', -1, 64) + "s"
	}
	if l.Work > 0 {
		texts[1] = "work " + rounded(l.Work, 1000, "kMGT", "")
	}
	if l.Memory > 0 {
		texts[2] = rounded(l.Memory, 1024, "KMGT", "i")
	}
	if l.Gap != "" {
		texts[3] = "gap " + l.Gap
	}
	if l.Threads > 0 {
		texts[4] = fmt.Sprintf("threads %d", l.Threads)
	}
	return texts
}

// rounded writes a number with the largest unit that divides it.
func rounded(n, unit int64, units, suffix string) string {
	name := ""
	for k := 0; k < len(units) && n%unit == 0; k++ {
		n /= unit
		name = units[k:k+1] + suffix
	}
	return strconv.FormatInt(n, 10) + name
}

// limitsToShow says of each limit whether labels name it: where on some instance one
// method had several of it, or two methods each another one. That a method has no
// limit where another has one, as one of work is for methods that count it, does not
// matter.
func limitsToShow(onInstance map[*Entry][]variant) (shown [5]bool) {
	type pair struct{ a, b variant }
	checked := map[pair]bool{}
	for _, variants := range onInstance {
		for i, a := range variants {
			for _, b := range variants[:i] {
				if a.limits == b.limits || checked[pair{a, b}] {
					continue
				}
				checked[pair{a, b}] = true
				one, two := limitTexts(a.limits), limitTexts(b.limits)
				for k := range shown {
					if one[k] != two[k] && (a.method == b.method || one[k] != "" && two[k] != "") {
						shown[k] = true
					}
				}
			}
		}
	}
	return shown
}
