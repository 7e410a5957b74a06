# Shared by ./sendscope and ./test: what the machine must have, and how the program is built.
# Sourced, with $root set to the repository's folder.

# package, and the command, header or file that shows it is there, and what it is for
needed_to_build='
g++                  /usr/bin/g++                                  the compiler
cmake                /usr/bin/cmake                                configures the build
ninja-build          /usr/bin/ninja                                runs the build
ccache               /usr/bin/ccache                               makes the next build fast
pkg-config           /usr/bin/pkg-config                           finds Dear ImGui
libimgui-dev         /usr/include/imgui/imgui.h                    Dear ImGui, the user interface
libglfw3-dev         /usr/include/GLFW/glfw3.h                     GLFW, the window
python3-glad         /usr/lib/python3/dist-packages/glad           glad, generates the OpenGL loader
libasio-dev          /usr/include/asio.hpp                         asio, TCP to live brokers
nlohmann-json3-dev   /usr/include/nlohmann/json.hpp                JSON, scenarios and traces
libcli11-dev         /usr/include/CLI/CLI.hpp                      CLI11, the command line
libstb-dev           /usr/include/stb/stb_image_write.h            stb, writes pictures
zlib1g-dev           /usr/include/zlib.h                           gzip
libsnappy-dev        /usr/include/snappy.h                         snappy
liblz4-dev           /usr/include/lz4.h                            lz4
libzstd-dev          /usr/include/zstd.h                           zstd
'
needed_to_test='
catch2               /usr/share/doc/catch2                         Catch2, the test framework
libvalijson-dev      /usr/include/valijson/validator.hpp           valijson, holds scenarios against their schema
libbenchmark-dev     /usr/include/benchmark/benchmark.h            Google Benchmark, for --bench
clang                /usr/bin/clang++                              a second compiler must give the same traces
libclang-rt-14-dev   /usr/share/doc/libclang-rt-14-dev             the run-time library of clang
xvfb                 /usr/bin/Xvfb                                 a display for the window tests
xauth                /usr/bin/xauth                                lets programs onto that display
xdotool              /usr/bin/xdotool                              clicks and keys for the window tests
libgl1-mesa-dri      /usr/share/doc/libgl1-mesa-dri                OpenGL in software
kcat                 /usr/bin/kcat                                 reads back from a live Kafka
'

missing_packages() {  # LIST: the lines whose file is not there
    local package path why
    while read -r package path why; do
        [ -z "$package" ] || [ -e "$path" ] || printf '  %-20s %s\n' "$package" "$why"
    done <<<"$1"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what LIST names and the machine lacks. Where that cannot be done it says what is missing and goes on:
# CMake then fetches libraries itself, and tests that need the rest are skipped.
install_missing() {
    local missing packages
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    packages=$(awk '{print $1}' <<<"$missing")
    if ! command -v apt-get >/dev/null || { [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; }; then
        printf 'sendscope: missing here, and not installable without apt and root:\n%s\n' "$missing" >&2
        printf 'sendscope: CMake will fetch the libraries among them; commands must be installed by hand.\n' >&2
        return 0
    fi
    printf 'sendscope: installing what is missing:\n%s\n' "$missing" >&2
    as_root apt-get update -qq >&2
    # One by one if need be: a system that lacks one package still gets the others.
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
        for package in $packages; do
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
                printf 'sendscope: no package %s here; going on without it\n' "$package" >&2
        done
}

# configure FOLDER [CMAKE OPTION...]: CMake itself notices later changes of its files.
configure() {
    local folder=$1
    shift
    cmake -S "$root" -B "$folder" -G Ninja "$@" >"$root/.configure.log" 2>&1 || {
        cat "$root/.configure.log" >&2
        return 1
    }
    rm -f "$root/.configure.log"
}

# build FOLDER TARGET...: tells how far it is, and the end of ninja's output when it fails.
build() {
    local folder=$1
    shift
    if [ -t 2 ]; then
        ninja -C "$folder" "$@" >&2
    else
        ninja -C "$folder" "$@" 2>&1 | tee "$folder/build.log" | tell_progress "$folder" >&2 || {
            tail -n 60 "$folder/build.log" >&2
            return 1
        }
    fi
}

# Of ninja's lines "[57/225] ..." one for every tenth part of the work, as they come.
tell_progress() {  # FOLDER
    local line done_part told=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        done_part=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        ((done_part > told)) || continue
        told=$done_part
        echo "sendscope: building $(basename "$1"), ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]} steps"
    done
}
