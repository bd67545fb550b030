// Package stats has the formulas by which runs are compared, on plain numbers: what
// is the mean of many times, how sure is it, do two methods differ. Each names its
// source. Nothing here knows what a run is.
package stats
