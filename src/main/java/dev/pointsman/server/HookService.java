package dev.pointsman.server;

import com.google.protobuf.MessageLite;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyResponse;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.Repetition;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.observe.HookMetrics;
import dev.pointsman.observe.HookMetrics.Hook;
import dev.pointsman.observe.HookMetrics.Outcome;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envoy Gateway's hooks over gRPC. Calls wait until the server is ready: Envoy Gateway has no deadline, waits likewise
 * for a server that is down, and does not retry after an error.
 */
final class HookService extends EchoHooks {
  private static final Logger LOG = LoggerFactory.getLogger(HookService.class);

  private final Readiness readiness;
  private final HookMetrics metrics;
  private final AfterTranslation after;
  private final CallsUnderWay underWay;
  private final Consumer<TranslationDemand> translateAgain;

  /** Set by each call of the Endpoints hook, cleared by each request for a new translation. */
  private final AtomicBoolean endpointsReported = new AtomicBoolean();

  /** Called when the response to a translation is sent. */
  @FunctionalInterface
  interface AfterTranslation {
    void translated(Repetition translation, Duration took);
  }

  /**
   * The hooks of a server.
   *
   * @param translateAgain requests a new translation from Envoy Gateway, without waiting for it
   */
  HookService(
      Readiness readiness,
      HookMetrics metrics,
      AfterTranslation after,
      CallsUnderWay underWay,
      Consumer<TranslationDemand> translateAgain) {
    this.readiness = readiness;
    this.metrics = metrics;
    this.after = after;
    this.underWay = underWay;
    this.translateAgain = translateAgain;
  }

  @Override
  public void postRouteModify(
      PostRouteModifyRequest request, StreamObserver<PostRouteModifyResponse> answer) {
    answer(
        answer,
        () -> orEcho(
            Hook.ROUTE, request, () -> Connections.current().route(request), () -> echo(request)));
  }

  @Override
  public void postEndpointsModify(
      PostEndpointsModifyRequest request, StreamObserver<PostEndpointsModifyResponse> answer) {
    endpointsReported.set(true);
    answer(
        answer,
        () -> orEcho(
            Hook.ENDPOINTS,
            request,
            () -> Connections.current().endpoints(request),
            () -> echo(request)));
  }

  @Override
  public void postTranslateModify(
      PostTranslateModifyRequest request, StreamObserver<PostTranslateModifyResponse> answer) {
    answer(answer, () -> translation(request), timed -> timed.made().result().response())
        // Log after the response is sent, so that logging does not delay it.
        .ifPresent(timed -> {
          after.translated(timed.made(), timed.took());
          if (!timed.incomplete().isEmpty()) {
            translateAgain.accept(new TranslationDemand(Cause.INCOMPLETE, timed.incomplete()));
          }
        });
  }

  /**
   * A translation and its duration.
   *
   * @param incomplete the routes for which a new translation would be more complete
   */
  private record Timed(Repetition made, Duration took, Set<ObjectRef> incomplete) {}

  private Timed translation(PostTranslateModifyRequest request) {
    long start = System.nanoTime();
    Outcome outcome = Outcome.ERROR;
    try {
      Repetition made = Connections.current().repeatable(request);
      outcome = Outcome.OK;
      metrics.rewritten(made.result().summary());
      return new Timed(made, since(start), worthRepeating(made.result()));
    } finally {
      metrics.called(Hook.TRANSLATION, outcome, since(start), request.getSerializedSize());
    }
  }

  /**
   * The routes for which a new translation would be more complete. Envoy Gateway's connection may break between the
   * Endpoints hook and this one; a new translation then calls both. If the Endpoints hook is never called, it would not help.
   */
  private Set<ObjectRef> worthRepeating(TranslationResult result) {
    Set<ObjectRef> incomplete = result.incompleteRoutes();
    return !incomplete.isEmpty() && endpointsReported.getAndSet(false) ? incomplete : Set.of();
  }

  /**
   * Returns the input if the hook fails: Route and Endpoints only record state, for which the Translation hook has
   * fallbacks.
   */
  private <A> A orEcho(Hook hook, MessageLite request, Supplier<A> call, Supplier<A> echo) {
    long start = System.nanoTime();
    Outcome outcome = Outcome.PASSED_THROUGH;
    try {
      A answer = call.get();
      outcome = Outcome.OK;
      return answer;
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("internal error: a hook failed, and its resource is returned unchanged", e);
      return echo.get();
    } finally {
      metrics.called(hook, outcome, since(start), request.getSerializedSize());
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  <A> void answer(StreamObserver<A> observer, Supplier<A> hook) {
    Optional<A> _ = answer(observer, hook, Function.identity());
  }

  /** Sends the hook's response and returns its result; empty when it could not be called. */
  private <R, A> Optional<R> answer(
      StreamObserver<A> observer, Supplier<R> hook, Function<R, A> response) {
    R result;
    try {
      if (!readiness.awaitServing()) {
        // Envoy Gateway repeats the call, on another connection.
        observer.onError(Status.UNAVAILABLE.withDescription("draining").asRuntimeException());
        return Optional.empty();
      }
      result = underWay.during(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      observer.onError(Status.UNAVAILABLE.withDescription("stopping").asRuntimeException());
      return Optional.empty();
    } catch (RuntimeException | StackOverflowError e) {
      // The last resort: Envoy Gateway keeps its present configuration, which is better than a
      // part of a new one.
      LOG.error("internal error: the translation failed, and proxies keep their configuration", e);
      observer.onError(Status.INTERNAL.withDescription("Pointsman: " + e).asRuntimeException());
      return Optional.empty();
    }
    observer.onNext(response.apply(result));
    observer.onCompleted();
    return Optional.of(result);
  }
}
