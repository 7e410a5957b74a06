# shipped_scenarios SOURCE: the scenarios that belong to the repository, a line each, as shipped_scenarios.h.
shipped_scenarios() {
    local name found
    found=$(git -C "$1" ls-files 'scenarios/*.json' 2>/dev/null | while IFS= read -r name; do
        [ ! -e "$1/$name" ] || printf '%s\n' "$1/$name"
    done) || true
    [ -n "$found" ] || found=$(printf '%s\n' "$1"/scenarios/*.json)
    printf '%s\n' "$found"
}
