package sizing

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Seconds reads a time of 0 or more: a duration with its unit, or a number of seconds.
func Seconds(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d, err := time.ParseDuration(text)
		if err != nil {
			return 0, fmt.Errorf("found %.40q; want a time such as 50ms, 1.5s, or a number of seconds", text)
		}
		v = d.Seconds()
	}
	if !(v >= 0) || math.IsInf(v, 1) {
		return 0, fmt.Errorf("found %.40q; want a time of 0 or more", text)
	}
	return v, nil
}

// Number reads a number of 0 or more.
func Number(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0) || math.IsInf(n, 0) {
		return 0, errors.New("want a number of 0 or more, such as 120 or 0.5")
	}
	return n, nil
}

// Share reads a share of 1: 0.95 or 95%.
func Share(text string) (float64, error) {
	digits, percent := strings.CutSuffix(text, "%")
	n, err := Number(digits)
	if percent {
		n /= 100
	}
	if err != nil || n > 1 {
		return 0, errors.New("want a share from 0 to 1, such as 0.95 or 95%")
	}
	return n, nil
}
