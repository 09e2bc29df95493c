package dev.pointsman.server;

import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.MoreExecutors;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallThreadsTest {
  private final Readiness readiness = new Readiness(List.of());
  private final CallThreads threads = new CallThreads(readiness::isDecided);

  /** A call of which only the method matters. */
  private record Call<Q, A>(MethodDescriptor<Q, A> method) {
    ServerCall<Q, A> call() {
      return new ServerCall<>() {
        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(A message) {}

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
          return false;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
          return method;
        }
      };
    }
  }

  @Test
  void aShortCallRunsWhereItIsReadUnlessItHasToWait() {
    for (MethodDescriptor<?, ?> method : List.of(
        EnvoyGatewayExtensionGrpc.getPostRouteModifyMethod(),
        EnvoyGatewayExtensionGrpc.getPostEndpointsModifyMethod())) {
      assertThat(runsWhereItIsRead(method)).as(method.getFullMethodName()).isFalse();
    }
    List.of(Readiness.Requirement.values()).forEach(readiness::met);
    for (MethodDescriptor<?, ?> method : List.of(
        EnvoyGatewayExtensionGrpc.getPostRouteModifyMethod(),
        EnvoyGatewayExtensionGrpc.getPostEndpointsModifyMethod())) {
      assertThat(runsWhereItIsRead(method)).as(method.getFullMethodName()).isTrue();
    }
  }

  @Test
  void aLongCallNeverDoes() {
    List.of(Readiness.Requirement.values()).forEach(readiness::met);
    assertThat(runsWhereItIsRead(EnvoyGatewayExtensionGrpc.getPostTranslateModifyMethod()))
        .isFalse();
    assertThat(runsWhereItIsRead(HealthGrpc.getWatchMethod())).isFalse();
  }

  /** Each takes some ten times the memory of its message, and several Envoy Gateways may call at one time. */
  @Test
  void translationsRunOneAfterTheOtherAndOtherCallsBesideThem() throws Exception {
    int calls = 20;
    AtomicInteger running = new AtomicInteger();
    CountDownLatch translated = new CountDownLatch(calls);
    Set<Integer> together = ConcurrentHashMap.newKeySet();
    CountDownLatch checked = new CountDownLatch(1);
    for (int i = 0; i < calls; i++) {
      executor(EnvoyGatewayExtensionGrpc.getPostTranslateModifyMethod()).execute(() -> {
        together.add(running.incrementAndGet());
        awaitUninterruptibly(checked);
        running.decrementAndGet();
        translated.countDown();
      });
    }
    executor(HealthGrpc.getCheckMethod()).execute(checked::countDown);
    assertThat(translated.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(together).containsExactly(1);
  }

  private Executor executor(MethodDescriptor<?, ?> method) {
    return threads.getExecutor(new Call<>(method).call(), new Metadata());
  }

  private boolean runsWhereItIsRead(MethodDescriptor<?, ?> method) {
    return executor(method) == MoreExecutors.directExecutor();
  }
}
