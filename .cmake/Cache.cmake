# The compiler's results are kept by ccache where there is one. Paths are looked at from the repository's folder,
# so that a second clone finds what the first has compiled.
find_program(SENDSCOPE_CCACHE ccache)
if(SENDSCOPE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_LAUNCHER
        env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros ${SENDSCOPE_CCACHE})
  endforeach()
endif()
