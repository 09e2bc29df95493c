# The access log of the demo, for demo.sh: the chart's format, one line for each request. Needs $work and step.

log_access() { # before the rig: adds it to Envoy Gateway's configuration
  cat >>"$work/demo/envoy-gateway.yaml" <<EOF
envoyProxy:
  telemetry:
    accessLog:
      settings:
      - type: Route
        sinks: [{type: File, file: {path: $work/access.log}}]
        format:
          type: JSON
          json:
$(sed 's/^/            /' charts/pointsman/files/access-log.yaml)
EOF
}

show_access() { # what, how many lines: Envoy writes them every 10 s
  local waited=0
  step "$1"
  until [ "$(wc -l <"$work/access.log")" -ge "$2" ]; do
    [ $((waited += 1)) -le 40 ] || { echo "WRONG: the access log has no $2 lines" >&2 && failures=$((failures + 1)) && break; }
    sleep 0.5
  done
  cat "$work/access.log"
}
