package sizing

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
)

// Sample is response times as they were measured of one server at a steady load, in
// the order in which they were measured.
//
// What a station is made of cannot be seen in responses directly, for they contain the
// waiting. Fit finds the rate and the variation with which a Station at this load has
// the mean and the variance of the sample. For a given rate the mean determines the
// variation; then the variance falls as service takes a larger part of the response, so
// that one rate fits. With no load, responses are service times and nothing is
// inferred. This is the method of moments; service times count as gamma distributed.
type Sample struct {
	Responses []float64
	Load      float64
	Workers   int

	unit float64 // the longest response: sums are in it, so that no square overflows
}

const (
	blocks      = 20    // that an interval is computed from
	studentT    = 2.093 // 97.5 % quantile of Student's t with blocks-1 degrees of freedom
	leastSample = 10 * blocks
)

// sums of a sample or a part of it.
type sums struct{ count, sum, squares float64 }

func (s *sums) add(t sums, sign float64) {
	s.count += sign * t.count
	s.sum += sign * t.sum
	s.squares += sign * t.squares
}

// Fit returns the station that fits the sample.
func (m *Sample) Fit() (Station, error) {
	total, _, err := m.blocks()
	if err != nil {
		return Station{}, err
	}
	return m.fit(total)
}

// Capacity returns what the fitted station carries under a promise, and the half width
// of its 95 % interval, by the jackknife over 20 blocks of consecutive responses (M.
// Quenouille 1956; J. Tukey 1958), so that responses that come in waves do not count as
// many. The interval is about the sample, not about the model.
func (m *Sample) Capacity(p Promise) (capacity, margin float64, err error) {
	total, parts, err := m.blocks()
	if err != nil {
		return 0, 0, err
	}
	station, err := m.fit(total)
	if err != nil {
		return 0, 0, err
	}
	capacity, err = station.Capacity(p)
	if err != nil {
		return 0, 0, err
	}
	without := make([]float64, blocks)
	mean := 0.0
	for k, part := range parts {
		rest := total
		rest.add(part, -1)
		// A block less may lie just beyond what can be fitted: then nothing is known.
		station, err := m.fit(rest)
		if err != nil {
			return capacity, math.Inf(1), nil
		}
		if without[k], err = station.Capacity(p); err != nil {
			without[k] = 0
		}
		mean += without[k] / blocks
	}
	squares := 0.0
	for _, v := range without {
		squares += (v - mean) * (v - mean)
	}
	return capacity, studentT * math.Sqrt(squares*(blocks-1)/blocks), nil
}

// blocks checks the sample and sums it up.
func (m *Sample) blocks() (total sums, parts [blocks]sums, err error) {
	n := len(m.Responses)
	if n < leastSample {
		return total, parts, refuse("sample", fmt.Sprintf("%d or more", leastSample), "%d responses", n)
	}
	if err := first(notNegative("load", m.Load), within("workers", m.Workers, 1, MostWorkers)); err != nil {
		return total, parts, err
	}
	m.unit = 0
	for k, v := range m.Responses {
		if err := notNegative(fmt.Sprintf("response %d", k+1), v); err != nil {
			return total, parts, err
		}
		m.unit = max(m.unit, v)
	}
	if m.unit == 0 {
		return total, parts, refuse("sample", "a clock that is finer", "all responses are 0")
	}
	for k, v := range m.Responses {
		v /= m.unit
		parts[k*blocks/n].add(sums{1, v, v * v}, 1)
	}
	for _, part := range parts {
		total.add(part, 1)
	}
	return total, parts, nil
}

func (m *Sample) fit(s sums) (Station, error) {
	mean := s.sum / s.count * m.unit
	variance := max((s.squares-s.sum*s.sum/s.count)/(s.count-1), 0) * m.unit * m.unit
	if m.Load == 0 {
		return Station{Rate: 1 / mean, Workers: m.Workers, Variation: variance / (mean * mean)}, nil
	}
	// with is the station whose mean service time is given and whose mean response is
	// that of the sample.
	with := func(service float64) Station {
		s := Station{Rate: 1 / service, Workers: m.Workers, Variation: 1}
		wait := s.waits(m.Load) / (s.Limit() - m.Load) // with Variation 1
		s.Variation = 2*(mean-service)/wait - 1
		return s
	}
	limit := min(mean, float64(m.Workers)/m.Load)
	longest := bisect(0, math.Nextafter(limit, 0), func(service float64) bool {
		return service == 0 || with(service).Variation >= 0
	})
	steady := with(longest)
	steady.Variation = max(steady.Variation, 0)
	if _, least := steady.moments(m.Load); !(variance >= least) {
		return Station{}, refuse("load", "the load at which the sample was measured",
			"at %s even constant service times would make responses vary more than the sample does (variance %s, at least %s)", number(m.Load), number(variance), number(least))
	}
	service := bisect(longest*1e-9, longest, func(service float64) bool {
		_, v := with(service).moments(m.Load)
		return v >= variance
	})
	fitted := with(service)
	fitted.Variation = max(fitted.Variation, 0)
	return fitted, fitted.checkLoad(m.Load)
}

// ReadSample reads response times, one a line, as durations (12ms, 1.5s) or as plain
// numbers of seconds. Empty lines and lines that begin with # are left out. The
// errors name the line.
func ReadSample(r io.Reader) ([]float64, error) {
	lines := bufio.NewScanner(r)
	var responses []float64
	line := 0
	for lines.Scan() {
		line++
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		v, err := Seconds(text)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		responses = append(responses, v)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w; want one response time a line", line+1, err)
	}
	return responses, nil
}
