package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.CheckSettings;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.wasm.v3.EnvironmentVariables;
import io.envoyproxy.envoy.extensions.wasm.v3.PluginConfig;
import io.envoyproxy.envoy.extensions.wasm.v3.VmConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Settings of users' own programs in the proxy (Wasm, dynamic modules, scripts, authorizers), often with keys: digests in
 * their place. Names in them stay.
 */
record HiddenConfigurations(Function<ByteString, String> digest) {
  Message hide(Message message) {
    return switch (message) {
      case PluginConfig plugin
      when plugin.hasConfiguration() ->
        plugin.toBuilder().setConfiguration(any(plugin.getConfiguration())).build();
      case VmConfig machine
      when machine.hasConfiguration() ->
        machine.toBuilder().setConfiguration(any(machine.getConfiguration())).build();
      case EnvironmentVariables variables ->
        variables.toBuilder()
            .putAllKeyValues(texts(variables.getKeyValuesMap()))
            .build();
      case DynamicModuleFilter module
      when module.hasFilterConfig() ->
        module.toBuilder().setFilterConfig(any(module.getFilterConfig())).build();
      case CheckSettings check ->
        check.toBuilder()
            .putAllContextExtensions(texts(check.getContextExtensionsMap()))
            .build();
      case LuaPerRoute script
      when script.hasFilterContext() ->
        script.toBuilder().setFilterContext(struct(script.getFilterContext())).build();
      default -> message;
    };
  }

  private Any any(Any configuration) {
    return Any.pack(StringValue.of(digest.apply(configuration.getValue())));
  }

  private Map<String, String> texts(Map<String, String> values) {
    Map<String, String> hidden = new LinkedHashMap<>();
    values.forEach((name, value) -> hidden.put(name, digest.apply(ByteString.copyFromUtf8(value))));
    return hidden;
  }

  private Struct struct(Struct values) {
    Struct.Builder hidden = Struct.newBuilder();
    values.getFieldsMap().forEach((name, value) -> hidden.putFields(name, value(value)));
    return hidden.build();
  }

  private Value value(Value value) {
    return switch (value.getKindCase()) {
      case STRUCT_VALUE ->
        Value.newBuilder().setStructValue(struct(value.getStructValue())).build();
      case LIST_VALUE ->
        Value.newBuilder()
            .setListValue(ListValue.newBuilder()
                .addAllValues(value.getListValue().getValuesList().stream()
                    .map(this::value)
                    .toList()))
            .build();
      case STRING_VALUE, NUMBER_VALUE ->
        Value.newBuilder().setStringValue(digest.apply(value.toByteString())).build();
      case BOOL_VALUE, NULL_VALUE, KIND_NOT_SET -> value;
    };
  }
}
