package dev.pointsman.server;

import com.google.protobuf.Message;
import dev.pointsman.config.BadInput;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records Envoy Gateway's requests before they are handled, as {@code NNNN-Post<Hook>Modify.pb} in the order of calls,
 * for {@code pointsman translate --recorded}. Numbers continue after the existing files. Hooks still work when the
 * folder or the disk is full.
 */
final class RequestRecorder implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRecorder.class);
  private static final Pattern RECORDED = Pattern.compile("(\\d+)-Post\\w+Modify\\.pb");

  private final Path folder;
  private final int limit;
  private int files;
  private long last;
  private boolean stopped;

  private RequestRecorder(Path folder, int limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /**
   * A recorder into a folder, which is created if it is missing.
   *
   * @param limit the maximum number of requests in the folder
   * @throws BadInput when the folder cannot be created or read
   */
  static RequestRecorder into(Path folder, int limit) {
    RequestRecorder recorder = new RequestRecorder(folder, limit);
    try (Stream<Path> present = Files.list(Files.createDirectories(folder))) {
      present.forEach(file -> recorder.count(file.getFileName().toString()));
    } catch (IOException e) {
      throw new BadInput("--record " + folder + ": cannot write there (" + e + ")");
    }
    LOG.warn(
        "recording requests into {}: they contain API keys and password hashes of SecurityPolicies",
        folder);
    return recorder;
  }

  private void count(String name) {
    Matcher recorded = RECORDED.matcher(name);
    if (recorded.matches()) {
      files++;
      last = Math.max(last, Long.parseLong(recorded.group(1)));
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    String service = call.getMethodDescriptor().getServiceName();
    if (!EnvoyGatewayExtensionGrpc.SERVICE_NAME.equals(service)) {
      return listener;
    }
    String hook = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q request) {
        if (request instanceof Message message) {
          record(hook, message);
        }
        super.onMessage(request);
      }
    };
  }

  private synchronized void record(String hook, Message request) {
    if (stopped) {
      return;
    }
    if (files >= limit) {
      stopped = true;
      LOG.warn("{} has {} requests, the limit of --record-limit: recording stops", folder, files);
      return;
    }
    try {
      write(folder.resolve("%04d-%s.pb".formatted(last + 1, hook)), request);
      files++;
      last++;
    } catch (IOException e) {
      stopped = true;
      LOG.warn("cannot record into {}: recording stops", folder, e);
    }
  }

  /** Writes a file atomically, readable by the owner only like all temporary files. */
  private void write(Path file, Message request) throws IOException {
    Path unfinished = Files.createTempFile(folder, ".recording", null);
    try {
      try (OutputStream out = Files.newOutputStream(unfinished)) {
        request.writeTo(out);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
