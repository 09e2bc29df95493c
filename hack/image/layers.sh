# Sourced by hack/image.sh, whose variables these functions use: build_layers fills the folders of $layers, a layer each.
modules() { # what the jars use, without what only their optional parts use
  "$JAVA_HOME/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
    -cp 'target/lib/*' target/pointsman.jar target/lib/*.jar 2>/dev/null | tail -1 |
    tr , '\n' | grep -vxE 'java\.(compiler|desktop|rmi|instrument)|jdk\.(jconsole|jdi|attach)' | paste -sd, -
}

runtime() {
  local to=$layers/1-runtime
  "$JAVA_HOME/bin/jlink" --add-modules "$(modules)" --output "$to/opt/java" \
    --strip-debug --no-header-files --no-man-pages --compress zip-6
  mkdir -p "$to/tmp" "$to/etc"
  echo 'pointsman:x:65532:65532::/tmp:/sbin/nologin' >"$to/etc/passwd"
  echo 'pointsman:x:65532:' >"$to/etc/group"
  echo 'hosts: files dns' >"$to/etc/nsswitch.conf"
  [ "$base" = scratch ] || return 0
  # The C library, each file where the loader looks for it; Netty's native part needs no more than the JVM.
  find "$to/opt/java" -name '*.so' -o -path '*/bin/java' |
    LD_LIBRARY_PATH=$to/opt/java/lib:$to/opt/java/lib/server xargs ldd |
    awk '$1 ~ "^/.*/ld-" { print $1 } $3 ~ "^/" { print $3 }' | grep -v "^$to" | sort -u | while read -r file; do
    mkdir -p "$to$(dirname "$file")"
    cp -L "$file" "$to$file"
  done
}

libraries() {
  mkdir -p "$layers/2-libraries/opt/pointsman"
  cp -r target/lib "$layers/2-libraries/opt/pointsman/"
}

program() {
  local to=$layers/3-pointsman/opt/pointsman
  mkdir -p "$to"
  cp target/pointsman.jar "$to/"
  cp LICENSE "$to/"
  { cat hack/image/java.options && printf '%s\n' -XX:AOTCache=/opt/pointsman/pointsman.aot '-Xlog:aot*=off'; } >"$to/java.options"
  cp target/sbom.cdx.json "$to/" # the build makes it
}

# The image's files as one folder; hard links, so that it costs nothing.
unpacked() {
  rm -rf "$image/root" && mkdir -p "$image/root"
  local layer
  for layer in "$layers"/*; do cp -al "$layer/." "$image/root/"; done
}

# same_times: the time that the image gives every file; the AOT cache is for jars of that time.
same_times() { find "$layers" -exec touch -h -d @1 {} +; }

aot() {
  mkdir -p "$image/keep" "$layers/4-aot/opt/pointsman"
  chmod 777 "$image/keep"
  serve_training "$image/training" "$image/aot.log"
  cp hack/image/java.options "$image/training/"
  run_in_root shared "$image/training" "$image/keep" /opt/java/bin/java @/data/java.options -Xlog:disable -Xlog:all=error \
    -XX:AOTCacheOutput=/tmp/keep/pointsman.aot -Dpointsman.warm-up-milliseconds=6000 -jar /opt/pointsman/pointsman.jar serve --kubernetes \
    --kubeconfig /data/kubeconfig --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 \
    --exit-when-ready >>"$image/aot.log" 2>&1 || { say "the server did not start: $image/aot.log" && exit 1; }
  end_training
  mv "$image/keep/pointsman.aot" "$layers/4-aot/opt/pointsman/"
}

build_layers() {
  rm -rf "$image" && mkdir -p "$layers"
  say "Java runtime ..."
  runtime
  libraries
  say "jar and SBOM ..."
  program
  same_times
  unpacked
  say "AOT cache ..."
  aot
  same_times
  unpacked
}
