package dev.pointsman.isolation;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import java.util.List;
import java.util.Optional;

/** The endpoints from which a picker is told to choose, as the endpoint picker protocol defines it. */
final class SubsetHints {
  private SubsetHints() {}

  static Optional<List<String>> of(ProcessingRequest message) {
    Struct hint = message
        .getMetadataContext()
        .getFilterMetadataOrDefault("envoy.lb.subset_hint", Struct.getDefaultInstance());
    return Optional.ofNullable(hint.getFieldsMap().get("x-gateway-destination-endpoint-subset"))
        .map(list -> list.getListValue().getValuesList().stream()
            .map(Value::getStringValue)
            .toList());
  }
}
