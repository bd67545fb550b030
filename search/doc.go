// Package search is what all methods share: the Board they report to, the limits
// that end them, the Race that runs several side by side, and the type of a
// Method.
package search
