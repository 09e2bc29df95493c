# The options and the requirements of demo.sh: sets $once, $port and $scenario.

once='' port=8080 scenario=''
misused() { echo "demo.sh: $* (see hack/demo.sh --help)" >&2 && exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=yes ;;
    --port) [ $# -gt 1 ] || misused "--port needs a number" && port=$2 && shift ;;
    --scenario) [ $# -gt 1 ] || misused "--scenario needs a name" && scenario=$2 && shift ;;
    -h | --help) sed -n 's/^# \{0,1\}//; 2,9p' "$0" && exit 0 ;;
    *) misused "unknown option $1" ;;
  esac
  shift
done
case $scenario in
  '' | canary | mirror | circuit-breaking | fallback | errors | tokens) ;;
  *) misused "unknown scenario $scenario: canary, mirror, circuit-breaking, fallback, errors or tokens" ;;
esac
[[ $port =~ ^[1-9][0-9]{0,4}$ ]] && [ "$port" -le 65535 ] || misused "--port $port: not a number from 1 to 65535"
for tool in curl python3; do
  command -v "$tool" >/dev/null || { echo "demo.sh: $tool is needed and not on the PATH" >&2 && exit 1; }
done

# Before the build, which may take minutes. The other ports are looked at when everything starts.
python3 - "$port" <<'EOF' || exit 1
import socket, sys
try:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("0.0.0.0", int(sys.argv[1])))
        probe.listen()
except OSError as e:
    sys.exit(f"demo.sh: nothing can listen on port {sys.argv[1]}: {e.strerror}; take another with --port N")
EOF
