#!/usr/bin/env bash
# Prints the home of a JDK 25: $POINTSMAN_JAVA_HOME, $JAVA_HOME, the java on the PATH, or one under /usr/lib/jvm
# and the other usual places. Says what is missing when there is none.
set -euo pipefail

feature() { # the feature version of the JDK in $1, or nothing
  [ -x "$1/bin/javac" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

candidates=("${POINTSMAN_JAVA_HOME:-}" "${JAVA_HOME:-}")
if on_path=$(command -v javac); then
  candidates+=("$(dirname "$(dirname "$(readlink -f "$on_path")")")")
fi
candidates+=(/usr/lib/jvm/*25* /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25*
  /Library/Java/JavaVirtualMachines/*25*/Contents/Home)
for home in "${candidates[@]}"; do
  if [ -n "$home" ] && [ "$(feature "$home")" = 25 ]; then
    echo "$home"
    exit 0
  fi
done
cat >&2 <<MISSING
Pointsman needs a JDK 25, and none was found: not in \$POINTSMAN_JAVA_HOME (${POINTSMAN_JAVA_HOME:-unset}), not in
\$JAVA_HOME (${JAVA_HOME:-unset}), not on the PATH and not under /usr/lib/jvm. Install one (for example Debian's or
Adoptium's temurin-25-jdk), or set POINTSMAN_JAVA_HOME to where it is.
MISSING
exit 1
