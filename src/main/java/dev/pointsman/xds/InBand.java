package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ValidPool;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The channel from the Route hook to the Translation hook: a record of a rule's pools and policies, in the route's
 * metadata. The record is part of the translation, so it always agrees with the objects that Envoy Gateway resolved. A
 * policy may apply to thousands of routes: each route has its id, and one of them the policy itself.
 */
public final class InBand {
  /** The metadata namespace of records. Records are removed before Envoy receives the routes. */
  public static final String NAMESPACE = "pointsman.dev";

  private static final String POOLS = "pools";
  private static final String POLICIES = "policies";
  private static final String CARRIED = "carried";

  private InBand() {}

  /**
   * A route's record: what Envoy Gateway resolved for its rule.
   *
   * @param pools as {@link #pool} makes them, in the order of the rule
   * @param policies the ids of the InferencePolicies that are attached to it
   * @param carried the policies in this route's record, as in their objects, by id
   */
  public static Struct record(
      List<Value> pools, List<String> policies, Map<String, Struct> carried) {
    Struct.Builder recorded = Struct.newBuilder();
    if (!pools.isEmpty()) {
      recorded.putFields(POOLS, list(pools));
    }
    if (!policies.isEmpty()) {
      recorded.putFields(POLICIES, list(policies.stream().map(InBand::text).toList()));
    }
    if (!carried.isEmpty()) {
      Struct.Builder policiesById = Struct.newBuilder();
      carried.forEach((id, policy) -> policiesById.putFields(id, struct(policy)));
      recorded.putFields(CARRIED, struct(policiesById.build()));
    }
    return recorded.build();
  }

  /** A pool in a record. */
  public static Value pool(PoolBackend pool) {
    return struct(encode(pool));
  }

  /**
   * The route with a record, without decoding it: protobuf merges the messages that are written one after the other.
   *
   * @param route a serialized route
   */
  public static ByteString withRecord(ByteString route, Struct record) {
    Route recorded = withRecord(Route.getDefaultInstance(), record);
    return route.concat(recorded.toByteString());
  }

  /** The route with an existing record. */
  public static Route withRecord(Route route, Struct record) {
    return route.toBuilder()
        .setMetadata(route.getMetadata().toBuilder().putFilterMetadata(NAMESPACE, record))
        .build();
  }

  /** The record; empty if there is none. */
  public static Optional<Struct> recordOf(Route route) {
    return Optional.ofNullable(route.getMetadata().getFilterMetadataMap().get(NAMESPACE));
  }

  private static Value list(List<Value> values) {
    return Value.newBuilder()
        .setListValue(ListValue.newBuilder().addAllValues(values))
        .build();
  }

  /** The recorded pools, in the order of the rule; empty if there is no record. */
  public static List<PoolBackend> pools(Route route) {
    return recorded(route, POOLS).getListValue().getValuesList().stream()
        .map(pool -> decode(pool.getStructValue()))
        .toList();
  }

  /** The ids of the recorded policies. */
  public static List<String> policies(Route route) {
    return recorded(route, POLICIES).getListValue().getValuesList().stream()
        .map(Value::getStringValue)
        .toList();
  }

  /** The policies in this route's record, by id. */
  public static Map<String, Struct> carried(Route route) {
    Map<String, Struct> carried = new HashMap<>();
    recorded(route, CARRIED)
        .getStructValue()
        .getFieldsMap()
        .forEach((id, policy) -> carried.put(id, policy.getStructValue()));
    return carried;
  }

  private static Value recorded(Route route, String field) {
    return route
        .getMetadata()
        .getFilterMetadataOrDefault(NAMESPACE, Struct.getDefaultInstance())
        .getFieldsOrDefault(field, Value.getDefaultInstance());
  }

  /** The route without its record. */
  public static Route strip(Route route) {
    if (!route.getMetadata().containsFilterMetadata(NAMESPACE)) {
      return route;
    }
    Metadata stripped =
        route.getMetadata().toBuilder().removeFilterMetadata(NAMESPACE).build();
    return stripped.equals(Metadata.getDefaultInstance())
        ? route.toBuilder().clearMetadata().build()
        : route.toBuilder().setMetadata(stripped).build();
  }

  private static Struct encode(PoolBackend backend) {
    Struct.Builder struct = Struct.newBuilder();
    if (backend instanceof ValidPool usable) {
      struct
          .putFields("group", text(usable.ref().group()))
          .putFields("namespace", text(usable.ref().namespace()))
          .putFields("name", text(usable.ref().name()))
          .putFields("appProtocol", text(usable.appProtocol().name()));
      usable.picker().ifPresent(picker -> struct.putFields("picker", struct(encode(picker))));
    }
    if (!backend.diagnostics().isEmpty()) {
      struct.putFields(
          "diagnostics",
          list(backend.diagnostics().stream()
              .map(diagnostic -> struct(encode(diagnostic)))
              .toList()));
    }
    return struct.build();
  }

  private static Struct encode(EndpointPicker picker) {
    return Struct.newBuilder()
        .putFields("namespace", text(picker.service().namespace()))
        .putFields("name", text(picker.service().name()))
        .putFields(
            "port", Value.newBuilder().setNumberValue(picker.service().port()).build())
        .putFields("failureMode", text(picker.failureMode().name()))
        .build();
  }

  private static Struct encode(Diagnostic diagnostic) {
    return Struct.newBuilder()
        .putFields("reason", text(diagnostic.reason().name()))
        .putFields("kind", text(diagnostic.about().kind()))
        .putFields("namespace", text(diagnostic.about().namespace()))
        .putFields("name", text(diagnostic.about().name()))
        .putFields("field", text(diagnostic.field()))
        .putFields("message", text(diagnostic.message()))
        .build();
  }

  private static PoolBackend decode(Struct struct) {
    List<Diagnostic> diagnostics = struct
        .getFieldsOrDefault("diagnostics", Value.getDefaultInstance())
        .getListValue()
        .getValuesList()
        .stream()
        .map(value -> decodeDiagnostic(value.getStructValue()))
        .toList();
    if (!struct.containsFields("name")) {
      return new InvalidPool(diagnostics);
    }
    return new ValidPool(
        new PoolRef(text(struct, "group"), text(struct, "namespace"), text(struct, "name")),
        AppProtocol.valueOf(text(struct, "appProtocol")),
        Optional.ofNullable(struct.getFieldsMap().get("picker"))
            .map(picker -> decodePicker(picker.getStructValue())),
        diagnostics);
  }

  private static EndpointPicker decodePicker(Struct struct) {
    int port =
        (int) struct.getFieldsOrDefault("port", Value.getDefaultInstance()).getNumberValue();
    return new EndpointPicker(
        new ServicePort(text(struct, "namespace"), text(struct, "name"), port),
        FailureMode.valueOf(text(struct, "failureMode")));
  }

  private static Diagnostic decodeDiagnostic(Struct struct) {
    return new Diagnostic(
        Reason.valueOf(text(struct, "reason")),
        new ObjectRef(text(struct, "kind"), text(struct, "namespace"), text(struct, "name")),
        text(struct, "field"),
        text(struct, "message"));
  }

  private static String text(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  private static Value struct(Struct struct) {
    return Value.newBuilder().setStructValue(struct).build();
  }
}
