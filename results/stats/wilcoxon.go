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
// Up to 50 differences, none of them 0 and no two of the same size, the probability
// is exact. Otherwise zeros are left out, as Wilcoxon does, equal sizes share the
// mean of their ranks, and it is the normal approximation with corrections for ties
// and continuity. These are the methods "exact" and "approx" (correction=True) of
// scipy.stats.wilcoxon. Without a difference that is not 0 the probability is 1; with
// one that is NaN it is NaN.
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
	for i := 0; i < n; {
		end := i + 1
		for end < n && math.Abs(nonzero[end]) == math.Abs(nonzero[i]) {
			end++
		}
		rank, size := float64(i+1+end)/2, float64(end-i)
		ties += size * (size*size - 1)
		for ; i < end; i++ {
			if nonzero[i] > 0 {
				up += rank
			} else {
				down += rank
			}
		}
	}
	statistic = min(up, down)
	if len(differences) <= mostExact && n == len(differences) && ties == 0 {
		return statistic, exactSignedRank(n, int(statistic))
	}
	size := float64(n)
	centre := size * (size + 1) / 4
	deviation := math.Sqrt((size*(size+1)*(2*size+1) - ties/2) / 24)
	distance := max(centre-statistic-0.5, 0)
	return statistic, min(1, 2*normal(-distance/deviation))
}

// mostExact is the greatest number of differences whose distribution is counted out.
const mostExact = 50

// exactSignedRank is twice the probability that the ranks 1 to n, each counted with
// probability ½, sum up to at most sum, and never more than 1. All counts are
// integers below 2^50, exact in a float64.
func exactSignedRank(n, sum int) float64 {
	ways := make([]float64, n*(n+1)/2+1)
	ways[0] = 1
	for rank := 1; rank <= n; rank++ {
		for s := len(ways) - 1; s >= rank; s-- {
			ways[s] += ways[s-rank]
		}
	}
	tail := 0.0
	for _, w := range ways[:sum+1] {
		tail += w
	}
	return min(1, 2*tail/math.Ldexp(1, n))
}
