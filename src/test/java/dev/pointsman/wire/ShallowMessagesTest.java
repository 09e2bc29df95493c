package dev.pointsman.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.pointsman.envoy.overridehost.OverrideHost;
import dev.pointsman.envoy.setfilterstate.Config;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shallow messages of Envoy's messages have the numbers of the API jar, and only the newer fields that they are there for. */
class ShallowMessagesTest {
  static Stream<Arguments> shallowMessages() {
    return Stream.of(
        Arguments.of(
            ShallowRouteConfiguration.getDescriptor(),
            RouteConfiguration.getDescriptor(),
            List.of()),
        Arguments.of(ShallowVirtualHost.getDescriptor(), VirtualHost.getDescriptor(), List.of()),
        Arguments.of(
            OverrideHost.getDescriptor(),
            io.envoyproxy.envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost
                .getDescriptor(),
            List.of("selected_host_key")),
        Arguments.of(
            OverrideHost.OverrideHostSource.getDescriptor(),
            io.envoyproxy.envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost
                .OverrideHostSource.getDescriptor(),
            List.of()),
        Arguments.of(
            Config.getDescriptor(),
            io.envoyproxy.envoy.extensions.filters.http.set_filter_state.v3.Config.getDescriptor(),
            List.of("clear_route_cache")));
  }

  @ParameterizedTest
  @MethodSource("shallowMessages")
  void hasTheNumbersOfTheOriginal(Descriptor shallow, Descriptor original, List<String> newer) {
    assertThat(shallow.getFields()).isNotEmpty();
    for (FieldDescriptor field : shallow.getFields()) {
      FieldDescriptor same = original.findFieldByName(field.getName());
      if (newer.contains(field.getName())) {
        assertThat(same).as("the jar has %s now: use it", field.getFullName()).isNull();
        assertThat(original.findFieldByNumber(field.getNumber())).isNull();
      } else {
        assertThat(same).as(field.getFullName()).isNotNull();
        assertThat(field.getNumber()).isEqualTo(same.getNumber());
        assertThat(field.isRepeated()).isEqualTo(same.isRepeated());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shallowMessages")
  void messagesForEnvoyHaveTheNameOfTheOriginal(
      Descriptor shallow, Descriptor original, List<String> newer) {
    boolean readByEnvoy = !shallow.getFullName().startsWith("pointsman.");
    assertThat(shallow.getFullName().equals(original.getFullName())).isEqualTo(readByEnvoy);
    assertThat(newer).allMatch(field -> shallow.findFieldByName(field) != null);
  }
}
