package stats

import (
	"cmp"
	"math"
	"slices"
)

// Wilcoxon is the signed-rank test of paired differences (Wilcoxon, Individual
// comparisons by ranking methods, Biometrics Bulletin 1, 1945), two-sided. It returns
// the smaller of the two sums of ranks and the probability of one as small where the
// differences are symmetric about 0.
//
// Zeros are left out, as Wilcoxon does, and equal sizes share the mean of their ranks.
// Up to 50 differences that are not 0 the probability is exact: of all ways to give
// these ranks signs. The normal approximation is not for so few of the same size: of
// five that are all 1 it says 0.04, where no five can be rarer than 0.06. Of more it is
// that, with corrections for ties and continuity. These are the methods "exact", which
// knows no ties there, and "approx" (correction=True) of scipy.stats.wilcoxon. Without a
// difference that is not 0 the probability is 1; with one that is NaN it is NaN.
func Wilcoxon(differences []float64) (statistic, p float64) {
	var nonzero []float64
	for _, d := range differences {
		if math.IsNaN(d) {
			return math.NaN(), math.NaN()
		}
		if d != 0 {
			nonzero = append(nonzero, d)
		}
	}
	n := len(nonzero)
	if n == 0 {
		return 0, 1
	}
	slices.SortFunc(nonzero, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	var up, down, ties float64
	doubled := make([]int, 0, n) // ranks, whole also where they are means
	for i := 0; i < n; {
		end := i + 1
		for end < n && math.Abs(nonzero[end]) == math.Abs(nonzero[i]) {
			end++
		}
		rank, size := float64(i+1+end)/2, float64(end-i)
		ties += size * (size*size - 1)
		for ; i < end; i++ {
			doubled = append(doubled, int(2*rank))
			if nonzero[i] > 0 {
				up += rank
			} else {
				down += rank
			}
		}
	}
	statistic = min(up, down)
	if n <= mostExact {
		return statistic, exactSignedRank(doubled, int(2*statistic))
	}
	size := float64(n)
	centre := size * (size + 1) / 4
	deviation := math.Sqrt((size*(size+1)*(2*size+1) - ties/2) / 24)
	distance := max(centre-statistic-0.5, 0)
	return statistic, min(1, 2*normal(-distance/deviation))
}

// mostExact is the greatest number of differences whose distribution is counted out.
const mostExact = 50

// exactSignedRank is twice the probability that ranks, each counted with probability ½,
// sum up to at most sum, and never more than 1. All counts are integers of at most
// 2^50, exact in a float64.
func exactSignedRank(ranks []int, sum int) float64 {
	ways := make([]float64, sum+1) // greater sums do not matter
	ways[0] = 1
	for _, rank := range ranks {
		for s := sum; s >= rank; s-- {
			ways[s] += ways[s-rank]
		}
	}
	tail := 0.0
	for _, w := range ways {
		tail += w
	}
	return min(1, 2*tail/math.Ldexp(1, len(ranks)))
}
