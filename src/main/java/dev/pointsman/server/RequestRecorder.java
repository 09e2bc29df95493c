package dev.pointsman.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.hook.RecordedName;
import dev.pointsman.hook.RequestsWithoutCredentials;
import dev.pointsman.xds.HiddenCredentials;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records Envoy Gateway's requests before they are handled, as {@code NNNN-Post<Hook>Modify.pb} in the order of calls,
 * for {@code pointsman translate --recorded}. Numbers continue after the existing files. Hooks still work when the
 * folder or the disk is full, or a request cannot be recorded.
 */
final class RequestRecorder implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(RequestRecorder.class);

  /** The file that says so for as long as it is true. Without it, a run with --record-secrets or an earlier build recorded. */
  private static final String WITHOUT_CREDENTIALS = "without-credentials.txt";

  private final Path folder;
  private final int limit;
  private final Optional<RequestsWithoutCredentials> hiding;
  private int files;
  private long last;
  private boolean stopped;

  private RequestRecorder(ServeSettings.Record record) {
    folder = record.folder();
    limit = record.limit();
    hiding = record.secrets()
        ? Optional.empty()
        : Optional.of(new RequestsWithoutCredentials(HiddenCredentials.withRandomKey()));
  }

  /**
   * A recorder into a folder, which is created if it is missing.
   *
   * @throws BadInput when the folder cannot be created or read, or has credentials of another run
   */
  static RequestRecorder into(ServeSettings.Record record) {
    Path folder = record.folder();
    RequestRecorder recorder = new RequestRecorder(record);
    try (Stream<Path> present = Files.list(Files.createDirectories(folder))) {
      present
          .flatMap(file -> RecordedName.of(file.getFileName().toString()).stream())
          .forEach(recorder::count);
      Path mark = folder.resolve(WITHOUT_CREDENTIALS);
      if (record.secrets()) {
        boolean _ = Files.deleteIfExists(mark);
      } else if (recorder.files == 0) {
        Files.writeString(
            mark, "Digests replace the credentials in the requests of this folder.\n");
      }
    } catch (IOException e) {
      throw new BadInput("--record " + folder + ": cannot write there (" + e + ")");
    }
    if (!record.secrets() && hasCredentials(folder)) {
      throw new BadInput("--record " + folder
          + ": may have requests with credentials, of a run with --record-secrets"
          + " or of an earlier build: use another folder");
    }
    if (record.secrets()) {
      LOG.warn(
          "recording requests into {}, with API keys and password hashes of SecurityPolicies",
          folder);
    } else {
      LOG.info("recording requests into {}, without credentials", folder);
    }
    return recorder;
  }

  /** Whether requests in the folder may have credentials. Older builds marked the folders that have some. */
  static boolean hasCredentials(Path folder) {
    return !Files.exists(folder.resolve(WITHOUT_CREDENTIALS))
        || Files.exists(folder.resolve("with-credentials.txt"));
  }

  private void count(RecordedName recorded) {
    files++;
    last = Math.max(last, recorded.number());
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
      Message recorded = hiding.isPresent() ? hiding.get().in(request) : request;
      write(folder.resolve(new RecordedName(last + 1, hook).toString()), recorded);
      files++;
      last++;
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("{} is not recorded: it has a resource that cannot be read", hook, e);
    } catch (IOException e) {
      stopped = true;
      LOG.warn("cannot record into {}: recording stops", folder, e);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.warn("internal error: {} is not recorded", hook, e); // the call goes on
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
