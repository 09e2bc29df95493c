package dev.pointsman.eds;

import com.google.protobuf.Any;
import dev.pointsman.model.LineLimit;
import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a stream whose request is for another type of resource, for a name that no build of Pointsman writes, for more names
 * than a client may ask for, or is one that the server of java-control-plane cannot process, such as an ACK of a response that
 * it has not sent. It says so in one line; other streams go on.
 */
final class RequestCheck implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(RequestCheck.class);
  private static final String TYPE =
      Any.pack(ClusterLoadAssignment.getDefaultInstance()).getTypeUrl();

  /**
   * The longest name. One that this build does not write waits for nothing, since an older or newer one may: Envoy would try
   * an ended stream again within a second, for each name.
   */
  private static final int LONGEST_NAME = 8_800;

  /** The longest text of a proxy in a line of the log, and in the reason that it gets. */
  private static final int LONGEST = 200;

  private final LineLimit lines = new LineLimit(System::nanoTime);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> open, Metadata headers, ServerCallHandler<Q, A> next) {
    ClosedOnce<Q, A> call = new ClosedOnce<>(open);
    ClientStream stream = ClientStream.current();
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      private boolean ended;

      @Override
      public void onMessage(Q request) {
        if (ended) {
          return;
        }
        String type = typeOf(request);
        if (!type.isEmpty() && !type.equals(TYPE)) {
          end("the type " + UserStrings.legible(type, LONGEST) + " is not served here");
          return;
        }
        Optional<String> strange =
            namesOf(request).stream().filter(name -> !isPossible(name)).findFirst();
        if (strange.isPresent()) {
          end("the name " + UserStrings.legible(strange.get(), LONGEST) + " is not served here");
          return;
        }
        try {
          super.onMessage(request);
          stream.asksAlsoFor(namesOf(request));
        } catch (StatusRuntimeException tooMany) {
          end(tooMany.getStatus());
        } catch (RuntimeException unprocessable) {
          end("the request does not fit to its stream");
          LOG.debug("endpoint discovery", unprocessable);
        }
      }

      private void end(String reason) {
        end(Status.INVALID_ARGUMENT.withDescription(reason));
      }

      private void end(Status status) {
        ended = true;
        lines
            .line("a stream of endpoint discovery is ended: " + status.getDescription())
            .ifPresent(LOG::warn);
        call.own = status;
        // The library stops its answers, then closes the call: an answer on a closed one throws.
        onCancel();
        call.close(status, new Metadata());
      }
    };
  }

  /** A call that may be closed more than once, where gRPC would throw. A status of ours replaces the library's. */
  private static final class ClosedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Status own;

    ClosedOnce(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (closed.compareAndSet(false, true)) {
        super.close(Objects.requireNonNullElse(own, status), trailers);
      }
    }
  }

  private static boolean isPossible(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && name.chars().allMatch(c -> c > ' ' && c < 127);
  }

  /** The names that the request asks for. */
  private static List<String> namesOf(Object request) {
    return switch (request) {
      case DiscoveryRequest whole -> whole.getResourceNamesList();
      case DeltaDiscoveryRequest delta -> delta.getResourceNamesSubscribeList();
      default -> List.of();
    };
  }

  private static String typeOf(Object request) {
    return switch (request) {
      case DiscoveryRequest whole -> whole.getTypeUrl();
      case DeltaDiscoveryRequest delta -> delta.getTypeUrl();
      default -> "";
    };
  }
}
