#include "textflag.h"

// func minAddWide(out, a, b []int32, value int32)
TEXT ·minAddWide(SB), NOSPLIT, $0-76
	MOVQ out_base+0(FP), DI
	MOVQ out_len+8(FP), CX
	MOVQ a_base+24(FP), SI
	MOVQ b_base+48(FP), DX
	MOVL value+72(FP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y0

	SUBQ $32, CX
	JL   eights
thirtytwos:
	VPADDD  (DX), Y0, Y1
	VPADDD  32(DX), Y0, Y2
	VPADDD  64(DX), Y0, Y3
	VPADDD  96(DX), Y0, Y4
	VPMINSD (SI), Y1, Y1
	VPMINSD 32(SI), Y2, Y2
	VPMINSD 64(SI), Y3, Y3
	VPMINSD 96(SI), Y4, Y4
	VMOVDQU Y1, (DI)
	VMOVDQU Y2, 32(DI)
	VMOVDQU Y3, 64(DI)
	VMOVDQU Y4, 96(DI)
	ADDQ    $128, DX
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $32, CX
	JGE     thirtytwos

eights:
	ADDQ $24, CX
	JL   rest
eight:
	VPADDD  (DX), Y0, Y1
	VPMINSD (SI), Y1, Y1
	VMOVDQU Y1, (DI)
	ADDQ    $32, DX
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JGE     eight

rest:
	ADDQ $8, CX
	JZ   done
one:
	MOVL    (DX), R8
	MOVL    (SI), R9
	ADDL    AX, R8
	CMPL    R9, R8
	CMOVLLT R9, R8
	MOVL    R8, (DI)
	ADDQ    $4, DX
	ADDQ    $4, SI
	ADDQ    $4, DI
	DECQ    CX
	JNZ     one

done:
	VZEROUPPER
	RET

// func leastSumWide(a, b []int32) int32
TEXT ·leastSumWide(SB), NOSPLIT, $0-52
	MOVQ a_base+0(FP), SI
	MOVQ b_base+24(FP), DX
	MOVQ b_len+32(FP), CX
	MOVL (SI), AX
	ADDL (DX), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y0
	VMOVDQA Y0, Y1

	SUBQ $16, CX
	JL   eights
sixteen:
	VMOVDQU (SI), Y2
	VMOVDQU 32(SI), Y3
	VPADDD  (DX), Y2, Y2
	VPADDD  32(DX), Y3, Y3
	VPMINSD Y2, Y0, Y0
	VPMINSD Y3, Y1, Y1
	ADDQ    $64, SI
	ADDQ    $64, DX
	SUBQ    $16, CX
	JGE     sixteen

eights:
	VPMINSD Y1, Y0, Y0
	ADDQ    $8, CX
	JL      fold
	VMOVDQU (SI), Y2
	VPADDD  (DX), Y2, Y2
	VPMINSD Y2, Y0, Y0
	ADDQ    $32, SI
	ADDQ    $32, DX
	SUBQ    $8, CX

fold:
	VEXTRACTI128 $1, Y0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPMINSD      X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPMINSD      X1, X0, X0
	VMOVD        X0, AX
	ADDQ         $8, CX
	JZ           done
one:
	MOVL    (SI), R8
	ADDL    (DX), R8
	CMPL    R8, AX
	CMOVLLT R8, AX
	ADDQ    $4, SI
	ADDQ    $4, DX
	DECQ    CX
	JNZ     one

done:
	VZEROUPPER
	MOVL AX, ret+48(FP)
	RET
