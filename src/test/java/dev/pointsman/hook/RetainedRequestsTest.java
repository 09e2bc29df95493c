package dev.pointsman.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Requests are slices of one array, as the server reads them. Parsed pools and policies, which are kept, do not retain it. */
class RetainedRequestsTest {
  private static final String POOL = """
      {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
       "metadata": {"name": "qwen-pool", "namespace": "models"},
       "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}],
                "endpointPickerRef": {"name": "epp", "port": {"number": 9002}}}}""";

  private static final String POLICY = """
      {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
       "metadata": {"name": "own", "namespace": "models"},
       "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "name": "route"}]}}""";

  @Test
  void aRequestIsReleased() throws IOException {
    RouteHook hook = new RouteHook();
    WeakReference<byte[]> request = answered(hook);
    await().atMost(Duration.ofSeconds(20)).until(() -> {
      System.gc();
      return request.get() == null;
    });
    assertThat(hook).isNotNull(); // its caches are still there
  }

  private static WeakReference<byte[]> answered(RouteHook hook) throws IOException {
    PostRouteModifyRequest.Builder request = PostRouteModifyRequest.newBuilder()
        .setRoute(Route.newBuilder()
            .setName("httproute/models/route/rule/0/match/0/*")
            .build()
            .toByteString());
    request
        .getPostRouteContextBuilder()
        .addExtensionResources(resource(POOL))
        .addExtensionPolicies(resource(POLICY));
    byte[] array = request.build().toByteArray();
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(array).newCodedInput();
    input.enableAliasing(true);
    Route answer = Route.parseFrom(
        hook.apply(PostRouteModifyRequest.parseFrom(input), new SentPolicies()).getRoute());
    assertThat(InBand.pools(answer)).hasSize(1);
    assertThat(InBand.recordOf(answer)).isPresent();
    return new WeakReference<>(array);
  }

  private static ExtensionResource resource(String json) {
    return ExtensionResource.newBuilder()
        .setUnstructuredBytes(ByteString.copyFromUtf8(json))
        .build();
  }
}
