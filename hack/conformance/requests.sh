# Sourced by failure-modes.sh: what it asks and sees. The caller sets k, work (a folder of its own) and gateway (an address).
small='{"model":"conformance-fake-model","prompt":"Say hello"}'
{ # a prompt of 100 KiB: more than Envoy holds at once, so the body's first part has left when the picker cannot be reached
  printf '{"model":"conformance-fake-model","prompt":"'
  head -c 102400 /dev/zero | tr '\0' a
  printf '"}'
} >"$work/large.json"

# ask PATH [CURL ARGUMENT...]: the status and the pod that answered (- for none), as "200 POD"
ask() {
  local path=$1 status
  shift
  status=$(curl -s -m 10 -o "$work/body" -w '%{http_code}' "$@" "http://$gateway$path")
  echo "$status $(jq -r '.pod // "-"' "$work/body" 2>/dev/null || echo -)"
}
post() { ask "$1" -H 'Content-Type: application/json' -H "test-epp-endpoint-selection: $2" -d "$small"; } # PATH POD_IP
pods() { k get pods -l "app=$1" -o 'jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{"\n"}{end}'; }

# answers N PATH POD_IP: what N POSTs, N POSTs with a large body and N GETs are answered, every request asking the
# picker (if there is one) for the pod POD_IP
answers() {
  local n
  for n in $(seq "$1"); do
    post "$2" "$3"
    ask "$2" -H 'Content-Type: application/json' -H "test-epp-endpoint-selection: $3" -d "@$work/large.json"
    ask "$2" -H "test-epp-endpoint-selection: $3"
  done
}

says() { echo "failure-modes.sh: $*" >&2; }

# eventually SECONDS COMMAND...: until COMMAND succeeds
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

# follows PATH POOL: with a picker, every pod of the pool serves just the requests for which the picker names it
follows() {
  local pod ip
  while read -r pod ip; do
    [ "$(post "$1" "$ip")" = "200 $pod" ] || return 1
  done < <(pods "$2")
}

is_ok() { [[ $(post "$1" "$2") == 200\ * ]]; }
is_5xx() { [[ $(post "$1" "$2") == 5??\ * ]]; }
