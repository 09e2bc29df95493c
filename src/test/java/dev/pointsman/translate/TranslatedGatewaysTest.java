package dev.pointsman.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Gateways of a translation, by its listeners and its virtual hosts. */
class TranslatedGatewaysTest {
  private static ObjectRef gateway(String name) {
    return new ObjectRef("Gateway", "ml", name);
  }

  private static List<ByteString> listeners(String... names) {
    return Stream.of(names)
        .map(name -> Listener.newBuilder().setName(name).build().toByteString())
        .toList();
  }

  /** A route configuration with a virtual host of each Gateway. */
  private static ByteString routes(String... gateways) {
    RouteConfiguration.Builder table = RouteConfiguration.newBuilder().setName("http-80");
    for (String gateway : gateways) {
      Struct.Builder metadata = Struct.newBuilder();
      try {
        JsonFormat.parser()
            .merge(
                "{\"resources\":[{\"kind\":\"Gateway\",\"namespace\":\"ml\",\"name\":\"" + gateway
                    + "\"}]}",
                metadata);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
      VirtualHost.Builder host = VirtualHost.newBuilder().setName(gateway + "_example_com");
      host.getMetadataBuilder().putFilterMetadata("envoy-gateway", metadata.build());
      table.addVirtualHosts(host);
    }
    return table.build().toByteString();
  }

  @Test
  void mergedGatewaysOnOnePortShareAListenerAndItsRouteConfiguration() {
    assertThat(TranslatedGateways.of(listeners("ml/a/http"), List.of(routes("a", "a", "b"))))
        .isEqualTo(Set.of(gateway("a"), gateway("b")));
  }

  @Test
  void aGatewayWithoutRoutesIsNamedByItsListeners() {
    assertThat(TranslatedGateways.of(
            listeners(
                "ml/a/http", "ml/b/team/more/http", "envoy-gateway-proxy-ready-0.0.0.0-19003"),
            List.of(routes())))
        .isEqualTo(Set.of(gateway("a"), gateway("b")));
  }

  @Test
  void namesOfPortsNameNoGateway() {
    assertThat(TranslatedGateways.of(listeners("tcp-80"), List.of(routes("a"))))
        .isEqualTo(Set.of(gateway("a")));
    assertThat(TranslatedGateways.of(listeners("tcp-80", "tcp-443"), List.of(routes())))
        .isEqualTo(Set.of(new ObjectRef("listeners", "", "tcp-443, tcp-80")));
  }

  @Test
  void loopsAreNoListenersOfGateways() {
    Listener loop = Listener.newBuilder()
        .setName("pointsman/large/ml/a/http")
        .setAddress(Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/loop")))
        .build();
    assertThat(TranslatedGateways.of(List.of(loop.toByteString()), List.of(routes("a"))))
        .isEqualTo(Set.of(gateway("a")));
  }
}
