package sizing

import (
	"fmt"
	"strconv"
)

// Refused says which number a model has no answer for, why, and what would suffice.
type Refused struct {
	Number string // its name, in the words of the model
	Found  string // what is wrong with it
	Want   string // what would suffice
}

// Error is one line: load: 120 is at least what the server serves (100); want …
func (r *Refused) Error() string { return r.Number + ": " + r.Found + "; want " + r.Want }

// refuse makes a Refused. found is formatted with args.
func refuse(number, want, found string, args ...any) error {
	return &Refused{number, fmt.Sprintf(found, args...), want}
}

// number writes a number for messages.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// The least number above 0 and the largest that models take: of others products of several
// leave floating point.
const (
	leastNumber = 1e-30
	mostNumber  = 1e30
)

// positive refuses what is not a number above 0.
func positive(name string, v float64) error {
	switch {
	case !(v > 0):
		return refuse(name, "a number above 0", "%s", number(v))
	case v < leastNumber || v > mostNumber:
		return refuse(name, "a number from "+number(leastNumber)+" to "+number(mostNumber), "%s", number(v))
	}
	return nil
}

// notNegative refuses what is not a number of at least 0.
func notNegative(name string, v float64) error {
	switch {
	case !(v >= 0):
		return refuse(name, "a number of 0 or more", "%s", number(v))
	case v > mostNumber:
		return refuse(name, "a number of at most "+number(mostNumber), "%s", number(v))
	}
	return nil
}

// share refuses what is not between 0 and 1.
func share(name string, v float64) error {
	if !(v >= 0 && v <= 1) {
		return refuse(name, "a share from 0 to 1, such as 0.05 or 5%", "%s", number(v))
	}
	return nil
}

// within refuses a count outside its limits.
func within(name string, n, least, most int) error {
	if n < least || n > most {
		return refuse(name, fmt.Sprintf("a whole number from %d to %d", least, most), "%d", n)
	}
	return nil
}

// first returns the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// bisect returns the largest number from low to high of which holds is true, to the
// last bits, where it is true up to some point and false beyond. It is low where it
// holds nowhere.
func bisect(low, high float64, holds func(float64) bool) float64 {
	if holds(high) {
		return high
	}
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			return low
		}
		if holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
}
