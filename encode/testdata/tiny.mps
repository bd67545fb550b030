* placement tiny
* x1 = web on n1
* x2 = web on n2
* x3 = 1 of cart on n1
* x4 = 2 of cart on n1
* x5 = 1 of cart on n2
* x6 = 2 of cart on n2
* x7 = node n2 is in use
* x8 = web – cart: share 1 is in node n1
* x9 = web – cart: share 2 is in node n1
* x10 = web – cart: share 1 is in node n2
* x11 = web – cart: share 2 is in node n2
* cost = 1 · objective + 2
NAME          berth
ROWS
 N  obj
 L  r1
 L  r2
* task web must be placed
 E  r3
* the 2 replicas of cart must be placed
 E  r4
* the memory of node n1
 L  r5
 L  r6
 L  r7
 L  r8
 L  r9
 L  r10
 L  r11
 L  r12
 L  r13
 L  r14
 L  r15
COLUMNS
    MARKER    'MARKER'                 'INTORG'
    x1        obj       0
    x1        r3        1
    x1        r5        2
    x1        r8        -1
    x1        r10       -1
    x2        obj       3
    x2        r3        1
    x2        r6        1
    x2        r12       -1
    x2        r14       -1
    x3        obj       0
    x3        r1        -1
    x3        r4        1
    x3        r5        1
    x3        r9        -1
    x4        obj       0
    x4        r1        1
    x4        r4        1
    x4        r5        1
    x4        r11       -1
    x5        obj       0
    x5        r2        -1
    x5        r4        1
    x5        r7        1
    x5        r13       -1
    x6        obj       0
    x6        r2        1
    x6        r4        1
    x6        r15       -1
    x7        obj       5
    x7        r6        -1
    x7        r7        -1
    x8        obj       -1
    x8        r8        1
    x8        r9        1
    x9        obj       -1
    x9        r10       1
    x9        r11       1
    x10       obj       -1
    x10       r12       1
    x10       r13       1
    x11       obj       -1
    x11       r14       1
    x11       r15       1
    MARKER    'MARKER'                 'INTEND'
RHS
    RHS       r3        1
    RHS       r4        2
    RHS       r5        3
BOUNDS
 BV BND       x1
 BV BND       x2
 BV BND       x3
 BV BND       x4
 BV BND       x5
 BV BND       x6
 BV BND       x7
 BV BND       x8
 BV BND       x9
 BV BND       x10
 BV BND       x11
ENDATA
