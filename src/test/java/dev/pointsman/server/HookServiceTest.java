package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc;
import dev.pointsman.extension.EnvoyGatewayExtensionGrpc.EnvoyGatewayExtensionBlockingStub;
import dev.pointsman.extension.PostClusterModifyRequest;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostHTTPListenerModifyRequest;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostVirtualHostModifyRequest;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.wire.MessageSplicer;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hooks over an in-process transport: the connection's state works there too. */
class HookServiceTest {
  private Server server;
  private ManagedChannel channel;
  private EnvoyGatewayExtensionBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    server = HookServer.ready(
            InProcessServerBuilder.forName("hooks"), ClusterSnapshot.EMPTY, () -> {})
        .build()
        .start();
    channel = InProcessChannelBuilder.forName("hooks").build();
    stub = EnvoyGatewayExtensionGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void hooksThatAreNotSubscribedEchoTheirResource() {
    ByteString host = VirtualHost.newBuilder().setName("host").build().toByteString();
    ByteString listener = Listener.newBuilder().setName("listener").build().toByteString();
    ByteString cluster = Cluster.newBuilder().setName("cluster").build().toByteString();
    assertThat(stub.postVirtualHostModify(
                PostVirtualHostModifyRequest.newBuilder().setVirtualHost(host).build())
            .getVirtualHost())
        .isEqualTo(host);
    assertThat(stub.postHTTPListenerModify(
                PostHTTPListenerModifyRequest.newBuilder().setListener(listener).build())
            .getListener())
        .isEqualTo(listener);
    assertThat(stub.postClusterModify(
                PostClusterModifyRequest.newBuilder().setCluster(cluster).build())
            .getCluster())
        .isEqualTo(cluster);
  }

  @Test
  void emptyRequestsAreAnsweredWithoutAResource() {
    assertThat(stub.postRouteModify(PostRouteModifyRequest.getDefaultInstance()).hasRoute())
        .isFalse();
    assertThat(stub.postEndpointsModify(PostEndpointsModifyRequest.getDefaultInstance())
            .hasLoadAssignment())
        .isFalse();
    assertThat(stub.postVirtualHostModify(PostVirtualHostModifyRequest.getDefaultInstance())
            .hasVirtualHost())
        .isFalse();
    assertThat(stub.postTranslateModify(PostTranslateModifyRequest.getDefaultInstance()))
        .isEqualTo(dev.pointsman.extension.PostTranslateModifyResponse.getDefaultInstance());
  }

  @Test
  void foreignResourcesPassThroughAllHooks() {
    ByteString route = Route.newBuilder().setName("route").build().toByteString();
    ByteString endpoints =
        ClusterLoadAssignment.newBuilder().setClusterName("c").build().toByteString();
    ByteString cluster = Cluster.newBuilder().setName("c").build().toByteString();
    ByteString garbage = ByteString.copyFromUtf8("\u0007 not a message");
    assertThat(stub.postRouteModify(
                PostRouteModifyRequest.newBuilder().setRoute(route).build())
            .getRoute())
        .isEqualTo(route);
    assertThat(stub.postRouteModify(
                PostRouteModifyRequest.newBuilder().setRoute(garbage).build())
            .getRoute())
        .isEqualTo(garbage);
    assertThat(stub.postEndpointsModify(PostEndpointsModifyRequest.newBuilder()
                .setLoadAssignment(endpoints)
                .build())
            .getLoadAssignment())
        .isEqualTo(endpoints);
    assertThat(stub.postTranslateModify(PostTranslateModifyRequest.newBuilder()
                .addClusters(cluster)
                .addClusters(garbage)
                .build())
            .getClustersList())
        .containsExactly(cluster, garbage);
  }

  /** Readers of Java read 100 levels; Envoy Gateway's read many more. */
  @Test
  void aResourceThatNestsDeeperThanReadersGoHoldsNobodyUp() {
    ByteString struct = ByteString.EMPTY;
    for (int level = 0; level < 20_000; level++) {
      ByteString value = field(Value.STRUCT_VALUE_FIELD_NUMBER, struct);
      struct = field(
          Struct.FIELDS_FIELD_NUMBER,
          field(1, ByteString.copyFromUtf8("key")).concat(field(2, value)));
    }
    ByteString deep = field(Route.NAME_FIELD_NUMBER, ByteString.copyFromUtf8("deep"))
        .concat(field(
            Route.METADATA_FIELD_NUMBER,
            field(1, field(1, ByteString.copyFromUtf8("filter")).concat(field(2, struct)))));
    ByteString host = modelHost().concat(field(VirtualHost.ROUTES_FIELD_NUMBER, deep));
    ByteString table = field(RouteConfiguration.NAME_FIELD_NUMBER, ByteString.copyFromUtf8("http"))
        .concat(field(RouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER, host));
    ByteString cluster = Cluster.newBuilder().setName("c").build().toByteString();
    assertThat(stub.postTranslateModify(PostTranslateModifyRequest.newBuilder()
                .addClusters(cluster)
                .addRoutes(table)
                .build())
            .getClustersList())
        .contains(cluster);
  }

  private static ByteString field(int number, ByteString value) {
    MessageSplicer message = new MessageSplicer();
    message.addField(number, value);
    return message.toByteString();
  }

  /** A host with a route of a model. */
  private static ByteString modelHost() {
    Route.Builder route = Route.newBuilder().setName("httproute/default/a/rule/0/match/0/host");
    route
        .getMatchBuilder()
        .setPrefix("/")
        .addHeadersBuilder()
        .setName("x-gateway-model-name")
        .getStringMatchBuilder()
        .setExact("qwen");
    route.getRouteBuilder().setCluster("c");
    return VirtualHost.newBuilder()
        .setName("host")
        .addDomains("*")
        .addRoutes(route)
        .build()
        .toByteString();
  }

  @Test
  void theWarmUpIsATranslationThatTheHooksUnderstand() {
    assertThat(WarmUp.run(XdsSettings.DEFAULT)).isTrue();
  }
}
