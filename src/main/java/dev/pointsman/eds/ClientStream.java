package dev.pointsman.eds;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stream of a {@link Client}: its part of the names and of the responses that are not read. */
final class ClientStream {
  private static final Context.Key<ClientStream> OF_CALL = Context.key("pointsman-eds-stream");

  /** The memory of a name beside its text, in the sets of the library and of this package. */
  private static final int PER_NAME = 256;

  /** The smallest buffer of gRPC. */
  private static final int SMALLEST = 4_096;

  private final Client client;

  // Used by the call's thread.
  private Set<String> names = Set.of();
  private long nameBytes;

  // Used by the cache's thread.
  private long unread;
  private @Nullable PendingWatch tried;
  private Future<?> task = CompletableFuture.completedFuture(null);

  ClientStream(Client client) {
    this.client = client;
  }

  /** The stream of the call on the current thread; one without bounds outside of calls. */
  static ClientStream current() {
    ClientStream stream = OF_CALL.get();
    return stream == null ? new ClientStream(new Client(null, MemoryShare.NONE)) : stream;
  }

  Context context() {
    return Context.current().withValue(OF_CALL, this);
  }

  /**
   * A request has made a watch of these names. They count until the next one and not until the next request: the library does
   * not take each request, and keeps unsubscribed names of a response that is not acknowledged. Called on the call's thread.
   *
   * @throws StatusRuntimeException if the client may not ask for them
   */
  void asksFor(Set<String> watched) {
    if (watched.size() > client.share().names()) {
      throw refusal("a stream may ask for " + client.share().names() + " names, and no more");
    }
    long bytes =
        watched.stream().mapToLong(name -> PER_NAME + 2L * name.length()).sum();
    if (!client.holdsNames(bytes - nameBytes)) {
      throw refusal("the streams of this address ask for " + (client.share().nameBytes() >> 20)
          + " MiB of names already");
    }
    names = watched;
    nameBytes = bytes;
  }

  /**
   * The names of a request, which is processed. They are new if there was no watch for it, because a response is not
   * acknowledged.
   */
  void asksAlsoFor(Collection<String> requested) {
    if (!names.containsAll(requested)) {
      Set<String> more = new HashSet<>(names);
      more.addAll(requested);
      asksFor(more);
    }
  }

  private static StatusRuntimeException refusal(String reason) {
    return Status.RESOURCE_EXHAUSTED.withDescription(reason).asRuntimeException();
  }

  boolean mayAnswer(PendingWatch watch) {
    return client.mayAnswer(this, watch);
  }

  @Nullable
  PendingWatch nextHeld() {
    return client.nextHeld();
  }

  /** The watch is tried again later: one task for a stream, whatever its client sends meanwhile. */
  void again(PendingWatch watch, Runnable attempt, Function<Runnable, Future<?>> later) {
    if (tried != watch) {
      task.cancel(false);
      tried = watch;
      task = later.apply(() -> {
        tried = null;
        attempt.run();
      });
    }
  }

  void drop(PendingWatch watch) {
    client.drop(this, watch);
    if (tried == watch) {
      task.cancel(false);
      tried = null;
    }
  }

  /** A response of so many bytes is on its way. */
  void sent(int bytes) {
    long buffered = Math.max(SMALLEST, bytes);
    unread += buffered;
    client.sent(buffered);
  }

  /** The client has read all responses, or does not want them any more. */
  void read() {
    client.read(unread);
    unread = 0;
  }

  /** The stream has ended. */
  void forgetNames() {
    boolean _ = client.holdsNames(-nameBytes);
    nameBytes = 0;
    names = Set.of();
  }
}
