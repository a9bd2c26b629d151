# The size of a tile of products for the registers of the processor that the kernels are compiled for, as in conv.pxd: BLOCKS * TALL
# rows by 16 * WIDE columns of float32. Few rows are filled up in vain if the number of rows is small.
cdef extern from *:
    """
    #if defined(__AVX512F__)                         /* 32 registers of 64 bytes */
    enum { BLOCKS = 2, TALL = 4, WIDE = 2 };
    #elif defined(__AVX__)                           /* 16 of 32 bytes */
    enum { BLOCKS = 1, TALL = 6, WIDE = 1 };
    #elif defined(__aarch64__)                       /* 32 of 16 bytes */
    enum { BLOCKS = 1, TALL = 4, WIDE = 1 };
    #else                                            /* 16 of 16 bytes, as any x86-64 has */
    enum { BLOCKS = 1, TALL = 2, WIDE = 1 };
    #endif
    """
    enum: BLOCKS
    enum: TALL
    enum: WIDE
