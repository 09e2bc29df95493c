package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.MoreExecutors;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
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

  private boolean runsWhereItIsRead(MethodDescriptor<?, ?> method) {
    return threads.getExecutor(new Call<>(method).call(), new Metadata())
        == MoreExecutors.directExecutor();
  }
}
