# The size of a tile for the registers of the processor that the kernels are compiled for: sums that the compiler can keep in
# registers, with room left for what they are made of. engine/conv.ipynb says why; `tile()` tells which one was compiled.
cdef extern from *:
    """
    #if defined(__AVX512F__)                         /* 32 registers of 64 bytes */
    enum { FILTERS = 6, CHUNKS = 4, FEW = 3, MANY = 4, FEW_LANES = 16,
           DW_FILTERS = 4, DW_TAPS_F = 6, DW_TAPS_D = 6, DW_LANES_F = 16, DW_LANES_D = 8 };
    #elif defined(__AVX__)                           /* 16 of 32 bytes */
    enum { FILTERS = 6, CHUNKS = 1, FEW = 3, MANY = 4, FEW_LANES = 8,
           DW_FILTERS = 3, DW_TAPS_F = 3, DW_TAPS_D = 1, DW_LANES_F = 8, DW_LANES_D = 16 };
    #elif defined(__aarch64__)                       /* 32 of 16 bytes */
    enum { FILTERS = 4, CHUNKS = 1, FEW = 3, MANY = 3, FEW_LANES = 8,
           DW_FILTERS = 2, DW_TAPS_F = 3, DW_TAPS_D = 2, DW_LANES_F = 8, DW_LANES_D = 8 };
    #else                                            /* 16 of 16 bytes, as any x86-64 has */
    enum { FILTERS = 1, CHUNKS = 1, FEW = 1, MANY = 1, FEW_LANES = 16,
           DW_FILTERS = 1, DW_TAPS_F = 3, DW_TAPS_D = 2, DW_LANES_F = 8, DW_LANES_D = 8 };
    #endif
    """
    enum: FILTERS
    enum: CHUNKS
    enum: FEW
    enum: MANY
    enum: FEW_LANES
    enum: DW_FILTERS
    enum: DW_TAPS_F
    enum: DW_TAPS_D
    enum: DW_LANES_F
    enum: DW_LANES_D
