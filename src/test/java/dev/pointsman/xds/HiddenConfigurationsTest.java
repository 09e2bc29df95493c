package dev.pointsman.xds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm;
import io.envoyproxy.envoy.extensions.wasm.v3.EnvironmentVariables;
import io.envoyproxy.envoy.extensions.wasm.v3.PluginConfig;
import io.envoyproxy.envoy.extensions.wasm.v3.VmConfig;
import org.junit.jupiter.api.Test;

/** Settings of users' programs in a recording. */
class HiddenConfigurationsTest {
  private static final HiddenCredentials HIDING = new HiddenCredentials(new byte[] {1, 2, 3});

  /** As an EnvoyExtensionPolicy (wasm, dynamic modules, lua) and a SecurityPolicy (contextExtensions) set them. */
  @Test
  void settingsOfUsersProgramsAreHiddenAndTheirNamesStay() {
    Any told = Any.pack(StringValue.of("{\"api\": \"told\"}"));
    PluginConfig wasm = PluginConfig.newBuilder()
        .setName("limits")
        .setConfiguration(told)
        .setVmConfig(VmConfig.newBuilder()
            .setConfiguration(told)
            .setEnvironmentVariables(
                EnvironmentVariables.newBuilder().putKeyValues("named", "told")))
        .build();
    Message route = HIDING.in(Route.newBuilder()
        .putTypedPerFilterConfig(
            "wasm", Any.pack(Wasm.newBuilder().setConfig(wasm).build()))
        .putTypedPerFilterConfig(
            "module",
            Any.pack(DynamicModuleFilter.newBuilder().setFilterConfig(told).build()))
        .putTypedPerFilterConfig(
            "lua",
            Any.pack(LuaPerRoute.newBuilder()
                .setFilterContext(Struct.newBuilder()
                    .putFields(
                        "named", Value.newBuilder().setStringValue("told").build()))
                .build()))
        .putTypedPerFilterConfig(
            "authz",
            Any.pack(ExtAuthzPerRoute.newBuilder()
                .setCheckSettings(CheckSettings.newBuilder().putContextExtensions("named", "told"))
                .build()))
        .build());
    String text = route.toByteString().toString(ISO_8859_1);
    assertThat(text).doesNotContain("told").contains("limits", "named");
    assertThat(text.split("hidden-", -1)).as("parts between digests").hasSize(7);
  }
}
