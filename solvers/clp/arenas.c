// The C library makes a heap of its own for every thread that ever asks it for memory or
// gives some back, and each of Go's does when it starts: 128 MiB of addresses reserved, half
// of them returned, for threads that will never call CLP. Two such heaps are enough for
// those that do.
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

__attribute__((constructor)) static void few_arenas(void) { mallopt(M_ARENA_MAX, 2); }
#endif
