package results

// Point is a run in a picture.
type Point struct {
	X, Y float64
	Run  *Run // nil where the point stands for several
}

// Curve is a method's line in a picture.
type Curve struct {
	Method string
	Points []Point
}

// Band is how a method's gap develops: at each moment the median over its runs and
// the quartiles.
type Band struct {
	Method                        string
	Seconds, Lower, Median, Upper []float64
}
