// Package proof holds certificates: a text that shows, step by step, that nothing costs
// less than a bound, or that nothing is feasible at all, and the checker that follows it.
//
// A proof speaks of the program that `berth encode --to lp --proof FILE` writes: x1, x2, … are
// its variables, r1, r2, … its rows, and costs are counted as its objective counts them. Of a
// workflow that is the program of schedules that end before the bound, and costs do not count; a
// bound of 0 needs no step.
// A proof is a search that somebody else has made, without what was needed to find it:
//
//	berth proof 1
//	instance sha256:6c…       of which the program is
//	given {"fix":{"a":["n1"]}} what was asked beside it, as a solution has it; no such line: nothing
//	bound 412                 what is proven, in the document's numbers; none: infeasible
//	below 412                 what costs that or more may be left out; none: nothing may
//	cut 3 x1:1 x5:1 x9:2 from r12:1
//	price 1024 r3:-17 r9:4 c1:-5
//	branch x17=1
//	price 512 r3:-9 c1:-2
//	else
//	price 1024 r3:-20 r7:2
//	end
//	qed
//
// At every moment some variables are fixed. What a row leaves no choice about is fixed at
// once, and so is what a price shows; the limit on the cost counts as a row. A part of the
// search is closed when a row cannot hold, or a price says so.
//
//   - "cut R TERMS from ROWS" adds the row c1 (c2, …): Σ TERMS ≤ R. It is the sum of the rows
//     with these multipliers, divided by what its numbers have in common, or it holds for
//     every 0/1 point, fixed as things are, that satisfies that sum. Multipliers are ≥ 0 for a
//     row with ≤ and ≤ 0 for one with ≥. The checker finds that out exactly, by a table of the
//     least weight for each value (R. Bellman's knapsack, 1957).
//   - "price D ROWS" gives each row a multiplier y over the common denominator D, with the
//     sign of a dual: ≤ 0 for ≤, ≥ 0 for ≥. With the reduced costs d = D·cost − Σ y·row,
//     everything costs at least (Σ y·right sides + Σ fixed or negative d) / D (weak duality;
//     with 0 for D the costs do not count, and a sum above 0 is a contradiction: J. Farkas,
//     1902). Where that reaches the bound, the part is closed; where it would reach the
//     limit with a variable at its other value, the variable is fixed.
//   - "price D ROWS within ROWS" keeps some rows, all ≤ or ≥ or cuts, instead of giving them
//     multipliers. No variable may be in two of them. Of each the cheapest 0/1 point under d
//     counts, by a table of the least value for each room (Bellman's again, with variables
//     that weigh less than 0 turned round; the bound is that of A.M. Geoffrion, Lagrangean
//     relaxation for integer programming, Mathematical Programming Study 2, 1974), and each
//     variable has what its row rises by with it at 1, and at 0. Where just one free variable of a
//     row with a multiplier and = is 1, all others are 0, and what these rises sum to counts,
//     unless two of them are in the same kept row. What is fixed makes kept rows dearer: the
//     step goes on until nothing more is fixed.
//   - "learn x5=1 x9=0" adds that one of these variables has that value. Where none of them
//     has, what is known already must fix variables one after the other until a row or an
//     earlier such step cannot hold (E. Goldberg and Y. Novikov, Verification of proofs of
//     unsatisfiability for CNF formulas, DATE 2003). It stands outside of all branches.
//   - "branch x=v … else … end" looks at both values of a variable, one after the other;
//     when both are closed, so is what they are a part of. Cuts and fixings made within
//     hold within.
//   - "qed" ends a proof, and all must be closed then.
//
// Steps in a part that is closed already are passed over: a checker may see more than the
// search did.
//
// The checker trusts package model for what a problem is, package encode for what its
// program is, and integers. It shares no code with any method.
package proof
